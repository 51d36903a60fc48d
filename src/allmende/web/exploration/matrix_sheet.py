"""The comparison as rows of a file, and the list of requirements without names of products."""

import io
from collections.abc import Sequence
from typing import Any

from docx import Document

from allmende.demand.queries.names import Named, brands_in
from allmende.exploration.models import Candidate, Case
from allmende.exploration.queries.criteria import criteria_of, in_words
from allmende.exploration.queries.matrix import (
    BASES,
    AnswerCell,
    Count,
    CriterionCell,
    Matrix,
    QuestionRow,
    Said,
)
from allmende.exploration.queries.prices import Spread
from allmende.records.letters import without_controls
from allmende.web.components.templatetags.formats import day, euro
from allmende.web.marketplace.exports import FileCell

WEIGHTS = {"must": "Muss", "should": "Soll"}
LEGEND = (
    "„Katalog“: was im Katalog steht, mit der Quelle. „Unternehmen“: was das Unternehmen von sich sagt. „Eigene "
    "Einschätzung“: was die Kommune selbst festgehalten hat. „keine Angabe“ ist weder ja noch nein."
)
NEUTRAL = (
    "Diese Liste nennt Anforderungen und keine Produkte (§ 31 Absatz 6 VgV, § 23 Absatz 5 UVgO). "
    "Dies ist ein Hinweis und keine Rechtsberatung."
)


def column_of(candidate: Candidate) -> str:
    names = [name for name in (candidate.solution_name, candidate.company_name) if name]
    return " – ".join(names)


def rows_of(matrix: Matrix, spreads: Sequence[Spread]) -> list[list[FileCell]]:
    """Heading row, criteria, questions, counts, and prices at the end."""
    rows: list[list[FileCell]] = [["Vergleich", *(column_of(each) for each in matrix.candidates)]]
    rows += [
        [f"{WEIGHTS.get(row.weight, row.weight)}: {row.label}", *(_criterion(cell) for cell in row.cells)]
        for row in matrix.criteria
    ]
    rows += [[_question(row), *(_answer(cell) for cell in row.cells)] for row in matrix.questions]
    for weight, label in WEIGHTS.items():
        if any(row.weight == weight for row in matrix.criteria):
            rows.append(
                [f"{label}-Kriterien, gezählt", *(count_in_words(each) for each in matrix.counts(weight))]
            )
    return rows + [[spread.label, spread_in_words(spread)] for spread in spreads]


def _criterion(cell: CriterionCell) -> str:
    lines = [said_in_words(each) for each in cell.said]
    return "\n".join(lines) or "keine Angabe"


def said_in_words(said: Said) -> str:
    """ "Katalog: erfüllt. Die Lizenz ist EUPL-1.2. (Katalog der Stadt, 03.02.2026)" """
    origin = ", ".join(filter(None, [said.source, day(said.as_of) if said.as_of else ""]))
    marks = " Vertraulich." if said.is_confidential else ""
    where = f" ({origin})" if origin else ""
    return f"{BASES[said.basis]}: {said.label}. {said.text}{where}{marks}"


def _question(row: QuestionRow) -> str:
    return f"Frage {row.question.position}: {row.question.text}"


def _answer(cell: AnswerCell) -> str:
    text = f"{cell.text}. {cell.remark}" if cell.remark else cell.text
    return f"{text} (vertraulich)" if cell.is_confidential else text


def count_in_words(count: Count) -> str:
    """ "3 von 5 laut Katalog erfüllt, 1 nicht erfüllt; …; zu 1 keine Angabe" """
    parts = [
        f"{BASES[basis]}: {count.met[basis]} erfüllt, {count.unmet[basis]} nicht erfüllt"
        for basis in BASES
        if count.met[basis] or count.unmet[basis]
    ]
    return "; ".join([*parts, f"keine Angabe: {count.unknown} von {count.of}"])


def spread_in_words(spread: Spread) -> str:
    if spread.least is None:
        return f"Kein Betrag bekannt; {spread.unknown} ohne Angabe. {spread.basis}"
    amounts = (
        f"niedrigster {euro(spread.least)}, mittlerer {euro(spread.middle)}, höchster {euro(spread.most)}"
    )
    hidden = " Darunter vertrauliche Angaben." if spread.has_confidential else ""
    return f"{amounts}; aus {spread.known} Angaben, {spread.unknown} ohne Angabe. {spread.basis}{hidden}"


# What one hands on: requirements, product-neutral.


def requirements(case: Case) -> list[tuple[str, list[str]]]:
    """Headings with their lines: the problem in the town's words, then must and should."""
    criteria = criteria_of(case)
    parts = [
        ("Worum es geht", [text for text in (case.need.problem, case.need.goal, case.need.users) if text]),
        ("Muss-Kriterien", [in_words(each) for each in criteria if each.weight == "must"]),
        ("Soll-Kriterien", [in_words(each) for each in criteria if each.weight == "should"]),
    ]
    return [(heading, lines) for heading, lines in parts if lines]


def brands_of(case: Case) -> list[Named]:
    """Names of products and companies in the list, which keep it from being neutral."""
    return list(brands_in([line for _, lines in requirements(case) for line in lines]))


def as_text(case: Case) -> bytes:
    lines = [f"Anforderungen: {case.title}", "", NEUTRAL, *_warning(case)]
    for heading, said in requirements(case):
        lines += ["", heading, *(f"- {line}" for line in said)]
    return ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")


def as_docx(case: Case) -> bytes:
    document: Any = Document()
    document.core_properties.title = without_controls(f"Anforderungen: {case.title}")
    document.core_properties.language = "de-DE"
    document.add_heading(without_controls(f"Anforderungen: {case.title}"), level=1)
    for line in (NEUTRAL, *filter(None, _warning(case))):
        document.add_paragraph(without_controls(line))
    for heading, said in requirements(case):
        document.add_heading(heading, level=2)
        for line in said:
            document.add_paragraph(without_controls(line), style="List Bullet")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _warning(case: Case) -> list[str]:
    named = brands_of(case)
    if not named:
        return []
    names = ", ".join(f"„{each.written}“" for each in named)
    return ["", f"Prüfen: Die Liste nennt {names}. Beschreiben Sie stattdessen, was die Lösung können soll."]
