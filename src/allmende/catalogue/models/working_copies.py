"""What an organisation prepares before it is published, what it claims as its own, and what it changed afterwards."""

from django.db import models
from django.db.models import Q

from allmende.catalogue.models.offers import Offer
from allmende.catalogue.models.solutions import Solution
from allmende.catalogue.states import ENTRY_CLAIM, LATER_EDIT, OPEN_COPY, WORKING_COPY
from allmende.lib.ids import new_public_id
from allmende.organisations.models import Organisation


class WorkingCopy(models.Model):
    """A new offer (with or without a new solution) or a change, as far as it is written. No personal data in it.

    `content` is canonical JSON of what `contents.Content` holds. `steps` says which page of the form somebody has
    called finished. `reasons` is what the desk wants changed, by step ("" for all of it).
    """

    journal_type = "working_copy"
    KINDS = (
        ("new_solution", "neue Lösung mit Angebot"),
        ("new_offer", "neues Angebot"),
        ("change_offer", "Änderung eines Angebots"),
        ("change_solution", "Angaben zur eigenen Lösung"),
    )

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="working_copies")
    kind = models.CharField(max_length=20, choices=KINDS)
    # The solution that is offered or changed; None while a new one is not published.
    solution = models.ForeignKey(Solution, null=True, on_delete=models.CASCADE, related_name="working_copies")
    offer = models.ForeignKey(Offer, null=True, on_delete=models.CASCADE, related_name="working_copies")
    state = models.CharField(max_length=12, choices=WORKING_COPY.choices, default="draft")
    content = models.TextField(help_text="kanonisches JSON")
    steps = models.JSONField(default=dict)
    reasons = models.JSONField(default=dict)
    lock_version = models.PositiveIntegerField(default=0)
    # A change: the `lock_version` of the offer that it starts from. 0 is none: whoever publishes looks first.
    offer_version = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField()
    autosaved_at = models.DateTimeField()
    # Public ids of accounts, as in the journal: names stay where they can be erased.
    saved_by = models.CharField(max_length=60, blank=True)
    # Which open page has saved last: its own next save is no conflict, even if it crosses with this one.
    saved_from = models.CharField(max_length=40, blank=True)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = "Arbeitsfassung"
        verbose_name_plural = "Arbeitsfassungen"
        indexes = [models.Index(fields=["state", "submitted_at"], name="working_copy_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "offer"],
                condition=Q(state__in=OPEN_COPY, offer__isnull=False),
                name="working_copy_once_an_offer",
            ),
            models.UniqueConstraint(
                fields=["organisation", "kind", "solution"],
                condition=Q(state__in=OPEN_COPY, offer__isnull=True, solution__isnull=False),
                name="working_copy_once_a_solution",
            ),
            models.CheckConstraint(
                condition=~Q(state="submitted") | Q(submitted_at__isnull=False),
                name="working_copy_submitted_at_some_time",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["new_offer", "change_offer", "change_solution"])
                | Q(solution__isnull=False),
                name="working_copy_is_about_a_solution",
            ),
            models.CheckConstraint(
                condition=~Q(kind="change_offer") | Q(offer__isnull=False),
                name="working_copy_changes_an_offer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.get_state_display()})"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_COPY

    @property
    def can_be_edited(self) -> bool:
        """While the desk looks at it, it stays as it was handed in."""
        return self.state in ("draft", "returned")

    @property
    def is_new(self) -> bool:
        """Whether it goes to the desk before anything of it is public."""
        return self.kind in ("new_solution", "new_offer")


class EntryClaim(models.Model):
    """An organisation says that an entry is its own, and why; granted, what it says comes before what sources say."""

    journal_type = "entry_claim"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    solution = models.ForeignKey(Solution, on_delete=models.PROTECT, related_name="entry_claims")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="entry_claims")
    state = models.CharField(max_length=12, choices=ENTRY_CLAIM.choices, default="open")
    evidence = models.TextField(help_text="warum der Eintrag der eigene ist, in Worten")
    claimed_at = models.DateTimeField()
    claimed_by = models.CharField(max_length=60)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=60, blank=True)
    decision_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = "Übernahme eines Eintrags"
        verbose_name_plural = "Übernahmen von Einträgen"
        constraints = [
            models.UniqueConstraint(
                fields=["solution", "organisation"],
                condition=Q(state__in=["open", "granted"]),
                name="entry_claim_once_while_it_lasts",
            ),
            models.UniqueConstraint(
                fields=["solution"], condition=Q(state="granted"), name="entry_has_one_owner"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["refused", "ended"]) | ~Q(decision_reason=""),
                name="entry_claim_refused_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.solution}"


class LaterEdit(models.Model):
    """A change that its owner has made to what is published: live at once, and the desk looks at it afterwards.

    Several changes of the same thing that nobody has looked at yet are one row, from the first edition to the last.
    `act` and `words`: an owner has withdrawn the entry or given it up, and why.
    """

    journal_type = "later_edit"
    ACTS = (("changed", "geändert"), ("withdrawn", "zurückgezogen"), ("given_up", "abgegeben"))

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    solution = models.ForeignKey(Solution, on_delete=models.PROTECT, related_name="later_edits")
    offer = models.ForeignKey(Offer, null=True, on_delete=models.PROTECT, related_name="later_edits")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="later_edits")
    state = models.CharField(max_length=14, choices=LATER_EDIT.choices, default="open")
    act = models.CharField(max_length=10, choices=ACTS, default="changed")
    words = models.TextField(blank=True, help_text="Grund, wo nicht nur geändert wurde")
    edition_before = models.PositiveIntegerField()
    edition_after = models.PositiveIntegerField()
    made_at = models.DateTimeField(help_text="Zeitpunkt der ersten Änderung, die noch niemand angesehen hat")
    made_by = models.CharField(max_length=60)
    question = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = "spätere Änderung"
        verbose_name_plural = "spätere Änderungen"
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "organisation"],
                condition=Q(state__in=["open", "asked"], offer__isnull=False),
                name="later_edit_waits_once_an_offer",
            ),
            models.UniqueConstraint(
                fields=["solution", "organisation"],
                condition=Q(state__in=["open", "asked"], offer__isnull=True),
                name="later_edit_waits_once_a_solution",
            ),
            models.CheckConstraint(
                condition=~Q(state="asked") | ~Q(question=""), name="later_edit_asked_with_a_question"
            ),
            models.CheckConstraint(
                condition=Q(act="changed") | ~Q(words=""), name="later_edit_gives_up_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.solution}: Ausgabe {self.edition_before} bis {self.edition_after}"
