"""What invented towns have decided: limits of their own, and to go on with a need together."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from allmende.accounts.models import User
from allmende.demand.actions.joint import begin_joint, invite, join
from allmende.demand.models import Need
from allmende.demo.story import story
from allmende.lib.actors import Actor
from allmende.organisations.actions import for_region
from allmende.organisations.models import Organisation
from allmende.organisations.queries import actor_for
from allmende.procurement.actions import enter_own_rules
from allmende.procurement.drafts import LimitDraft, RuleSetDraft
from allmende.procurement.models import RuleSet
from allmende.regions.models import Region

NARRATOR = Actor.program("demo")
Towns = Mapping[str, Region]
Row = Mapping[str, Any]


@transaction.atomic
def keep_own_rules(towns: Towns, now: datetime) -> None:
    """Tell it once: a town that has rules of its own keeps them."""
    for row in story()["own_rules"]:
        town = _town(towns, row["region"], now)
        if not RuleSet.objects.filter(organisation=town).exists():
            enter_own_rules(_rules(row), organisation=town, by=_actor(row["by"]), now=now)


def _rules(row: Row) -> RuleSetDraft:
    return RuleSetDraft(
        scope="own",
        title=row["title"],
        legal_basis="statute",
        legal_text=row["legal_text"],
        source_title=row["source"],
        as_of=row["valid_from"],
        valid_from=row["valid_from"],
        limits=tuple(
            LimitDraft(procedure=code, value=Decimal(value)) for code, value in row["limits"].items()
        ),
    )


@transaction.atomic
def go_together(towns: Towns, now: datetime) -> None:
    """Tell it once: a need that is part of something already is left alone. Whoever joins is told by the narrator."""
    for row in story()["joint_needs"]:
        need = _need(towns, row["region"], row["need"], now)
        if need.joinings.exists():
            continue
        by, day = _actor(row["by"]), timezone.localdate(now) + timedelta(days=row["days"])
        joint = begin_joint(need, title=row["title"], purpose=row["purpose"], join_until=day, by=by, now=now)
        for region, title in row["joined"]:
            joining = invite(joint, need=_need(towns, region, title, now), by=by, now=now)
            join(joining, by=NARRATOR, now=now)


def _need(towns: Towns, region: str, title: str, now: datetime) -> Need:
    return Need.objects.get(organisation=_town(towns, region, now), title=title)


def _town(towns: Towns, region: str, now: datetime) -> Organisation:
    return for_region(towns[region], by=NARRATOR, now=now)


def _actor(email: str) -> Actor:
    return actor_for(User.objects.get(email=email))
