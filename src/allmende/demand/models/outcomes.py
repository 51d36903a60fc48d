from django.db import models
from django.db.models import Q

from allmende.catalogue.models import Solution
from allmende.demand.models.needs import Need
from allmende.lib.ids import new_public_id

OUTCOMES = [
    ("bought", "beschafft"),
    ("shared", "mitgenutzt oder nachgenutzt"),
    ("built_together", "gemeinsam entwickelt"),
    ("own", "selbst gelöst"),
    ("stopped", "nicht weiterverfolgt"),
]


class Outcome(models.Model):
    """What became of a need. Value and day only where the town wants to say them."""

    journal_type = "outcome"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    need = models.OneToOneField(Need, on_delete=models.PROTECT, related_name="outcome")
    # Public id of the market exploration it came from, "" without one: that package is above this one.
    case_id = models.CharField(max_length=10, blank=True)
    kind = models.CharField("Ergebnis", max_length=16, choices=OUTCOMES)
    solution = models.ForeignKey(Solution, null=True, on_delete=models.PROTECT, related_name="outcomes")
    # Net euros over the whole term.
    value = models.DecimalField("Wert", max_digits=14, decimal_places=2, null=True)
    decided_on = models.DateField("am", null=True)
    value_is_public = models.BooleanField("Wert darf veröffentlicht werden", default=False)
    contract_ends_on = models.DateField("Vertrag läuft bis", null=True)
    note = models.TextField("Was war wichtig", blank=True)
    stated_at = models.DateTimeField()
    stated_by = models.CharField(max_length=60)
    # When the town is asked for its experience, and when that was done.
    ask_on = models.DateField("Erfahrung erfragen am", null=True)
    asked_at = models.DateTimeField(null=True)
    # When the town was told that the contract ends; a new end is told anew.
    end_told_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "Ergebnis"
        verbose_name_plural = "Ergebnisse"
        indexes = [
            models.Index(fields=["ask_on"], condition=Q(asked_at=None), name="outcome_to_ask"),
            models.Index(fields=["contract_ends_on"], condition=Q(end_told_at=None), name="outcome_to_tell"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[code for code, _ in OUTCOMES]), name="outcome_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(value=None) | Q(value__gte=0), name="outcome_value_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(value_is_public=False) | Q(value__isnull=False),
                name="outcome_public_value_is_said",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need}: {self.get_kind_display()}"
