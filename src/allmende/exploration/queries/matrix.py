"""The comparison: criteria and questions as rows, candidates as columns.

Three voices stay apart in every cell: what the catalogue says (`fact`, with its source), what the company says of
itself (`claim`), and what the town thinks (`judgement`). None of them takes the place of another. "keine Angabe" is no
verdict: it is counted apart and is never met and never failed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from django.utils import timezone

from allmende.catalogue.models import Offer, Solution
from allmende.demand.criteria import CRITERIA
from allmende.demand.matching import context_of
from allmende.demand.models import NeedCriterion
from allmende.demand.statements import Context, Statement, Subject, Wanted, statements
from allmende.exploration import answer_values
from allmende.exploration.models import Answer, Candidate, Case, Inquiry, MatrixEntry, Question
from allmende.exploration.queries.candidates import candidates_of
from allmende.exploration.queries.criteria import criteria_of, in_words
from allmende.exploration.steps import StepState
from allmende.lib.actors import Actor

Basis = Literal["fact", "claim", "judgement"]
Verdict = Literal["met", "unmet", "unknown"]
BASES: dict[Basis, str] = {"fact": "Katalog", "claim": "Unternehmen", "judgement": "Eigene Einschätzung"}
VERDICTS: dict[Verdict, str] = {"met": "erfüllt", "unmet": "nicht erfüllt", "unknown": "keine Angabe"}
CONFIDENTIAL = "vertraulich, hier weggelassen"
# Why a company has not said anything, by the state of its inquiry.
SILENCES = {
    "planned": "noch nicht gefragt",
    "sent": "Antwort steht aus",
    "opened": "Antwort steht aus",
    "bounced": "Anfrage nicht zugestellt",
    "declined": "hat abgesagt",
    "silent": "hat nicht geantwortet",
}
NOT_ASKED = "nicht gefragt"


@dataclass(frozen=True)
class Said:
    """One voice in a cell. `verdict` None: a value was stated that nobody has judged by the criterion."""

    basis: Basis
    verdict: Verdict | None
    text: str
    source: str = ""
    as_of: date | None = None
    is_confidential: bool = False

    @property
    def label(self) -> str:
        return VERDICTS[self.verdict] if self.verdict else "angegeben"


@dataclass(frozen=True)
class CriterionCell:
    """What the voices say about one candidate and one criterion, catalogue first."""

    candidate: Candidate
    said: Sequence[Said]
    own: MatrixEntry | None = None

    def verdict_by(self, basis: Basis) -> Verdict:
        """One voice alone; several words of it that contradict each other settle nothing."""
        found = {each.verdict for each in self.said if each.basis == basis} & {"met", "unmet"}
        return "unknown" if len(found) != 1 else ("met" if found == {"met"} else "unmet")

    @property
    def is_unknown(self) -> bool:
        """Whether no voice has a verdict: "keine Angabe"."""
        return not {"met", "unmet"} & {each.verdict for each in self.said}

    @property
    def is_disputed(self) -> bool:
        """Whether one says yes and another no."""
        return {"met", "unmet"} <= {each.verdict for each in self.said}


@dataclass(frozen=True)
class CriterionRow:
    criterion: str
    label: str
    weight: str
    cells: Sequence[CriterionCell]

    @property
    def is_must(self) -> bool:
        return self.weight == "must"

    @property
    def unknown(self) -> int:
        return sum(cell.is_unknown for cell in self.cells)


@dataclass(frozen=True)
class AnswerCell:
    """What a company answered. `is_answered` False: it said nothing to any question, and `text` says why;
    `is_unknown`: it answered, and to this question with "keine Angabe"."""

    candidate: Candidate
    text: str
    is_answered: bool
    is_unknown: bool = False
    remark: str = ""
    is_confidential: bool = False
    value: Any = None


@dataclass(frozen=True)
class QuestionRow:
    question: Question
    cells: Sequence[AnswerCell]

    @property
    def unknown(self) -> int:
        """Answers with "keine Angabe"; companies that said nothing at all are counted apart."""
        return sum(cell.is_unknown for cell in self.cells)

    @property
    def unanswered(self) -> int:
        return sum(not cell.is_answered for cell in self.cells)


@dataclass(frozen=True)
class Count:
    """How many criteria of one weight one candidate meets, by voice; `unknown`: no voice has a verdict."""

    candidate: Candidate
    weight: str
    of: int
    met: Mapping[Basis, int]
    unmet: Mapping[Basis, int]
    unknown: int


@dataclass(frozen=True)
class Matrix:
    candidates: Sequence[Candidate]
    criteria: Sequence[CriterionRow]
    questions: Sequence[QuestionRow]

    @property
    def unknown(self) -> int:
        """Cells without any word, of criteria and of answered questionnaires."""
        return sum(row.unknown for row in self.criteria) + sum(row.unknown for row in self.questions)

    def counts(self, weight: str) -> list[Count]:
        rows = [row for row in self.criteria if row.weight == weight]
        return [_count(each, place, weight, rows) for place, each in enumerate(self.candidates)]


def _count(candidate: Candidate, place: int, weight: str, rows: Sequence[CriterionRow]) -> Count:
    cells = [row.cells[place] for row in rows]
    return Count(
        candidate,
        weight,
        len(rows),
        {basis: sum(cell.verdict_by(basis) == "met" for cell in cells) for basis in BASES},
        {basis: sum(cell.verdict_by(basis) == "unmet" for cell in cells) for basis in BASES},
        sum(cell.is_unknown for cell in cells),
    )


def matrix_of(
    case: Case,
    actor: Actor,
    *,
    today: date | None = None,
    with_confidential: bool = True,
    candidates: Sequence[Candidate] | None = None,
) -> Matrix:
    """The comparison of the short list, or of `candidates`. `actor` decides which prices the catalogue speaks of.

    A fixed number of queries. Without `with_confidential`, what companies have marked so is left out and said to be.
    """
    shown = list(candidates_of(case, "kept")) if candidates is None else list(candidates)
    wanted = criteria_of(case)
    facts = _facts(shown, wanted, context_of(case.need, actor, today or timezone.localdate()))
    asked = _asked(case)
    own = {(each.candidate_id, each.criterion): each for each in case.matrix_entries.all()}
    answers = asked.by_criterion()
    rows = [
        CriterionRow(
            each.public_id,
            in_words(each),
            each.weight,
            [
                _cell(row, each, facts, answers, own.get((row.pk, each.public_id)), with_confidential)
                for row in shown
            ],
        )
        for each in wanted
    ]
    questions = [
        QuestionRow(each, [asked.cell(row, each, with_confidential) for row in shown])
        for each in asked.questions
    ]
    return Matrix(shown, rows, questions)


# What the catalogue says.


def _facts(
    candidates: Sequence[Candidate], wanted: Sequence[NeedCriterion], context: Context
) -> dict[tuple[int, str], Statement]:
    """One statement of the catalogue by candidate and criterion; none about what is not in it."""
    subjects = {row.pk: _subject(row.solution, row.offer) for row in candidates if row.solution is not None}
    asked = [
        Wanted(each.criterion, each.wanted, "must" if each.weight == "must" else "should", each.text)
        for each in wanted
    ]
    if not subjects or not asked:
        return {}
    said = statements(list(dict.fromkeys(subjects.values())), asked, context)
    return {
        (key, each.public_id): said[subject][place]
        for key, subject in subjects.items()
        for place, each in enumerate(wanted)
        if subject in said
    }


def _subject(solution: Solution, offer: Offer | None) -> Subject:
    is_running = offer is not None and offer.state == "published"
    return Subject(solution.public_id, offer.public_id if offer and is_running else "")


def _cell(
    row: Candidate,
    criterion: NeedCriterion,
    facts: Mapping[tuple[int, str], Statement],
    answers: Mapping[tuple[int, str], Sequence[tuple[Question, Answer]]],
    own: MatrixEntry | None,
    with_confidential: bool,
) -> CriterionCell:
    fact = facts.get((row.pk, criterion.public_id))
    said = [_fact(fact)] if fact else []
    said += [
        _claim(question, answer, criterion, with_confidential)
        for question, answer in answers.get((row.pk, criterion.public_id), ())
    ]
    return CriterionCell(row, [*said, *([_own(own)] if own else [])], own)


def _fact(said: Statement) -> Said:
    return Said("fact", said.verdict, said.reason, said.source, said.as_of)


def _own(entry: MatrixEntry) -> Said:
    """By hand: an opinion, what was looked up, or what a company said in a talk, which stays its claim."""
    basis: Basis = "claim" if entry.basis == "claim" else "judgement"
    sources = {"fact": "selbst nachgesehen", "claim": "im Gespräch gesagt", "judgement": ""}
    result: Verdict = "met" if entry.result == "met" else "unmet" if entry.result == "unmet" else "unknown"
    return Said(basis, result, entry.reason, sources[entry.basis], timezone.localdate(entry.noted_at))


# What companies say.


def _claim(question: Question, answer: Answer, criterion: NeedCriterion, with_confidential: bool) -> Said:
    as_of = timezone.localdate(answer.changed_at)
    source = f"Antwort auf Frage {question.position}"
    if answer.is_confidential and not with_confidential:
        return Said("claim", None, CONFIDENTIAL, source, as_of, is_confidential=True)
    # "keine Angabe" says the verdict already.
    value = "" if answer.value is None else answer_values.in_words(question.kind, answer.value)
    text = ". ".join(filter(None, [value, answer.remark]))
    verdict = _verdict(question.kind, answer.value, criterion)
    return Said("claim", verdict, text, source, as_of, is_confidential=answer.is_confidential)


def _verdict(kind: str, value: Any, criterion: NeedCriterion) -> Verdict | None:
    """Yes and no speak for themselves, and amounts against a limit; anything else is for people to judge."""
    if value is None:
        return "unknown"
    if kind == "yes_no":
        return "met" if value is True else "unmet"
    known = CRITERIA.get(criterion.criterion)
    number, limit = _number(value), _number(criterion.wanted)
    if known is None or kind not in ("money", "number") or number is None or limit is None:
        return None
    if known.kind == "at_most" and kind == "money":
        return "met" if number <= limit else "unmet"
    if known.kind == "at_least" and kind == "number":
        return "met" if number >= limit else "unmet"
    return None


def _number(value: Any) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


@dataclass(frozen=True)
class _Asked:
    """All that was sent and came back, looked up once."""

    questions: Sequence[Question]
    inquiries: Mapping[tuple[int, int], Inquiry]
    """By candidate and questionnaire."""
    said: Mapping[tuple[int, int], Answer]
    """By inquiry and question."""

    def inquiry(self, row: Candidate, question: Question) -> Inquiry | None:
        return self.inquiries.get((row.pk, question.questionnaire_id))

    def by_criterion(self) -> dict[tuple[int, str], list[tuple[Question, Answer]]]:
        """By candidate and criterion, for questions that speak to one; of several rounds all that were answered."""
        found: dict[tuple[int, str], list[tuple[Question, Answer]]] = {}
        candidates = {key[0] for key in self.inquiries}
        for question in self.questions:
            for candidate in candidates if question.criterion else ():
                inquiry = self.inquiries.get((candidate, question.questionnaire_id))
                answer = self.said.get((inquiry.pk, question.pk)) if inquiry else None
                if inquiry and answer and inquiry.state == "answered":
                    found.setdefault((candidate, question.criterion), []).append((question, answer))
        return found

    def cell(self, row: Candidate, question: Question, with_confidential: bool) -> AnswerCell:
        inquiry = self.inquiry(row, question)
        if inquiry is None:
            return AnswerCell(row, NOT_ASKED, is_answered=False)
        if inquiry.state != "answered":
            return AnswerCell(row, SILENCES.get(inquiry.state, NOT_ASKED), is_answered=False)
        answer = self.said.get((inquiry.pk, question.pk))
        if answer is None or answer.value is None:
            return AnswerCell(
                row,
                answer_values.UNKNOWN,
                is_answered=True,
                is_unknown=True,
                remark=_remark(answer, with_confidential),
                is_confidential=bool(answer and answer.is_confidential),
            )
        hidden = answer.is_confidential and not with_confidential
        return AnswerCell(
            row,
            CONFIDENTIAL if hidden else answer_values.in_words(question.kind, answer.value),
            is_answered=True,
            remark=_remark(answer, with_confidential),
            is_confidential=answer.is_confidential,
            value=None if hidden else answer.value,
        )


def _remark(answer: Answer | None, with_confidential: bool) -> str:
    if answer is None or (answer.is_confidential and not with_confidential):
        return ""
    return answer.remark


def _asked(case: Case) -> _Asked:
    """Three queries. A company with several entries on the list was asked about one of them: the others stay empty."""
    questions = list(
        Question.objects.filter(questionnaire__case=case)
        .exclude(questionnaire__state="draft")
        .select_related("questionnaire")
        .order_by("questionnaire__round", "position")
    )
    inquiries = list(
        Inquiry.objects.filter(questionnaire__case=case, candidate__isnull=False).exclude(
            questionnaire__state="draft"
        )
    )
    said = Answer.objects.filter(inquiry__in=[each.pk for each in inquiries])
    return _Asked(
        questions,
        {(each.candidate_id, each.questionnaire_id): each for each in inquiries if each.candidate_id},
        {(each.inquiry_id, each.question_id): each for each in said},
    )


def step_state(case: Case) -> StepState:
    """Begun with the first word of one's own, done when there is one about every candidate that is left."""
    kept = set(case.candidates.filter(state="kept").values_list("pk", flat=True))
    judged = set(case.matrix_entries.values_list("candidate_id", flat=True)) & kept
    if not kept:
        return StepState("open", "Noch steht nichts auf der kurzen Liste.")
    if not judged:
        return StepState("open", "Halten Sie zu jedem Kandidaten fest, wie Sie ihn einschätzen.")
    missing = len(kept - judged)
    if missing:
        others = "einem Kandidaten" if missing == 1 else f"{missing} Kandidaten"
        return StepState("begun", f"Zu {others} fehlt noch eine eigene Einschätzung.")
    return StepState("done")


def all_said(matrix: Matrix) -> Iterable[Said]:
    """Every word of the comparison, for whoever counts or checks."""
    return (said for row in matrix.criteria for cell in row.cells for said in cell.said)
