from django.db import models
from django.db.models import Q

from allmende.lib.ids import new_public_id
from allmende.operations.states import DISPOSAL, OPEN


class Disposal(models.Model):
    """One thing whose time is over: what it is, since when, and what became of it. Holds ids and dates, no content."""

    journal_type = "disposal"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    retention = models.CharField("Frist", max_length=40, help_text="Code aus operations.retention")
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    state = models.CharField("Stand", max_length=10, choices=DISPOSAL.choices, default="due")
    due_on = models.DateField("fällig seit")
    noted_at = models.DateTimeField("bemerkt am")
    blocked_until = models.DateField("gesperrt bis", null=True, blank=True)
    reason = models.TextField("Grund", blank=True)
    offered_at = models.DateTimeField("angeboten am", null=True, blank=True)
    offered_by = models.CharField("angeboten von", max_length=60, blank=True)
    ended_at = models.DateTimeField("erledigt am", null=True, blank=True)
    ended_by = models.CharField("erledigt von", max_length=60, blank=True)

    class Meta:
        verbose_name = "fällige Löschung"
        verbose_name_plural = "fällige Löschungen"
        indexes = [models.Index(fields=["state", "due_on"], name="disposal_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id"],
                condition=Q(state__in=OPEN),
                name="disposal_once_while_it_waits",
            ),
            models.CheckConstraint(
                condition=~Q(state="blocked") | (Q(blocked_until__isnull=False) & ~Q(reason="")),
                name="disposal_blocked_with_a_reason_and_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(state="offered") | Q(offered_at__isnull=False), name="disposal_offered_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN) | Q(ended_at__isnull=False), name="disposal_ended_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}"


class Rejection(models.Model):
    """How many requests of one hour got one answer that turns people away. Nothing about who asked, or for what."""

    hour = models.DateTimeField("Stunde")
    status = models.PositiveSmallIntegerField("Antwort", help_text="403, 404 oder 429")
    number = models.PositiveBigIntegerField("Zahl")

    class Meta:
        verbose_name = "abgewiesene Anfragen"
        verbose_name_plural = "abgewiesene Anfragen"
        constraints = [
            models.UniqueConstraint(fields=["hour", "status"], name="rejection_once_an_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H} {self.status}: {self.number}"
