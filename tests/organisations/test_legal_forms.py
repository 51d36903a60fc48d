"""Register numbers in one way of writing, and domains that can belong to somebody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.lib.refusals import Refused
from allmende.organisations.freemail import FOR_EVERYBODY, checked_domain, could_be_own
from allmende.organisations.legal_forms import LEGAL_FORMS, register_number

WRITTEN = {"HRA", "HRB", "GnR", "VR", "PR", "GsR"}


def test_every_form_has_a_label_and_only_known_registers():
    assert {code for code, form in LEGAL_FORMS.items() if not form.label or form.code != code} == set()
    assert {part for form in LEGAL_FORMS.values() for part in form.registers} == WRITTEN


@pytest.mark.parametrize(
    ("typed", "form", "kept"),
    [
        ("HRB 12345", "gmbh", "HRB 12345"),
        ("hrb12345b", "gmbh", "HRB 12345 B"),
        ("  HRB   00012  ", "ag", "HRB 12"),
        ("gnr 7", "eg", "GnR 7"),
        ("GSR 1", "egbr", "GsR 1"),
        ("VR 1234 KI", "ev", "VR 1234 KI"),
        ("anything", "gbr", ""),
        ("", "authority", ""),
    ],
)
def test_a_number_has_one_way_of_writing(typed, form, kept):
    assert register_number(typed, LEGAL_FORMS[form]) == kept


@pytest.mark.parametrize("typed", ["", "HRB", "12345", "HRB 12345678", "HRB 12 ABCD", "HRX 1", "HRB 1; DROP"])
def test_what_looks_like_no_number_is_refused_with_an_example(typed):
    with pytest.raises(Refused, match="zum Beispiel HRB 12345"):
        register_number(typed, LEGAL_FORMS["gmbh"])


@given(
    register=st.sampled_from(["HRB", "hrb", "Hrb"]),
    number=st.integers(1, 9_999_999),
    space=st.sampled_from(["", " ", "  ", "\t"]),
    tail=st.sampled_from(["", "B", " B", " ki"]),
)
def test_writing_it_twice_changes_nothing(register, number, space, tail):
    form = LEGAL_FORMS["gmbh"]
    once = register_number(f"{register}{space}{number}{tail}", form)
    assert (register_number(once, form), str(number) in once) == (once, True)


@given(st.text(max_size=60))
def test_whatever_is_typed_it_is_a_number_or_refused(text):
    for form in (LEGAL_FORMS["gmbh"], LEGAL_FORMS["ev"]):
        try:
            kept = register_number(text, form)
        except Refused:
            continue
        assert kept.split()[0] in form.registers


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("amt@Eichen.Example", "eichen.example"),
        ("amt@web.de", ""),
        ("amt@GMAIL.com", ""),
        ("amt@mail.eichen.example", "mail.eichen.example"),
    ],
)
def test_an_address_says_where_somebody_works_or_nothing(address, domain):
    assert could_be_own(address) == domain


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Eichen.Example", "eichen.example"),
        ("@eichen.example.", "eichen.example"),
        ("müller.de", "xn--mller-kva.de"),
    ],
)
def test_a_domain_has_one_way_of_writing(typed, kept):
    assert checked_domain(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "eichen", "eichen .de", "a@b.de", "..", "eichen..de", "x" * 300 + ".de", "b_c.de"]
)
def test_what_is_no_domain_is_refused(typed):
    with pytest.raises(Refused, match="Geben Sie die Domain ein"):
        checked_domain(typed)


@pytest.mark.parametrize("domain", sorted(FOR_EVERYBODY))
def test_a_domain_for_everybody_belongs_to_nobody(domain):
    with pytest.raises(Refused, match="bekommen alle eine Adresse"):
        checked_domain(domain)


@given(st.text(max_size=80))
def test_whatever_is_typed_it_is_a_domain_or_refused(text):
    try:
        kept = checked_domain(text)
    except Refused:
        return
    assert (checked_domain(kept), kept.isascii(), " " in kept) == (kept, True, False)
