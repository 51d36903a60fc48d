from django.db import models
from django.db.models import F, Q

from allmende.catalogue.models.solutions import Solution
from allmende.catalogue.states import DUPLICATE
from allmende.lib.ids import new_public_id


class DuplicateSuspicion(models.Model):
    """Two solutions that may be one; a person decides. `first` has the smaller id, so that a pair exists once."""

    journal_type = "suspicion"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    first = models.ForeignKey(Solution, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Solution, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=12, choices=DUPLICATE.choices, default="open")
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "mögliche Dublette"
        verbose_name_plural = "mögliche Dubletten"
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="suspicion_once_a_pair"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="suspicion_pair_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"


class Merge(models.Model):
    """What moved when two solutions became one, so that it can move back."""

    journal_type = "merge"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    source = models.ForeignKey(Solution, on_delete=models.PROTECT, related_name="merges_away")
    target = models.ForeignKey(Solution, on_delete=models.PROTECT, related_name="merges_here")
    reason = models.CharField(max_length=300)
    moved = models.JSONField(help_text="Primärschlüssel der verschobenen Zeilen je Tabelle")
    merged_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "Zusammenführung"
        verbose_name_plural = "Zusammenführungen"

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"
