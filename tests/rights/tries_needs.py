"""How the actions of needs and of answers to them are tried. The need is the town's, or that of its rival."""

from dataclasses import replace

from allmende.demand.actions import needs, responses
from allmende.demand.models import Need, NeedResponse
from tests.factories.needs import WHOLE, a_draft, a_published_need
from tests.rights.house import PROGRAM, House
from tests.rights.trying import By, Try


def _draft(house: House) -> Need:
    return a_draft(house.town, by=PROGRAM, now=house.now)


def _published(house: House) -> Need:
    return a_published_need(house.town, by=PROGRAM, now=house.now)


def _rivals(house: House) -> Need:
    return a_published_need(house.rival, by=PROGRAM, now=house.now)


def _changed(house: House) -> Need:
    return needs.save(
        _published(house),
        lambda draft: replace(draft, title="Anders"),
        step="problem",
        is_done=True,
        lock_version=1,
        by=PROGRAM,
        now=house.now,
    )


def _save(house: House, need: Need, by: By) -> Need:
    return needs.save(need, lambda draft: draft, step="problem", is_done=True, lock_version=0, **by)


def _respond(house: House, need: Need, by: By) -> NeedResponse:
    return responses.respond(need, organisation=house.town, text="Das passt.", **by)


def _answered(house: House) -> NeedResponse:
    """What the company answered to the town."""
    return responses.respond(
        _published(house),
        organisation=house.company,
        text="Das passt.",
        by=house.actor("vendor"),
        now=house.now,
    )


def _own_answer(house: House) -> NeedResponse:
    return _respond(house, _rivals(house), {"by": house.actor("owner"), "now": house.now})


def _version(need: Need) -> int:
    return Need.objects.get(pk=need.pk).lock_version


NEEDS: dict[str, Try] = {
    "demand.needs.begin": Try(lambda h, _, by: needs.begin(h.town, draft=WHOLE, **by)),
    "demand.needs.copy_as_template": Try(
        lambda h, need, by: needs.copy_as_template(need, organisation=h.town, **by), _rivals
    ),
    "demand.needs.copy_as_template/of a draft": Try(
        lambda h, need, by: needs.copy_as_template(need, organisation=h.town, **by), _draft
    ),
    "demand.needs.save": Try(_save, _draft),
    "demand.needs.publish": Try(
        lambda h, need, by: needs.publish(need, lock_version=_version(need), **by), _draft
    ),
    "demand.needs.publish_change": Try(
        lambda h, need, by: needs.publish_change(need, change="Genauer.", lock_version=_version(need), **by),
        _changed,
    ),
    "demand.needs.drop_change": Try(
        lambda h, need, by: needs.drop_change(need, lock_version=_version(need), **by), _changed
    ),
    "demand.needs.close": Try(lambda h, need, by: needs.close(need, reason="Gelöst.", **by), _published),
    "demand.needs.withdraw": Try(
        lambda h, need, by: needs.withdraw(need, reason="Doch nicht.", **by), _published
    ),
    "demand.responses.respond": Try(_respond, _rivals),
    "demand.responses.take_back": Try(lambda h, each, by: responses.take_back(each, **by), _own_answer),
    "demand.responses.note": Try(lambda h, each, by: responses.note(each, **by), _answered),
    "demand.responses.thank": Try(
        lambda h, each, by: responses.thank(each, answer="Danke.", **by), _answered
    ),
    "demand.responses.give_contact": Try(
        lambda h, each, by: responses.give_contact(each, contact="digital@ahorn.example", **by), _answered
    ),
}
