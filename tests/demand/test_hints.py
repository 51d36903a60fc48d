"""Hints while a need is written, and the Handlungsfeld suggested from its text: each with its reason, none blocks."""

from dataclasses import replace

import pytest

from allmende.catalogue.actions import receive
from allmende.catalogue.drafts import SolutionDraft, TextDraft
from allmende.catalogue.models import Solution
from allmende.demand.completeness import gaps
from allmende.demand.drafts import CriterionDraft, NeedDraft
from allmende.demand.fields import suggestions
from allmende.demand.hints import examples, hints, neutral
from allmende.demand.queries.names import brands_in, forget, is_common
from allmende.demand.queries.needs import from_solution
from allmende.lib.actors import Actor
from allmende.vocabulary.queries import current
from tests.factories.market import HARVEST
from tests.factories.needs import WHOLE

NOBODY = Actor.anonymous()


@pytest.fixture(autouse=True)
def forgotten():
    forget()
    yield
    forget()


@pytest.fixture
def branded(market, now):
    """Solutions with names of which some are brands."""
    for number, (name, maintainer) in enumerate(
        (
            ("MeldeFix 24", "Zwiebelwerk Xyloph GmbH"),
            ("Terminvergabe", "Stadt Ahornstadt"),
            ("Wegwart (Beispiel)", ""),
        )
    ):
        receive(
            SolutionDraft(
                name=name,
                texts=(TextDraft(language="de", summary="Tut etwas."),),
                repository_url=f"https://code.example.org/m/{number}",
                fields_of_action=("beteiligung",),
                maintainer=maintainer,
            ),
            origin=market.city,
            key=f"m{number}.yml",
            by=HARVEST,
            now=now,
        )
    return market


def codes(draft):
    return [each.code for each in hints(draft)]


@pytest.mark.usefixtures("branded")
def test_a_need_that_explains_itself_gets_no_hint():
    assert codes(WHOLE) == []


@pytest.mark.usefixtures("branded")
@pytest.mark.parametrize(
    ("said", "code", "step"),
    [
        ({"problem": "Viele Meldungen gehen verloren."}, "problem_short", "problem"),
        (
            {"problem": f"Wir brauchen eine moderne App. {'Sehr schön. ' * 12}"},
            "problem_is_a_product",
            "problem",
        ),
        ({"goal": ""}, "goal_missing", "problem"),
        ({"goal": "Alles wird besser."}, "goal_not_measurable", "problem"),
        ({"criteria": ()}, "no_criteria", "kriterien"),
        (
            {"criteria": tuple(CriterionDraft("must", text=f"{n} Tage") for n in range(9))},
            "many_musts",
            "kriterien",
        ),
        ({"criteria": (CriterionDraft("must", text="Intuitiver Aufbau"),)}, "vague", "kriterien"),
        ({"goal": "So wie MeldeFix 24, mit 2 Tagen."}, "brand", "problem"),
        ({"users": "Alle, die meldefix 24 kennen: Meldefix-24"}, "brand", "menschen"),
        ({"criteria": (CriterionDraft("must", text="Von Zwiebelwerk Xyloph"),)}, "brand", "kriterien"),
    ],
)
def test_what_would_help_is_said_where_it_is_mended(said, code, step):
    found = [(each.code, each.step) for each in hints(replace(WHOLE, **said))]
    assert found == [(code, step)]
    assert gaps(replace(WHOLE, **said)) == []


@pytest.mark.usefixtures("branded")
def test_a_brand_comes_with_a_way_to_say_it_without():
    (hint,) = hints(replace(WHOLE, title="Wegwart einführen"))
    assert hint.message.startswith("„Wegwart“ ist der Name einer Lösung aus dem Katalog.")
    assert "§ 31 Abs. 6 VgV" in hint.message
    assert hint.example == neutral("beteiligung")


@pytest.mark.usefixtures("branded")
@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Wir nutzen MeldeFix 24 seit Jahren.", ["MeldeFix 24"]),
        ("melde-fix 24, klein geschrieben", []),
        ("Meldefix24 in einem Wort", ["Meldefix24"]),
        ("Die Terminvergabe im Bürgerbüro dauert.", []),
        ("Ein Mängelmelder fehlt.", []),
        ("Zwiebelwerk Xyloph liefert.", ["Zwiebelwerk Xyloph"]),
        ("Die Stadt Ahornstadt wartet.", []),
        ("", []),
        ("\x00 \ud800 <b>", []),
    ],
)
def test_names_are_found_and_words_of_the_language_are_none(text, named):
    assert [each.written for each in brands_in([text])] == named


@pytest.mark.usefixtures("branded")
def test_a_long_text_costs_few_queries(django_assert_max_num_queries):
    text = " ".join(f"Wort{n} Haus" for n in range(5_000))
    with django_assert_max_num_queries(20):
        brands_in([text])


@pytest.mark.usefixtures("branded")
def test_a_system_that_is_there_may_be_named():
    assert codes(replace(WHOLE, existing_systems=("MeldeFix 24",))) == []


@pytest.mark.parametrize(
    ("name", "common"),
    [
        ("Mängelmelder", True),
        ("Baumkataster", True),
        ("Schlaglochfunk", False),
        ("Pegelblick", False),
        ("Baum und Strauch", True),
        ("DorfFunk", False),
        ("Melder 24", False),
        ("Qwrtz", False),
    ],
)
def test_what_is_a_word_and_what_is_a_brand(name, common):
    assert is_common(name) is common


def test_every_handlungsfeld_has_its_example(vocabulary):
    said = {term.code: neutral(term.code) for term in current().terms("field_of_action")}
    assert len(set(said.values())) == len(said)
    assert neutral("gone") == neutral("")


def test_each_example_stands_on_a_page_of_the_form():
    assert [bool(examples(step)) for step in ("problem", "menschen", "kriterien", "rahmen", "sichtbarkeit")] == [
        True, True, True, True, False,
    ]  # fmt: skip


# ------------------------------------------------------------------------------------------------------ Handlungsfelder


def test_a_field_is_suggested_with_the_words_that_speak_for_it(market):
    found = suggestions("Auf der Feuerwehr und beim Katastrophenschutz fehlt eine Übersicht.", NOBODY)
    assert (found[0].code, found[0].reason) == (
        "sicherheit_katastrophenschutz", "Sie schreiben „Feuerwehr“ und „Katastrophenschutz“.",
    )  # fmt: skip


def test_a_part_of_a_word_speaks_for_a_field_too(market):
    assert "bildung" in [each.code for each in suggestions("Der Schulbus kommt zu spät.", NOBODY)]


@pytest.mark.parametrize("text", ["", "   ", "xyzzy", "\x00\ud800", "a " * 50_000])
def test_a_text_that_says_nothing_gets_no_suggestion(market, text):
    assert suggestions(text, NOBODY) == []


def test_without_an_index_the_words_alone_speak(db, vocabulary, settings, tmp_path):
    settings.SEARCH_INDEX_DIR = tmp_path / "nothing"
    assert [each.code for each in suggestions("Abwasser", NOBODY)] == ["wasser_abfall"]


def test_from_a_solution_nothing_of_its_name_or_maker_is_carried_over(branded):
    for solution in Solution.objects.prefetch_related("terms"):
        draft = from_solution(NeedDraft(), solution)
        said = f"{draft.title} {draft.problem} {draft.goal} {draft.users}".casefold()
        if not is_common(solution.name):
            assert solution.name.split()[0].casefold() not in said
        assert draft.criteria == ()
        assert draft.problem == ""
