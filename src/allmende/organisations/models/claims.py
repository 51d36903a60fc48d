from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from allmende.lib.ids import new_public_id
from allmende.organisations.models.bodies import Organisation
from allmende.organisations.states import CLAIM

# Letters of the code that may be tried before a new letter has to be sent.
MOST_ATTEMPTS = 5


class Claim(models.Model):
    """A person says: I act for this organisation, and I am the first.

    A body with a region proves it by a code from a letter to its own house; any other is compared with its register.
    Of the code only a slow hash is kept; it exists while the letter is on its way.
    """

    journal_type = "claim"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="claims")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="claims")
    task = models.CharField("Aufgabe in der Organisation", max_length=200)
    state = models.CharField("Stand", max_length=10, choices=CLAIM.choices, default="open")
    made_at = models.DateTimeField("gestellt am")

    # The domain of the person's address, where it could be the organisation's own, and what staff thinks of it.
    domain = models.CharField("Domain der Adresse", max_length=253, blank=True)
    domain_fits = models.BooleanField("Domain gehört zur Organisation", default=False)

    # What the person says of an entry that was there before by its name only; it holds once staff has agreed.
    said = models.JSONField("Angaben zur Organisation", default=dict, blank=True)

    letter_to = models.TextField("Anschrift", blank=True)
    letters = models.PositiveSmallIntegerField("Briefe", default=0)
    returned_at = models.DateTimeField("letzter Brief zurückgekommen am", null=True, blank=True)
    code_hash = models.CharField(max_length=200, blank=True, editable=False)
    sent_at = models.DateTimeField("Brief erstellt am", null=True, blank=True)
    sent_by = models.CharField("Brief erstellt von", max_length=80, blank=True)
    expires_at = models.DateTimeField("Code gilt bis", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("Fehlversuche", default=0)

    decided_at = models.DateTimeField("entschieden am", null=True, blank=True)
    decided_by = models.CharField("entschieden von", max_length=80, blank=True)
    reason = models.CharField("Grund", max_length=500, blank=True)

    class Meta:
        verbose_name = "Anmeldung einer Organisation"
        verbose_name_plural = "Anmeldungen von Organisationen"
        ordering = ("made_at", "pk")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(CLAIM.labels)), name="claim_state_known"),
            models.CheckConstraint(
                condition=Q(state="code_sent", expires_at__isnull=False, sent_at__isnull=False)
                & ~Q(code_hash="")
                | ~Q(state="code_sent") & Q(code_hash=""),
                name="claim_has_a_code_while_it_is_sent",
            ),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=F("sent_at")),
                name="claim_code_holds_for_a_while",
            ),
            models.CheckConstraint(condition=Q(attempts__lte=MOST_ATTEMPTS), name="claim_attempts_are_few"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "code_sent"], decided_at=None)
                | ~Q(state__in=["open", "code_sent"]) & Q(decided_at__isnull=False),
                name="claim_decided_when",
            ),
            models.UniqueConstraint(
                fields=["organisation", "user"],
                condition=Q(state__in=["open", "code_sent"]),
                name="claim_once_while_it_runs",
            ),
        ]

    def __str__(self) -> str:
        return f"Anmeldung von {self.organisation}"

    @property
    def is_running(self) -> bool:
        return self.state in ("open", "code_sent")

    @property
    def needs_letter(self) -> bool:
        return self.organisation.region_id is not None

    @property
    def takes_over(self) -> bool:
        """Whether it is about an entry that was there by its name before anybody applied."""
        return bool(self.said)

    @property
    def attempts_left(self) -> int:
        return MOST_ATTEMPTS - self.attempts

    def code_holds(self, now: datetime) -> bool:
        return self.state == "code_sent" and self.expires_at is not None and now < self.expires_at
