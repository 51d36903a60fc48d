from django.db import models
from django.db.models import F, Q

from allmende.catalogue.models.solutions import Solution
from allmende.catalogue.states import USE
from allmende.lib.ids import new_public_id
from allmende.organisations.models import Organisation


class ConfirmedUse(models.Model):
    """A town itself says that it uses the solution: since when, and in which state."""

    journal_type = "use"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    solution = models.ForeignKey(Solution, on_delete=models.PROTECT, related_name="confirmed_uses")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="confirmed_uses")
    state = models.CharField(max_length=12, choices=USE.choices)
    since = models.DateField("seit", null=True)
    ended_on = models.DateField("beendet am", null=True)
    note = models.TextField(blank=True)
    confirmed_at = models.DateTimeField()
    lock_version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "bestätigte Nutzung"
        verbose_name_plural = "bestätigte Nutzungen"
        constraints = [
            models.UniqueConstraint(fields=["solution", "organisation"], name="confirmed_use_once"),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(ended_on__isnull=True) | Q(since__lte=F("ended_on")),
                name="confirmed_use_in_order",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(state="ended"),
                name="confirmed_use_ended_only_when_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_state_display()}"
