"""Joint needs, as far as somebody may see them: the towns that lead, take part or are invited, and nobody else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from allmende.demand.models import Joining, JointNeed, Need
from allmende.journal.queries import history, words_of
from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation
from allmende.vocabulary.queries import Vocabulary, current

SHOWS = ("invited", "joined")


def joint_visible_to(actor: Actor) -> QuerySet[JointNeed]:
    """Joint needs that an organisation of the actor leads, takes part in or is invited to."""
    own = _own(actor)
    takes_part = Joining.objects.filter(
        joint=OuterRef("pk"), state__in=SHOWS, need__organisation__public_id__in=own
    )
    return JointNeed.objects.filter(Q(lead__public_id__in=own) | Q(Exists(takes_part))).select_related("lead")


def joint_for(actor: Actor, public_id: str) -> JointNeed | None:
    """The joint need, or None for whoever must not know of it."""
    return joint_visible_to(actor).filter(public_id=public_id).first()


def invitations_to(actor: Actor, now: datetime) -> QuerySet[Joining]:
    """Invitations that the actor's organisations can still accept, the nearest end first."""
    return (
        Joining.objects.filter(
            state="invited",
            joint__state="open",
            joint__join_until__gte=timezone.localdate(now),
            need__organisation__public_id__in=_own(actor),
        )
        .select_related("joint__lead", "need__organisation")
        .order_by("joint__join_until", "pk")
    )


def invitation_of(joint: JointNeed, actor: Actor) -> Joining | None:
    """The invitation to one of the actor's organisations that nobody has decided about."""
    waiting = joint.joinings.filter(state="invited", need__organisation__public_id__in=_own(actor))
    return waiting.select_related("need__organisation", "joint__lead").order_by("pk").first()


def why_ended(joint: JointNeed) -> str:
    """The leading town's word for the others, "" where it was erased."""
    entry = history(JointNeed.journal_type, joint.public_id).filter(kind="demand.joint_ended").first()
    return next((each.text for each in words_of([entry]).values()), "") if entry else ""


def joint_of(need: Need) -> JointNeed | None:
    """The joint need that the need is part of now. One query."""
    joining = need.joinings.filter(state="joined").select_related("joint__lead").first()
    return joining.joint if joining else None


def parties(joint: JointNeed) -> list[Joining]:
    """Whose needs are part of it: the leading town's first, then in the order in which they came."""
    rows = joint.joinings.filter(state="joined").select_related("need__organisation__region")
    return sorted(
        rows, key=lambda each: (each.need.organisation_id != joint.lead_id, each.decided_at, each.pk)
    )


def others(joint: JointNeed) -> list[Joining]:
    """Who was asked and is not part of it, for the leading town: the latest first."""
    rows = joint.joinings.exclude(state="joined").select_related("need__organisation")
    return list(rows.order_by("-invited_at", "-pk"))


def may_still_join(joint: JointNeed, now: datetime) -> bool:
    """Open, and not later than its last day, as calendars here show it."""
    return joint.state == "open" and timezone.localdate(now) <= joint.join_until


def towns_in(joint: JointNeed) -> list[Organisation]:
    """The towns that take part, each once."""
    return list({each.need.organisation_id: each.need.organisation for each in parties(joint)}.values())


@dataclass(frozen=True)
class Together:
    """What the needs of the towns that take part add up to. None: nobody says.

    `budget_from`, `budget_to`: net euros over the whole term, the sums of the bounds of the classes named; `budget_to`
    is None as soon as one of them has no upper bound. `silent`: how many needs name no class with a number.
    """

    towns: int
    population: int | None
    users: int | None
    budget_from: Decimal | None
    budget_to: Decimal | None
    silent: int


def together(needs: Iterable[Need]) -> Together:
    """Add up what belongs together: values of a joint procurement count as one (§ 3 VgV)."""
    needs = list(needs)
    words = current()
    bounds = [each for each in (_bounds(need, words) for need in needs) if each is not None]
    tops = [top for _, top in bounds]
    return Together(
        towns=len({each.organisation_id for each in needs}),
        population=_sum(each.population for each in needs),
        users=_sum(each.users_count for each in needs),
        budget_from=sum((low for low, _ in bounds), Decimal(0)) if bounds else None,
        budget_to=None if not bounds or None in tops else sum((top for top in tops if top), Decimal(0)),
        silent=len(needs) - len(bounds),
    )


def _bounds(need: Need, words: Vocabulary) -> tuple[Decimal, Decimal | None] | None:
    said = words.term("need_budget", need.budget_class) if need.budget_class else None
    if said is None or not {"from", "to"} & set(said.extra):
        return None
    return Decimal(said.extra.get("from", 0)), Decimal(said.extra["to"]) if "to" in said.extra else None


def _sum(numbers: Iterable[int | None]) -> int | None:
    known = [each for each in numbers if each is not None]
    return sum(known) if known else None


def _own(actor: Actor) -> set[str]:
    return {organisation for _, organisation in actor.roles if organisation is not None}


def days_left(joint: JointNeed, now: datetime) -> int:
    """Days until the last on which one may join; 0 on that day, below 0 after it."""
    today: date = timezone.localdate(now)
    return (joint.join_until - today).days
