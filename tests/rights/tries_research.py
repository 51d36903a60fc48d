"""How the actions of looking, choosing, talking and comparing are tried, in a case of the owner with a fixed plan."""

from typing import Any

from allmende.demand.models import NeedCriterion
from allmende.exploration.actions import candidates, matrix, searches, talks
from allmende.exploration.actions.candidates import Verdict
from allmende.exploration.drafts import TalkDraft
from allmende.exploration.models import Candidate, Case, LoggedSearch, Talk
from allmende.exploration.seen import Seen, SeenEntry
from tests.rights.house import House
from tests.rights.tries_cases import as_owner, with_fixed_plan
from tests.rights.trying import By, Try


def _look(house: House) -> dict[str, Any]:
    return {"source": "fair", "query": "Melder", "searched_on": house.now.date()}


def _search(house: House) -> LoggedSearch:
    return searches.log_search(with_fixed_plan(house), **_look(house), **as_owner(house))


def _seen(house: House) -> Seen:
    """As if the search had found the one solution of the house."""
    entry = SeenEntry(house.solution.public_id)
    return Seen(words="", filters={}, total=1, about={"kind": "search"}, entries=[entry])


def _snapshot(house: House) -> LoggedSearch:
    return searches.take_snapshot(with_fixed_plan(house), _seen(house), **as_owner(house))


def a_candidate(house: House, case: Case | None = None, name: str = "Anderswo AG") -> Candidate:
    case = case or with_fixed_plan(house)
    return candidates.add_by_hand(case, company_name=name, **as_owner(house))


FITS = Verdict(state="kept", reason="fits")


def _kept(house: House) -> Candidate:
    return candidates.decide(a_candidate(house), FITS, lock_version=0, **as_owner(house))


def a_talk(house: House, case: Case | None = None) -> Talk:
    return talks.note_talk(case or with_fixed_plan(house), _minutes(house), **as_owner(house))


def _minutes(house: House) -> TalkDraft:
    return TalkDraft(
        company_name="Anderswo AG",
        held_at=house.now,
        minutes_long=30,
        participants="Bauhof",
        content="Vorführung",
        told_to_company="Die Zahl der Meldungen.",
    )


def _judge(house: House, candidate: Candidate, by: By) -> Any:
    criterion = NeedCriterion.objects.filter(
        need=candidate.case.need
    ).first() or NeedCriterion.objects.create(
        need=candidate.case.need, position=99, weight="must", text="Mit Foto"
    )
    return matrix.judge(candidate, criterion.public_id, result="met", reason="Gesehen.", **by)


RESEARCH: dict[str, Try] = {
    "exploration.searches.open_after_plan": Try(
        lambda house, case, by: searches.open_after_plan(case, **by), with_fixed_plan
    ),
    "exploration.searches.log_search": Try(
        lambda house, case, by: searches.log_search(case, **_look(house), **by), with_fixed_plan
    ),
    "exploration.searches.correct_search": Try(
        lambda house, search, by: searches.correct_search(search, **_look(house), **by), _search
    ),
    "exploration.searches.take_snapshot": Try(
        lambda house, case, by: searches.take_snapshot(case, _seen(house), **by), with_fixed_plan
    ),
    "exploration.candidates.add_from_snapshot": Try(
        lambda house, search, by: candidates.add_from_snapshot(search, [house.solution.public_id], **by),
        _snapshot,
    ),
    "exploration.candidates.add_by_hand": Try(
        lambda house, case, by: candidates.add_by_hand(case, company_name="Neu AG", **by), with_fixed_plan
    ),
    "exploration.candidates.decide": Try(
        lambda house, row, by: candidates.decide(row, FITS, lock_version=0, **by), a_candidate
    ),
    "exploration.candidates.decide_many": Try(
        lambda house, row, by: candidates.decide_many(row.case, {row.public_id: 0}, FITS, **by), a_candidate
    ),
    "exploration.candidates.say_why_not_asked": Try(
        lambda house, row, by: candidates.say_why_not_asked(row, "Zu weit weg.", lock_version=1, **by), _kept
    ),
    "exploration.talks.note_talk": Try(
        lambda house, case, by: talks.note_talk(case, _minutes(house), **by), with_fixed_plan
    ),
    "exploration.talks.change_talk": Try(
        lambda house, talk, by: talks.change_talk(talk, _minutes(house), lock_version=0, **by), a_talk
    ),
    "exploration.talks.mark_shared": Try(
        lambda house, talk, by: talks.mark_shared(talk, lock_version=0, **by), a_talk
    ),
    "exploration.matrix.judge": Try(_judge, a_candidate),
}
