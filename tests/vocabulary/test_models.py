"""What the database itself refuses, and what a term knows about itself."""

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from hypothesis import given
from hypothesis import strategies as st

from allmende.vocabulary.models import CrosswalkEntry, Scheme, Term

DAY = datetime.date(2026, 11, 23)
days = st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 12, 31))


@pytest.fixture
def scheme(db: None) -> Scheme:
    return Scheme.objects.create(code="colour", label="Farbe", definition="Welche Farbe etwas hat.")


@pytest.fixture
def red(scheme: Scheme) -> Term:
    return Term.objects.create(scheme=scheme, code="red", label="Rot", definition="Wie Blut.")


def refused(constraint: str, **facts: Any) -> None:
    """Creating this term breaks exactly this constraint."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Term.objects.create(**{"code": "blue", "label": "Blau", "definition": "Wie der Himmel."} | facts)
    names = {constraint, "vocabulary_term.scheme_id, vocabulary_term.code"}
    assert any(name in str(error.value) for name in names)


@pytest.mark.parametrize("fact", ["code", "label", "definition"])
def test_a_term_has_code_label_and_definition(scheme: Scheme, fact: str) -> None:
    refused("term_has_code_label_definition", scheme=scheme, **{fact: ""})


@pytest.mark.parametrize("fact", ["code", "label", "definition"])
def test_a_scheme_has_code_label_and_definition(db: None, fact: str) -> None:
    facts = {"code": "shape", "label": "Form", "definition": "Welche Form etwas hat."} | {fact: ""}
    with pytest.raises(IntegrityError, match="scheme_has_code_label_definition"), transaction.atomic():
        Scheme.objects.create(**facts)


def test_a_code_stands_once_in_its_scheme(scheme: Scheme, red: Term) -> None:
    refused("term_code_once_per_scheme", scheme=scheme, code="red")


def test_the_same_code_may_stand_in_two_schemes(red: Term) -> None:
    other = Scheme.objects.create(code="wine", label="Wein", definition="Welche Art Wein es ist.")
    assert Term.objects.create(scheme=other, code="red", label="Rotwein", definition="Aus roten Trauben.").pk


def test_a_term_does_not_end_before_it_begins(scheme: Scheme) -> None:
    refused(
        "term_begins_before_it_ends", scheme=scheme, valid_from=DAY, valid_to=DAY - datetime.timedelta(days=1)
    )


def test_a_term_may_end_on_the_day_it_begins_and_then_never_holds(scheme: Scheme) -> None:
    never = Term.objects.create(
        scheme=scheme, code="grey", label="Grau", definition="Wie Asche.", valid_from=DAY, valid_to=DAY
    )
    assert not never.holds_on(DAY)


@pytest.mark.parametrize(
    ("relation", "constraint"),
    [("replaced_by", "term_does_not_replace_itself"), ("broader", "term_is_not_its_own_broader_term")],
)
def test_a_term_does_not_refer_to_itself(red: Term, relation: str, constraint: str) -> None:
    setattr(red, relation, red)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        red.save()


def test_an_origin_is_one_of_two(scheme: Scheme) -> None:
    refused("term_origin_is_known", scheme=scheme, origin="guessed")


def test_a_crosswalk_names_a_term_once(red: Term) -> None:
    CrosswalkEntry.objects.create(foreign_scheme="palette", foreign_code="crimson", term=red)
    with pytest.raises(IntegrityError), transaction.atomic():
        CrosswalkEntry.objects.create(foreign_scheme="palette", foreign_code="crimson", term=red, order=1)


@pytest.mark.parametrize("fact", ["foreign_scheme", "foreign_code"])
def test_a_crosswalk_entry_has_a_foreign_code(red: Term, fact: str) -> None:
    facts = {"foreign_scheme": "palette", "foreign_code": "crimson"} | {fact: ""}
    with pytest.raises(IntegrityError, match="crosswalk_entry_has_a_foreign_code"), transaction.atomic():
        CrosswalkEntry.objects.create(term=red, **facts)


def test_what_others_refer_to_cannot_be_deleted(scheme: Scheme, red: Term) -> None:
    Term.objects.create(scheme=scheme, code="blue", label="Blau", definition="Kalt.", replaced_by=red)
    with pytest.raises(ProtectedError):
        red.delete()
    with pytest.raises(ProtectedError):
        scheme.delete()


def test_things_are_called_by_their_labels(red: Term) -> None:
    entry = CrosswalkEntry(foreign_scheme="palette", foreign_code="crimson", term=red)
    assert (str(red), str(red.scheme)) == ("Rot", "Farbe")
    assert str(entry) == f"palette: crimson → {red.pk}"


@given(begin=st.none() | days, end=st.none() | days, day=days)
def test_a_term_holds_from_its_first_day_up_to_and_without_its_last(
    begin: datetime.date | None, end: datetime.date | None, day: datetime.date
) -> None:
    term = Term(valid_from=begin, valid_to=end)
    assert term.holds_on(day) == ((begin or datetime.date.min) <= day < (end or datetime.date.max))
