"""How matching follows the journal. Called in the worker, may be told twice: each pair is told once all the same.

The comparing itself is a job of its own, so that neither the index nor other news wait for it.
"""

from collections.abc import Sequence

from allmende.catalogue.models import Solution
from allmende.jobs.actions import enqueue
from allmende.journal.queries import Entry

MATCH_NEED = "allmende.demand.tasks.match_need_again"
MATCH_SOLUTION = "allmende.demand.tasks.match_solution_again"


def match_needs(entries: Sequence[Entry]) -> None:
    """Needs were published or changed."""
    for public_id in dict.fromkeys(entry.subject_id for entry in entries):
        enqueue(MATCH_NEED, public_id)


def match_solutions(entries: Sequence[Entry]) -> None:
    """Solutions or offers were published or changed. What a harvest brings has no provider to be told. One query."""
    concerned = set(filter(None, map(_solution, entries)))
    offered = Solution.objects.filter(public_id__in=concerned, offers__state="published").distinct()
    for public_id in offered.order_by("pk").values_list("public_id", flat=True):
        enqueue(MATCH_SOLUTION, public_id)


def _solution(entry: Entry) -> str:
    if entry.subject_type == "solution":
        return entry.subject_id
    return str(entry.data.get("solution", ""))
