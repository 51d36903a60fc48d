"""The page of what has to go."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from allmende.lib.actors import Actor
from allmende.operations.actions import note_due
from allmende.operations.models import Disposal
from allmende.organisations.models import Invitation, Organisation
from tests.factories.people import signed_in, somebody

pytestmark = pytest.mark.django_db
ADDRESS = "/redaktion/betrieb/aufbewahrung"
QUERIES = 7


@pytest.fixture
def due(provider: Organisation, now: datetime) -> Disposal:
    past = now - timedelta(days=400)
    Invitation.objects.create(
        organisation=provider,
        email="a@beispiel.example",
        token_hash="0" * 64,
        invited_at=past,
        expires_at=past,
    )
    note_due(by=Actor.program("operations"), now=now)
    return Disposal.objects.get()


def due_organisation() -> Organisation:
    return Invitation.objects.select_related("organisation").get().organisation


@pytest.mark.parametrize(("role", "status"), [("operator_admin", 200), ("catalogue_editor", 403)])
def test_only_the_operator_sees_it(role: str, status: int, now: datetime) -> None:
    assert signed_in(somebody(role, now=now)).get(ADDRESS).status_code == status


def test_it_says_what_since_when_and_why_and_names_nobody(due: Disposal, now: datetime) -> None:
    text = signed_in(somebody("operator_admin", now=now)).get(ADDRESS).content.decode()
    assert "Einladungen, die vorbei sind" in text
    assert "Art. 5 Abs. 1 Buchst. e DSGVO" in text
    assert "a@beispiel.example" not in text
    organisation = due_organisation()
    title = f"zu {organisation.name}, vom "
    assert f'href="/redaktion/organisationen/{organisation.public_id}">{title}' in text


@pytest.mark.parametrize(
    ("said", "state", "sentence"),
    [
        ({"entscheidung": "loeschen"}, "erased", "Gelöscht."),
        ({"entscheidung": "anbieten"}, "due", "Sie können es gleich löschen."),
        ({"entscheidung": "sperren", "grund": "Prüfung", "bis": "2999-12-31"}, "blocked", "Gesperrt."),
        ({"entscheidung": "sperren", "grund": "Prüfung", "bis": "2999-13-31"}, "due", "bis zu welchem Tag"),
        ({"entscheidung": "sperren", "grund": "Prüfung"}, "due", "bis zu welchem Tag"),
    ],
)
def test_each_decision_does_what_it_says(
    said: dict[str, str], state: str, sentence: str, due: Disposal, now: datetime
) -> None:
    answer = signed_in(somebody("operator_admin", now=now)).post(
        f"{ADDRESS}/{due.public_id}", said, follow=True
    )
    assert sentence in answer.content.decode()
    assert Disposal.objects.get().state == state


def test_what_is_unknown_is_not_found(due: Disposal, now: datetime) -> None:
    client = signed_in(somebody("operator_admin", now=now))
    assert client.post(f"{ADDRESS}/{due.public_id}", {"entscheidung": "x"}).status_code == 404
    assert client.post(f"{ADDRESS}/0000000000", {"entscheidung": "loeschen"}).status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_takes_the_same_queries_for_one_and_for_three(
    many: int, provider: Organisation, now: datetime, django_assert_num_queries: Any
) -> None:
    past = now - timedelta(days=400)
    for number in range(many):
        Invitation.objects.create(
            organisation=provider,
            email=f"a{number}@beispiel.example",
            token_hash=f"{number}" * 64,
            invited_at=past,
            expires_at=past,
        )
    note_due(by=Actor.program("operations"), now=now)
    client = signed_in(somebody("operator_admin", now=now))
    client.get(ADDRESS)
    with django_assert_num_queries(QUERIES):
        client.get(ADDRESS)
