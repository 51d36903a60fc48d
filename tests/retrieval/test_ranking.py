"""What adds to the score, by how much, and that it adds up."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allmende.retrieval import joined, schema
from allmende.retrieval.asking import Asked, Asking, Clause, Group
from allmende.retrieval.protocol import Alternative, Definition, Document, How, Matching, Query
from allmende.retrieval.ranking import RANKING, Ranking
from allmende.retrieval.segments import Segments, identity_of
from allmende.retrieval.tantivy_index import TantivyIndex
from allmende.retrieval.text import document_parts, surfaces

DEFINITION = Definition(weights={"title": 2, "body": 1}, facets=("field",), snippet_fields=("body",))
FILLER = [f"Eintrag {number} mit Worten ohne Belang" for number in range(30)]

Filled = Callable[[Sequence[str]], TantivyIndex]


@pytest.fixture
def filled(tmp_path: Path) -> Filled:
    """Entries e0, e1 … with the given texts, and thirty others, so that every word is rare."""

    def fill(texts: Sequence[str]) -> TantivyIndex:
        index = TantivyIndex(tmp_path / "index", DEFINITION)
        documents = [
            Document(f"{'e' if number < len(texts) else 'x'}{number}", "entry", "", {"body": text})
            for number, text in enumerate([*texts, *FILLER])
        ]
        index.rebuild(lambda: documents)
        return index

    return fill


def asking(index: TantivyIndex) -> Asking:
    return index._reader()._asking


def ranked(index: TantivyIndex, query: Query) -> list[str]:
    return [hit.id for hit in index.search(query).hits]


def scores(index: TantivyIndex, query: Query) -> dict[str, float]:
    return {hit.id: hit.score for hit in index.search(query).hits}


# What ranks before what


def test_the_word_comes_before_its_parts_and_all_parts_before_one(filled: Filled) -> None:
    index = filled(
        [
            "Die Genehmigung ist da, und der Bau auch",
            "Eine Genehmigung ist da, und das Fest auch",
            "Die Baugenehmigung ist da, und das Haus auch",
            "Das Baugenehmigungsverfahren dauert, und das Haus auch",
        ]
    )
    assert ranked(index, Query("Baugenehmigung", any_word=True)) == ["e2", "e3", "e0", "e1"]


def test_parts_of_a_compound_count_alike_from_either_side(filled: Filled) -> None:
    index = filled(["Straßenbeleuchtung", "Beleuchtung der Straßen", "Straße", "Beleuchtung"])
    assert ranked(index, Query("Straßenbeleuchtung"))[:2] == ["e0", "e1"]
    assert ranked(index, Query("Beleuchtung von Straßen"))[0] == "e1"
    assert sorted(ranked(index, Query("Beleuchtung der Straße"))) == ["e0", "e1"]


def test_a_rare_word_counts_more_than_a_common_one(filled: Filled) -> None:
    index = filled(["Belang", "Bürgerbus"])
    assert ranked(index, Query("Bürgerbus Belang", any_word=True))[0] == "e1"


def test_words_that_follow_each_other_as_asked_come_first(filled: Filled) -> None:
    index = filled(
        [
            "Verkehr in der Stadt, ruhender Motor",
            "Ruhender Verkehr in der Stadt, Motor",
            "Motor, Verkehr, der nie endet in Stadt, ruhender",
        ]
    )
    assert ranked(index, Query("ruhender Verkehr"))[0] == "e1"


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("ruhender Verkehr", True),
        ("ruhender, aber dichter Verkehr", True),
        ("Ruhender, dichter und lauter Verkehr", False),
        ("Verkehr, ruhender", False),
    ],
)
def test_neighbours_are_in_order_with_a_word_between_at_most(filled: Filled, text: str, near: bool) -> None:
    index = filled([text])
    with_neighbours = scores(index, Query("ruhender Verkehr"))
    reader = index._reader()
    reader._asking = replace(asking(index), ranking=replace(RANKING, neighbour_entries=0))
    assert (with_neighbours["e0"] > scores(index, Query("ruhender Verkehr"))["e0"]) is near


def test_a_synonym_counts_less_than_the_word(filled: Filled) -> None:
    index = filled(["Ein Rad für alle", "Ein Velo für alle"])
    query = Query("Velo", alternatives=(Alternative("Velo", "Rad"),))
    found = scores(index, query)
    assert list(found) == ["e1", "e0"]
    assert found["e0"] == pytest.approx(found["e1"] * RANKING.synonym)


def test_a_synonym_does_not_change_what_the_word_gives(filled: Filled) -> None:
    index = filled(["Ein Rad für alle", "Ein Velo für alle"])
    alone = scores(index, Query("Velo"))
    with_synonym = scores(index, Query("Velo", alternatives=(Alternative("Velo", "Rad"),)))
    assert with_synonym["e1"] == pytest.approx(alone["e1"])


def test_of_the_words_of_one_source_only_the_best_counts(filled: Filled) -> None:
    index = filled(["Ein Rad und ein Drahtesel", "Ein Rad und ein Zelt", "Ein Velo und ein Zelt"])
    said = [Alternative("Velo", "Rad", "Fahrzeuge"), Alternative("Velo", "Drahtesel", "Fahrzeuge")]
    each = [scores(index, Query("Velo", alternatives=(one,))).get("e0", 0.0) for one in said]
    together = scores(index, Query("Velo", alternatives=tuple(said)))
    assert together["e0"] == pytest.approx(max(each))
    assert max(together, key=together.__getitem__) == "e2"


def test_what_two_sources_say_is_added_up(filled: Filled) -> None:
    index = filled(["Ein Rad und ein Drahtesel", "Ein Velo und ein Zelt"])
    said = [Alternative("Velo", "Rad", "Fahrzeuge"), Alternative("Velo", "Drahtesel", "Volksmund")]
    each = [scores(index, Query("Velo", alternatives=(one,)))["e0"] for one in said]
    assert scores(index, Query("Velo", alternatives=tuple(said)))["e0"] == pytest.approx(sum(each))


def test_a_word_in_the_title_counts_as_often_as_the_title_weighs(tmp_path: Path) -> None:
    index = TantivyIndex(tmp_path / "index", DEFINITION)
    documents = [
        Document("a", "entry", "", {"title": "Parken", "body": "Stadt Land Fluss"}),
        Document("b", "entry", "", {"title": "Stadt", "body": "Parken Land Fluss"}),
        Document("c", "entry", "", {"title": "Wasser", "body": "Berg"}),
    ]
    index.rebuild(lambda: documents)
    assert ranked(index, Query("Parken")) == ["a", "b"]


def test_equal_entries_have_equal_scores(filled: Filled) -> None:
    index = filled(["Baugenehmigung"] * 3)
    assert len({hit.score for hit in index.search(Query("Genehmigung Bau")).hits}) == 1


# The groups and what they are made of


def understood(index: TantivyIndex, query: Query) -> Asked:
    return asking(index).understand(query)


def outline(group: Group) -> list[tuple[How, tuple[str, ...]]]:
    return [(clause.how, clause.words) for clause in group.clauses]


def test_each_word_asked_for_has_a_group_with_a_clause_for_each_way(filled: Filled) -> None:
    index = filled(["Baugenehmigung für den Stall", "Fest"])
    alternatives = (Alternative("Stall", "Fest", "Wortliste"),)
    asked = understood(index, Query("Die Baugenehmigung: Stall, Raumschiff!", alternatives=alternatives))
    assert [(group.asked, outline(group)) for group in asked.groups] == [
        (
            "Baugenehmigung",
            [(How.WORD, ("baugenehm",)), (How.PART, ("bau",)), (How.PART, ("genehm",))],
        ),
        ("Stall", [(How.WORD, ("stall",)), (How.PART, ("stall",)), (How.SYNONYM, ("fest",))]),
        ("Raumschiff", []),
    ]
    assert [clause.source for clause in asked.groups[1].clauses] == ["", "", "Wortliste"]
    assert (asked.words, asked.unknown, asked.required) == (
        ("baugenehm", "stall", "raumschiff"),
        ("Raumschiff",),
        1,
    )


def test_neighbours_are_named_as_they_were_typed(filled: Filled) -> None:
    index = filled(["Baugenehmigung für den Stall"])
    asked = understood(index, Query("Baugenehmigung für den Stall"))
    assert {(group.asked, outline(group)[0]) for group in asked.neighbours} == {
        ("Baugenehmigung", (How.NEIGHBOURS, ("bau", "genehm"))),
        ("Baugenehmigung für den Stall", (How.NEIGHBOURS, ("genehm", "stall"))),
    }


def test_a_word_has_no_neighbour_in_itself(filled: Filled) -> None:
    assert understood(filled(["Stall Stall"]), Query("Stall")).neighbours == ()
    assert understood(filled(["Stall Stall"]), Query("Stall, Ställe")).neighbours == ()


def test_neighbours_are_looked_for_as_long_as_it_costs_little_the_rarest_first(filled: Filled) -> None:
    index = filled(["Alpha Beta", "Beta Gamma", "Beta Gamma", "Gamma Delta", "Gamma Delta", "Gamma Delta"])
    query = Query("Alpha Beta Gamma Delta")
    for entries, pairs in (
        (0, []),
        (1, [("alpha", "beta")]),
        (3, [("alpha", "beta")]),
        (4, [("alpha", "beta"), ("beta", "gamma")]),
        (7, [("alpha", "beta"), ("beta", "gamma"), ("gamma", "delta")]),
    ):
        limited = replace(asking(index), ranking=Ranking(neighbour_entries=entries))
        looked_for = [group.clauses[0].words for group in limited.understand(query).neighbours]
        assert looked_for == pairs


@pytest.mark.parametrize("typed", ["", "der die das", "!!!", "\x00"])
def test_nothing_asked_has_no_groups(filled: Filled, typed: str) -> None:
    asked = understood(filled(["Stall"]), Query(typed))
    assert asked == Asked(None, None, Matching.NOTHING_ASKED)


@pytest.mark.parametrize("any_word", [False, True])
def test_what_the_index_does_not_know_is_asked_for_and_not_found(filled: Filled, any_word: bool) -> None:
    index = filled(["Stall"])
    asked = understood(index, Query("Xyzzy Plugh", any_word=any_word))
    assert asked.unknown == ("Xyzzy", "Plugh")
    assert index.search(Query("Xyzzy Plugh", any_word=any_word, facets=("field",))).total == 0


def test_at_most_32_words_are_asked_for_however_long_the_text(filled: Filled) -> None:
    index = filled(["Stall"])
    asked = understood(index, Query(" ".join(f"Wort{number}" for number in range(5_000)), any_word=True))
    assert len(asked.groups) == 32


# It adds up

TEXTS = (
    "Straße",
    "Baum",
    "Straßenbaum",
    "Bäume an Straßen",
    "Baumkataster",
    "Kataster der Bäume",
    "Wasser",
    "Wasserstraße",
    "Mängelmelder",
    "der",
    "Raumschiff",
)
phrases = st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3).map(" ".join)
questions = st.builds(
    Query,
    text=phrases,
    any_word=st.booleans(),
    alternatives=st.lists(st.builds(Alternative, phrases, phrases), max_size=2).map(tuple),
    limit=st.just(100),
)


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> TantivyIndex:
    """Every two of the texts in an entry, in two batches and with some gone again."""
    index = TantivyIndex(tmp_path_factory.mktemp("crowd") / "index", DEFINITION)
    entries = [
        Document(f"d{one}-{two}", "entry", "", {"title": first, "body": f"{first}, {second}"})
        for one, first in enumerate(TEXTS[:-1])
        for two, second in enumerate(TEXTS[:-1])
    ]
    index.rebuild(lambda: entries[:60])
    index.put(entries[60:])
    index.remove(entry.id for entry in entries[::9])
    return index


def clauses(asked: Asked) -> list[Clause]:
    return [clause for group in chain(asked.groups, asked.neighbours) for clause in group.clauses]


def given_by(segments: Segments, clause: Clause) -> dict[str, float]:
    """What one clause alone gives each entry."""
    places = segments.searcher.search(clause.query, limit=1_000, count=False).hits
    return {identity_of(segments.searcher.doc(place)): float(score) for score, place in places}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=questions)
def test_the_score_is_the_sum_of_all_clauses(crowd: TantivyIndex, question: Query) -> None:
    asked = understood(crowd, question)
    segments = crowd._reader()._segments
    parts = [given_by(segments, clause) for clause in clauses(asked)]
    for hit in crowd.search(question).hits:
        assert hit.score == pytest.approx(sum(part.get(hit.id, 0.0) for part in parts), rel=1e-5)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=questions)
def test_what_is_counted_is_what_is_ranked(crowd: TantivyIndex, question: Query) -> None:
    asked = understood(crowd, question)
    segments = crowd._reader()._segments
    if asked.text is None or asked.found is None:
        return
    both = (asked.text, segments.combined(asked.found, Query()))
    counted, scored = ({_number(place) for _, place in segments.first(one, 1_000)} for one in both)
    assert counted == scored
    assert segments.number(asked.found, Query()) == len(scored)


def _number(place: object) -> tuple[int, int]:
    return place.segment_ord, place.doc  # type: ignore[attr-defined]


@given(
    st.lists(st.sampled_from((*TEXTS, "E-Akte", "Themen", "Arbeitgeberinnen", "der")), max_size=9).map(
        " ".join
    )
)
def test_the_quick_way_to_the_parts_says_the_same(text: str) -> None:
    assert joined.joined(surfaces(text))[1].split() == document_parts(text)


def test_parts_have_a_field_of_their_own(filled: Filled) -> None:
    searcher = filled(["Baugenehmigungsverfahren"])._reader()._segments.searcher
    counted = {
        (field, word): searcher.doc_freq(field, word)
        for field in (schema.WORDS, schema.PARTS)
        for word in ("baugenehmigungsverfahr", "bau", "genehm", "verfahr", "baugenehm")
    }
    assert [known for known, count in counted.items() if count] == [
        (schema.WORDS, "baugenehmigungsverfahr"),
        (schema.PARTS, "baugenehmigungsverfahr"),
        (schema.PARTS, "bau"),
        (schema.PARTS, "genehm"),
        (schema.PARTS, "verfahr"),
    ]
