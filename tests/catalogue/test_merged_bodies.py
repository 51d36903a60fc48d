"""What an organisation has in the catalogue, when it becomes one with another and when the two part again."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from allmende.accounts.models import User
from allmende.catalogue.actions import begin_new_solution, begin_offer, claim, grant_claim
from allmende.catalogue.models import (
    ClaimedUse,
    ConfirmedUse,
    Edition,
    EntryClaim,
    LaterEdit,
    Listing,
    Notice,
    Offer,
    WorkingCopy,
)
from allmende.catalogue.queries import own_listing, providers
from allmende.catalogue.queries.notices import parties
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.organisations.actions import confirm_merge, grant_role, propose_merge, register, undo_merge
from allmende.organisations.models import OrganisationMerge
from allmende.organisations.queries import actor_for
from tests.factories.offering import published_offer, submitted_solution
from tests.rights.house import person

PROGRAM = Actor.program("test")
WHY = "Wir haben es entwickelt, das steht im Impressum."


@pytest.fixture
def two(vocabulary: None, now: Any) -> Any:
    """The same company entered twice, with somebody in each who keeps its offers, and two at the desk."""
    bodies = [
        register(name, kind="sme", by=PROGRAM, now=now) for name in ("Beispiel GmbH", "Beispiel Software")
    ]
    for name, body in zip(("eins", "zwei"), bodies, strict=True):
        grant_role("provider_editor", user=person(name), organisation=body, by=PROGRAM, now=now)
        body.refresh_from_db()
    for name in ("desk", "second"):
        grant_role("catalogue_editor", user=person(name), organisation=None, by=PROGRAM, now=now)
    return bodies


def actor(name: str) -> Actor:
    return actor_for(User.objects.get(email=f"{name}@woanders.example"))


def merged(two: Any, now: Any) -> OrganisationMerge:
    source, target = two
    proposal = propose_merge(source, into=target, reason="Dieselbe Firma.", by=actor("desk"), now=now)
    return confirm_merge(proposal, by=actor("second"), now=now)


def undone(merge: OrganisationMerge, now: Any) -> None:
    fresh = OrganisationMerge.objects.get(pk=merge.pk)
    undo_merge(fresh, reason="Doch zwei.", by=actor("desk"), now=now)


def used(solution: Any, body: Any, now: Any) -> ConfirmedUse:
    return ConfirmedUse.objects.create(solution=solution, organisation=body, state="pilot", confirmed_at=now)


def owners() -> Mapping[str, list[Any]]:
    """Whose every row of the catalogue is that belongs to an organisation."""
    owned = (WorkingCopy, ConfirmedUse, ClaimedUse, EntryClaim, LaterEdit)
    found: dict[str, list[Any]] = {
        model.__name__: list(model.objects.order_by("pk").values_list("pk", "organisation_id"))  # type: ignore[attr-defined]
        for model in owned
    }
    found["Offer"] = list(Offer.objects.order_by("pk").values_list("pk", "supplier", "operator", "seller"))
    found["Listing"] = list(Listing.objects.order_by("pk").values_list("pk", "origin__code"))
    found["Notice"] = list(Notice.objects.order_by("pk").values_list("pk", "subject_id"))
    found["EntryClaim states"] = list(EntryClaim.objects.order_by("pk").values_list("pk", "state"))
    return found


def test_everything_follows_and_everything_comes_back(two, solution, other_solution, now):
    source, target = two
    offer = published_offer(
        solution, source, by=actor("eins"), desk=actor("desk"), now=now, operator=target.public_id
    )
    own = submitted_solution(source, by=actor("eins"), now=now)
    from allmende.catalogue.actions import accept

    accept(own, lock_version=own.lock_version, by=actor("desk"), now=now)
    draft = begin_offer(other_solution, organisation=source, by=actor("eins"), now=now)
    begin_new_solution(target, by=actor("zwei"), now=now)
    used(other_solution, source, now)
    claim(other_solution, organisation=source, evidence=WHY, by=actor("eins"), now=now)
    notice = Notice.objects.create(
        subject_type="organisation", subject_id=source.public_id, subject_name="Beispiel GmbH", reason="wrong",
        what="Falsch.", received_at=now,
    )  # fmt: skip
    before = owners()

    merge = merged(two, now)

    offer.refresh_from_db()
    assert (offer.supplier, offer.operator, offer.seller) == (target, target, None)
    for model in (WorkingCopy, ConfirmedUse, EntryClaim):
        assert set(model.objects.values_list("organisation", flat=True)) == {target.pk}
    assert [body for body, _ in providers()] == [target]
    notice.refresh_from_db()
    assert parties(notice) == [target]
    mine = EntryClaim.objects.get(state="granted").solution
    assert (own_listing(mine, source), own_listing(mine, target).origin.code) == (
        None,
        f"eigen-{target.public_id}",
    )
    content = json.loads(Edition.objects.filter(subject_id=solution.public_id).order_by("-number")[0].content)
    assert [each["parties"]["supplier"]["id"] for each in content["offers"]] == [target.public_id]

    undone(merge, now)

    assert owners() == before
    draft.refresh_from_db()
    assert draft.organisation == source


def test_a_draft_that_names_the_old_entry_is_published_for_the_new_one(two, solution, now):
    """What was written before the merge carries its id inside."""
    from allmende.catalogue.actions import accept
    from tests.factories.offering import submitted_offer

    source, target = two
    copy = submitted_offer(solution, source, by=actor("eins"), now=now)
    merged(two, now)
    copy.refresh_from_db()
    offer = accept(copy, lock_version=copy.lock_version, by=actor("desk"), now=now).offer
    assert (copy.organisation, offer.supplier) == (target, target)


def test_a_use_that_both_have_confirmed_stays_with_each(two, solution, now):
    for each in two:
        used(solution, each, now)
    before = owners()
    merge = merged(two, now)
    assert owners()["ConfirmedUse"] == before["ConfirmedUse"]
    undone(merge, now)
    assert owners() == before


@pytest.mark.parametrize("granted", [0, 1])
def test_an_entry_that_both_claim_belongs_to_the_one_that_is_left(two, solution, now, granted):
    source, target = two
    mine = claim(solution, organisation=source, evidence=WHY, by=actor("eins"), now=now)
    theirs = claim(solution, organisation=target, evidence=WHY, by=actor("zwei"), now=now)
    grant_claim((mine, theirs)[granted], by=actor("desk"), now=now)
    before = owners()
    merge = merged(two, now)
    lasting = EntryClaim.objects.exclude(state="refused")
    assert list(lasting.values_list("organisation", "state")) == [(target.pk, "granted")]
    undone(merge, now)
    assert owners() == before


def test_what_the_organisation_has_not_touched_gets_no_new_edition(two, solution, other_solution, now):
    published_offer(solution, two[0], by=actor("eins"), desk=actor("desk"), now=now)
    numbers = [each.edition_number for each in (solution, other_solution)]
    solution.refresh_from_db()
    number = solution.edition_number
    merged(two, now)
    for each in (solution, other_solution):
        each.refresh_from_db()
    assert (solution.edition_number, other_solution.edition_number) == (number + 1, numbers[1])


def test_nothing_is_begun_for_an_organisation_that_has_become_another_meanwhile(two, solution, now):
    """Whoever has the page open still acts with the roles from before the merge."""
    source, target = two
    before = actor("eins")
    merged(two, now)
    last = register("Beispiel Holding", kind="sme", by=PROGRAM, now=now)
    grant_role("provider_editor", user=person("drei"), organisation=last, by=PROGRAM, now=now)
    merged((target, last), now)
    for begin in (
        lambda: begin_new_solution(source, by=before, now=now),
        lambda: begin_offer(solution, organisation=source, by=before, now=now),
    ):
        with pytest.raises(Refused, match="Beispiel GmbH ist jetzt Teil von Beispiel Holding"):
            begin()
    assert not WorkingCopy.objects.exists()
