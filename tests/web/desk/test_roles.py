"""Roles of the platform: who holds them, given and ended, the operator's only by two."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from allmende.accounts.models import User
from allmende.organisations.models import Membership, RoleProposal
from tests.factories.market import Market
from tests.factories.people import signed_in, somebody

pytestmark = pytest.mark.django_db

PAGE = "/redaktion/rollen"


@pytest.fixture
def first(market: Market, now: datetime) -> User:
    return somebody("operator_admin", now=now)


@pytest.fixture
def second(market: Market, now: datetime) -> User:
    return somebody("operator_admin", now=now)


@pytest.fixture
def newcomer(market: Market) -> User:
    return User.objects.create_user("neu@beispiel.example")


def give(client: Client, email: str, role: str, reason: str = "") -> Any:
    return client.post(PAGE, {"email": email, "role": role, "reason": reason}, follow=True)


def roles(user: User) -> list[str]:
    return list(Membership.objects.filter(user=user, ended_at=None).values_list("role", flat=True))


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def test_only_the_operator_sees_who_holds_what(
    first: User, editor: Client, town: Client, client: Client
) -> None:
    assert first.email in signed_in(first).get(PAGE).content.decode()
    assert [editor.get(PAGE).status_code, town.get(PAGE).status_code] == [403, 403]
    assert client.get(PAGE).status_code == 302
    assert "Rollen der Plattform" not in editor.get("/redaktion").content.decode()


def test_one_person_gives_and_ends_the_role_of_an_editor(first: User, newcomer: User) -> None:
    me = signed_in(first)
    assert "hat jetzt die Rolle „Redaktion“" in words(give(me, newcomer.email.upper(), "catalogue_editor"))
    assert roles(newcomer) == ["catalogue_editor"]
    held = Membership.objects.get(user=newcomer)
    for sentence in ("hat die Rolle „Redaktion“ nicht mehr.", "Diese Rolle ist schon beendet."):
        assert sentence in words(me.post(f"{PAGE}/{held.pk}/beenden", follow=True))
    assert roles(newcomer) == []


def test_the_role_of_the_operator_takes_two(first: User, second: User, newcomer: User) -> None:
    me, other = signed_in(first), signed_in(second)
    page = words(give(me, newcomer.email, "operator_admin", "Vertritt uns im Sommer."))
    assert "Eine zweite Person aus dem Betrieb bestätigt es hier." in page
    assert roles(newcomer) == []
    proposal = RoleProposal.objects.get()
    address = f"{PAGE}/vorschlaege/{proposal.public_id}"
    assert "bestätigt eine andere Person" in words(me.post(address, {"urteil": "bestaetigen"}, follow=True))
    assert roles(newcomer) == []
    assert "Rollen als zweite Person bestätigen 1 wartet" in words(other.get("/redaktion"))
    assert "Rollen als zweite Person bestätigen nichts zu tun" in words(me.get("/redaktion"))
    assert "Vertritt uns im Sommer." in words(other.get(PAGE))
    assert "gehört jetzt zum Betrieb" in words(other.post(address, {"urteil": "bestaetigen"}, follow=True))
    assert roles(newcomer) == ["operator_admin"]
    assert "ist schon entschieden" in words(other.post(address, {"urteil": "bestaetigen"}, follow=True))


def test_a_proposal_is_dropped_by_any_of_them(first: User, newcomer: User) -> None:
    me = signed_in(first)
    give(me, newcomer.email, "operator_admin", "Vertritt uns im Sommer.")
    address = f"{PAGE}/vorschlaege/{RoleProposal.objects.get().public_id}"
    assert "Der Vorschlag ist verworfen." in words(me.post(address, {"urteil": "verwerfen"}, follow=True))
    assert roles(newcomer) == []


@pytest.mark.parametrize(
    ("email", "role", "reason", "sentence"),
    [
        ("niemand@beispiel.example", "catalogue_editor", "", "Zu dieser Adresse gibt es kein Konto."),
        ("neu@beispiel.example", "", "", "Wählen Sie bei „Rolle“ eine der Antworten aus."),
        ("neu@beispiel.example", "provider_editor", "", "Wählen Sie bei „Rolle“ eine der Antworten aus."),
        (
            "neu@beispiel.example",
            "operator_admin",
            "",
            "Schreiben Sie, warum die Person diese Rolle braucht.",
        ),
        ("neu", "catalogue_editor", "", "Geben Sie eine E-Mail-Adresse ein"),
    ],
)
def test_what_cannot_be_given_is_said_and_nothing_is_lost(
    first: User, newcomer: User, email: str, role: str, reason: str, sentence: str
) -> None:
    answer = give(signed_in(first), email, role, reason)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert email in answer.content.decode()
    assert roles(newcomer) == []


def test_the_last_operator_cannot_leave(first: User, second: User) -> None:
    me = signed_in(first)
    theirs, mine = (Membership.objects.get(user=user) for user in (second, first))
    me.post(f"{PAGE}/{theirs.pk}/beenden")
    assert "Das ist die letzte Person im Betrieb." in words(me.post(f"{PAGE}/{mine.pk}/beenden", follow=True))
    assert roles(first) == ["operator_admin"]


@pytest.mark.parametrize(
    "address", [f"{PAGE}/99999/beenden", f"{PAGE}/vorschlaege/0000000000", f"{PAGE}/vorschlaege/%00"]
)
def test_what_is_not_there_is_told_kindly(first: User, address: str) -> None:
    assert "schon" in words(signed_in(first).post(address, follow=True))
