"""What is gone does not come back: one person proposes it, another carries it out."""

from django.db import models
from django.db.models import F, Q

from allmende.catalogue.erasure_grounds import GROUNDS, WHATS
from allmende.catalogue.models.listings import Contact
from allmende.catalogue.models.solutions import Solution
from allmende.catalogue.models.working_copies import EntryClaim
from allmende.catalogue.states import ERASURE
from allmende.lib.ids import new_public_id


class ErasureProposal(models.Model):
    """Staff proposes to erase an entry or one person's contact data, or to end an ownership; a second one decides.

    `contact` is empty again once it is erased. `reason` of a contact goes with any decision: it may name the person.
    """

    journal_type = "erasure"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    what = models.CharField("was", max_length=10, choices=list(WHATS.items()))
    solution = models.ForeignKey(Solution, on_delete=models.PROTECT, related_name="erasure_proposals")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    claim = models.ForeignKey(EntryClaim, null=True, on_delete=models.CASCADE, related_name="+")
    ground = models.CharField(
        "Grundlage", max_length=20, choices=[(each.code, each.label) for each in GROUNDS.values()]
    )
    reason = models.TextField("Grund")
    state = models.CharField("Stand", max_length=10, choices=ERASURE.choices, default="open")
    proposed_at = models.DateTimeField("vorgeschlagen am")
    proposed_by = models.CharField("vorgeschlagen von", max_length=60)
    decided_at = models.DateTimeField("entschieden am", null=True)
    decided_by = models.CharField("entschieden von", max_length=60, blank=True)
    decision_reason = models.TextField("Begründung", blank=True)

    class Meta:
        verbose_name = "Vorschlag zur Löschung"
        verbose_name_plural = "Vorschläge zur Löschung"
        indexes = [models.Index(fields=["state", "proposed_at"], name="erasure_queue")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(decided_by=F("proposed_by")), name="erasure_done_by_another"
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(decided_at__isnull=False), name="erasure_decided_at_some_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(decision_reason=""), name="erasure_refused_with_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(what="ownership") | Q(claim__isnull=False), name="erasure_of_an_ownership"
            ),
            models.UniqueConstraint(
                fields=["solution"], condition=Q(state="open", what="entry"), name="erasure_once_an_entry"
            ),
            models.UniqueConstraint(
                fields=["contact"],
                condition=Q(state="open", contact__isnull=False),
                name="erasure_once_a_contact",
            ),
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(state="open", claim__isnull=False),
                name="erasure_once_an_ownership",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()}: {self.solution}"
