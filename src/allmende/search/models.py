from django.db import models
from django.db.models import F, Q

from allmende.lib.ids import new_public_id
from allmende.search.states import MISS

MOST_FAILURES = 5
"""After so many failures an entry has no vectors worked out until it changes."""


class Embedding(models.Model):
    """The vector of one piece of text: half-precision floats (little endian) of length 1, not centred.

    Named by what was embedded and not by whose text it is: the same text is never computed twice.
    """

    model = models.CharField(max_length=200)
    # SHA-256 of the text as the model got it, 64 hexadecimal digits.
    content = models.CharField(max_length=64)
    vector = models.BinaryField()
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "content"], name="embedding_once_per_model_and_text")
        ]

    def __str__(self) -> str:
        return f"{self.content[:12]} by {self.model}"


class Unplaced(models.Model):
    """An entry whose vectors are to be brought to what the database says now; deleted when that is done.

    Rows are added and never changed, so that a change during the work on an earlier one is a row of its own.
    """

    kind = models.CharField(max_length=40)
    entry = models.CharField(max_length=200)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["failures", "-id"], name="unplaced_in_order"),
            models.Index(fields=["entry"], name="unplaced_by_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.entry}"


class Miss(models.Model):
    """Something looked for in vain, and how often. Days and no times, facets and no choices, nobody's name.

    `near` counts those of the searches that found something by meaning or by parts of words alone.
    """

    journal_type = "miss"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    # Lower case, blanks collapsed.
    text = models.CharField("Suche", max_length=80)
    # Codes of the facets that were filtered by, in alphabetical order, with commas.
    facets = models.CharField("mit Filtern", max_length=200, blank=True)
    count = models.PositiveIntegerField("wie oft")
    near = models.PositiveIntegerField("davon mit Ähnlichem", default=0)
    first_day = models.DateField("zuerst am")
    last_day = models.DateField("zuletzt am", db_index=True)
    state = models.CharField("Stand", max_length=10, choices=MISS.choices, default="open")
    because = models.CharField("Begründung", max_length=500, blank=True)

    class Meta:
        verbose_name = "Suche ohne Treffer"
        verbose_name_plural = "Suchen ohne Treffer"
        constraints = [
            models.UniqueConstraint(fields=["text", "facets"], name="miss_once_per_text_and_facets"),
            models.CheckConstraint(condition=~Q(text="") & Q(count__gt=0), name="miss_has_text_and_count"),
            models.CheckConstraint(condition=Q(near__lte=F("count")), name="miss_near_is_part_of_count"),
            models.CheckConstraint(
                condition=Q(first_day__lte=F("last_day")), name="miss_begins_before_it_ends"
            ),
            models.CheckConstraint(condition=Q(state__in=list(MISS.labels)), name="miss_state_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.text} ({self.count})"

    @property
    def facet_codes(self) -> list[str]:
        return self.facets.split(",") if self.facets else []
