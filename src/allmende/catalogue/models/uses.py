from django.db import models
from django.db.models import F, Q

from allmende.catalogue.models.solutions import Solution
from allmende.catalogue.states import MISSING_SOLUTION, USE
from allmende.lib.ids import new_public_id
from allmende.lib.partial_dates import PRECISIONS, PartialDate, told
from allmende.organisations.models import Organisation


class TimeOfUse(models.Model):
    """`since` is the first day that is meant and `ended_on` the last; the precisions say how much of it was told."""

    since = models.DateField("seit", null=True)
    since_precision = models.CharField(max_length=5, choices=PRECISIONS, default="day")
    ended_on = models.DateField("beendet am", null=True)
    ended_precision = models.CharField(max_length=5, choices=PRECISIONS, default="day")

    class Meta:
        abstract = True

    @property
    def since_told(self) -> PartialDate | None:
        return told(self.since, self.since_precision)

    @property
    def ended_told(self) -> PartialDate | None:
        return told(self.ended_on, self.ended_precision)


class ConfirmedUse(TimeOfUse):
    """A town itself says that it uses the solution: since when, and in which state."""

    journal_type = "use"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    solution = models.ForeignKey(Solution, on_delete=models.PROTECT, related_name="confirmed_uses")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="confirmed_uses")
    state = models.CharField(max_length=12, choices=USE.choices)
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


class MissingSolution(TimeOfUse):
    """A town names a solution that it uses or misses and that is not here yet; the desk enters it, or says why not.

    `use_state` is "" where the town only misses it. `solution` is what became of it: the new entry, or one that was
    here already. The town's own words stay as they were.
    """

    journal_type = "missing_solution"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="missing_solutions")
    name = models.CharField(max_length=300)
    folded_name = models.CharField(max_length=300)
    url = models.CharField(max_length=1000, blank=True)
    purpose = models.TextField()
    use_state = models.CharField(max_length=12, choices=USE.choices, blank=True)
    state = models.CharField(max_length=10, choices=MISSING_SOLUTION.choices, default="open")
    solution = models.ForeignKey(Solution, null=True, on_delete=models.PROTECT, related_name="named_missing")
    named_at = models.DateTimeField()
    # Public ids of accounts, as in the journal: names stay where they can be erased.
    named_by = models.CharField(max_length=60)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=60, blank=True)
    decision_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = "fehlende Lösung"
        verbose_name_plural = "fehlende Lösungen"
        indexes = [models.Index(fields=["state", "named_at"], name="missing_solution_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "folded_name"],
                condition=Q(state="open"),
                name="missing_solution_once_a_town",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=["entered", "known"]) & Q(solution__isnull=False))
                | (~Q(state__in=["entered", "known"]) & Q(solution__isnull=True)),
                name="missing_solution_taken_up_has_an_entry",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(decision_reason=""),
                name="missing_solution_declined_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.name}"
