from django.db import models
from django.db.models import F, Q

from allmende.lib.ids import new_public_id
from allmende.organisations.models.bodies import Organisation
from allmende.organisations.states import MERGE


class OrganisationMerge(models.Model):
    """One of the staff says that two entries are one organisation, another agrees; what moved can move back."""

    journal_type = "organisation_merge"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    source = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="merges_away")
    target = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="merges_here")
    reason = models.CharField("Grund", max_length=500)
    state = models.CharField("Stand", max_length=10, choices=MERGE.choices, default="proposed")
    proposed_at = models.DateTimeField("vorgeschlagen am")
    proposed_by = models.CharField("vorgeschlagen von", max_length=80)
    decided_at = models.DateTimeField("entschieden am", null=True, blank=True)
    decided_by = models.CharField("entschieden von", max_length=80, blank=True)
    # What the source was before, and the keys of what moved, by package.
    state_before = models.CharField(max_length=12, blank=True)
    moved = models.JSONField("verschoben", default=dict, blank=True)
    undone_at = models.DateTimeField("rückgängig gemacht am", null=True, blank=True)
    undone_by = models.CharField("rückgängig gemacht von", max_length=80, blank=True)
    undone_reason = models.CharField("Grund", max_length=500, blank=True)

    class Meta:
        verbose_name = "Zusammenführung von Organisationen"
        verbose_name_plural = "Zusammenführungen von Organisationen"
        ordering = ("proposed_at", "pk")
        constraints = [
            models.CheckConstraint(condition=~Q(source=F("target")), name="organisation_merge_of_two"),
            models.CheckConstraint(
                condition=Q(state__in=list(MERGE.labels)), name="organisation_merge_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["merged", "undone"]) | ~Q(decided_by=F("proposed_by")),
                name="organisation_merge_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at=None)
                | ~Q(state="proposed") & Q(decided_at__isnull=False),
                name="organisation_merge_decided_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="undone") | Q(undone_at__isnull=False) & ~Q(undone_reason=""),
                name="organisation_merge_undone_with_a_reason",
            ),
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(state__in=["proposed", "merged"]),
                name="organisation_merge_once_while_it_lasts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"
