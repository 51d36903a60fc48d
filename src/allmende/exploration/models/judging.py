from django.db import models
from django.db.models import Q

from allmende.exploration.models.cases import Case
from allmende.exploration.models.frozen import CasePart
from allmende.exploration.models.research import Candidate
from allmende.lib.ids import new_public_id


class Talk(CasePart):
    """A conversation or demonstration with one company, with its minutes."""

    journal_type = "talk"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="talks")
    candidate = models.ForeignKey(Candidate, null=True, on_delete=models.PROTECT, related_name="talks")
    company_name = models.CharField("Unternehmen", max_length=300)
    held_at = models.DateTimeField("am")
    minutes_long = models.PositiveSmallIntegerField("Dauer in Minuten")
    participants = models.TextField("Wer dabei war")
    content = models.TextField("Was besprochen wurde")
    # What the company was told that others do not know: it has to be told to all.
    told_to_company = models.TextField("Was das Unternehmen erfahren hat", blank=True)
    shared_at = models.DateTimeField("allen mitgeteilt am", null=True)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=60)
    lock_version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "Gespräch"
        verbose_name_plural = "Gespräche"
        ordering = ["held_at", "pk"]

    def __str__(self) -> str:
        return f"{self.company_name}, {self.held_at:%d.%m.%Y}"


class MatrixEntry(CasePart):
    """One cell of the comparison that somebody filled in by hand: what holds for a candidate and a criterion.

    Cells without a row are made from the catalogue (facts) and the answers (claims) when they are read.
    """

    RESULTS = [("met", "erfüllt"), ("unmet", "nicht erfüllt"), ("unknown", "keine Angabe")]
    BASES = [("fact", "belegt"), ("claim", "Angabe des Unternehmens"), ("judgement", "eigene Einschätzung")]

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="matrix_entries")
    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="matrix_entries")
    # Public id of the need's criterion.
    criterion = models.CharField(max_length=10)
    result = models.CharField(max_length=8, choices=RESULTS)
    basis = models.CharField("Grundlage", max_length=10, choices=BASES)
    reason = models.TextField("Woran man es sieht")
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=60)
    lock_version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "Eintrag der Vergleichstabelle"
        verbose_name_plural = "Einträge der Vergleichstabelle"
        constraints = [
            models.UniqueConstraint(fields=["candidate", "criterion"], name="matrix_entry_once_a_cell"),
            models.CheckConstraint(condition=~Q(reason=""), name="matrix_entry_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.candidate}: {self.get_result_display()}"


class ValueEstimate(CasePart):
    """The contract value after § 3 VgV, as estimated on a day: kept as it was, a new one is a further row.

    `content` is canonical JSON of `procurement.estimate.Estimated`: lines, method, rule with source, warnings.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="estimates")
    # Net euros.
    total = models.DecimalField(max_digits=14, decimal_places=2)
    estimated_on = models.DateField("geschätzt am")
    content = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=60)

    class Meta:
        verbose_name = "Schätzung des Auftragswerts"
        verbose_name_plural = "Schätzungen des Auftragswerts"
        ordering = ["made_at", "pk"]
        constraints = [models.CheckConstraint(condition=Q(total__gte=0), name="value_estimate_not_negative")]

    def __str__(self) -> str:
        return f"{self.total} €"


class ProcedureChoice(CasePart):
    """Which procedure the town means to use, by which rule in which version, and why."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="procedure")
    # Code of `award_procedure`.
    procedure = models.CharField("Verfahrensart", max_length=60)
    rule = models.CharField("Regel mit Fassung", max_length=300)
    reason = models.TextField("Begründung")
    lock_version = models.PositiveIntegerField(default=0)
    chosen_at = models.DateTimeField()
    chosen_by = models.CharField(max_length=60)

    class Meta:
        verbose_name = "Wahl der Verfahrensart"
        verbose_name_plural = "Wahlen der Verfahrensart"

    def __str__(self) -> str:
        return self.procedure


class Involvement(CasePart):
    """A company that took part in the preparation (§ 7 VgV, § 5 UVgO), what it knows of it, and what follows."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="involvements")
    candidate = models.ForeignKey(
        Candidate, null=True, on_delete=models.SET_NULL, related_name="involvements"
    )
    company_name = models.CharField("Unternehmen", max_length=300)
    how = models.TextField("Wie es mitgewirkt hat")
    knows = models.TextField("Was es dabei erfahren hat", blank=True)
    measures = models.TextField("Was den Vorsprung ausgleicht")
    # Made by the program from answers and talks, and not yet looked at by a person.
    is_suggested = models.BooleanField(default=False)
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=60)

    class Meta:
        verbose_name = "Vorbefassung eines Unternehmens"
        verbose_name_plural = "Vorbefassungen von Unternehmen"
        constraints = [
            models.UniqueConstraint(fields=["case", "company_name"], name="involvement_once_a_company")
        ]

    def __str__(self) -> str:
        return self.company_name
