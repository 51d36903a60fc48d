from typing import Any

from django.db import models
from django.db.models import Q

from allmende.catalogue.models import Offer, Solution
from allmende.exploration.models.cases import Case
from allmende.exploration.models.frozen import CasePart, CaseParts
from allmende.exploration.states import CANDIDATE
from allmende.lib.ids import new_public_id
from allmende.organisations.models import Organisation


class LoggedSearch(CasePart):
    """One look somewhere: in this marketplace (with a snapshot) or elsewhere, entered by hand."""

    journal_type = "logged_search"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="searches")
    # "" here, else a code of `exploration_source` (ted, service.bund, other towns, fair, advisory office …).
    source = models.CharField("Quelle", max_length=60, blank=True)
    source_name = models.CharField("Name der Quelle", max_length=200)
    url = models.CharField(max_length=1000, blank=True)
    query = models.TextField("Suchworte", blank=True)
    filters = models.JSONField(default=dict)
    # None: nobody has counted.
    hits = models.PositiveIntegerField("Treffer", null=True)
    note = models.TextField("Was dabei herauskam", blank=True)
    searched_at = models.DateTimeField("gesucht am")
    searched_by = models.CharField(max_length=60)

    class Meta:
        verbose_name = "Recherche"
        verbose_name_plural = "Recherchen"
        ordering = ["searched_at", "pk"]

    def __str__(self) -> str:
        return f"{self.source_name}: {self.query}"


class KeptRows(CaseParts):  # type: ignore[type-arg]
    """Rows that stay as they were written: nothing changes or removes them but the erasure of their whole case, which
    removes the searches that they hang on."""

    def update(self, **kwargs: Any) -> int:
        raise TypeError("a snapshot is never changed")

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise TypeError("a snapshot is never changed")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("a snapshot goes with its case only")


class KeptModel(CasePart):
    """What is written once."""

    objects = KeptRows.as_manager()  # type: ignore[misc]  # the plug-in takes the inherited one for another sort

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError(f"{type(self).__name__} goes with its case only")


class Snapshot(KeptModel):
    """What the marketplace showed at that moment: question, filters, order with its explanation. Never changed."""

    CASE = "search__case"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    search = models.OneToOneField(LoggedSearch, on_delete=models.CASCADE, related_name="snapshot")
    # Canonical JSON: question, filters, total, order with explanation per entry, state of the index, program version.
    content = models.TextField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = "Schnappschuss"
        verbose_name_plural = "Schnappschüsse"

    def __str__(self) -> str:
        return f"Schnappschuss {self.public_id}"


class SnapshotEntry(KeptModel):
    """One entry of a snapshot: the archived edition that was shown. `content` is kept here too: an edition may be
    redacted by law later, and what a case rests on is retained on grounds of its own.
    "" where it was redacted before."""

    CASE = "snapshot__search__case"

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="entries")
    position = models.PositiveIntegerField()
    solution_id = models.CharField(max_length=10)
    edition_number = models.PositiveIntegerField()
    edition_digest = models.CharField(max_length=64)
    content = models.TextField()

    class Meta:
        verbose_name = "Eintrag im Schnappschuss"
        verbose_name_plural = "Einträge im Schnappschuss"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "position"], name="snapshot_entry_once_a_position"),
            models.UniqueConstraint(
                fields=["snapshot", "solution_id"], name="snapshot_entry_once_a_solution"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.solution_id}"


class Candidate(CasePart):
    """One of the long list: a solution of this marketplace, or a company or product found elsewhere.

    `company` is whom one would ask: an organisation here, or a name where it is not here.
    """

    journal_type = "candidate"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="candidates")
    search = models.ForeignKey(LoggedSearch, null=True, on_delete=models.SET_NULL, related_name="candidates")
    solution = models.ForeignKey(Solution, null=True, on_delete=models.PROTECT, related_name="candidates")
    offer = models.ForeignKey(Offer, null=True, on_delete=models.PROTECT, related_name="candidates")
    company = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="candidates")
    # As it was called when it came onto the list.
    solution_name = models.CharField(max_length=300, blank=True)
    company_name = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=1000, blank=True)
    # The edition that was seen, "" and 0 for what is not of this marketplace.
    edition_number = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=CANDIDATE.choices, default="open")
    # Code of `candidate_reason`, with words where the code asks for them.
    reason = models.CharField("Grund", max_length=60, blank=True)
    reason_text = models.TextField("in Worten", blank=True)
    # Net euros, where the reason is the price.
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    # Criterion of the need (public id) that decided, "" where none did, and what it said then: it may vanish.
    criterion = models.CharField(max_length=10, blank=True)
    criterion_label = models.CharField(max_length=700, blank=True)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=60)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=60, blank=True)
    # Whether to approach it, and why not.
    not_asked_reason = models.TextField("Warum nicht angesprochen", blank=True)
    lock_version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "Kandidat"
        verbose_name_plural = "Kandidaten"
        constraints = [
            models.CheckConstraint(
                condition=~Q(solution_name="", company_name=""), name="candidate_has_a_name"
            ),
            models.CheckConstraint(
                condition=Q(state="open") | ~Q(reason=""), name="candidate_decided_with_a_reason"
            ),
            models.UniqueConstraint(
                fields=["case", "solution", "company"],
                condition=Q(solution__isnull=False, company__isnull=False),
                name="candidate_once_a_company",
            ),
            models.UniqueConstraint(
                fields=["case", "solution"],
                condition=Q(solution__isnull=False, company=None),
                name="candidate_once_without_a_company",
            ),
        ]

    def __str__(self) -> str:
        return self.solution_name or self.company_name


class CandidateDecision(KeptModel):
    """Each decision about a candidate, and each change of mind, as it was made."""

    CASE = "candidate__case"

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="decisions")
    state = models.CharField(max_length=8, choices=CANDIDATE.choices)
    reason = models.CharField(max_length=60, blank=True)
    reason_text = models.TextField(blank=True)
    # Net euros, where the reason is the price.
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    # Criterion of the need (public id), and what it said then: it may vanish from the need.
    criterion = models.CharField(max_length=10, blank=True)
    criterion_label = models.CharField(max_length=700, blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=60)

    class Meta:
        verbose_name = "Entscheidung über einen Kandidaten"
        verbose_name_plural = "Entscheidungen über Kandidaten"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open") | ~Q(reason=""), name="candidate_decision_has_a_reason"
            )
        ]

    def __str__(self) -> str:
        return f"{self.candidate}: {self.get_state_display()}"
