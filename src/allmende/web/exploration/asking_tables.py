"""Tables of what was asked and what came back."""

from collections.abc import Sequence

from allmende.exploration.answer_values import in_words
from allmende.exploration.models import Answer, Inquiry, Question
from allmende.exploration.queries.asking import SizeCount
from allmende.web.components.parts import Cell, Column, Row, Table
from allmende.web.components.templatetags.formats import number


def size_table(counts: Sequence[SizeCount]) -> Table | None:
    """How many companies were asked, by size class, with a sum; None where nobody was."""
    if not counts:
        return None
    names = ("asked", "answered", "declined", "silent", "bounced")
    labels = ("gefragt", "beantwortet", "abgesagt", "ohne Antwort", "nicht angekommen")
    columns = [Column("Größe"), *(Column(label, numeric=True) for label in labels)]
    rows = [
        Row([Cell(each.label), *(Cell(number(getattr(each, name))) for name in names)]) for each in counts
    ]
    sums = [Cell(number(sum(getattr(each, name) for each in counts))) for name in names]
    note = "Jedes Unternehmen zählt einmal, auch wenn es in mehreren Runden gefragt wurde."
    return Table(
        "Wie viele gefragt sind, nach Größe", columns, rows, note=note, foot=Row([Cell("Summe"), *sums])
    )


def answer_table(question: Question, rows: Sequence[tuple[Inquiry, Answer | None]]) -> Table:
    """One question with what each company says to it; "keine Angabe" is no no."""
    columns = [Column("Unternehmen"), Column("Antwort"), Column("Erläuterung")]
    return Table(
        question.text,
        columns,
        [_answer_row(question, inquiry, answer) for inquiry, answer in rows],
        sticky=False,
    )


def _answer_row(question: Question, inquiry: Inquiry, answer: Answer | None) -> Row:
    said = None if answer is None or answer.value is None else in_words(question.kind, answer.value)
    note = "vertraulich" if answer and answer.is_confidential else ""
    remark = Cell(answer.remark) if answer and answer.remark else Cell("–", is_remark=True)
    return Row([Cell(inquiry.company_name), Cell(said, note=note), remark])
