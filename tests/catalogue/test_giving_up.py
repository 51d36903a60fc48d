"""An owner withdraws its own entry, or lets go of it where others live on it."""

import pytest

from allmende.catalogue.actions import (
    acknowledge,
    claim,
    grant_claim,
    publish_offer,
    restore,
    withdraw_offer,
    withdraw_own_entry,
)
from allmende.catalogue.models import Edition, LaterEdit, Solution
from allmende.catalogue.queries import citable, edits_to_acknowledge, owner_of, visible_to
from allmende.journal.queries import history
from allmende.lib.actors import Actor
from allmende.lib.refusals import OutOfDate, Refused
from tests.factories.offering import an_offer, published_offer

WHY = "Wir entwickeln die Software nicht weiter."
PROGRAM = Actor.program("test")


@pytest.fixture
def owner(provider, member_of):
    return member_of("provider_editor", provider)


@pytest.fixture
def desk(member_of):
    return member_of("catalogue_editor")


@pytest.fixture
def owned(solution, provider, owner, desk, now):
    made = claim(
        solution, organisation=provider, evidence="Wir haben sie gebaut, siehe dort.", by=owner, now=now
    )
    grant_claim(made, by=desk, now=now)
    return Solution.objects.get(pk=solution.pk)


def give_up(owned, provider, by, now, **more):
    return withdraw_own_entry(owned, organisation=provider, **{"reason": WHY, **more}, by=by, now=now)


def test_an_owner_withdraws_what_is_its_own_and_it_stays_citable(owned, provider, owner, desk, now):
    noted = give_up(owned, provider, owner, now)

    owned.refresh_from_db()
    assert (owned.state, owned.withdrawal_reason, noted.act) == ("withdrawn", WHY, "withdrawn")
    assert list(visible_to(Actor.anonymous())) == []
    assert list(citable()) == [owned]
    assert Edition.objects.filter(subject_id=owned.public_id, content__isnull=False).exists()
    entry = history("solution", owned.public_id)[0]
    assert (entry.kind, entry.organisation) == ("catalogue.solution_withdrawn", provider.public_id)


def test_the_desk_is_shown_it_with_the_reason_and_may_bring_it_back(owned, provider, owner, desk, now):
    give_up(owned, provider, owner, now)

    (edit,) = edits_to_acknowledge(desk)
    assert (edit.act, edit.words) == ("withdrawn", WHY)
    acknowledge(edit, seen=edit.edition_after, by=desk, now=now)
    assert list(edits_to_acknowledge(desk)) == []
    restore(owned, by=desk, now=now)
    assert owner_of(owned) == provider


def test_its_own_offers_do_not_hold_an_owner_back(owned, provider, owner, desk, now):
    published_offer(owned, provider, by=owner, desk=desk, now=now)
    assert give_up(owned, provider, owner, now).act == "withdrawn"


def test_where_another_party_offers_it_the_owner_lets_go_and_the_desk_decides(
    owned, provider, competitor, owner, desk, now
):
    publish_offer(an_offer(competitor), solution=owned, by=PROGRAM, now=now)

    noted = give_up(owned, provider, owner, now)

    owned.refresh_from_db()
    assert (owned.state, owner_of(owned), noted.act, noted.words) == ("published", None, "given_up", WHY)
    assert [edit.pk for edit in edits_to_acknowledge(desk)] == [noted.pk]
    with pytest.raises(Refused, match="die Organisation, der er gehört"):
        give_up(owned, provider, owner, now)


@pytest.mark.parametrize("how", ["withdrawn", "shared"])
def test_another_partys_offer_counts_only_while_it_is_published_and_without_the_owner(
    owned, provider, competitor, owner, desk, now, how
):
    shared = {"operator": provider.public_id} if how == "shared" else {}
    offer = publish_offer(an_offer(competitor, **shared), solution=owned, by=PROGRAM, now=now)
    if how == "withdrawn":
        withdraw_offer(offer, reason="Vorbei.", by=PROGRAM, now=now)
    assert give_up(owned, provider, owner, now).act == "withdrawn"


def test_a_change_that_waits_becomes_the_withdrawal_and_not_a_second_line(owned, provider, owner, now):
    LaterEdit.objects.create(
        solution=owned, organisation=provider, edition_before=1, edition_after=1, made_at=now, made_by="x"
    )
    give_up(owned, provider, owner, now)
    assert [(edit.act, edit.edition_before) for edit in LaterEdit.objects.all()] == [("withdrawn", 1)]


def test_nobody_else_withdraws_it_as_an_owner(owned, provider, competitor, member_of, desk, stranger, now):
    rival = member_of("provider_editor", competitor)
    for actor, organisation in (
        (rival, competitor),
        (rival, provider),
        (desk, provider),
        (stranger, provider),
    ):
        with pytest.raises(Refused, match="die Organisation, der er gehört"):
            give_up(owned, organisation, actor, now)
    assert Solution.objects.get(pk=owned.pk).state == "published"


def test_not_without_a_reason_not_twice_and_not_from_an_old_page(owned, provider, owner, now):
    with pytest.raises(Refused, match="Nennen Sie den Grund"):
        give_up(owned, provider, owner, now, reason=" ")
    with pytest.raises(OutOfDate):
        give_up(owned, provider, owner, now, lock_version=owned.lock_version + 1)
    give_up(owned, provider, owner, now, lock_version=owned.lock_version)
    with pytest.raises(Refused, match="schon nicht mehr veröffentlicht"):
        give_up(owned, provider, owner, now)


def test_staff_of_the_owner_is_looked_at_by_somebody_else(owned, provider, owner, desk, now):
    both = Actor("person", "beides", roles=frozenset({*owner.roles, ("catalogue_editor", None)}))
    give_up(owned, provider, both, now)
    assert list(edits_to_acknowledge(both)) == []
    assert [edit.act for edit in edits_to_acknowledge(desk)] == ["withdrawn"]
