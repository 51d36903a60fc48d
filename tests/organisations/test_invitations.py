"""Colleagues come in by a link: once, for one address, for two weeks, and nobody learns who has an account."""

import datetime
import re

import pytest
from allauth.account.models import EmailAddress

from allmende.journal.queries import history
from allmende.lib.refusals import Refused
from allmende.mail.models import Letter
from allmende.organisations.actions import (
    accept_invitation,
    end_absence,
    end_role,
    grant_role,
    invite,
    report_absence,
    suspend,
    withdraw_invitation,
)
from allmende.organisations.actions.invitations import MOST_WAITING, hash_of
from allmende.organisations.models import Invitation, Membership
from allmende.organisations.queries import actor_for, invitations, invitations_to
from tests.organisations.conftest import PROGRAM, person

NEW = "neu@ahorn.example"


def invited(cast, now, email=NEW, roles=("municipality_editor",)) -> Invitation:
    return invite(email, organisation=cast.town, roles=roles, by=cast.actor("boss"), now=now)


def test_somebody_without_an_account_signs_up_and_joins(cast, now):
    invitation = invited(cast, now)
    letter = Letter.objects.get(to=NEW)
    token = re.search(r"/einladung/(\S+)", letter.text).group(1)
    assert Invitation.objects.get(token_hash=hash_of(token)) == invitation

    newcomer = person("neu", "ahorn.example")
    assert accept_invitation(invitation, by=actor_for(newcomer), now=now) == cast.town
    assert actor_for(newcomer).roles == {("municipality_editor", cast.town.public_id)}


def test_only_the_hash_of_the_link_is_kept(cast, now):
    invitation = invited(cast, now)
    token = re.search(r"/einladung/(\S+)", Letter.objects.get(to=NEW).text).group(1)
    kept = [str(value) for value in Invitation.objects.filter(pk=invitation.pk).values_list().get()]
    journal = [str(entry.data) for entry in history("invitation", invitation.public_id)]
    assert [text for text in (*kept, *journal) if token in text] == []
    assert [text for text in journal if NEW in text] == []


def test_the_letter_is_the_same_with_and_without_an_account(cast, now):
    person("da", "ahorn.example")
    invited(cast, now, "da@ahorn.example")
    invited(cast, now, "nicht@ahorn.example")
    texts = {
        re.sub(r"/einladung/\S+", "", letter.text)
        for letter in Letter.objects.filter(kind="organisations.invitation")
    }
    assert len(texts) == 1


def test_a_second_click_on_accepting_does_nothing_and_is_no_mistake(cast, now):
    invitation, newcomer = invited(cast, now), person("neu", "ahorn.example")
    for _ in range(2):
        assert accept_invitation(invitation, by=actor_for(newcomer), now=now) == cast.town
    assert Membership.objects.filter(user=newcomer).count() == 1
    told = [each.kind for each in history("invitation", invitation.public_id)]
    assert told.count("organisations.invitation_accepted") == 1


def test_an_invitation_is_good_once(cast, now):
    """Whoever has left since does not come back by the old link."""
    invitation, newcomer = invited(cast, now), person("neu", "ahorn.example")
    accept_invitation(invitation, by=actor_for(newcomer), now=now)
    end_role(Membership.objects.get(user=newcomer), by=cast.actor("boss"), now=now)
    with pytest.raises(Refused, match="gilt nicht mehr"):
        accept_invitation(invitation, by=actor_for(newcomer), now=now)
    assert Membership.objects.filter(user=newcomer, ended_at=None).count() == 0


def test_somebody_with_an_account_gets_the_same_letter_and_joins_with_it(cast, now):
    invitation = invited(cast, now, email=cast["stranger"].email)
    assert list(invitations_to([cast["stranger"].email], now=now)) == [invitation]
    accept_invitation(invitation, by=cast.actor("stranger"), now=now)
    assert set(cast.actor("stranger").roles) == {("municipality_editor", cast.town.public_id)}


def test_a_colleague_who_is_invited_again_gets_the_role_beside_those_they_have(cast, now):
    invitation = invited(cast, now, email=cast["reader"].email, roles=("decision_maker", "provider_editor"))
    accept_invitation(invitation, by=cast.actor("reader"), now=now)
    assert set(cast.actor("reader").roles) == {
        ("decision_maker", cast.town.public_id),
        ("provider_editor", cast.town.public_id),
    }
    assert Membership.objects.filter(user=cast["reader"], role="decision_maker").count() == 1


def test_an_invitation_ends_after_fourteen_days(cast, now):
    invitation, newcomer = invited(cast, now), person("neu", "ahorn.example")
    late = now + datetime.timedelta(days=14)
    with pytest.raises(Refused, match="gilt nicht mehr"):
        accept_invitation(invitation, by=actor_for(newcomer), now=late)
    accept_invitation(invitation, by=actor_for(newcomer), now=late - datetime.timedelta(seconds=1))


@pytest.mark.parametrize("who", ["stranger", "neighbour", "competitor", "boss", "desk"])
def test_nobody_else_accepts_it_whoever_has_the_link(cast, now, who):
    invitation = invited(cast, now)
    with pytest.raises(Refused, match="andere E-Mail-Adresse"):
        accept_invitation(invitation, by=cast.actor(who), now=now)


def test_an_address_that_is_not_confirmed_does_not_count(cast, now):
    invitation = invited(cast, now)
    newcomer = person("neu", "ahorn.example", confirmed=False)
    with pytest.raises(Refused, match="andere E-Mail-Adresse"):
        accept_invitation(invitation, by=actor_for(newcomer), now=now)
    EmailAddress.objects.filter(user=newcomer).update(verified=True)
    accept_invitation(invitation, by=actor_for(newcomer), now=now)


def test_case_makes_no_other_address(cast, now):
    invitation = invited(cast, now, "Neu@Ahorn.Example")
    assert invitation.email == NEW
    accept_invitation(invitation, by=actor_for(person("neu", "ahorn.example")), now=now)


def test_a_second_invitation_replaces_the_first(cast, now):
    first, second = invited(cast, now), invited(cast, now, roles=("decision_maker",))
    newcomer = person("neu", "ahorn.example")
    with pytest.raises(Refused, match="gilt nicht mehr"):
        accept_invitation(first, by=actor_for(newcomer), now=now)
    accept_invitation(second, by=actor_for(newcomer), now=now)
    assert actor_for(newcomer).roles == {("decision_maker", cast.town.public_id)}


def test_whoever_lost_the_link_finds_the_invitation_by_their_address(cast, now):
    invitation = invited(cast, now)
    assert list(invitations_to([NEW], now=now)) == [invitation]
    assert list(invitations_to([NEW], now=now + datetime.timedelta(days=15))) == []
    assert list(invitations_to(["anders@ahorn.example"], now=now)) == []


@pytest.mark.parametrize("who", ["boss", "desk", "me"])
def test_it_is_withdrawn_by_the_organisation_the_staff_or_whoever_was_invited(cast, now, who):
    invitation, newcomer = invited(cast, now), person("neu", "ahorn.example")
    by = actor_for(newcomer) if who == "me" else cast.actor(who)
    withdraw_invitation(invitation, by=by, now=now)
    assert list(invitations(cast.town)) == []
    with pytest.raises(Refused, match="schon angenommen oder zurückgezogen"):
        withdraw_invitation(invitation, by=cast.actor("boss"), now=now)


@pytest.mark.parametrize(
    ("roles", "reason"),
    [
        ((), "Wählen Sie, welche Rollen"),
        (("operator_admin",), "Diese Rolle können Sie hier nicht vergeben"),
        (("catalogue_editor", "decision_maker"), "Diese Rolle können Sie hier nicht vergeben"),
        (("emperor",), "Diese Rolle können Sie hier nicht vergeben"),
    ],
)
def test_nobody_invites_into_a_role_they_cannot_give(cast, now, roles, reason):
    with pytest.raises(Refused, match=reason):
        invited(cast, now, roles=roles)
    assert Letter.objects.count() == 0


def test_a_provider_has_no_role_of_a_town(cast, now):
    with pytest.raises(Refused, match="gibt es in dieser Art von Organisation nicht"):
        invite(
            NEW,
            organisation=cast.provider,
            roles=["municipality_editor"],
            by=cast.actor("competitor"),
            now=now,
        )


@pytest.mark.parametrize(
    "email", ["", "neu", "neu@", "a b@ahorn.example", "neu@ahorn.example\nBcc: x@y.example"]
)
def test_what_is_no_address_is_refused(cast, now, email):
    with pytest.raises(Refused, match="keine E-Mail-Adresse"):
        invited(cast, now, email)


def test_a_suspended_organisation_takes_nobody_in(cast, now):
    invitation, newcomer = invited(cast, now), person("neu", "ahorn.example")
    suspend(cast.town, reason="Hinweis der Stadt", by=cast.actor("operator"), now=now)
    with pytest.raises(Refused, match="gerade niemanden aufnehmen"):
        accept_invitation(invitation, by=actor_for(newcomer), now=now)


def test_nobody_writes_to_hundreds(cast, now):
    for number in range(MOST_WAITING):
        Invitation.objects.create(
            organisation=cast.town, email=f"n{number}@x.example", roles=[], token_hash=str(number),
            invited_by=cast["boss"], invited_at=now, expires_at=now + datetime.timedelta(days=1),
        )  # fmt: skip
    with pytest.raises(Refused, match="schon 50 Einladungen"):
        invited(cast, now)
    invited(cast, now, "n1@x.example")
    invited(cast, now + datetime.timedelta(days=2))


# ------------------------------------------------------------------------------------------- who stands behind it


def journal(invitation: Invitation) -> list[str]:
    return [
        each.kind.rpartition("_")[2] for each in history("invitation", invitation.public_id).order_by("pk")
    ]


@pytest.mark.parametrize("role", ["decision_maker", "organisation_admin"])
def test_invitations_end_with_the_role_of_whoever_gave_them(cast, now, role):
    mine = invited(cast, now, roles=(role,))
    grant_role("organisation_admin", user=cast["editor"], organisation=cast.town, by=PROGRAM, now=now)
    theirs = invite("zwei@x.example", organisation=cast.town, roles=[role], by=cast.actor("editor"), now=now)
    held = Membership.objects.get(user=cast["boss"], role="organisation_admin")
    end_role(held, by=cast.actor("editor"), now=now)
    assert list(invitations(cast.town)) == [theirs]
    assert (journal(mine), journal(theirs)) == (["sent", "withdrawn"], ["sent"])
    with pytest.raises(Refused, match="gilt nicht mehr"):
        accept_invitation(mine, by=actor_for(person("neu", "ahorn.example")), now=now)


def test_another_role_that_ends_leaves_them_alone(cast, now):
    invitation = invited(cast, now)
    extra = grant_role("decision_maker", user=cast["boss"], organisation=cast.town, by=PROGRAM, now=now)
    end_role(extra, by=cast.actor("boss"), now=now)
    assert list(invitations(cast.town)) == [invitation]


def test_who_is_asked_again_when_it_is_accepted(cast, now):
    invitation, newcomer = invited(cast, now), person("neu", "ahorn.example")
    cast["boss"].is_active = False
    cast["boss"].save()
    with pytest.raises(Refused, match="gilt nicht mehr"):
        accept_invitation(invitation, by=actor_for(newcomer), now=now)
    Membership.objects.filter(user=cast["boss"]).update(ended_at=now)
    cast["boss"].is_active = True
    cast["boss"].save()
    with pytest.raises(Refused, match="gilt nicht mehr"):
        accept_invitation(invitation, by=actor_for(newcomer), now=now)
    assert Membership.objects.filter(user=newcomer).count() == 0


def test_what_the_operator_gave_ends_with_the_operator(cast, now):
    invitation = invite(
        NEW, organisation=cast.town, roles=["organisation_admin"], by=cast.actor("operator"), now=now
    )
    held = Membership.objects.get(user=cast["operator"], role="operator_admin")
    end_role(held, by=cast.actor("second"), now=now)
    assert journal(invitation) == ["sent", "withdrawn"]


def by_deputy(cast, now) -> Invitation:
    """The reader invites while the boss is away, and the boss comes back."""
    absence = report_absence(
        cast["boss"], organisation=cast.town, deputy=cast["reader"], starts_on=now.date(), ends_on=now.date(),
        by=cast.actor("boss"), now=now,
    )  # fmt: skip
    deputy = actor_for(cast["reader"], on=now.date())
    invitation = invite(NEW, organisation=cast.town, roles=["municipality_editor"], by=deputy, now=now)
    end_absence(absence, by=cast.actor("boss"), now=now + datetime.timedelta(hours=1))
    return invitation


def test_what_a_deputy_gave_holds_after_the_absence(cast, now):
    invitation = by_deputy(cast, now)
    later = now + datetime.timedelta(hours=2)
    newcomer = person("neu", "ahorn.example")
    assert accept_invitation(invitation, by=actor_for(newcomer), now=later) == cast.town


@pytest.mark.parametrize(("who", "role"), [("boss", "organisation_admin"), ("reader", "decision_maker")])
def test_what_a_deputy_gave_ends_with_either_of_the_two(cast, now, who, role):
    invitation = by_deputy(cast, now)
    later = now + datetime.timedelta(hours=2)
    grant_role("organisation_admin", user=cast["editor"], organisation=cast.town, by=PROGRAM, now=now)
    end_role(Membership.objects.get(user=cast[who], role=role), by=cast.actor("editor"), now=later)
    assert journal(invitation) == ["sent", "withdrawn"]
