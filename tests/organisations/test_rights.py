"""Every role tries every action. The table is written by hand, and not made from the rules it tests.

boss administers the town, editor and reader belong to it, neighbour to another town, competitor administers a provider,
stranger has an account, desk and operator are staff, deputy is the reader while the boss is away.
"""

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from allmende.lib.refusals import Refused
from allmende.organisations import actions
from allmende.organisations.drafts import ProfileDraft
from allmende.organisations.models import Absence, Claim, EmailDomain, Invitation, JoinRequest, Membership
from allmende.organisations.queries import actor_for
from tests.files.making import picture
from tests.organisations.conftest import TOWN_HALL, Cast, person

WHO = (
    "boss",
    "deputy",
    "editor",
    "reader",
    "neighbour",
    "competitor",
    "stranger",
    "desk",
    "operator",
    "public",
)
# Action → who may. Everybody else is refused and nothing changes.
ALLOWED: dict[str, set[str]] = {
    "register": {"desk", "operator"},
    "suspend": {"desk", "operator"},
    "restore": {"desk", "operator"},
    "grant_organisation_role": {"boss", "deputy", "operator"},
    "grant_organisation_admin": {"boss", "operator"},
    "grant_platform_role": {"operator"},
    "grant_operator": set(),
    "end_role_of_colleague": {"boss", "deputy", "operator"},
    "end_last_administrator": {"operator"},
    "invite": {"boss", "deputy", "operator"},
    "withdraw_invitation": {"boss", "deputy", "desk", "operator"},
    "accept_request": {"boss", "deputy", "operator"},
    "refuse_request": {"boss", "deputy"},
    "withdraw_request": set(),
    "propose_domain": {"boss", "deputy"},
    "confirm_domain": {"desk", "operator"},
    "remove_domain": {"boss", "deputy", "desk", "operator"},
    "admit": {"boss", "deputy"},
    "report_absence_of_colleague": {"boss", "deputy", "editor"},
    "end_absence_of_colleague": {"boss", "deputy", "editor"},
    "end_membership_of_colleague": {"boss", "deputy", "editor", "desk", "operator"},
    "save_profile": {"boss", "deputy", "editor"},
    "set_logo": {"boss", "deputy"},
    "remove_logo": {"boss", "deputy", "desk", "operator"},
    "send_letter": {"desk", "operator"},
    "accept_claim": {"desk", "operator"},
    "refuse_claim": {"desk", "operator"},
    "withdraw_claim": set(),
    "enter_code": set(),
    "propose_operator": {"operator"},
}


@pytest.fixture
def place(cast: Cast, now: datetime.datetime, settings: Any, tmp_path: Any) -> Any:
    """One of everything that can be acted on: the editor is the colleague, somebody from elsewhere waits."""
    settings.MEDIA_ROOT = tmp_path / "media"
    waiting = person("waiting", "ahorn.example")
    made = {"proposed_at": now, "proposed_by": "person:x"}
    return {
        "cast": cast,
        "now": now,
        "waiting": waiting,
        "invitation": Invitation.objects.create(
            organisation=cast.town, email="x@y.example", roles=["decision_maker"], token_hash="0" * 64,
            invited_by=cast["boss"], invited_at=now, expires_at=now + datetime.timedelta(days=1),
        ),
        "request": JoinRequest.objects.create(organisation=cast.town, user=waiting, made_at=now),
        "domain": EmailDomain.objects.create(organisation=cast.town, domain="ahorn.example", **made),
        "confirmed": EmailDomain.objects.create(
            organisation=cast.town, domain="sure.example", confirmed_at=now, confirmed_by="person:y", **made
        ),
        "absence": Absence.objects.create(
            organisation=cast.neighbour, person=cast["neighbour"], starts_on=now.date(), ends_on=now.date(),
            reported_at=now,
        ),
        "claim": actions.claim_town(cast.free_region, task="Digitales", by=actor_for(waiting), now=now),
    }  # fmt: skip


def held(user: Any, role: str) -> Membership:
    return Membership.objects.get(user=user, role=role, ended_at=None)


def provider_claim(p: Any) -> Claim:
    from tests.organisations.test_claims import DRAFT

    return actions.apply_for(DRAFT, by=actor_for(p["waiting"]), now=p["now"])


def sent(p: Any) -> Claim:
    actions.send_letter(
        p["claim"], address=TOWN_HALL, domain_fits=False, by=p["cast"].actor("second"), now=p["now"]
    )
    return p["claim"]


def absence_of_editor(p: Any) -> Absence:
    cast = p["cast"]
    return Absence.objects.create(
        organisation=cast.town, person=cast["editor"], starts_on=p["now"].date() + datetime.timedelta(days=300),
        ends_on=p["now"].date() + datetime.timedelta(days=300), reported_at=p["now"],
    )  # fmt: skip


def suspended(p: Any) -> Any:
    actions.suspend(p["cast"].neighbour, reason="Hinweis", by=p["cast"].actor("second"), now=p["now"])
    return p["cast"].neighbour


def days(p: Any) -> dict[str, Any]:
    later = p["now"].date() + datetime.timedelta(days=200)
    return {"starts_on": later, "ends_on": later}


def with_logo(p: Any) -> Any:
    actions.set_logo(picture(), organisation=p["cast"].town, by=p["cast"].actor("boss"), now=p["now"])
    return p["cast"].town


PREPARED: dict[str, Callable[[Any], Any]] = {
    "accept_claim": provider_claim, "enter_code": sent, "end_absence_of_colleague": absence_of_editor,
    "restore": suspended, "remove_logo": with_logo,
}  # fmt: skip
ACTS: dict[str, Callable[[Any, Any, dict[str, Any]], Any]] = {
    "register": lambda p, _, by: actions.register("Firma", kind="sme", **by),
    "suspend": lambda p, _, by: actions.suspend(p["cast"].provider, reason="Hinweis", **by),
    "restore": lambda p, body, by: actions.restore(body, **by),
    "grant_organisation_role": lambda p, _, by: actions.grant_role(
        "decision_maker", user=p["waiting"], organisation=p["cast"].town, **by
    ),
    "grant_organisation_admin": lambda p, _, by: actions.grant_role(
        "organisation_admin", user=p["waiting"], organisation=p["cast"].town, **by
    ),
    "grant_platform_role": lambda p, _, by: actions.grant_role(
        "catalogue_editor", user=p["waiting"], organisation=None, **by
    ),
    "grant_operator": lambda p, _, by: actions.grant_role(
        "operator_admin", user=p["waiting"], organisation=None, **by
    ),
    "end_role_of_colleague": lambda p, _, by: actions.end_role(
        Membership.objects.create(
            user=p["waiting"], organisation=p["cast"].town, role="provider_editor", since=p["now"]
        ),
        **by,
    ),
    "end_last_administrator": lambda p, _, by: actions.end_role(
        held(p["cast"]["competitor"], "organisation_admin"), **by
    ),
    "invite": lambda p, _, by: actions.invite(
        "n@y.example", organisation=p["cast"].town, roles=["decision_maker"], **by
    ),
    "withdraw_invitation": lambda p, _, by: actions.withdraw_invitation(p["invitation"], **by),
    "accept_request": lambda p, _, by: actions.accept_request(p["request"], role="decision_maker", **by),
    "refuse_request": lambda p, _, by: actions.refuse_request(p["request"], **by),
    "withdraw_request": lambda p, _, by: actions.withdraw_request(p["request"], **by),
    "propose_domain": lambda p, _, by: actions.propose_domain(p["cast"].town, "neu.example", **by),
    "confirm_domain": lambda p, _, by: actions.confirm_domain(p["domain"], **by),
    "remove_domain": lambda p, _, by: actions.remove_domain(p["domain"], **by),
    "admit": lambda p, _, by: actions.admit(p["confirmed"], "at_once", **by),
    "report_absence_of_colleague": lambda p, _, by: actions.report_absence(
        p["cast"]["editor"], organisation=p["cast"].town, deputy=None, **days(p), **by
    ),
    "end_absence_of_colleague": lambda p, absence, by: actions.end_absence(absence, **by),
    "end_membership_of_colleague": lambda p, _, by: actions.leave(
        p["cast"].town, leaver=p["cast"]["editor"], to=None, **by
    ),
    "save_profile": lambda p, _, by: actions.save_profile(
        ProfileDraft(budget_class="none"), organisation=p["cast"].town, lock_version=0, **by
    ),
    "set_logo": lambda p, _, by: actions.set_logo(picture(), organisation=p["cast"].town, **by),
    "remove_logo": lambda p, town, by: actions.remove_logo(town, **by),
    "send_letter": lambda p, _, by: actions.send_letter(
        p["claim"], address=TOWN_HALL, domain_fits=False, **by
    ),
    "accept_claim": lambda p, claim, by: actions.accept_claim(claim, domain_fits=False, **by),
    "refuse_claim": lambda p, _, by: actions.refuse_claim(p["claim"], reason="Nein.", **by),
    "withdraw_claim": lambda p, _, by: actions.withdraw_claim(p["claim"], **by),
    "enter_code": lambda p, claim, by: actions.enter_code(claim, "00000000", **by),
    "propose_operator": lambda p, _, by: actions.propose_role(
        "operator_admin", user=p["waiting"], reason="Vertretung", **by
    ),
}


def actor(p: Any, who: str) -> Any:
    cast = p["cast"]
    if who != "deputy":
        return cast.actor(who)
    today = p["now"].date()
    Absence.objects.create(
        organisation=cast.town, person=cast["boss"], deputy=cast["reader"], starts_on=today, ends_on=today,
        reported_at=p["now"],
    )  # fmt: skip
    return actor_for(cast["reader"], on=today)


def test_the_table_names_every_action_that_is_tried():
    assert sorted(ALLOWED) == sorted(ACTS)


@pytest.mark.parametrize("action", list(ALLOWED))
def test_who_may(place, now, action):
    """One place for all who are refused; then each who may, on a place of their own (a savepoint taken back)."""
    from django.db import transaction

    done = set()
    for who in WHO:
        with transaction.atomic():
            subject = PREPARED[action](place) if action in PREPARED else None
            by = actor(place, who)
            try:
                ACTS[action](place, subject, {"by": by, "now": now})
            except Refused:
                pass
            else:
                done.add(who)
            transaction.set_rollback(True)
    assert done == ALLOWED[action]
