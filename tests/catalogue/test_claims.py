"""An organisation takes over an entry of its own: said in words, decided by the desk, ended with a reason."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from allmende.catalogue.actions import claim, end_claim, grant_claim, receive, refuse_claim, withdraw
from allmende.catalogue.contents import Content, read
from allmende.catalogue.models import EntryClaim, Origin, Solution
from allmende.catalogue.queries import claims_to_decide, own_listing, owned_solutions, owner_of
from allmende.journal.queries import history
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.organisations.models import Organisation
from tests.factories.offering import filled

HARVEST = Actor.program("harvest")
WORDS = "Wir haben die Software entwickelt, siehe Impressum des Quellcodes."


@pytest.fixture
def editor(provider, member_of):
    return member_of("provider_editor", provider)


@pytest.fixture
def desk(member_of):
    return member_of("catalogue_editor")


@pytest.fixture
def made(solution, provider, editor, now):
    return claim(solution, organisation=provider, evidence=WORDS, by=editor, now=now)


def owned(solution, organisation, words, *, by, desk, now):
    from allmende.catalogue.actions import begin_solution_change, publish_change

    copy = begin_solution_change(solution, organisation=organisation, by=by, now=now)
    draft = replace(read(copy.content).solution, **words)
    copy = filled(copy, Content(solution=draft), by=by, now=now)
    return publish_change(copy, lock_version=copy.lock_version, by=by, now=now)


def test_a_claim_waits_for_the_desk_and_is_granted(made, solution, provider, editor, desk, now):
    assert [each.pk for each in claims_to_decide(desk)] == [made.pk]
    assert owner_of(solution) is None

    grant_claim(made, reason="Steht im Impressum.", by=desk, now=now)

    assert owner_of(solution) == provider
    assert Origin.objects.get(kind="owner").label == "Beispiel-Software GmbH (eigene Angaben)"
    assert [each.state for each in owned_solutions(editor)] == ["granted"]
    kinds = [entry.kind for entry in history("entry_claim", made.public_id)]
    assert kinds == ["catalogue.entry_claim_granted", "catalogue.entry_claim_made"]
    assert list(claims_to_decide(desk)) == []


def test_the_claim_alone_changes_nothing_in_public(made, solution):
    before = solution.edition_number
    solution.refresh_from_db()
    assert solution.edition_number == before


def test_a_claim_is_refused_with_a_reason(made, solution, desk, now):
    with pytest.raises(Refused, match="Nennen Sie den Grund"):
        refuse_claim(made, reason=" ", by=desk, now=now)
    refuse_claim(made, reason="Im Quellcode steht eine andere Firma.", by=desk, now=now)
    made.refresh_from_db()
    assert (made.state, made.decision_reason) == ("refused", "Im Quellcode steht eine andere Firma.")
    assert owner_of(solution) is None
    with pytest.raises(Refused, match="kann nicht"):
        grant_claim(made, by=desk, now=now)


def test_staff_of_the_organisation_does_not_decide_while_on_leave_either(made, provider, member_of, now):
    away = replace(member_of("catalogue_editor"), resting=frozenset({provider.public_id}))
    assert list(claims_to_decide(away)) == []
    with pytest.raises(Refused, match="jemand anderes aus der Redaktion"):
        grant_claim(made, by=away, now=now)


@pytest.mark.parametrize("evidence", ["", "   ", "unser Eintrag"])
def test_a_claim_says_why(solution, provider, editor, now, evidence):
    with pytest.raises(Refused, match="ein bis zwei Sätzen"):
        claim(solution, organisation=provider, evidence=evidence, by=editor, now=now)


def test_the_same_is_claimed_once(made, solution, provider, editor, now):
    with pytest.raises(Refused, match="hat das schon gemeldet"):
        claim(solution, organisation=provider, evidence=WORDS, by=editor, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        EntryClaim.objects.create(
            solution=solution, organisation=provider, evidence=WORDS, claimed_at=now, claimed_by="x"
        )


def test_after_a_refusal_it_may_be_claimed_again(made, solution, provider, editor, desk, now):
    refuse_claim(made, reason="Kein Beleg.", by=desk, now=now)
    assert claim(solution, organisation=provider, evidence=WORDS, by=editor, now=now).state == "open"


def test_of_two_that_claim_the_same_one_is_the_owner(made, solution, competitor, member_of, desk, now):
    theirs = member_of("provider_editor", competitor)
    other = claim(solution, organisation=competitor, evidence=WORDS, by=theirs, now=now)
    grant_claim(made, by=desk, now=now)
    with pytest.raises(Refused, match="gehört schon zu einer anderen Organisation"):
        grant_claim(other, by=desk, now=now)
    refuse_claim(other, reason="Gehört jemand anderem.", by=desk, now=now)
    with pytest.raises(Refused, match="gehört schon zu einer anderen Organisation"):
        claim(solution, organisation=competitor, evidence=WORDS, by=theirs, now=now)


def test_what_is_not_published_cannot_be_claimed(solution, provider, editor, now):
    withdraw(solution, reason="doppelt", by=HARVEST, now=now)
    with pytest.raises(Refused, match="nur einen veröffentlichten Eintrag"):
        claim(solution, organisation=provider, evidence=WORDS, by=editor, now=now)


def test_an_organisation_that_is_not_accredited_claims_nothing(solution, provider, editor, now):
    Organisation.objects.filter(pk=provider.pk).update(state="applied", accredited_at=None)
    provider.refresh_from_db()
    with pytest.raises(Refused, match="noch nicht bestätigt"):
        claim(solution, organisation=provider, evidence=WORDS, by=editor, now=now)


def test_when_a_claim_ends_the_sources_words_hold_again(made, solution, provider, editor, desk, now):
    grant_claim(made, by=desk, now=now)
    owned(solution, provider, {"licence": "MIT"}, by=editor, desk=desk, now=now)
    assert Solution.objects.get().licence == "MIT"
    with pytest.raises(Refused, match="Nennen Sie den Grund"):
        end_claim(made, reason="", by=editor, now=now)
    with pytest.raises(Refused, match="Berechtigung"):
        end_claim(made, reason="Kein Beleg.", by=desk, now=now)

    end_claim(made, reason="Die Rechte sind verkauft.", by=editor, now=now)

    assert Solution.objects.get().licence == "EUPL-1.2"
    assert owner_of(solution) is None
    assert own_listing(solution, provider) is None


def test_the_next_harvest_does_not_overrule_the_owner(
    made, draft, solution, hessen, provider, editor, desk, now
):
    grant_claim(made, by=desk, now=now)
    owned(solution, provider, {"licence": "MIT"}, by=editor, desk=desk, now=now)
    receive(replace(draft, licence="GPL-3.0-only"), origin=hessen, key="a.yml", by=HARVEST, now=now)
    assert Solution.objects.get().licence == "MIT"


def test_whoever_loses_the_entry_can_no_longer_publish_a_change_begun_before(
    made, solution, provider, editor, desk, now
):
    from allmende.catalogue.actions import begin_solution_change, publish_change

    grant_claim(made, by=desk, now=now)
    copy = begin_solution_change(solution, organisation=provider, by=editor, now=now)
    end_claim(made, reason="Gehört doch jemand anderem.", by=HARVEST, now=now)
    with pytest.raises(Refused, match="gehört zu einer anderen Organisation"):
        publish_change(copy, lock_version=copy.lock_version, by=editor, now=now)
