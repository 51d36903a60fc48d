import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.retrieval.dictionary import FIELD_WORDS
from allmende.retrieval.wordlists import WordList, read

LIST = """\ufeff# our words
Ratsinformation   # a remark
barrierefrei
warn-
sprach- = Sprache
-gerecht
Staubecken = Stau + Becken
! Friedhof
!! Schaft
"""


def test_each_line_says_what_kind_of_word_it_is() -> None:
    assert read(LIST) == WordList(
        nouns={"Ratsinformation"},
        adjectives={"barrierefrei"},
        beginnings={"warn": "warn", "sprach": "Sprache"},
        endings={"gerecht"},
        fixed={"Staubecken": ("Stau", "Becken")},
        whole={"Friedhof"},
        barred={"Schaft"},
    )


@pytest.mark.parametrize(
    "line",
    ["zwei Worte", "1984", "A = B", "= A + B", "A = B + ", "a- = B + C", "!", "-", "A + B", "ein-weg-"],
)
def test_what_is_no_line_of_a_list_is_named_and_left_out(line: str) -> None:
    assert read(f"Radweg\n{line}") == WordList(nouns={"Radweg"}, problems=[f"line 2: {line.strip()!r}"])


def test_our_own_list_has_no_line_that_cannot_be_understood() -> None:
    assert read(FIELD_WORDS.read_text("utf-8")).problems == []


def test_our_own_list_says_nothing_twice() -> None:
    lines = [line.strip() for line in FIELD_WORDS.read_text("utf-8").splitlines()]
    words = [line for line in lines if line and not line.startswith("#")]
    assert sorted(words) == sorted(set(words))


@given(st.text(alphabet=string.ascii_letters + "äöüß !-+=#\n\r\0\u2028", max_size=80))
def test_any_text_can_be_read_as_a_list(text: str) -> None:
    words = read(text)
    assert all(word.isalpha() for word in (*words.all_words, *words.barred))
