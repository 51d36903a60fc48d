"""Names suggested while somebody types."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from allmende.retrieval import names
from allmende.retrieval.protocol import Document
from allmende.retrieval.tantivy_index import TantivyIndex
from allmende.retrieval.text import fold
from tests.retrieval.conftest import DEFINITION

NAMES = (
    "Straßenbeleuchtung online",
    "Beleuchtung",
    "Beleuchtungsplaner Nord",
    "Der Planer für Beleuchtung",
    "Mängelmelder",
    "Baugenehmigungsverfahren digital",
    "E-Akte Kommunal",
    "Öffentliche Grünflächen",
    "Kfz-Zulassung",
    "Zulassungsstelle",
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> TantivyIndex:
    index = TantivyIndex(tmp_path_factory.mktemp("suggesting") / "index", DEFINITION)
    index.rebuild(lambda: [Document(f"n{n}", "solution", name) for n, name in enumerate(NAMES)])
    return index


def suggested(index: TantivyIndex, typed: str, limit: int = 8) -> list[str]:
    return [one.text for one in index.suggest(typed, scope={}, limit=limit)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (
            "beleuchtung",
            [
                "Beleuchtung",
                "Beleuchtungsplaner Nord",
                "Der Planer für Beleuchtung",
                "Straßenbeleuchtung online",
            ],
        ),
        (
            "bel",
            [
                "Beleuchtung",
                "Beleuchtungsplaner Nord",
                "Der Planer für Beleuchtung",
                "Straßenbeleuchtung online",
            ],
        ),
        ("strassenbel", ["Straßenbeleuchtung online"]),
        ("online bel", ["Straßenbeleuchtung online"]),
        ("genehmigung", ["Baugenehmigungsverfahren digital"]),
        ("verfahren dig", ["Baugenehmigungsverfahren digital"]),
        ("eakte", ["E-Akte Kommunal"]),
        ("e-akte", ["E-Akte Kommunal"]),
        ("akte kom", ["E-Akte Kommunal"]),
        ("oeffentlich", ["Öffentliche Grünflächen"]),
        ("offent", ["Öffentliche Grünflächen"]),
        ("gruenfl", ["Öffentliche Grünflächen"]),
        ("zulassung", ["Zulassungsstelle", "Kfz-Zulassung"]),
        ("KFZ zul", ["Kfz-Zulassung"]),
    ],
)
def test_names_are_found_by_words_anywhere_and_by_parts(
    filled: TantivyIndex, typed: str, expected: list[str]
) -> None:
    assert suggested(filled, typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("mängelmlder", ["Mängelmelder"]),
        ("mangelmelde", ["Mängelmelder"]),
        ("beleuchtugn", ["Beleuchtung", "Beleuchtungsplaner Nord", "Straßenbeleuchtung online"]),
        ("strasenbeleuch", ["Straßenbeleuchtung online"]),
        ("genehmingung", ["Baugenehmigungsverfahren digital"]),
        ("zulasungs", ["Zulassungsstelle"]),
        ("akze", []),
        ("mxxgelmelder", []),
    ],
)
def test_one_mistake_is_forgiven_from_five_letters_on(
    filled: TantivyIndex, typed: str, expected: list[str]
) -> None:
    assert [name for name in expected if name not in suggested(filled, typed)] == []
    assert bool(suggested(filled, typed)) == bool(expected)


def test_what_is_right_is_not_mixed_with_what_is_nearly_so(embedded: Callable[[], TantivyIndex]) -> None:
    index = embedded()
    index.rebuild(lambda: [Document("a", "solution", "Vertrag"), Document("b", "solution", "Vortrag")])
    assert suggested(index, "vertrag") == ["Vertrag"]
    assert suggested(index, "vxrtrag") == ["Vertrag", "Vortrag"]


def test_only_names_in_scope_are_suggested_even_with_a_mistake(embedded: Callable[[], TantivyIndex]) -> None:
    index = embedded()
    index.rebuild(lambda: [Document("a", "draft", "Mängelmelder"), Document("b", "solution", "Mängelkarte")])
    assert [one.id for one in index.suggest("mängel", scope={"kind": ["solution"]}, limit=5)] == ["b"]
    assert index.suggest("mängelmlder", scope={"kind": ["solution"]}, limit=5) == ()


def test_no_entry_twice_and_no_more_than_asked_for(filled: TantivyIndex) -> None:
    for typed in ("b", "be", "beleuchtung", "z", "straße"):
        for limit in (1, 2, 3, 8):
            found = filled.suggest(typed, scope={}, limit=limit)
            assert len(found) <= limit
            assert len({one.id for one in found}) == len(found)


def test_equal_names_follow_each_other_by_id(embedded: Callable[[], TantivyIndex]) -> None:
    index = embedded()
    index.rebuild(lambda: [Document(f"{letter}1", "solution", "Zwilling") for letter in "qaczb"])
    assert [one.id for one in index.suggest("zwil", scope={}, limit=3)] == ["a1", "b1", "c1"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(NAMES), st.integers(0, 30), st.integers(1, 30))
def test_any_beginning_of_any_words_of_a_name_suggests_it(
    filled: TantivyIndex, name: str, skipped: int, length: int
) -> None:
    words = names.words(name)
    typed = words[skipped % len(words) :]
    typed[-1] = typed[-1][:length]
    assert name in suggested(filled, " ".join(typed), limit=len(NAMES))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(NAMES), st.data())
def test_one_letter_wrong_missing_or_too_many_still_suggests_it(
    filled: TantivyIndex, name: str, data: st.DataObject
) -> None:
    word = data.draw(st.sampled_from([word for word in names.words(name) if len(word) >= 6]))
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    typed = data.draw(
        st.sampled_from(
            [word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :]]
        )
    )
    assume(fold(typed) == typed)
    found = suggested(filled, typed, limit=len(NAMES))
    exact = any(typed in word for other in NAMES for word in [*names.words(other), *names.parts(other)])
    assert name in found or exact


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Straßenbeleuchtung online", ["strasse", "beleuchtung"]),
        ("E-Akte", ["eakte"]),
        ("", []),
    ],
)
def test_a_name_is_kept_with_what_it_consists_of(name: str, expected: list[str]) -> None:
    assert names.parts(name) == expected
