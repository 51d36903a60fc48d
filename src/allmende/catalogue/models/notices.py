"""Somebody says that an entry is wrong or against the law, and what becomes of it."""

from django.db import models
from django.db.models import F, Q

from allmende.catalogue.states import NOTICE
from allmende.lib.ids import new_public_id

# What a notice may be about; the code is the `journal_type` of the model.
SUBJECTS = (("solution", "Lösung"), ("offer", "Angebot"), ("organisation", "Organisation"))
REASONS = (
    ("wrong", "Eine Angabe ist falsch oder veraltet"),
    ("personal", "Der Eintrag nennt Personen, die das nicht wollen"),
    ("rights", "Der Eintrag verletzt Urheber-, Marken- oder andere Rechte"),
    ("unlawful", "Der Inhalt ist aus einem anderen Grund rechtswidrig"),
)
OUTCOMES = (
    ("corrected", "berichtigt"),
    ("withdrawn", "zurückgezogen"),
    ("rejected", "nicht zu beanstanden"),
)
SIDES = (("reporter", "meldende Person"), ("party", "betroffene Seite"))


class Notice(models.Model):
    """A notice about an entry, from the first word to the last decision. Who gave it is in `NoticeContact` alone.

    Times and people come in pairs; people are public ids, as in the journal. `hidden_at`: the entry was taken away at
    once, before anybody was heard; `shown_at`: it came back.
    """

    journal_type = "notice"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    subject_type = models.CharField(max_length=12, choices=SUBJECTS)
    subject_id = models.CharField(max_length=10)
    subject_name = models.CharField(max_length=300)
    reason = models.CharField("Worum es geht", max_length=12, choices=REASONS)
    what = models.TextField("Was nicht stimmt")
    source = models.TextField("Womit es sich belegen lässt", blank=True)
    state = models.CharField(max_length=10, choices=NOTICE.choices, default="open")
    received_at = models.DateTimeField()

    hidden_at = models.DateTimeField(null=True)
    hidden_by = models.CharField(max_length=60, blank=True)
    hidden_reason = models.TextField(blank=True)
    shown_at = models.DateTimeField(null=True)

    heard_at = models.DateTimeField(null=True)
    heard_by = models.CharField(max_length=60, blank=True)
    heard_until = models.DateField(null=True)
    question = models.TextField(blank=True)
    statement = models.TextField(blank=True)
    stated_at = models.DateTimeField(null=True)
    stated_by = models.CharField(max_length=60, blank=True)

    outcome = models.CharField(max_length=10, choices=OUTCOMES, blank=True)
    # What the outcome "corrected" has changed: label, before and after of each value, in words.
    corrections = models.JSONField(default=list)
    facts = models.TextField("Was wir festgestellt haben", blank=True)
    basis = models.TextField("Worauf sich die Entscheidung stützt", blank=True)
    rationale = models.TextField("Warum wir so entschieden haben", blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=60, blank=True)
    appeal_until = models.DateField(null=True)

    appeal_side = models.CharField(max_length=10, choices=SIDES, blank=True)
    appeal = models.TextField(blank=True)
    appealed_at = models.DateTimeField(null=True)
    appeal_by = models.CharField(max_length=60, blank=True)
    final_outcome = models.CharField(max_length=10, choices=OUTCOMES, blank=True)
    final_rationale = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=60, blank=True)

    lock_version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "Meldung"
        verbose_name_plural = "Meldungen"
        indexes = [
            models.Index(fields=["state", "received_at"], name="notice_queue"),
            models.Index(fields=["subject_type", "subject_id"], name="notice_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True) | ~Q(hidden_reason=""), name="notice_hides_with_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(shown_at__isnull=True) | Q(hidden_at__isnull=False),
                name="notice_shows_again_what_it_hid",
            ),
            models.CheckConstraint(
                condition=~Q(state="hearing") | Q(heard_until__isnull=False),
                name="notice_hears_until_some_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["decided", "appealed", "closed"])
                | (~Q(outcome="") & ~Q(rationale="") & Q(decided_at__isnull=False)),
                name="notice_decided_with_reasons",
            ),
            models.CheckConstraint(
                condition=Q(final_outcome="") | (~Q(closed_by=F("decided_by")) & ~Q(final_rationale="")),
                name="notice_appeal_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.subject_name}"

    @property
    def number(self) -> str:
        """What people are told to name when they ask: short enough for the phone."""
        return f"M-{self.public_id}"

    @property
    def holds(self) -> str:
        """The outcome that holds now; "" while nothing is decided."""
        return self.final_outcome or self.outcome

    @property
    def is_hidden(self) -> bool:
        """Whether the entry was taken away at once because of this notice and did not come back."""
        return self.hidden_at is not None and self.shown_at is None


class NoticeContact(models.Model):
    """Whom to write about a notice: who gave it, or an address of the side concerned that has no account here.

    Personal data, in this table alone; erased on request and some months after the notice is closed. `account` is the
    public id of somebody who was signed in. A reporter is written to once the address is confirmed.
    """

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="contacts")
    side = models.CharField(max_length=10, choices=SIDES)
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    account = models.CharField(max_length=60, blank=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "Kontakt zu einer Meldung"
        verbose_name_plural = "Kontakte zu Meldungen"
        constraints = [
            models.UniqueConstraint(
                fields=["notice"], condition=Q(side="reporter"), name="notice_has_one_reporter"
            ),
            models.UniqueConstraint(fields=["notice", "side", "email"], name="notice_contact_once"),
        ]

    def __str__(self) -> str:
        return "Kontakt zu einer Meldung"
