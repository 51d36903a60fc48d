"""Question sets: what comes with the software is whole, and what the desk writes takes its place."""

import re
from pathlib import Path

import pytest

from allmende.exploration.actions.questions import end_question_set, write_question_set
from allmende.exploration.models import QuestionSet
from allmende.exploration.prefills import PREFILLS
from allmende.exploration.queries.asking import question_sets
from allmende.exploration.question_sets import QuestionDraft, SetDraft, checked_set, shipped
from allmende.lib.actors import Actor
from allmende.lib.refusals import OutOfDate, Refused

DESK = Actor("person", "desk", frozenset({("catalogue_editor", None)}))
OWN = SetDraft(code="eigene", title="Eigene", questions=(QuestionDraft(text="Was noch?"),))


def test_the_shipped_sets_are_these() -> None:
    assert {code: len(each.questions) for code, each in shipped().items()} == {
        "betrieb-kosten": 7,
        "datenschutz-sicherheit": 8,
        "einfuehrung-support-ausstieg": 8,
        "schnittstellen-daten": 6,
    }


def test_all_shipped_questions_together_are_an_effort_that_can_be_asked_for() -> None:
    every = [question for each in shipped().values() for question in each.questions]
    assert len(every) <= 30
    assert all(len(question.text) <= 130 for question in every)
    assert all(question.text.endswith("?") for question in every)


def test_no_shipped_question_asks_for_a_bid_or_names_a_brand() -> None:
    words = str(list(shipped().values())).casefold()
    assert re.findall(r"\b(?:gebot|bieter|zuschlag|angebotspreis|festpreis|garantier)\w*", words) == []


def test_each_prefill_is_used_and_none_is_invented() -> None:
    used = {question.prefill for each in shipped().values() for question in each.questions}
    assert used - {""} == set(PREFILLS)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "title = 1",
        'title = "A"\nabout = ""\nversion = 1\nquestion = []',
        "\x00",
        'title = "A"\nabout = "b"\nversion = 1\n[[question]]\ntext = "Ohne Kürzel?"',
    ],
)
def test_a_faulty_file_is_not_taken(tmp_path: Path, content: str) -> None:
    (tmp_path / "kaputt.toml").write_text(content)
    with pytest.raises(ValueError, match=r"kaputt\.toml"):
        shipped(tmp_path)


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        (SetDraft(code="Ä", title="T", questions=OWN.questions), "Das Kürzel"),
        (SetDraft(code="ab", title=" ", questions=OWN.questions), "Geben Sie der Sammlung einen Titel"),
        (SetDraft(code="ab", title="T"), "eine bis 20 Fragen"),
        (SetDraft(code="ab", title="T", questions=OWN.questions * 21), "eine bis 20 Fragen"),
        (SetDraft(code="ab", title="T", questions=(QuestionDraft(text=" "),)), "Schreiben Sie die Frage auf"),
        (SetDraft(code="ab", title="T", questions=(QuestionDraft(text="A", kind="x"),)), "wie auf die Frage"),
        (
            SetDraft(code="ab", title="T", questions=(QuestionDraft(text="A", kind="choice"),)),
            "mindestens zwei",
        ),
        (
            SetDraft(code="ab", title="T", questions=(QuestionDraft(text="A", prefill="x"),)),
            "aus dem Katalog",
        ),
        (
            SetDraft(code="ab", title="T", questions=(QuestionDraft(text="A", code="a"),) * 2),
            "dasselbe Kürzel",
        ),
    ],
)
def test_a_set_that_nobody_could_answer_is_refused(draft: SetDraft, said: str) -> None:
    with pytest.raises(Refused, match=said):
        checked_set(draft)


def test_a_new_question_gets_the_next_free_code() -> None:
    draft = SetDraft(
        code="ab", title="T", questions=(QuestionDraft(text="A", code="frage-1"), QuestionDraft(text="B"))
    )
    assert [each.code for each in checked_set(draft).questions] == ["frage-1", "frage-2"]


def test_the_desk_writes_versions_and_none_is_changed(db: None, now) -> None:
    write_question_set(OWN, version=0, by=DESK, now=now)
    write_question_set(SetDraft(**{**OWN.__dict__, "title": "Neu"}), version=1, by=DESK, now=now)
    assert [(each.version, each.title) for each in QuestionSet.objects.order_by("version")] == [
        (1, "Eigene"),
        (2, "Neu"),
    ]
    assert question_sets()["eigene"].version == 2
    with pytest.raises(OutOfDate):
        write_question_set(OWN, version=1, by=DESK, now=now)
    end_question_set("eigene", version=2, by=DESK, now=now)
    assert "eigene" not in question_sets()
    with pytest.raises(Refused, match="nicht mehr angeboten"):
        end_question_set("eigene", version=3, by=DESK, now=now)
    write_question_set(OWN, version=3, by=DESK, now=now)
    assert question_sets()["eigene"].version == 4


@pytest.mark.parametrize(
    "actor", [Actor.anonymous(), Actor("person", "x", frozenset({("municipality_editor", "town")}))]
)
def test_only_the_platforms_editors_write_sets(db: None, now, actor: Actor) -> None:
    with pytest.raises(Refused):
        write_question_set(OWN, version=0, by=actor, now=now)
    assert not QuestionSet.objects.exists()
