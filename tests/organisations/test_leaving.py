"""Leave, and hand over: an organisation is never left without somebody who administers it."""

import datetime
from datetime import timedelta

import pytest
from django.utils import timezone

from allmende.journal.queries import history
from allmende.lib.refusals import Refused
from allmende.organisations.actions import (
    end_role,
    grant_role,
    invite,
    leave,
    report_absence,
    restore,
    suspend,
)
from allmende.organisations.actions.leaving import hand_over_invitations
from allmende.organisations.models import Invitation, Membership
from allmende.organisations.personal import erase, export, obstacles
from allmende.organisations.queries import actor_for, without_administrator
from tests.organisations.conftest import PROGRAM


def roles(cast, who):
    return {role for role, _ in actor_for(cast[who]).roles}


def test_a_colleague_leaves_and_keeps_nothing(cast, now):
    assert leave(cast.town, leaver=cast["editor"], to=None, by=cast.actor("editor"), now=now) == []
    assert roles(cast, "editor") == set()
    assert Membership.objects.filter(user=cast["editor"]).get().ended_at == now
    entry = history("organisation", cast.town.public_id).filter(kind="organisations.member_left").get()
    assert entry.data == {"person": cast["editor"].public_id, "to": None}


def test_the_last_administrator_hands_over_first(cast, now):
    with pytest.raises(Refused, match="letzte Person"):
        leave(cast.town, leaver=cast["boss"], to=None, by=cast.actor("boss"), now=now)
    leave(cast.town, leaver=cast["boss"], to=cast["reader"], by=cast.actor("boss"), now=now)
    assert (roles(cast, "boss"), roles(cast, "reader")) == (set(), {"decision_maker", "organisation_admin"})


def test_the_last_administrator_does_not_lay_down_the_role_alone(cast, now):
    held = Membership.objects.get(user=cast["boss"])
    with pytest.raises(Refused, match="letzte Person"):
        end_role(held, by=cast.actor("boss"), now=now)
    grant_role(
        "organisation_admin", user=cast["editor"], organisation=cast.town, by=cast.actor("boss"), now=now
    )
    end_role(held, by=cast.actor("boss"), now=now)
    assert roles(cast, "boss") == set()


def test_one_of_two_administrators_leaves_freely(cast, now):
    grant_role("organisation_admin", user=cast["editor"], organisation=cast.town, by=PROGRAM, now=now)
    leave(cast.town, leaver=cast["boss"], to=None, by=cast.actor("boss"), now=now)
    assert without_administrator().filter(pk=cast.town.pk).exists() is False


def test_a_closed_account_administers_nothing(cast, now):
    grant_role("organisation_admin", user=cast["editor"], organisation=cast.town, by=PROGRAM, now=now)
    cast["editor"].is_active = False
    cast["editor"].save()
    with pytest.raises(Refused, match="letzte Person"):
        leave(cast.town, leaver=cast["boss"], to=None, by=cast.actor("boss"), now=now)


def test_staff_ends_a_membership_and_sees_who_is_left_alone(cast, now):
    leave(cast.town, leaver=cast["boss"], to=None, by=cast.actor("desk"), now=now)
    assert cast.town in without_administrator()


@pytest.mark.parametrize("heir", ["neighbour", "stranger", "boss"])
def test_work_goes_to_a_colleague_only(cast, now, heir):
    with pytest.raises(Refused, match="jemand anderen"):
        leave(cast.town, leaver=cast["boss"], to=cast[heir], by=cast.actor("boss"), now=now)
    assert roles(cast, "boss") == {"organisation_admin"}


def test_who_does_not_belong_cannot_leave(cast, now):
    with pytest.raises(Refused, match="gehört nicht zu"):
        leave(cast.town, leaver=cast["stranger"], to=None, by=cast.actor("stranger"), now=now)


def test_invitations_that_wait_go_over_or_are_withdrawn(cast, now):
    for number in range(2):
        invite(
            f"n{number}@x.example",
            organisation=cast.town,
            roles=["decision_maker"],
            by=cast.actor("boss"),
            now=now,
        )
    grant_role("organisation_admin", user=cast["editor"], organisation=cast.town, by=PROGRAM, now=now)
    told = {"organisation": cast.town, "leaver": cast["boss"], "by": PROGRAM, "now": now}
    assert hand_over_invitations(to=cast["editor"], **told) == ["2 Einladungen übergeben."]
    assert set(Invitation.objects.values_list("invited_by", flat=True)) == {cast["editor"].pk}
    assert hand_over_invitations(to=None, **told) == []
    # To somebody who could not have given them, they do not go.
    assert hand_over_invitations(to=cast["reader"], **told | {"leaver": cast["editor"]}) == [
        "2 Einladungen zurückgezogen."
    ]
    assert set(Invitation.objects.values_list("withdrawn_at", flat=True)) == {now}
    for each in Invitation.objects.all():
        kinds = [
            entry.kind.partition("_")[2] for entry in history("invitation", each.public_id).order_by("pk")
        ]
        assert kinds == ["sent", "reassigned", "withdrawn"]


def test_whoever_leaves_leaves_no_invitation_open(cast, now):
    invite(
        "x@x.example", organisation=cast.town, roles=["organisation_admin"], by=cast.actor("boss"), now=now
    )
    grant_role("organisation_admin", user=cast["editor"], organisation=cast.town, by=PROGRAM, now=now)
    said = leave(cast.town, leaver=cast["boss"], to=None, by=cast.actor("boss"), now=now)
    assert (said, Invitation.objects.get().withdrawn_at) == (["Eine Einladung zurückgezogen."], now)


def test_upper_packages_join_in_by_settings(cast, now, settings):
    settings.WORK_HANDED_OVER = ["tests.organisations.test_leaving.note_it"]
    said = leave(cast.town, leaver=cast["editor"], to=cast["boss"], by=cast.actor("editor"), now=now)
    assert said == [f"{cast.town.public_id}: {cast['editor'].public_id} → {cast['boss'].public_id}"]


def note_it(*, organisation, leaver, to, by, now):
    return [f"{organisation.public_id}: {leaver.public_id} → {to.public_id}"]


# ------------------------------------------------------------------------------------------------- suspended


def test_a_suspended_organisation_acts_no_more_until_it_may_again(cast, now):
    with pytest.raises(Refused, match="warum"):
        suspend(cast.town, reason=" ", by=cast.actor("desk"), now=now)
    suspend(cast.town, reason="Hinweis der Stadt", by=cast.actor("desk"), now=now)
    assert roles(cast, "boss") == set()
    with pytest.raises(Refused, match="kann nicht"):
        suspend(cast.town, reason="Noch einmal", by=cast.actor("desk"), now=now)
    restore(cast.town, by=cast.actor("desk"), now=now + datetime.timedelta(days=1))
    cast.town.refresh_from_db()
    assert (roles(cast, "boss"), cast.town.accredited_at) == ({"organisation_admin"}, now)
    with pytest.raises(Refused, match="nicht ausgesetzt"):
        restore(cast.town, by=cast.actor("desk"), now=now)


# --------------------------------------------------------------------------------------------- the whole account


def test_an_account_takes_its_roles_and_applications_along(cast, now):
    from allmende.organisations.actions import claim_town

    claim_town(cast.free_region, task="Digitales", by=cast.actor("editor"), now=now)
    told = {topic.code: list(topic.rows) for topic in export(cast["editor"])}
    assert told["memberships"] == [
        {"Rolle": "Digitalisierung der Kommune", "Organisation": "Ahorn", "seit": now, "beendet am": None}
    ]
    assert [(row["Organisation"], row["Stand"]) for row in told["claims"]] == [("Eichen", "wird geprüft")]


def test_whoever_administers_alone_is_told_before_the_account_goes(cast):
    assert obstacles(cast["boss"]) == [
        "Sie verwalten Ahorn allein. Geben Sie diese Rolle zuerst jemand anderem."
    ]
    # Nobody else works there: nobody is left behind.
    assert (obstacles(cast["competitor"]), obstacles(cast["editor"])) == ([], [])


def test_an_erased_account_leaves_no_role_and_no_word(cast, now):
    from allmende.organisations.actions import claim_town

    by = cast.actor("editor")
    claim = claim_town(cast.free_region, task="Digitales", by=by, now=now)
    grant_role("catalogue_editor", user=cast["editor"], organisation=None, by=PROGRAM, now=now)
    erase(cast["editor"], by=by, now=now)
    claim.refresh_from_db()
    assert (roles(cast, "editor"), cast["editor"].groups.count()) == (set(), 0)
    assert (claim.state, claim.task, claim.domain) == ("withdrawn", "", "")


def test_the_last_operator_is_told_before_the_account_goes(cast, now):
    assert obstacles(cast["operator"]) == []
    cast["second"].is_active = False
    cast["second"].save()
    assert obstacles(cast["operator"]) == [
        "Sie sind die letzte Person im Betrieb. Geben Sie diese Rolle zuerst jemand anderem."
    ]


# ---------------------------------------------------------------------------------------- nobody is left, for a while


@pytest.mark.parametrize(("deputy", "nobody"), [(None, True), ("editor", False)])
def test_an_absent_administrator_without_a_deputy_leaves_the_organisation_to_the_desk(
    cast, now, deputy, nobody
):
    """Whoever is ill is away all the same; the desk sees where nobody can invite meanwhile."""
    today = timezone.localdate(now)
    report_absence(
        cast["boss"],
        organisation=cast.town,
        starts_on=today,
        ends_on=today + timedelta(days=7),
        deputy=cast[deputy] if deputy else None,
        by=cast.actor("boss"),
        now=now,
    )

    def stands_alone(days: int) -> bool:
        day = today + timedelta(days=days)
        return without_administrator(on=day).filter(pk=cast.town.pk).exists()

    assert (stands_alone(0), stands_alone(7), stands_alone(8)) == (nobody, nobody, False)


def test_a_second_administrator_is_enough_while_the_first_is_away(cast, now):
    grant_role("organisation_admin", user=cast["editor"], organisation=cast.town, by=PROGRAM, now=now)
    today = timezone.localdate(now)
    report_absence(
        cast["boss"], organisation=cast.town, starts_on=today, ends_on=today, deputy=None,
        by=cast.actor("boss"), now=now,
    )  # fmt: skip
    assert without_administrator(on=today).filter(pk=cast.town.pk).exists() is False


def test_the_operator_helps_where_nobody_is_left(cast, now):
    leave(cast.town, leaver=cast["boss"], to=None, by=cast.actor("desk"), now=now)
    grant_role(
        "organisation_admin", user=cast["editor"], organisation=cast.town, by=cast.actor("operator"), now=now
    )
    assert without_administrator().filter(pk=cast.town.pk).exists() is False
