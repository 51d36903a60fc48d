"""Ownership and what is being written follow a merge, and come back when it is undone."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allmende.catalogue.actions import (
    begin_change,
    begin_offer,
    begin_solution_change,
    claim,
    decide_distinct,
    end_claim,
    grant_claim,
    merge,
    submit,
    suspect,
    undo_merge,
    withdraw_offer,
)
from allmende.catalogue.actions.offers import change_offer
from allmende.catalogue.contents import Content
from allmende.catalogue.models import EntryClaim, LaterEdit, WorkingCopy
from allmende.catalogue.queries import claims_to_decide, copies_to_check, owned_solutions, owner_of, sides_of
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from tests.factories.offering import an_offer, filled, published_offer

PROGRAM = Actor.program("harvest")
EVIDENCE = "Wir haben die Software entwickelt, siehe Impressum."


@dataclass
class Cast:
    """Two companies with a person each, the desk, and the two entries that become one."""

    first: Any
    second: Any
    one: Actor
    other: Actor
    desk: Actor
    source: Any
    target: Any
    now: Any

    def claim(self, solution, organisation, *, granted):
        by = self.one if organisation == self.first else self.other
        made = claim(solution, organisation=organisation, evidence=EVIDENCE, by=by, now=self.now)
        return grant_claim(made, by=self.desk, now=self.now) if granted else made

    def merge(self):
        return merge(self.source, into=self.target, reason="dasselbe", by=self.desk, now=self.now)

    def undo(self, done):
        return undo_merge(done, by=self.desk, now=self.now + timedelta(days=1))


@pytest.fixture
def cast(solution, other_solution, provider, competitor, member_of, now):
    return Cast(
        first=provider,
        second=competitor,
        one=member_of("provider_editor", provider),
        other=member_of("provider_editor", competitor),
        desk=member_of("catalogue_editor"),
        source=other_solution,
        target=solution,
        now=now,
    )


def held():
    claims = EntryClaim.objects.order_by("pk").values_list("pk", "solution", "state")
    copies = WorkingCopy.objects.order_by("pk").values_list("pk", "solution", "state", "content")
    return list(claims), list(copies)


def test_the_owner_keeps_the_entry_through_a_merge_and_after_it_was_undone(cast):
    cast.claim(cast.source, cast.first, granted=True)
    done = cast.merge()

    assert owner_of(cast.target) == cast.first
    assert [each.solution for each in owned_solutions(cast.one)] == [cast.target]
    cast.undo(done)
    assert (owner_of(cast.target), owner_of(cast.source)) == (None, cast.first)


def test_what_somebody_writes_goes_on_at_the_entry_that_stays(cast):
    cast.claim(cast.source, cast.first, granted=True)
    words = begin_solution_change(cast.source, organisation=cast.first, by=cast.one, now=cast.now)
    offer = begin_offer(cast.source, organisation=cast.second, by=cast.other, now=cast.now)
    offer = filled(offer, Content(offer=an_offer(cast.second)), by=cast.other, now=cast.now)
    submit(offer, lock_version=offer.lock_version, by=cast.other, now=cast.now)

    cast.merge()

    assert [copy.solution for copy in copies_to_check(cast.desk)] == [cast.target]
    words.refresh_from_db()
    assert words.solution == cast.target


def test_a_change_of_an_offer_goes_and_comes_with_the_offer_also_where_it_was_begun_between(cast):
    offer = published_offer(cast.source, cast.first, by=cast.one, desk=cast.desk, now=cast.now)
    done = cast.merge()
    offer.refresh_from_db()
    begun = begin_change(offer, organisation=cast.first, by=cast.one, now=cast.now)
    assert begun.solution == cast.target

    cast.undo(done)
    begun.refresh_from_db()
    offer.refresh_from_db()
    assert (begun.solution, offer.solution) == (cast.source, cast.source)


def test_what_an_owner_has_begun_since_goes_back_with_the_ownership(cast):
    cast.claim(cast.source, cast.first, granted=True)
    done = cast.merge()
    later = cast.now + timedelta(hours=1)
    begun = begin_solution_change(cast.target, organisation=cast.first, by=cast.one, now=later)

    cast.undo(done)
    begun.refresh_from_db()
    assert begun.solution == cast.source


def test_a_claim_that_was_granted_meanwhile_comes_back_granted(cast):
    made = cast.claim(cast.source, cast.first, granted=False)
    done = cast.merge()
    grant_claim(made, by=cast.desk, now=cast.now)
    cast.undo(done)
    assert (owner_of(cast.source), owner_of(cast.target)) == (cast.first, None)


def test_two_owners_hinder_a_merge_until_one_of_them_is_settled(cast):
    cast.claim(cast.source, cast.first, granted=True)
    second = cast.claim(cast.target, cast.second, granted=True)
    with pytest.raises(Refused, match=r"gehört zu Beispiel-Software GmbH, .* zu Beispiel-Konkurrenz GmbH"):
        cast.merge()

    end_claim(second, reason="Irrtum.", by=PROGRAM, now=cast.now)
    cast.merge()
    assert owner_of(cast.target) == cast.first


def test_an_owner_of_both_stays_owner_of_both(cast):
    for solution in (cast.source, cast.target):
        cast.claim(solution, cast.first, granted=True)
    done = cast.merge()
    assert owner_of(cast.target) == cast.first
    cast.undo(done)
    assert (owner_of(cast.source), owner_of(cast.target)) == (cast.first, cast.first)


def test_a_claim_of_the_owner_of_the_other_is_decided_first(cast):
    cast.claim(cast.source, cast.first, granted=True)
    cast.claim(cast.target, cast.first, granted=False)
    with pytest.raises(Refused, match="hat auch „Mängelmelder Musterstadt“ als eigenen Eintrag gemeldet"):
        cast.merge()


def test_two_claims_of_one_organisation_are_one_question(cast):
    stays = cast.claim(cast.source, cast.first, granted=False)
    cast.claim(cast.target, cast.first, granted=False)
    cast.merge()
    assert [each.solution for each in claims_to_decide(cast.desk)] == [cast.target]
    with pytest.raises(Refused, match="in einem anderen aufgegangen"):
        grant_claim(stays, by=cast.desk, now=cast.now)


def test_whoever_writes_at_both_settles_that_first(cast):
    for solution in (cast.source, cast.target):
        begin_offer(solution, organisation=cast.first, by=cast.one, now=cast.now)
    with pytest.raises(Refused, match=r"arbeitet an beiden Einträgen \(neues Angebot\)"):
        cast.merge()


def test_whom_the_other_entry_was_granted_meanwhile_keeps_that_one(cast):
    for solution in (cast.source, cast.target):
        cast.claim(solution, cast.first, granted=True)
    done = cast.merge()
    end_claim(EntryClaim.objects.get(solution=cast.target), reason="Nein.", by=PROGRAM, now=cast.now)
    cast.claim(cast.target, cast.second, granted=True)
    cast.undo(done)
    assert (owner_of(cast.source), owner_of(cast.target)) == (cast.first, cast.second)


def test_a_change_that_waits_for_the_desk_does_not_stand_in_the_way_of_the_next_one(cast):
    offer = published_offer(cast.source, cast.first, by=cast.one, desk=cast.desk, now=cast.now)
    change_offer(offer, an_offer(cast.first, title="Anders"), by=cast.one, now=cast.now)
    done = cast.merge()
    change_offer(offer, an_offer(cast.first, title="Noch anders"), by=cast.one, now=cast.now)
    edit = LaterEdit.objects.get()
    cast.target.refresh_from_db()
    assert (edit.solution, edit.edition_after) == (cast.target, cast.target.edition_number)

    cast.undo(done)
    change_offer(offer, an_offer(cast.first, title="Wieder"), by=cast.one, now=cast.now)
    assert LaterEdit.objects.get().solution == cast.source


# ----------------------------------------------------------------------------------------------------- there and back

STATES = st.sampled_from([None, "open", "granted", "refused"])
COPIES = st.sets(st.sampled_from(["new_offer", "change_solution"]))
SIDE = st.fixed_dictionaries(
    {"claims": st.tuples(STATES, STATES), "copies": st.tuples(COPIES, COPIES)}
).filter(lambda side: side["claims"].count("granted") < 2)


def _put(cast, solution, side):
    for organisation, state in zip((cast.first, cast.second), side["claims"], strict=True):
        if state:
            EntryClaim.objects.create(
                solution=solution, organisation=organisation, state=state, evidence=EVIDENCE,
                claimed_at=cast.now, claimed_by="x", decision_reason="Nein." if state == "refused" else "",
            )  # fmt: skip
    for organisation, kinds in zip((cast.first, cast.second), side["copies"], strict=True):
        for kind in sorted(kinds):
            WorkingCopy.objects.create(
                solution=solution, organisation=organisation, kind=kind, content="{}", begun_at=cast.now,
                autosaved_at=cast.now,
            )  # fmt: skip


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(source=SIDE, target=SIDE)
def test_whatever_both_hold_a_merge_is_refused_with_nothing_moved_or_comes_back_whole(cast, source, target):
    with transaction.atomic():
        _put(cast, cast.source, source)
        _put(cast, cast.target, target)
        before = held()
        try:
            done = cast.merge()
        except Refused:
            assert held() == before
        else:
            owners = set(EntryClaim.objects.filter(state="granted").values_list("organisation", flat=True))
            found = owner_of(cast.target)
            assert ({found.pk} if found else set()) == owners
            open_copies = WorkingCopy.objects.filter(state="draft").values_list("solution", flat=True)
            assert set(open_copies) <= {cast.target.pk}
            cast.undo(done)
            assert held() == before
        transaction.set_rollback(True)


BETWEEN = "Über diese beiden Lösungen entscheidet jemand anderes aus der Redaktion"


@pytest.mark.parametrize("is_away", [False, True])
@pytest.mark.parametrize("owns", [False, True])
def test_staff_of_an_organisation_that_owns_or_offers_one_of_two_does_not_decide_about_them(
    cast, owns, is_away
):
    if owns:
        cast.claim(cast.source, cast.first, granted=True)
    else:
        published_offer(cast.source, cast.first, by=cast.one, desk=cast.desk, now=cast.now)
    pair = suspect(cast.source, cast.target, reason="Gleich.", by=cast.desk, now=cast.now)
    place = cast.first.public_id
    partial = (
        replace(cast.desk, resting=frozenset({place}))
        if is_away
        else replace(cast.desk, roles=cast.desk.roles | {("reader", place)})
    )
    for target, source in ((cast.target, cast.source), (cast.source, cast.target)):
        with pytest.raises(Refused, match=BETWEEN):
            merge(source, into=target, reason="dasselbe", by=partial, now=cast.now)
    with pytest.raises(Refused, match=BETWEEN):
        decide_distinct(pair, by=partial, now=cast.now)
    done = cast.merge()
    with pytest.raises(Refused, match=BETWEEN):
        undo_merge(done, by=partial, now=cast.now)
    assert cast.undo(done).state == "published"


def test_an_offer_that_was_withdrawn_gives_no_side(cast):
    offer = published_offer(cast.source, cast.first, by=cast.one, desk=cast.desk, now=cast.now)
    withdraw_offer(offer, reason="Ende.", by=cast.one, now=cast.now)
    former = replace(cast.desk, resting=frozenset({cast.first.public_id}))
    assert sides_of([cast.source, cast.target]) == {cast.source.pk: [], cast.target.pk: []}
    merge(cast.source, into=cast.target, reason="dasselbe", by=former, now=cast.now)
