"""Entries by the name of the body that sources say answers for them."""

from allmende.catalogue.models import Solution
from allmende.organisations.names import alike

MOST = 20


def entries_made_by(name: str) -> list[Solution]:
    """Published solutions whose maintainer, as named by a source, is called like this; by name."""
    wanted = alike(name)
    longest = max(wanted.split(), key=len, default="")
    if not longest:
        return []
    rows = Solution.objects.filter(state="published", maintainer__icontains=longest).order_by(
        "sort_name", "pk"
    )
    return [each for each in rows if alike(each.maintainer) == wanted][:MOST]
