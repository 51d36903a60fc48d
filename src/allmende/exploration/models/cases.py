from typing import Any

from django.db import models
from django.db.models import Q

from allmende.demand.models import Need
from allmende.exploration.models.frozen import AfterSteps, CasePart, Cases, refuse_closed
from allmende.exploration.states import CASE
from allmende.lib.ids import new_public_id
from allmende.organisations.models import Organisation

CASE_ROLES = [
    ("lead", "führt den Fall"),
    ("editor", "arbeitet mit"),
    ("approver", "gibt frei"),
    ("reader", "liest mit"),
]


class Case(models.Model):
    """A market exploration of one town. Frozen, nothing of it changes any more but by erasure after its retention."""

    journal_type = "case"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cases")
    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="cases")
    # The edition of the need that the case began with; 0 where the need was a draft.
    need_edition = models.PositiveIntegerField(default=0)
    title = models.CharField("Titel", max_length=200)
    reference = models.CharField("Aktenzeichen", max_length=100, blank=True)
    department = models.CharField("Amt oder Fachbereich", max_length=200, blank=True)
    state = models.CharField(max_length=12, choices=CASE.choices, default="running")
    # "Fixed before looking": from then on a change of the plan is a deviation with a reason.
    plan_fixed_at = models.DateTimeField(null=True)
    plan_fixed_by = models.CharField(max_length=60, blank=True)
    due_on = models.DateField("Fertig bis", null=True)
    # When its lead was last reminded of that day; None once the day is moved.
    due_reminded_at = models.DateTimeField(null=True)
    is_invented = models.BooleanField(default=False)
    begun_at = models.DateTimeField()
    begun_by = models.CharField(max_length=60)
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.CharField(max_length=60, blank=True)
    # Why the second person gave it back; "" once it is submitted again.
    returned_reason = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    stopped_reason = models.TextField(blank=True)
    lock_version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "Markterkundung"
        verbose_name_plural = "Markterkundungen"
        indexes = [models.Index(fields=["organisation", "state"], name="case_of_town")]
        constraints = [
            models.CheckConstraint(condition=~Q(title="") | Q(state="erased"), name="case_has_a_title"),
            models.CheckConstraint(
                condition=~Q(state__in=["frozen", "stopped", "erased"]) | Q(ended_at__isnull=False),
                name="case_ended_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="stopped") | ~Q(stopped_reason=""), name="case_stopped_with_a_reason"
            ),
        ]

    objects = Cases.as_manager()

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding and set(kwargs.get("update_fields") or ()) != {"organisation"}:
            refuse_closed({self.pk})
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        refuse_closed({self.pk})
        return super().delete(*args, **kwargs)

    @property
    def is_open(self) -> bool:
        """Whether its sheets may still be written."""
        return self.state == "running"


class CaseMember(CasePart):
    """Who takes part in a case, as what; the town's procurement staff may see all cases of the town besides."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="members")
    # Public id of the account.
    user = models.CharField(max_length=60)
    role = models.CharField("Aufgabe", max_length=10, choices=CASE_ROLES)
    # The function in the house as the record names it: "Fachamt", "Datenschutz" …
    function = models.CharField("Funktion", max_length=120, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    added_by = models.CharField(max_length=60)

    class Meta:
        verbose_name = "Beteiligte am Fall"
        verbose_name_plural = "Beteiligte am Fall"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "user"], condition=Q(until=None), name="case_member_once_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(until=None, role="lead"), name="case_has_one_lead"
            ),
        ]

    def __str__(self) -> str:
        return self.get_role_display()


class ConflictDeclaration(CasePart):
    """A person declares whether there is a conflict of interest (§ 6 VgV, § 4 UVgO). Changed only by a further row."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="declarations")
    user = models.CharField(max_length=60)
    has_conflict = models.BooleanField("Interessenkonflikt")
    about = models.TextField("Worin er besteht", blank=True)
    remedy = models.TextField("Was daraus folgt", blank=True)
    declared_at = models.DateTimeField()

    class Meta:
        verbose_name = "Erklärung zu Interessenkonflikten"
        verbose_name_plural = "Erklärungen zu Interessenkonflikten"
        ordering = ["declared_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(has_conflict=False) | ~Q(about=""), name="conflict_says_what_it_is"
            )
        ]

    def __str__(self) -> str:
        return "mit Interessenkonflikt" if self.has_conflict else "ohne Interessenkonflikt"


class Sheet(AfterSteps, CasePart):
    """What is written in one step: answers to the questions of `content/steps.toml`, by their codes.

    A missing code is "keine Angabe". `lock_version` keeps two colleagues from writing over each other.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="sheets")
    step = models.CharField(max_length=30)
    answers = models.JSONField(default=dict)
    is_done = models.BooleanField(default=False)
    lock_version = models.PositiveIntegerField(default=0)
    saved_from = models.CharField(max_length=40, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=60)

    class Meta:
        verbose_name = "Blatt eines Schritts"
        verbose_name_plural = "Blätter der Schritte"
        constraints = [models.UniqueConstraint(fields=["case", "step"], name="sheet_once_a_step")]

    def __str__(self) -> str:
        return f"{self.case}: {self.step}"


class StepPlan(AfterSteps, CasePart):
    """By when a step is to be done, and by whom. Without a row: nobody in particular, at no particular time."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="step_plans")
    step = models.CharField(max_length=30)
    # Public id of the account, "" where it is not said.
    user = models.CharField("Wer", max_length=60, blank=True)
    due_on = models.DateField("Bis", null=True)
    reminded_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=60)

    class Meta:
        verbose_name = "Frist eines Schritts"
        verbose_name_plural = "Fristen der Schritte"
        constraints = [models.UniqueConstraint(fields=["case", "step"], name="step_plan_once_a_step")]

    def __str__(self) -> str:
        return f"{self.case}: {self.step}"


class Deviation(CasePart):
    """What was done otherwise than planned or than the rule asks for, and why."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="deviations")
    step = models.CharField(max_length=30)
    what = models.TextField("Was anders war")
    reason = models.TextField("Warum")
    at = models.DateTimeField()
    by = models.CharField(max_length=60)

    class Meta:
        verbose_name = "Abweichung"
        verbose_name_plural = "Abweichungen"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(what="") & ~Q(reason=""), name="deviation_has_a_reason")
        ]

    def __str__(self) -> str:
        return self.what
