"""The small tools: ids, canonical JSON, lifecycles, refusals, names, money."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.lib.actors import Actor
from allmende.lib.canonical import canonical_json, digest
from allmende.lib.ids import ALPHABET, is_public_id, new_public_id
from allmende.lib.money import to_cents
from allmende.lib.refusals import OutOfDate, Refused, require
from allmende.lib.sorting import folded
from allmende.lib.states import Lifecycle

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


def test_ids_are_short_free_of_letters_that_look_alike_and_differ():
    ids = {new_public_id() for _ in range(2000)}

    assert len(ids) == 2000
    assert all(is_public_id(each) for each in ids)
    assert set("ilou") & set(ALPHABET) == set()


@pytest.mark.parametrize("text", ["", "abc", "ABCDEFGHJK", "abcdefghil", "../../etc/", "abcdefghjk\n"])
def test_what_is_no_id_is_recognised(text):
    assert not is_public_id(text)


@given(st.dictionaries(st.text(max_size=4), JSON, max_size=4))
def test_the_order_of_keys_does_not_change_the_hash(content):
    assert digest(content) == digest(dict(reversed(content.items())))


def test_numbers_dates_and_umlauts_have_one_form():
    berlin = datetime.timezone(datetime.timedelta(hours=1))
    content = {
        "b": Decimal("1.50"),
        "a": datetime.datetime(2026, 1, 1, 1, tzinfo=berlin),
        "ä": datetime.date(2026, 2, 3),
    }

    assert canonical_json(content) == '{"a":"2026-01-01T00:00:00+00:00","b":"1.5","ä":"2026-02-03"}'


@pytest.mark.parametrize("content", [float("nan"), float("inf"), object(), {1, 2}])
def test_what_has_no_canonical_form_is_an_error(content):
    with pytest.raises((TypeError, ValueError)):
        canonical_json(content)


def test_a_lifecycle_refuses_in_words_what_its_table_does_not_allow():
    lamp = Lifecycle(labels={"on": "an", "off": "aus"}, moves={"on": frozenset({"off"}), "off": frozenset()})

    lamp.require_move("on", "off")
    with pytest.raises(Refused, match="Aus „aus“ kann nicht „an“ werden"):
        lamp.require_move("off", "on")
    assert lamp.choices == [("on", "an"), ("off", "aus")]


@pytest.mark.parametrize(
    ("labels", "moves"),
    [({"on": "an"}, {}), ({}, {"on": frozenset()}), ({"on": "an"}, {"on": frozenset({"off"})})],
)
def test_a_lifecycle_with_a_hole_is_an_error(labels, moves):
    with pytest.raises(ValueError, match="every state needs a label"):
        Lifecycle(labels=labels, moves=moves)


def test_a_refusal_is_a_sentence():
    require(allowed=True)
    with pytest.raises(Refused, match="fehlt Ihnen die Berechtigung"):
        require(allowed=False)
    assert str(OutOfDate()).startswith("In der Zwischenzeit hat jemand anderes gespeichert.")


def test_a_program_a_person_and_nobody_have_a_name_each():
    assert [str(Actor.program("harvest")), str(Actor("person", "abc")), str(Actor.anonymous())] == [
        "program:harvest",
        "person:abc",
        "anonymous",
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Mängel-Melder", "maengelmelder"), ("STRASSE", "Straße"), ("Café", "cafe"), ("a b", "AB")],
)
def test_two_spellings_of_a_name_fold_to_one(one, other):
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("amount", "cents"), [("0.005", "0.01"), ("1.004", "1.00"), ("2.675", "2.68")])
def test_cents_are_rounded_half_up(amount, cents):
    assert to_cents(Decimal(amount)) == Decimal(cents)
