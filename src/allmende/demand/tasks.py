from datetime import UTC, datetime

from allmende.catalogue.models import Solution
from allmende.demand.actions.contacts import forget_contacts
from allmende.demand.actions.matching import match_need, match_solution
from allmende.demand.actions.outcomes import remind_of_outcomes
from allmende.demand.models import Need
from allmende.jobs.job import job
from allmende.lib.actors import Actor
from allmende.search import meaning


@job(coalesce=True)
def remind() -> None:
    """Every day: ask towns for their experience, tell them that a contract ends, erase contacts that are over."""
    by, now = Actor.program("demand"), datetime.now(UTC)
    remind_of_outcomes(by=by, now=now)
    forget_contacts(by=by, now=now)


@job(priority=-10, coalesce=True, atomic=False)
def match_need_again(public_id: str) -> None:
    """A need is new or has changed. Without an index the job is tried again."""
    meaning.here()
    need = Need.objects.select_related("organisation__region__land").filter(public_id=public_id).first()
    if need is not None:
        match_need(need, by=Actor.program("demand"), now=datetime.now(UTC))


@job(priority=-10, coalesce=True, atomic=False)
def match_solution_again(public_id: str) -> None:
    """A solution or an offer of it is new or has changed."""
    meaning.here()
    solution = Solution.objects.filter(public_id=public_id).first()
    if solution is not None:
        match_solution(solution, by=Actor.program("demand"), now=datetime.now(UTC))
