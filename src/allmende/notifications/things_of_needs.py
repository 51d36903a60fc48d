"""Needs, answers, joint needs and outcomes as news are about them; the packages say who sees which."""

from collections.abc import Collection, Mapping

from allmende.demand.models import Joining, NeedResponse, Outcome
from allmende.demand.queries.joint import joint_visible_to
from allmende.demand.queries.needs import own_organisations, visible_to
from allmende.lib.actors import Actor
from allmende.notifications.thing import Thing


def needs(ids: Collection[str], actor: Actor) -> Mapping[str, Thing]:
    found = visible_to(actor).filter(public_id__in=ids)
    return {each.public_id: Thing(each.title, f"/bedarfe/{each.public_id}") for each in found}


def responses(ids: Collection[str], actor: Actor) -> Mapping[str, Thing]:
    """To both sides and nobody else: the town reads it with its need, the provider among its own."""
    own = own_organisations(actor)
    rows = NeedResponse.objects.filter(public_id__in=ids).select_related("need__organisation", "organisation")
    found = {}
    for each in rows:
        if each.need.organisation.public_id in own:
            found[each.public_id] = Thing(each.need.title, f"/bedarfe/{each.need.public_id}")
        elif each.organisation.public_id in own:
            found[each.public_id] = Thing(each.need.title, "/bedarfe/antworten")
    return found


def joint_needs(ids: Collection[str], actor: Actor) -> Mapping[str, Thing]:
    found = joint_visible_to(actor).filter(public_id__in=ids)
    return {each.public_id: Thing(each.title, f"/bedarfe/gemeinsam/{each.public_id}") for each in found}


def joinings(ids: Collection[str], actor: Actor) -> Mapping[str, Thing]:
    seen = Joining.objects.filter(public_id__in=ids, joint__in=joint_visible_to(actor)).select_related(
        "joint"
    )
    return {
        each.public_id: Thing(each.joint.title, f"/bedarfe/gemeinsam/{each.joint.public_id}") for each in seen
    }


def outcomes(ids: Collection[str], actor: Actor) -> Mapping[str, Thing]:
    """To the town that has said it."""
    rows = Outcome.objects.filter(
        public_id__in=ids, need__organisation__public_id__in=own_organisations(actor)
    )
    return {
        each.public_id: Thing(
            each.need.title,
            f"/bedarfe/{each.need.public_id}/ergebnis",
            {"day": f"{each.contract_ends_on:%d.%m.%Y}" if each.contract_ends_on else "vereinbarten Tag"},
        )
        for each in rows.select_related("need")
    }
