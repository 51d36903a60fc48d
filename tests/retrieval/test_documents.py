import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.retrieval.documents import (
    analysed,
    as_json,
    check,
    facet_terms,
    fingerprint,
    from_json,
    letters_of,
    name_keys,
    number_key,
    tie_key,
)
from allmende.retrieval.protocol import Definition, Document
from allmende.retrieval.text import sort_key

DEFINITION = Definition(weights={"title": 3, "body": 1, "note": 0}, facets=("field",))
INT64 = 1 << 63
numbers = st.integers(-(2**41), 2**41)
ids = st.text(alphabet="0123456789abcdefghjkmnpqrstvwxyz-:é", min_size=1, max_size=24)


def test_a_title_counts_as_often_as_it_weighs_and_a_note_not_at_all() -> None:
    document = Document(
        "a", "solution", "A", {"title": "Radweg", "body": "Der Radweg", "note": "geheim", "x": "y"}
    )
    assert analysed(document, DEFINITION).words.split() == ["radweg"] * 4


def test_the_kind_is_a_facet_and_unknown_facets_are_left_out() -> None:
    document = Document("a", "solution", "A", facets={"field": ("b", "a", "b"), "other": ("x",)})
    assert facet_terms(document, DEFINITION) == ["kind=solution", "field=a", "field=b"]


def test_the_fingerprint_sees_every_change_and_no_order() -> None:
    one = Document("a", "solution", "A", {"title": "x", "body": "y"}, {"field": ("a", "b")}, {"n": 1})
    same = Document("a", "solution", "A", {"body": "y", "title": "x"}, {"field": ("b", "a", "a")}, {"n": 1})
    others = [
        Document("b", "solution", "A", one.texts, one.facets, one.numbers),
        Document("a", "town", "A", one.texts, one.facets, one.numbers),
        Document("a", "solution", "B", one.texts, one.facets, one.numbers),
        Document("a", "solution", "A", {"title": "x"}, one.facets, one.numbers),
        Document("a", "solution", "A", one.texts, {}, one.numbers),
        Document("a", "solution", "A", one.texts, one.facets, {"n": 2}),
    ]
    assert fingerprint(one) == fingerprint(same)
    assert len({fingerprint(document) for document in [one, *others]}) == 7


def test_a_document_written_down_and_read_again_is_the_same() -> None:
    document = Document("a", "solution", "A", {"title": "x"}, {"field": ("a",)}, {"n": 1})
    assert from_json(as_json(document)) == document


@pytest.mark.parametrize("identity", ["", "x" * 201, "a b", "a\nb", "a\x00b", "\ud800"])
def test_an_id_no_engine_can_hold_is_refused(identity: str) -> None:
    with pytest.raises(ValueError):
        check(Document(identity, "solution", "A"))


@pytest.mark.parametrize("value", ["", "x" * 201, "a\x00", "\ud800"])
def test_a_facet_holds_codes_only(value: str) -> None:
    with pytest.raises(ValueError):
        check(Document("a", "solution", "A", facets={"field": ("good", value)}))
    with pytest.raises(ValueError):
        check(Document("a", value, "A"))


def test_a_number_too_large_is_refused() -> None:
    with pytest.raises(ValueError):
        check(Document("a", "solution", "A", numbers={"n": 1 << 42}))


@given(st.text(max_size=40), st.text(max_size=40))
def test_keys_of_names_never_contradict_their_order(one: str, other: str) -> None:
    if sort_key(one) <= sort_key(other):
        assert name_keys(one) <= name_keys(other)
    assert all(0 <= key < INT64 for key in name_keys(one))


@given(ids, ids)
def test_keys_of_ids_never_contradict_their_order(one: str, other: str) -> None:
    if one <= other:
        assert tie_key(one) <= tie_key(other)


@given(st.text(alphabet="0123456789abcdefghjkmnpqrstvwxyz", min_size=10, max_size=10), st.data())
def test_public_ids_are_told_apart_by_their_key(one: str, data: st.DataObject) -> None:
    other = data.draw(st.text(alphabet="0123456789abcdefghjkmnpqrstvwxyz", min_size=10, max_size=10))
    assert (tie_key(one) == tie_key(other)) == (one == other)


@given(st.none() | numbers, st.none() | numbers, ids, ids, st.booleans())
def test_keys_of_numbers_follow_the_number_then_the_id_and_unknown_is_last(
    one: int | None, other: int | None, first: str, second: str, descending: bool
) -> None:
    def plain(number: int | None, identity: str) -> tuple[bool, int, str]:
        return number is None, (number or 0) * (-1 if descending else 1), identity

    keys = number_key(one, first, descending), number_key(other, second, descending)
    if plain(one, first) <= plain(other, second):
        assert keys[0] <= keys[1]
    assert all(-INT64 <= key < INT64 for key in keys)


@given(st.text(alphabet="0123456789abcdefghjkmnpqrstvwxyz", min_size=1, max_size=12))
def test_the_first_ten_letters_of_a_public_id_can_be_read_from_its_key(identity: str) -> None:
    assert letters_of(tie_key(identity)) == identity[:10]


@pytest.mark.parametrize("identity", ["a-b", "Ab", "é1", "a_1"])
def test_letters_that_the_order_does_not_know_are_not_made_up(identity: str) -> None:
    assert letters_of(tie_key(identity)) is None
