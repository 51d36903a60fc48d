"""Come to a town by its own e-mail domain: the written rule, and who decides about domains."""

import pytest
from django.db import IntegrityError, transaction

from allmende.lib.refusals import Refused
from allmende.mail.models import Letter
from allmende.organisations.actions import (
    accept_request,
    admit,
    confirm_domain,
    join,
    propose_domain,
    refuse_request,
    remove_domain,
    suspend,
    withdraw_request,
)
from allmende.organisations.models import EmailDomain, JoinRequest
from allmende.organisations.queries import actor_for, domains_to_check, join_requests
from allmende.organisations.rules import way_to_join
from tests.organisations.conftest import person


@pytest.fixture
def domain(cast, now) -> EmailDomain:
    proposed = propose_domain(cast.town, "Ahorn.Example", by=cast.actor("boss"), now=now)
    confirm_domain(proposed, by=cast.actor("desk"), now=now)
    proposed.refresh_from_db()
    return proposed


@pytest.fixture
def colleague(cast):
    return person("colleague", "ahorn.example")


def test_a_colleague_asks_and_the_administrator_takes_them_in(cast, domain, colleague, now):
    assert join(cast.town, task="Bauamt", by=actor_for(colleague), now=now) == "asked"
    assert actor_for(colleague).roles == frozenset()
    assert f"/organisation/{cast.town.public_id}" in Letter.objects.get(to=cast["boss"].email).text

    accept_request(join_requests(cast.town).get(), role="municipality_editor", by=cast.actor("boss"), now=now)
    assert actor_for(colleague).roles == {("municipality_editor", cast.town.public_id)}
    assert "angenommen" in Letter.objects.get(to=colleague.email).text


def test_where_the_domain_lets_people_in_they_read_at_once(cast, domain, colleague, now):
    admit(domain, "at_once", by=cast.actor("boss"), now=now)
    assert join(cast.town, task="", by=actor_for(colleague), now=now) == "joined"
    assert actor_for(colleague).roles == {("decision_maker", cast.town.public_id)}
    with pytest.raises(Refused, match="gehören schon zu"):
        join(cast.town, task="", by=actor_for(colleague), now=now)


@pytest.mark.parametrize(
    ("domain_of_person", "confirmed_address", "domain_state", "admits", "shared", "way"),
    [
        ("ahorn.example", True, "confirmed", "on_request", False, "on_request"),
        ("ahorn.example", True, "confirmed", "at_once", False, "at_once"),
        ("ahorn.example", True, "confirmed", "at_once", True, "on_request"),
        ("ahorn.example", True, "proposed", "at_once", False, "by_invitation"),
        ("ahorn.example", False, "confirmed", "at_once", False, "by_invitation"),
        ("fake-ahorn.example", True, "confirmed", "at_once", False, "by_invitation"),
        ("mail.ahorn.example", True, "confirmed", "at_once", False, "by_invitation"),
        ("ahorn.example", True, "none", "at_once", False, "by_invitation"),
    ],
)
def test_the_written_rule_of_joining(
    cast, now, domain_of_person, confirmed_address, domain_state, admits, shared, way
):
    somebody = person("somebody", domain_of_person, confirmed=confirmed_address)
    made = {"proposed_at": now, "proposed_by": "person:x"}
    if domain_state == "confirmed":
        made |= {"confirmed_at": now, "confirmed_by": "person:y"}
    if domain_state != "none":
        EmailDomain.objects.create(organisation=cast.town, domain="ahorn.example", admits=admits, **made)
    if shared:
        EmailDomain.objects.create(organisation=cast.neighbour, domain="ahorn.example", **made)
    assert way_to_join(somebody, cast.town) == way


def test_a_suspended_town_takes_nobody_in(cast, domain, colleague, now):
    suspend(cast.town, reason="Hinweis", by=cast.actor("operator"), now=now)
    with pytest.raises(Refused, match="einladen"):
        join(cast.town, task="", by=actor_for(colleague), now=now)


def test_somebody_from_elsewhere_is_told_to_be_invited(cast, domain, now):
    with pytest.raises(Refused, match="einladen"):
        join(cast.town, task="", by=cast.actor("stranger"), now=now)
    assert JoinRequest.objects.count() == 0


def test_asked_once_is_enough(cast, domain, colleague, now):
    join(cast.town, task="", by=actor_for(colleague), now=now)
    with pytest.raises(Refused, match="liegt schon"):
        join(cast.town, task="", by=actor_for(colleague), now=now)
    withdraw_request(join_requests(cast.town).get(), by=actor_for(colleague), now=now)
    assert join(cast.town, task="", by=actor_for(colleague), now=now) == "asked"


def test_a_request_is_decided_once(cast, domain, colleague, now):
    join(cast.town, task="", by=actor_for(colleague), now=now)
    asked = join_requests(cast.town).get()
    refuse_request(asked, by=cast.actor("boss"), now=now)
    with pytest.raises(Refused, match="kann nicht"):
        accept_request(asked, role="decision_maker", by=cast.actor("boss"), now=now)
    assert "nicht angenommen" in Letter.objects.get(to=colleague.email).text


@pytest.mark.parametrize("role", ["operator_admin", "provider_emperor"])
def test_a_request_leads_to_no_role_beyond_the_organisation(cast, domain, colleague, now, role):
    join(cast.town, task="", by=actor_for(colleague), now=now)
    with pytest.raises(Refused, match="Berechtigung"):
        accept_request(join_requests(cast.town).get(), role=role, by=cast.actor("boss"), now=now)


def test_a_proposed_domain_waits_for_the_staff(cast, now):
    proposed = propose_domain(cast.town, "ahorn.example", by=cast.actor("boss"), now=now)
    assert list(domains_to_check()) == [proposed]
    confirm_domain(proposed, by=cast.actor("desk"), now=now)
    assert list(domains_to_check()) == []
    with pytest.raises(Refused, match="schon bestätigt"):
        confirm_domain(proposed, by=cast.actor("operator"), now=now)


def test_whoever_proposes_a_domain_does_not_confirm_it(cast, now):
    from allmende.organisations.actions import grant_role
    from tests.organisations.conftest import PROGRAM

    grant_role("organisation_admin", user=cast["desk"], organisation=cast.town, by=PROGRAM, now=now)
    proposed = propose_domain(cast.town, "ahorn.example", by=cast.actor("desk"), now=now)
    with pytest.raises(Refused, match="bestätigt sie nicht selbst"):
        confirm_domain(proposed, by=cast.actor("desk"), now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        EmailDomain.objects.filter(pk=proposed.pk).update(confirmed_at=now, confirmed_by=proposed.proposed_by)
    confirm_domain(proposed, by=cast.actor("operator"), now=now)


def test_a_domain_stands_once_in_a_list(cast, domain, now):
    with pytest.raises(Refused, match="steht schon in der Liste"):
        propose_domain(cast.town, "AHORN.example", by=cast.actor("boss"), now=now)
    propose_domain(cast.provider, "ahorn.example", by=cast.actor("competitor"), now=now)


def test_a_shared_domain_lets_nobody_in_by_itself(cast, domain, now):
    other = propose_domain(cast.provider, "ahorn.example", by=cast.actor("competitor"), now=now)
    confirm_domain(other, by=cast.actor("desk"), now=now)
    with pytest.raises(Refused, match="gehört mehreren Organisationen"):
        admit(domain, "at_once", by=cast.actor("boss"), now=now)
    remove_domain(other, by=cast.actor("competitor"), now=now)
    admit(domain, "at_once", by=cast.actor("boss"), now=now)


def test_an_unconfirmed_domain_and_an_unknown_answer_change_nothing(cast, domain, now):
    proposed = propose_domain(cast.town, "ahorn-2.example", by=cast.actor("boss"), now=now)
    with pytest.raises(Refused, match="noch nicht bestätigt"):
        admit(proposed, "at_once", by=cast.actor("boss"), now=now)
    with pytest.raises(Refused, match="eine der beiden"):
        admit(domain, "everybody", by=cast.actor("boss"), now=now)


def test_who_is_in_stays_in_when_the_domain_goes(cast, domain, colleague, now):
    admit(domain, "at_once", by=cast.actor("boss"), now=now)
    join(cast.town, task="", by=actor_for(colleague), now=now)
    remove_domain(domain, by=cast.actor("boss"), now=now)
    assert actor_for(colleague).roles == {("decision_maker", cast.town.public_id)}
