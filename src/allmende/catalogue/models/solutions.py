from django.db import models
from django.db.models import F, Q

from allmende.catalogue.states import SOLUTION
from allmende.lib.ids import new_public_id


class Solution(models.Model):
    """The product, neutral of who sells it.

    The columns are a projection: the effective values of all its listings by written precedence (`precedence.py`),
    kept here so that pages and facets need no computation. Empty text and None mean "keine Angabe".
    """

    journal_type = "solution"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    state = models.CharField(max_length=12, choices=SOLUTION.choices, default="draft")
    name = models.CharField(max_length=300)
    sort_name = models.CharField(max_length=300, help_text="Name nach DIN 5007")
    folded_name = models.CharField(
        max_length=300, help_text="Name zum Vergleichen, ohne Zeichen und Großschreibung"
    )
    repository_url = models.CharField(max_length=1000, blank=True)
    # A candidate key, not the identity: several solutions may live in one repository.
    repository_key = models.CharField(max_length=1000, blank=True)
    website_url = models.CharField(max_length=1000, blank=True)
    licence = models.CharField(max_length=300, blank=True)
    maturity = models.CharField(max_length=60, blank=True)
    boundary = models.CharField(max_length=60, blank=True)
    maintenance = models.CharField(max_length=60, blank=True)
    primary_field = models.CharField(max_length=60, blank=True)
    maintainer = models.CharField(max_length=300, blank=True)
    maintainer_url = models.CharField(max_length=1000, blank=True)
    platforms = models.JSONField(default=list)
    interface_languages = models.JSONField(default=list)
    topics = models.JSONField(default=list)
    dependencies = models.JSONField(default=list)
    contractors = models.JSONField(default=list)
    based_on = models.JSONField(default=list)
    links = models.JSONField(default=list)
    is_invented = models.BooleanField(default=False)
    as_of = models.DateField(null=True)

    first_seen_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(help_text="Zeitpunkt der letzten veröffentlichten Änderung")
    edition_number = models.PositiveIntegerField(default=0)
    lock_version = models.PositiveIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.TextField(blank=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged_from")

    class Meta:
        verbose_name = "Lösung"
        verbose_name_plural = "Lösungen"
        indexes = [
            models.Index(fields=["state", "sort_name"]),
            models.Index(fields=["state", "-changed_at"]),
            models.Index(fields=["repository_key"], name="solution_repository_key"),
            models.Index(fields=["folded_name", "state"], name="solution_namesakes"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="solution_has_a_name"),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | (Q(withdrawn_at__isnull=False) & ~Q(withdrawal_reason="")),
                name="solution_withdrawn_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into=None)),
                name="solution_merged_points_to_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | (Q(published_at__isnull=False) & Q(edition_number__gte=1)),
                name="solution_published_has_an_edition",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="solution_not_merged_into_itself"),
        ]

    def __str__(self) -> str:
        return self.name


class SolutionText(models.Model):
    """The effective words about a solution in one language, and the listing they come from."""

    solution = models.ForeignKey(Solution, on_delete=models.CASCADE, related_name="texts")
    listing = models.ForeignKey("Listing", on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=35)
    # German first, then English, then the rest as they come: the order in which a page looks for words.
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=300, blank=True)
    summary = models.TextField(blank=True)
    description = models.TextField(blank=True)
    features = models.JSONField(default=list)
    documentation_url = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["solution", "language"], name="solution_text_once_a_language"),
        ]

    def __str__(self) -> str:
        return f"{self.language}: {self.name or self.summary}"


class SolutionTerm(models.Model):
    """An effective term of the vocabulary on a solution; position 0 is the primary one of its scheme."""

    solution = models.ForeignKey(Solution, on_delete=models.CASCADE, related_name="terms")
    scheme = models.CharField(max_length=60)
    code = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["scheme", "position"]
        indexes = [models.Index(fields=["scheme", "code"])]
        constraints = [
            models.UniqueConstraint(fields=["solution", "scheme", "code"], name="solution_term_once"),
        ]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.code}"
