"""A body that is here by its name only becomes that of whoever shows that it is theirs, instead of a second one."""

import datetime
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.lib.refusals import Refused
from allmende.organisations.actions import (
    accept_claim,
    apply_for,
    confirm_merge,
    propose_merge,
    refuse_claim,
    register,
    take_over,
    withdraw_claim,
)
from allmende.organisations.drafts import RegistrationDraft
from allmende.organisations.models import Organisation
from allmende.organisations.names import alike
from allmende.organisations.queries import actor_for, evidence_of, taken_for
from tests.organisations.conftest import PROGRAM, Cast, person

DRAFT = RegistrationDraft(
    name="Beispiel Software GmbH",
    kind="sme",
    legal_form="gmbh",
    task="Geschäftsführung",
    register_court="Amtsgericht Kassel",
    register_number="HRB 4711",
    website_url="https://beispiel-software.example",
)
UNREGISTERED = replace(DRAFT, legal_form="gbr", register_court="", register_number="")


@pytest.fixture
def entry(cast: Cast, now: datetime.datetime) -> Organisation:
    """As a harvest named it: the kind is a guess."""
    return register(
        "BEISPIEL-SOFTWARE gmbh",
        kind="large_company",
        by=PROGRAM,
        now=now,
        website_url="https://www.beispiel.example/de",
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Beispiel Software GmbH", "beispiel-software gmbh"),
        ("Beispiel Software GmbH", "Beispiel Software"),
        ("Beispiel AG", "Beispiel"),
        ("Dorfladen e. V.", "Dorfladen e.V."),
        ("Beispiel UG (haftungsbeschränkt)", "Beispiel"),
        ("Beispiel GmbH & Co. KG", "Beispiel"),
    ],
)
def test_names_that_may_mean_the_same(one, other):
    assert alike(one) == alike(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Beispiel Nord GmbH", "Beispiel Süd GmbH"), ("GmbH", "AG"), ("Agentur", "entur"), ("Kohl", "Kohle")],
)
def test_names_that_mean_two(one, other):
    assert alike(one) != alike(other)


@given(st.text(max_size=40))
def test_what_is_compared_is_the_same_when_compared_again(name):
    once = alike(name)
    assert (alike(once) == once or alike(alike(once)) == alike(once), "  " in once) == (True, False)


def test_an_entry_of_that_name_is_found_and_one_that_is_taken_comes_after_it(cast, entry, now):
    taken = register("Beispiel Software AG", kind="sme", by=PROGRAM, now=now)
    from allmende.organisations.actions import grant_role

    grant_role("organisation_admin", user=cast["stranger"], organisation=taken, by=PROGRAM, now=now)
    assert [each.pk for each in taken_for("Beispiel Software")] == [entry.pk, taken.pk]
    assert taken_for("Beispiel") == [cast.provider]
    assert taken_for("&") == []


def test_towns_and_what_waits_for_the_desk_are_not_shown(cast, entry, now):
    apply_for(replace(DRAFT, name="Neu Software GmbH"), by=cast.actor("stranger"), now=now)
    assert (taken_for("Ahorn"), taken_for("Neu Software")) == ([], [])


def test_the_entry_stays_as_it_is_until_staff_has_agreed_and_is_theirs_then(cast, entry, now):
    clerk = person("chefin", "beispiel.example")
    claim = take_over(entry, DRAFT, by=actor_for(clerk), now=now)
    entry.refresh_from_db()
    assert (entry.state, entry.kind, entry.register_number) == ("named", "large_company", "")
    assert evidence_of(claim) == ("beispiel.example", "HRB 4711 Amtsgericht Kassel")
    accept_claim(claim, domain_fits=True, by=cast.actor("desk"), now=now)
    entry.refresh_from_db()
    assert (entry.state, entry.name, entry.kind, entry.legal_form, entry.register_number) == (
        "accredited",
        "Beispiel Software GmbH",
        "sme",
        "gmbh",
        "HRB 4711",
    )
    assert set(actor_for(clerk).roles) == {
        ("organisation_admin", entry.public_id),
        ("provider_editor", entry.public_id),
    }
    assert Organisation.objects.filter(name__icontains="software").count() == 1


def test_without_a_number_and_without_an_address_at_the_website_nobody_gets_it(cast, entry, now):
    claim = take_over(entry, UNREGISTERED, by=cast.actor("stranger"), now=now)
    assert evidence_of(claim) == ("", "")
    with pytest.raises(Refused, match="fehlt ein Beleg"):
        accept_claim(claim, domain_fits=True, by=cast.actor("desk"), now=now)
    refuse_claim(claim, reason="Kein Beleg.", by=cast.actor("desk"), now=now)
    entry.refresh_from_db()
    assert (entry.state, entry.name) == ("named", "BEISPIEL-SOFTWARE gmbh")


def test_the_website_that_the_person_names_is_no_evidence(cast, entry, now):
    clerk = person("chefin", "beispiel-software.example")
    claim = take_over(entry, UNREGISTERED, by=actor_for(clerk), now=now)
    assert evidence_of(claim) == ("", "")


@pytest.mark.parametrize(
    ("domain", "fits"),
    [
        ("beispiel.example", "beispiel.example"),
        ("nichtbeispiel.example", ""),
        ("example", ""),
        ("gmail.com", ""),
    ],
)
def test_the_domain_has_to_be_that_of_the_website(cast, entry, now, domain, fits):
    clerk = person("chefin", domain)
    assert evidence_of(take_over(entry, UNREGISTERED, by=actor_for(clerk), now=now))[0] == fits


def test_an_address_that_is_not_confirmed_is_no_evidence(cast, entry, now):
    from allauth.account.models import EmailAddress

    clerk = person("chefin")
    EmailAddress.objects.create(user=clerk, email="chefin@beispiel.example", verified=False)
    assert evidence_of(take_over(entry, UNREGISTERED, by=actor_for(clerk), now=now)) == ("", "")


def test_a_number_that_another_has_is_refused_at_once_and_again_at_the_decision(cast, entry, now):
    claim = take_over(entry, DRAFT, by=cast.actor("stranger"), now=now)
    other = apply_for(replace(DRAFT, name="Ganz anders GmbH"), by=cast.actor("reader"), now=now)
    with pytest.raises(Refused, match="HRB 4711"):
        accept_claim(claim, domain_fits=False, by=cast.actor("desk"), now=now)
    withdraw_claim(other, by=cast.actor("reader"), now=now)
    accept_claim(claim, domain_fits=False, by=cast.actor("desk"), now=now)
    with pytest.raises(Refused, match="HRB 4711"):
        take_over(register("Drei", kind="sme", by=PROGRAM, now=now), DRAFT, by=cast.actor("reader"), now=now)


def test_what_has_people_and_what_is_a_town_is_not_taken_over(cast, now):
    for each in (cast.provider, cast.neighbour):
        with pytest.raises(Refused, match="schon jemand angemeldet"):
            take_over(each, DRAFT, by=cast.actor("stranger"), now=now)


def test_two_who_want_it_get_an_answer_each(cast, entry, now):
    mine = take_over(entry, DRAFT, by=cast.actor("stranger"), now=now)
    other = take_over(entry, UNREGISTERED, by=cast.actor("reader"), now=now)
    accept_claim(mine, domain_fits=False, by=cast.actor("desk"), now=now)
    other.refresh_from_db()
    assert (other.state, "jemand anderes" in other.reason) == ("withdrawn", True)


def test_a_number_that_another_gets_at_the_same_moment_is_refused_in_words(cast, entry, now, monkeypatch):
    claim = take_over(entry, DRAFT, by=cast.actor("stranger"), now=now)
    apply_for(replace(DRAFT, name="Ganz anders GmbH"), by=cast.actor("reader"), now=now)
    # As if the other one came after the question: only the constraint sees it.
    monkeypatch.setattr("allmende.organisations.actions.claims.is_known_number", lambda *_, **__: False)
    with pytest.raises(Refused, match="HRB 4711"):
        accept_claim(claim, domain_fits=False, by=cast.actor("desk"), now=now)
    entry.refresh_from_db()
    claim.refresh_from_db()
    assert (entry.state, entry.register_number, claim.state) == ("named", "", "open")


def test_a_claim_that_a_merge_has_moved_is_decided_for_what_the_entry_has_become(cast, entry, now):
    """Loaded before the merge, decided after it."""
    loaded = take_over(entry, DRAFT, by=cast.actor("stranger"), now=now)
    twin = register("Beispiel Software", kind="sme", by=PROGRAM, now=now)
    proposal = propose_merge(entry, into=twin, reason="Dieselbe.", by=PROGRAM, now=now)
    confirm_merge(proposal, by=cast.actor("desk"), now=now)
    accept_claim(loaded, domain_fits=False, by=cast.actor("desk"), now=now)
    entry.refresh_from_db()
    twin.refresh_from_db()
    assert (entry.state, twin.state, twin.register_number) == ("merged", "accredited", "HRB 4711")
