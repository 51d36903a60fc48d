"""What is proposed for mistyped words."""

import pytest

from allmende.retrieval.protocol import Document, Query
from allmende.retrieval.tantivy_index import TantivyIndex
from tests.retrieval.conftest import DEFINITION
from tests.retrieval.typos import FOUND_ANYWAY, OTHER_WORDS, RIGHT, SPLIT_OR_JOINED, TYPOS


def catalogue() -> list[Document]:
    meant = sorted({*TYPOS.values(), "Termin", "Bauantrag", "Hundesteuer", "anmelden"})
    documents = [Document(f"m{n}", "solution", word, {"title": word}) for n, word in enumerate(meant)]
    return [
        *documents,
        *(
            Document(f"o{n}", "solution", word, {"summary": word})
            for n, word in enumerate(OTHER_WORDS.split())
        ),
        Document("s1", "solution", "Sperrmüll", {"title": "Sperrmüll anmelden"}),
        Document("s2", "solution", "Hundesteuer", {"title": "Hundesteuer online anmelden"}),
        Document("s3", "solution", "Bauantrag", {"title": "Bauantrag online stellen"}),
        Document("s4", "solution", "Termin", {"title": "Einen Termin buchen"}),
    ]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> TantivyIndex:
    index = TantivyIndex(tmp_path_factory.mktemp("spelling") / "index", DEFINITION)
    index.rebuild(catalogue)
    return index


def corrected(index: TantivyIndex, text: str) -> str:
    return index.search(Query(text)).corrected


def understood(index: TantivyIndex, typed: str, meant: str) -> bool:
    """Corrected, or found as typed because the analysis reads it that way (parts of compounds, linking letters)."""
    result = index.search(Query(typed))
    if result.corrected:
        return result.corrected == meant
    return not result.unknown and result.hits[0].id == index.search(Query(meant)).hits[0].id


@pytest.mark.parametrize(("typed", "meant"), TYPOS.items())
def test_a_mistyped_word_is_recognised(filled: TantivyIndex, typed: str, meant: str) -> None:
    assert understood(filled, typed, meant)


@pytest.mark.parametrize(("typed", "meant"), SPLIT_OR_JOINED.items())
def test_words_wrongly_apart_or_together_are_recognised(filled: TantivyIndex, typed: str, meant: str) -> None:
    assert understood(filled, typed, meant)


@pytest.mark.parametrize("right", RIGHT + FOUND_ANYWAY)
def test_a_right_word_is_left_alone(filled: TantivyIndex, right: str) -> None:
    assert corrected(filled, right) == ""
