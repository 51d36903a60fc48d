"""The questions as fields: what is sent is read question by question, and taken over only where somebody asked."""

from django.http import QueryDict  # noqa: TID251  # what a form of a page is read from

from allmende.exploration.answer_values import Given
from allmende.exploration.models import Question
from allmende.exploration.prefills import Suggestion
from allmende.exploration.queries.answering import Line
from allmende.web.answers.fields import errors, given_in, rows, taken_over


def line(key: str, kind: str = "text", suggestion: Suggestion | None = None, **more: object) -> Line:
    question = Question(public_id=key, text=f"Frage {key}?", kind=kind, **more)
    return Line(question, Given(), "", "", False, suggestion)


OWN = Suggestion("EUPL-1.2", "Seit 2020.", "Ihr Angebot")


def test_only_the_questions_of_the_questionnaire_are_read() -> None:
    data = QueryDict("antwort-a=ja&erlaeuterung-a=weil&vertraulich-a=on&antwort-fremd=x&antwort-a2=y")
    assert given_in(data, [line("a"), line("b")]) == {"a": Given("ja", "weil", True), "b": Given()}


def test_what_is_taken_over_keeps_the_own_remark_and_touches_no_other_question() -> None:
    lines = [line("a", suggestion=OWN), line("b", suggestion=OWN), line("c")]
    given = {"a": Given("alt", "Eigenes.", True), "b": Given("bleibt")}
    taken = taken_over(given, lines, "a")
    assert taken == {"a": Given("EUPL-1.2", "Eigenes. Seit 2020.", True), "b": Given("bleibt")}
    assert taken_over(taken, lines, "a") == taken
    assert taken_over(given, lines, "c") == given
    assert taken_over(given, lines, "unfug") == given


def test_a_choice_always_offers_no_statement_and_begins_with_it() -> None:
    (row,) = rows([line("a", "choice", choices=["rot", "blau"])], {})
    assert [(each.value, each.label, each.chosen) for each in row.answer.options] == [
        ("rot", "rot", False), ("blau", "blau", False), ("", "keine Angabe", True),
    ]  # fmt: skip


def test_errors_stand_in_the_order_of_the_questions() -> None:
    found = errors({"b": "Zwei.", "a": "Eins.", "fremd": "Drei."}, [line("a"), line("b")])
    assert [(each.message, each.field_id) for each in found] == [
        ("Frage 1: Eins.", "antwort-a"), ("Frage 2: Zwei.", "antwort-b"),
    ]  # fmt: skip


def test_what_a_colleague_saved_stands_beside_what_was_typed() -> None:
    lines = [line("a"), line("b")]
    found = rows(
        lines,
        {"a": Given("meins"), "b": Given("gleich")},
        stored={"a": Given("ihres", "weil"), "b": Given("gleich")},
    )
    assert [each.theirs for each in found] == ["ihres (weil)", ""]
