"""The registry of criteria: what may be asked, what is kept of it, how it is said."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.demand.criteria import CRITERIA, Criterion, check_wanted, label_of, told
from allmende.lib.refusals import Refused
from allmende.vocabulary.queries import current

KINDS = {"flag", "one_of", "at_most", "at_least", "all_of"}


def test_each_criterion_says_what_it_asks():
    assert list(CRITERIA) == [each.code for each in CRITERIA.values()]
    assert {each.kind for each in CRITERIA.values()} == KINDS
    for each in CRITERIA.values():
        assert each.label
        assert each.question.endswith("?")
        assert (each.kind in ("one_of", "all_of")) or not each.scheme


@pytest.mark.usefixtures("vocabulary")
def test_every_scheme_is_there():
    schemes = {each.scheme for each in CRITERIA.values() if each.scheme}
    assert {scheme for scheme in schemes if current().terms(scheme)} == schemes


@pytest.mark.usefixtures("vocabulary")
@pytest.mark.parametrize(
    ("code", "said", "kept"),
    [
        ("open_source", True, True),
        ("yearly_cost_at_most", "1200", "1200.00"),
        ("yearly_cost_at_most", "-0", "0.00"),
        ("yearly_cost_at_most", "0.005", "0.01"),
        ("confirmed_uses_at_least", "003", "3"),
        ("delivery_model", "on_premise", ["on_premise"]),
        ("delivery_model", ["on_premise", "saas_public", "on_premise"], ["saas_public", "on_premise"]),
        ("works_with", [" Geoportal ", "E-Akte", "Geoportal"], ["Geoportal", "E-Akte"]),
    ],
)
def test_what_is_kept(code, said, kept):
    assert check_wanted(CRITERIA[code], said) == kept


@pytest.mark.usefixtures("vocabulary")
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("open_source", False), ("open_source", 1), ("open_source", "true"), ("open_source", None),
        ("yearly_cost_at_most", "1E+400"), ("yearly_cost_at_most", "Infinity"), ("yearly_cost_at_most", "sNaN"),
        ("yearly_cost_at_most", "-1"), ("yearly_cost_at_most", "1000000000"), ("yearly_cost_at_most", 5),
        ("yearly_cost_at_most", ""), ("yearly_cost_at_most", "1" * 5_000),
        ("confirmed_uses_at_least", "0"), ("confirmed_uses_at_least", "10001"), ("confirmed_uses_at_least", "²"),
        ("confirmed_uses_at_least", "1_0"), ("confirmed_uses_at_least", "٣"), ("confirmed_uses_at_least", 3),
        ("maturity", []), ("maturity", ["", " "]), ("maturity", ["productive", "gone"]), ("maturity", [1]),
        ("maturity", {"a": 1}), ("works_with", ["x" * 121]), ("works_with", [str(n) for n in range(21)]),
    ],
)  # fmt: skip
def test_what_is_refused_in_words(code, said):
    with pytest.raises(Refused) as refused:
        check_wanted(CRITERIA[code], said)
    assert CRITERIA[code].label in str(refused.value) or "steht bei" in str(refused.value)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@given(kind=st.sampled_from(sorted(KINDS - {"one_of"})), wanted=ANYTHING)
@settings(max_examples=200)
def test_whatever_is_wanted_is_kept_as_json_or_refused(kind, wanted):
    criterion = Criterion("x", "Etwas", "Etwas?", kind)
    try:
        kept = check_wanted(criterion, wanted)
    except Refused:
        return
    assert json.loads(json.dumps(kept)) == kept
    assert check_wanted(criterion, kept) == kept


@pytest.mark.usefixtures("vocabulary")
@pytest.mark.parametrize(
    ("code", "wanted", "words"),
    [
        ("open_source", True, "Quelloffen"),
        ("yearly_cost_at_most", "1200.00", "Kosten im Jahr: höchstens 1.200 Euro"),
        ("yearly_cost_at_most", "1234567.50", "Kosten im Jahr: höchstens 1.234.567,50 Euro"),
        ("confirmed_uses_at_least", "3", "Bestätigte Einsätze: mindestens 3"),
        ("maturity", ["productive", "gone"], "Reifegrad: Produktiv oder gone"),
        ("works_with", ["A", "B", "C"], "Arbeitet zusammen mit: A, B und C"),
        ("yearly_cost_at_most", "viel", "Kosten im Jahr: höchstens viel Euro"),
    ],
)
def test_how_it_is_said(code, wanted, words):
    assert told(CRITERIA[code], wanted) == words


def test_what_has_vanished_is_called_so():
    assert label_of("open_source") == "Quelloffen"
    assert label_of("x" * 100) == f"Dieses Kriterium gibt es nicht mehr („{'x' * 60}“)"
