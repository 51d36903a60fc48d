"""What towns have named because it was not here, and what may be meant by it. Visibility first, as everywhere."""

from django.db.models import Q, QuerySet

from allmende.catalogue.addresses import repository_key
from allmende.catalogue.models import MissingSolution, Solution
from allmende.lib.actors import Actor
from allmende.organisations.rules import is_staff

MOST_ALIKE = 10
# Shorter words stand in too many names.
SHORTEST_TELLING = 4


def missing_of(actor: Actor) -> QuerySet[MissingSolution]:
    """What the actor's own towns have named, the latest first."""
    return _rows().filter(organisation__public_id__in=_own(actor)).order_by("-named_at", "-pk")


def missing_to_decide(actor: Actor) -> QuerySet[MissingSolution]:
    """What waits for this person of the staff, the longest waiting first; not what their own town has named."""
    if not is_staff(actor):
        return MissingSolution.objects.none()
    waiting = _rows().filter(state="open").exclude(organisation__public_id__in=_own(actor) | actor.resting)
    if not actor.is_program:
        waiting = waiting.exclude(named_by=actor.id)
    return waiting.order_by("named_at", "pk")


def missing_for(actor: Actor, public_id: str) -> MissingSolution | None:
    """One of them: to staff and to whoever belongs to the town; None for anybody else."""
    missing = _rows().filter(public_id=public_id).first()
    if missing is None or is_staff(actor) or missing.organisation.public_id in _own(actor):
        return missing
    return None


def named_alike(missing: MissingSolution) -> list[MissingSolution]:
    """What other towns have named by the same name or address and nobody has decided."""
    same = Q(folded_name=missing.folded_name)
    if missing.url:
        same |= Q(url=missing.url)
    others = _rows().filter(same, state="open").exclude(pk=missing.pk)
    return list(others.order_by("named_at", "pk")[:MOST_ALIKE])


def maybe_meant(missing: MissingSolution) -> list[Solution]:
    """Published entries at the same address or of a name like it; those at the address first."""
    published = Solution.objects.filter(state="published")
    found: dict[int, Solution] = {}
    if key := repository_key(missing.url):
        here = published.filter(
            Q(repository_key=key) | Q(listings__repository_key=key) | Q(website_url=missing.url)
        )
        found |= {each.pk: each for each in here.distinct().order_by("pk")[:MOST_ALIKE]}
    if len(missing.folded_name) >= SHORTEST_TELLING:
        alike = published.filter(folded_name__contains=missing.folded_name).order_by("sort_name", "pk")
        found |= {each.pk: each for each in alike[:MOST_ALIKE]}
    return list(found.values())[:MOST_ALIKE]


def _own(actor: Actor) -> set[str]:
    return {organisation for _role, organisation in actor.roles if organisation is not None}


def _rows() -> QuerySet[MissingSolution]:
    return MissingSolution.objects.select_related("organisation__region", "solution")
