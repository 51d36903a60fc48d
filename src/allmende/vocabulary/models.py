import datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

FROM_FILES = "files"
FROM_OPERATOR = "operator"


class Scheme(models.Model):
    """A list of terms, such as the Handlungsfelder."""

    journal_type = "scheme"

    code = models.CharField("Code", max_length=60, unique=True)
    label = models.CharField("Bezeichnung", max_length=120)
    definition = models.TextField("Bedeutung")

    class Meta:
        verbose_name = "Wortliste"
        verbose_name_plural = "Wortlisten"
        constraints = [
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(label="") & ~Q(definition=""),
                name="scheme_has_code_label_definition",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Term(models.Model):
    """One word of a scheme. It holds from `valid_from` up to and without `valid_to`, and is never deleted."""

    journal_type = "term"

    scheme = models.ForeignKey(
        Scheme, verbose_name="Wortliste", on_delete=models.PROTECT, related_name="terms"
    )
    code = models.CharField("Code", max_length=60)
    label = models.CharField("Bezeichnung", max_length=200)
    definition = models.TextField("Bedeutung")
    synonyms = models.JSONField("Suchwörter", default=list, blank=True)
    order = models.PositiveIntegerField("Reihenfolge", default=0)
    valid_from = models.DateField("gilt ab", null=True, blank=True)
    valid_to = models.DateField("gilt bis vor", null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self",
        verbose_name="ersetzt durch",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaces",
    )
    broader = models.ForeignKey(
        "self",
        verbose_name="Oberbegriff",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="narrower",
    )
    extra = models.JSONField("weitere Angaben", default=dict, blank=True)
    origin = models.CharField(
        "Herkunft",
        max_length=10,
        choices=[(FROM_FILES, "mit der Software geliefert"), (FROM_OPERATOR, "vom Betrieb ergänzt")],
        default=FROM_FILES,
    )

    class Meta:
        verbose_name = "Begriff"
        verbose_name_plural = "Begriffe"
        ordering = ["scheme", "order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code"], name="term_code_once_per_scheme"),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(label="") & ~Q(definition=""),
                name="term_has_code_label_definition",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_from__lte=F("valid_to")),
                name="term_begins_before_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | ~Q(replaced_by=F("id")),
                name="term_does_not_replace_itself",
            ),
            models.CheckConstraint(
                condition=Q(broader__isnull=True) | ~Q(broader=F("id")),
                name="term_is_not_its_own_broader_term",
            ),
            models.CheckConstraint(
                condition=Q(origin__in=[FROM_FILES, FROM_OPERATOR]), name="term_origin_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def holds_on(self, day: datetime.date) -> bool:
        """Whether the term may be chosen on that day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day < self.valid_to)


class OwnWord(models.Model):
    """A further word by which people look for a term, added by whoever runs this Allmende; loading the files leaves
    it alone."""

    term = models.ForeignKey(Term, verbose_name="Begriff", on_delete=models.CASCADE, related_name="own_words")
    word = models.CharField("Suchwort", max_length=80)

    class Meta:
        verbose_name = "eigenes Suchwort"
        verbose_name_plural = "eigene Suchwörter"
        ordering = ["word"]
        constraints = [
            models.UniqueConstraint(Lower("word"), "term", name="own_word_once_a_term"),
            models.CheckConstraint(condition=~Q(word=""), name="own_word_says_something"),
        ]

    def __str__(self) -> str:
        return self.word


class CrosswalkEntry(models.Model):
    """A foreign code stands for one of our terms; it may stand for several, best first."""

    foreign_scheme = models.CharField("fremde Liste", max_length=60)
    foreign_code = models.CharField("fremder Code", max_length=120)
    term = models.ForeignKey(
        Term, verbose_name="Begriff", on_delete=models.PROTECT, related_name="crosswalk_entries"
    )
    order = models.PositiveIntegerField("Reihenfolge", default=0)

    class Meta:
        verbose_name = "Entsprechung"
        verbose_name_plural = "Entsprechungen"
        ordering = ["foreign_scheme", "foreign_code", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["foreign_scheme", "foreign_code", "term"], name="crosswalk_names_a_term_once"
            ),
            models.CheckConstraint(
                condition=~Q(foreign_scheme="") & ~Q(foreign_code=""),
                name="crosswalk_entry_has_a_foreign_code",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.foreign_scheme}: {self.foreign_code} → {self.term_id}"
