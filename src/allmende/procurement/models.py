"""Rule sets and their limits."""

import datetime

from django.db import models
from django.db.models import F, Q

from allmende.lib.ids import new_public_id
from allmende.organisations.models import Organisation
from allmende.procurement.states import RULE_SET

SCOPES = [("eu", "EU"), ("federal", "Bund"), ("state", "Land"), ("own", "eigene Regel")]
LEVELS = [("municipal", "Kommunen"), ("federal", "Behörden des Bundes")]
FROM_FILES, FROM_PEOPLE = "files", "people"


class RuleSet(models.Model):
    """One version of the rules of the EU, the Bund, a Land or one organisation, with its source and both days included.

    Once released it is never edited: `valid_to` may still be set, and a set that was wrong is withdrawn with a reason.
    """

    journal_type = "rule_set"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    # Names the version in the file that it came with; "" for what people entered.
    code = models.CharField(max_length=60, blank=True)
    origin = models.CharField(
        max_length=6, choices=[(FROM_FILES, "mitgeliefert"), (FROM_PEOPLE, "eingetragen")]
    )
    # Of the file's content: whether a newer file says something else.
    digest = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=RULE_SET.choices, default="proposed")
    scope = models.CharField("Von wem", max_length=8, choices=SCOPES)
    land = models.CharField("Land", max_length=2, blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="rule_sets"
    )
    level = models.CharField("Für wen", max_length=10, choices=LEVELS, default="municipal")
    title = models.CharField("Titel", max_length=200)
    # Code of `legal_basis`.
    legal_basis = models.CharField("Rechtsgrundlage", max_length=60)
    legal_text = models.TextField("Fundstelle")
    principles = models.TextField("Grundsätze", blank=True)
    valid_from = models.DateField("gilt ab")
    valid_to = models.DateField("gilt bis einschließlich", null=True, blank=True)
    source_title = models.CharField("Quelle", max_length=300)
    source_url = models.CharField("Adresse der Quelle", max_length=1000, blank=True)
    as_of = models.DateField("Stand der Quelle")
    note = models.TextField("Anmerkung", blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=60)
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=60, blank=True)
    ended_by = models.CharField(max_length=60, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=60, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = "Vergaberegel"
        verbose_name_plural = "Vergaberegeln"
        ordering = ["scope", "land", "-valid_from", "pk"]
        indexes = [models.Index(fields=["scope", "land", "valid_from"], name="rule_set_on_a_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
                name="rule_set_begins_before_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(scope="own", organisation__isnull=False, land="")
                | Q(scope="state", organisation=None) & ~Q(land="")
                | Q(scope__in=["eu", "federal"], organisation=None, land=""),
                name="rule_set_belongs_to_one",
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(legal_text="") & ~Q(source_title=""), name="rule_set_has_a_source"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", released_at=None)
                | Q(state="released", released_at__isnull=False)
                | Q(state="withdrawn", withdrawn_at__isnull=False) & ~Q(withdrawn_reason=""),
                name="rule_set_state_when",
            ),
            models.UniqueConstraint(
                fields=["code"], condition=~Q(code="") & Q(state="released"), name="rule_set_code_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def holds_on(self, day: datetime.date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class ValueLimit(models.Model):
    """Up to which net amount a procedure is allowed; without `value`, up to the EU threshold. Never changed."""

    rule_set = models.ForeignKey(RuleSet, on_delete=models.CASCADE, related_name="limits")
    # Code of `award_procedure`.
    procedure = models.CharField("Verfahrensart", max_length=60)
    value = models.DecimalField("Betrag in Euro, netto", max_digits=14, decimal_places=2, null=True)
    is_inclusive = models.BooleanField("der Betrag selbst gehört dazu", default=True)
    cap_at_eu = models.BooleanField("höchstens bis zum EU-Schwellenwert", default=False)

    class Meta:
        verbose_name = "Wertgrenze"
        verbose_name_plural = "Wertgrenzen"
        ordering = ["rule_set", "value", "procedure"]
        constraints = [
            models.UniqueConstraint(fields=["rule_set", "procedure"], name="value_limit_once_a_procedure"),
            models.CheckConstraint(condition=~Q(procedure=""), name="value_limit_has_a_procedure"),
            models.CheckConstraint(
                condition=Q(value__isnull=False, value__gt=0) | Q(value=None, cap_at_eu=True),
                name="value_limit_says_how_much",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure}: {self.value if self.value is not None else 'EU-Schwellenwert'}"
