"""What is said about needs when two organisations, or two solutions, become one and part again."""

import datetime
from typing import Any

import pytest

from allmende.accounts.models import User
from allmende.catalogue.actions import merge, undo_merge
from allmende.demand.models import JointNeed, Need, NeedResponse, Outcome
from allmende.exploration.models import Candidate, Case, Inquiry, Questionnaire
from allmende.lib.actors import Actor
from allmende.organisations.actions import confirm_merge, propose_merge, register
from allmende.organisations.actions import undo_merge as part
from allmende.organisations.models import Organisation, OrganisationMerge
from allmende.organisations.queries import actor_for
from tests.demand.towns import a_need, a_person
from tests.factories.market import Market, open_market

PROGRAM = Actor.program("test")


@pytest.fixture
def market(db: None, settings: Any, tmp_path: Any, now: datetime.datetime) -> Market:
    settings.DEMO = True
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    return open_market(now)


def desk(now: datetime.datetime) -> Actor:
    user: User = a_person("catalogue_editor", None, now=now)
    return actor_for(user, on=now.date())


def two(kind: str, now: datetime.datetime) -> list[Organisation]:
    return [register(f"Beispiel {n}", kind=kind, by=PROGRAM, now=now) for n in ("eins", "zwei")]


def merged(pair: list[Organisation], now: datetime.datetime) -> OrganisationMerge:
    proposal = propose_merge(pair[0], into=pair[1], reason="Dieselbe.", by=desk(now), now=now)
    return confirm_merge(proposal, by=desk(now), now=now)


def response(need: Need, body: Organisation, now: datetime.datetime, **said: Any) -> NeedResponse:
    return NeedResponse.objects.create(
        need=need, organisation=body, text="Passt.", edition_number=1, sent_at=now, sent_by="x", **said
    )


def case_of(need: Need, now: datetime.datetime, state: str = "running") -> Case:
    ended = {"ended_at": now} if state == "frozen" else {}
    return Case.objects.create(
        organisation=need.organisation, need=need, title="Fall", state=state, begun_at=now, begun_by="x",
        changed_at=now, **ended,
    )  # fmt: skip


def asked(case: Case, company: Organisation, now: datetime.datetime) -> tuple[Candidate, Inquiry]:
    candidate = Candidate.objects.create(
        case=case, company=company, company_name=company.name, added_at=now, added_by="x"
    )
    inquiry = Inquiry.objects.create(
        questionnaire=Questionnaire.objects.create(case=case), organisation=company, company_name=company.name
    )
    return candidate, inquiry


def test_needs_and_what_a_body_leads_go_along_and_come_back(market: Market, now: datetime.datetime) -> None:
    pair = two("special_purpose_association", now)
    need = a_need(pair[0], now=now)
    joint = JointNeed.objects.create(
        title="Gemeinsam",
        purpose="Für alle.",
        lead=pair[0],
        join_until=now.date(),
        begun_at=now,
        begun_by="x",
    )
    case = case_of(need, now, "frozen")

    done = merged(pair, now)
    for row in (need, joint, case):
        row.refresh_from_db()
    assert [need.organisation, joint.lead, case.organisation] == [pair[1]] * 3
    part(done, reason="Doch zwei.", by=desk(now), now=now)
    for row in (need, joint, case):
        row.refresh_from_db()
    assert [need.organisation, joint.lead, case.organisation] == [pair[0]] * 3


def test_one_provider_answers_a_need_once_also_after_merging(market: Market, now: datetime.datetime) -> None:
    pair = two("sme", now)
    both, one = a_need(market.town, now=now), a_need(market.neighbour, now=now)
    doubled, kept, alone = (
        response(both, pair[0], now),
        response(both, pair[1], now),
        response(one, pair[0], now),
    )

    done = merged(pair, now)
    assert [each.organisation for each in NeedResponse.objects.order_by("pk")] == [pair[0], pair[1], pair[1]]
    part(done, reason="Doch zwei.", by=desk(now), now=now)
    assert [each.organisation for each in NeedResponse.objects.order_by("pk")] == [pair[0], pair[1], pair[0]]
    assert [doubled.pk, kept.pk, alone.pk] == sorted([doubled.pk, kept.pk, alone.pk])


def test_a_frozen_case_keeps_the_company_as_it_was_and_an_open_one_follows(
    market: Market, now: datetime.datetime
) -> None:
    pair = two("sme", now)
    need = a_need(market.town, now=now)
    cases = [case_of(need, now) for _ in range(3)]
    rows = [asked(case, pair[0], now) for case in cases]
    Case.objects.filter(pk=cases[1].pk).update(state="submitted")
    Case.objects.filter(pk=cases[2].pk).update(state="frozen", ended_at=now)

    def companies() -> list[tuple[Organisation | None, Organisation | None]]:
        fresh = [(Candidate.objects.get(pk=one.pk), Inquiry.objects.get(pk=two.pk)) for one, two in rows]
        return [(one.company, two.organisation) for one, two in fresh]

    done = merged(pair, now)
    assert companies() == [(pair[1], pair[1]), (pair[1], pair[1]), (pair[0], pair[0])]
    # What is frozen between the two stays as it was frozen.
    Case.objects.filter(state="submitted").update(state="frozen", ended_at=now)
    part(done, reason="Doch zwei.", by=desk(now), now=now)
    assert companies() == [(pair[0], pair[0]), (pair[1], pair[1]), (pair[0], pair[0])]


def test_answers_and_outcomes_follow_a_merged_solution_and_candidates_keep_what_was_seen(
    market: Market, now: datetime.datetime
) -> None:
    need = a_need(market.town, now=now, state="closed")
    said = response(need, market.provider, now, solution=market.foreign)
    outcome = Outcome.objects.create(
        need=need, kind="bought", solution=market.foreign, stated_at=now, stated_by="x"
    )
    candidate = Candidate.objects.create(
        case=case_of(need, now), solution=market.foreign, solution_name="Potholes", edition_number=1,
        added_at=now, added_by="x",
    )  # fmt: skip

    done = merge(market.foreign, into=market.melder, reason="Dasselbe.", by=desk(now), now=now)
    for row in (said, outcome, candidate):
        row.refresh_from_db()
    assert [said.solution, outcome.solution, candidate.solution] == [
        market.melder,
        market.melder,
        market.foreign,
    ]
    undo_merge(done, by=desk(now), now=now)
    for row in (said, outcome):
        row.refresh_from_db()
    assert [said.solution, outcome.solution] == [market.foreign] * 2


def test_a_merge_from_before_this_was_kept_can_be_undone(market: Market, now: datetime.datetime) -> None:
    done = merge(market.foreign, into=market.melder, reason="Dasselbe.", by=desk(now), now=now)
    done.moved = {name: kept for name, kept in done.moved.items() if name != "above"}
    done.save()
    assert undo_merge(done, by=desk(now), now=now) == market.foreign
