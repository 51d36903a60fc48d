"""DIN 5007-1 as printed: ä is a, ß is ss, capitals do not matter."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.lib.sorting import din5007_key


def test_german_towns_stand_in_the_order_of_the_dictionary() -> None:
    towns = [
        "Zwickau",
        "Äpfingen",
        "Apfeldorf",
        "Aachen",
        "Öhringen",
        "Oberhausen",
        "Übersee",
        "Ulm",
        "Gießen",
        "Giesensdorf",
    ]
    assert sorted(towns, key=din5007_key) == [
        "Aachen", "Apfeldorf", "Äpfingen", "Giesensdorf", "Gießen", "Oberhausen", "Öhringen", "Übersee", "Ulm",
        "Zwickau",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("Bad Aibling", "Badbergen"),  # a blank comes before every letter
        ("Mull", "Müll"),  # equal but for the mark: without comes first
        ("Masse", "Maße"),
        ("Nürnberg", "Nurnberger Land"),
        ("Łódź", "Luxemburg"),
    ],
)
def test_one_comes_before_the_other(earlier: str, later: str) -> None:
    assert din5007_key(earlier) < din5007_key(later)


def test_signs_count_as_one_blank() -> None:
    assert din5007_key("Garmisch-Partenkirchen")[0] == din5007_key("Garmisch  Partenkirchen")[0]


@given(st.text())
def test_however_a_letter_is_composed_the_key_is_the_same(text: str) -> None:
    composed, taken_apart = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert din5007_key(composed)[0] == din5007_key(taken_apart)[0]


@given(st.lists(st.text(max_size=8), max_size=8))
def test_the_order_does_not_depend_on_the_order_of_arrival(texts: list[str]) -> None:
    texts = [unicodedata.normalize("NFC", text) for text in texts]
    turned = list(reversed(texts))
    assert sorted(texts, key=din5007_key) == sorted(turned, key=din5007_key)
