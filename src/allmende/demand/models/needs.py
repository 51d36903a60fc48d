from typing import Any

from django.db import models
from django.db.models import Q

from allmende.demand.states import NEED
from allmende.lib.ids import new_public_id
from allmende.lib.partial_dates import PRECISIONS, PartialDate, told
from allmende.organisations.models import Organisation

VISIBILITIES = [
    ("own", "nur meine Kommune"),
    ("administration", "öffentliche Verwaltung"),
    ("public", "alle"),
]
COOPERATION = [("yes", "ja, gern"), ("maybe", "vielleicht"), ("no", "nein")]
WEIGHTS = [("must", "Muss"), ("should", "Soll")]


class Need(models.Model):
    """A town says what it needs, from the problem and not from a product.

    Empty text and None mean "keine Angabe". While it is a draft, only its own town sees it, whatever `visibility` says.
    What is published changes by a new edition. No personal data in it: whom to ask is a matter of `NeedResponse`.
    """

    journal_type = "need"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="needs")
    state = models.CharField(max_length=12, choices=NEED.choices, default="draft")
    visibility = models.CharField("Wer ihn sieht", max_length=16, choices=VISIBILITIES, default="own")
    title = models.CharField("Titel", max_length=200)
    problem = models.TextField("Problem", blank=True)
    goal = models.TextField("Was besser werden soll", blank=True)
    users = models.TextField("Für wen", blank=True)
    users_count = models.PositiveIntegerField("Wie viele Menschen arbeiten damit", null=True)
    # Codes of `field_of_action`; the first is primary.
    fields_of_action = models.JSONField("Handlungsfelder", default=list)
    # Number of inhabitants for which it is meant; the register's where nobody says otherwise.
    population = models.PositiveIntegerField("Für wie viele Menschen", null=True)
    existing_systems = models.JSONField("Vorhandene Systeme", default=list)
    needed_from = models.DateField("Gebraucht ab", null=True)
    needed_from_precision = models.CharField(max_length=5, choices=PRECISIONS, default="month")
    term_months = models.PositiveSmallIntegerField("Wie lange", null=True)
    # Code of `need_budget`.
    budget_class = models.CharField("Budget", max_length=60, blank=True)
    cooperation = models.CharField("Mit anderen Kommunen", max_length=5, choices=COOPERATION, blank=True)
    # Other towns with the same need may invite to a joint one.
    may_be_invited = models.BooleanField("darf eingeladen werden", default=False)
    # Page of the form → "begun" or "done".
    steps = models.JSONField(default=dict)
    # What is being changed of a published need, as a draft: nobody but its own town sees it until it is published.
    working = models.JSONField(null=True)
    lock_version = models.PositiveIntegerField(default=0)
    # Which open page has saved last: its own next save is no conflict.
    saved_from = models.CharField(max_length=40, blank=True)
    edition_number = models.PositiveIntegerField(default=0)
    is_invented = models.BooleanField(default=False)
    begun_at = models.DateTimeField()
    begun_by = models.CharField(max_length=60)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=60)
    published_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = "Bedarf"
        verbose_name_plural = "Bedarfe"
        indexes = [
            models.Index(fields=["state", "visibility", "-published_at"], name="need_list"),
            models.Index(fields=["organisation", "state"], name="need_of_town"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="need_has_a_title"),
            models.CheckConstraint(
                condition=Q(visibility__in=[code for code, _ in VISIBILITIES]), name="need_visibility_known"
            ),
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(state="withdrawn")
                | Q(published_at__isnull=False, edition_number__gte=1),
                name="need_published_has_an_edition",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["closed", "withdrawn"]) | Q(ended_at__isnull=False),
                name="need_ended_when",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def needed_from_told(self) -> PartialDate | None:
        return told(self.needed_from, self.needed_from_precision)

    @property
    def primary_field(self) -> str:
        """Code of the first Handlungsfeld, "" where none is said."""
        return self.fields_of_action[0] if self.fields_of_action else ""


class NeedCriterion(models.Model):
    """One thing that a solution must or should meet.

    `criterion` is a code of the registry in `demand.criteria` with `wanted` as its value, or "" where the town says it
    in words of its own (`text`): such a one is met by nobody's statement and asked of providers instead.
    """

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="criteria")
    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    position = models.PositiveSmallIntegerField()
    weight = models.CharField("Gewicht", max_length=6, choices=WEIGHTS)
    criterion = models.CharField(max_length=60, blank=True)
    wanted = models.JSONField(null=True)
    text = models.CharField("In eigenen Worten", max_length=500, blank=True)

    class Meta:
        verbose_name = "Kriterium"
        verbose_name_plural = "Kriterien"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["need", "position"], name="need_criterion_once_a_position"),
            models.CheckConstraint(condition=~Q(criterion="", text=""), name="need_criterion_says_something"),
            models.CheckConstraint(
                condition=Q(weight__in=["must", "should"]), name="need_criterion_weight_known"
            ),
        ]

    def __str__(self) -> str:
        return self.text or self.criterion


class NeedEdition(models.Model):
    """An immutable published state of a need: canonical JSON and its hash."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    content = models.TextField(help_text="kanonisches JSON")
    digest = models.CharField(max_length=64)
    # What changed, in words of the town, for those who answered; "" for the first.
    change = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=60)

    class Meta:
        verbose_name = "Ausgabe eines Bedarfs"
        verbose_name_plural = "Ausgaben von Bedarfen"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["need", "number"], name="need_edition_once")]

    def __str__(self) -> str:
        return f"{self.need}, Ausgabe {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("an edition is never changed")
        super().save(*args, **kwargs)
