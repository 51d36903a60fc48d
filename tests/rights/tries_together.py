"""How the actions of joint needs and of outcomes are tried. The need of the house's town is led or invited."""

from datetime import timedelta
from typing import Any

from allmende.demand.actions import joint as acts
from allmende.demand.actions import outcomes
from allmende.demand.models import Joining, JointNeed, Need
from tests.demand.towns import a_need
from tests.rights.house import PROGRAM, House
from tests.rights.trying import By, Try


def _begun(house: House, body: Any, **said: Any) -> JointNeed:
    need = a_need(body, now=house.now, **said)
    return acts.begin_joint(
        need,
        title="Gemeinsam",
        purpose="Ein Melder für alle.",
        join_until=house.now.date(),
        by=PROGRAM,
        now=house.now,
    )


def _led(house: House) -> JointNeed:
    return _begun(house, house.town)


def _closed(house: House) -> JointNeed:
    return acts.close_joint(_led(house), by=PROGRAM, now=house.now)


def _to_invite(house: House) -> tuple[JointNeed, Need]:
    return _led(house), a_need(house.rival, now=house.now)


def _invites(house: House) -> Joining:
    joint, need = _to_invite(house)
    return acts.invite(joint, need=need, by=PROGRAM, now=house.now)


def _invited(house: House) -> Joining:
    joint = _begun(house, house.rival)
    return acts.invite(joint, need=a_need(house.town, now=house.now), by=PROGRAM, now=house.now)


def _joined(house: House) -> Joining:
    return acts.join(_invited(house), by=PROGRAM, now=house.now)


def _need(house: House) -> Need:
    return a_need(house.town, now=house.now)


def _begin(house: House, need: Need, by: By) -> JointNeed:
    return acts.begin_joint(need, title="Gemeinsam", purpose="Für alle.", join_until=house.now.date(), **by)


def _change(house: House, joint: JointNeed, by: By) -> JointNeed:
    until = house.now.date() + timedelta(days=1)
    return acts.change_joint(
        joint, title="Anders", purpose="Für alle.", join_until=until, lock_version=0, **by
    )


TOGETHER = {
    "demand.joint.begin_joint": Try(_begin, _need),
    "demand.joint.change_joint": Try(_change, _led),
    "demand.joint.invite": Try(lambda h, pair, by: acts.invite(pair[0], need=pair[1], **by), _to_invite),
    "demand.joint.take_back_invitation": Try(
        lambda h, each, by: acts.take_back_invitation(each, **by), _invites
    ),
    "demand.joint.join": Try(lambda h, each, by: acts.join(each, **by), _invited),
    "demand.joint.decline": Try(lambda h, each, by: acts.decline(each, **by), _invited),
    "demand.joint.leave_joint": Try(lambda h, each, by: acts.leave_joint(each, **by), _joined),
    "demand.joint.close_joint": Try(lambda h, joint, by: acts.close_joint(joint, **by), _led),
    "demand.joint.reopen_joint": Try(
        lambda h, joint, by: acts.reopen_joint(joint, join_until=h.now.date(), **by), _closed
    ),
    "demand.joint.end_joint": Try(lambda h, joint, by: acts.end_joint(joint, reason="Fertig.", **by), _led),
    "demand.outcomes.state_outcome": Try(
        lambda h, need, by: outcomes.state_outcome(need, kind="own", **by), _need
    ),
}
