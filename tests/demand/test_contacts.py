"""How long a provider can read the contact that a town has given."""

from datetime import UTC, datetime
from typing import Any

import pytest

from allmende.demand.actions.contacts import forget_contacts
from allmende.demand.models import NeedResponse
from allmende.journal.queries import history
from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation
from tests.demand.towns import a_need

PROGRAM = Actor.program("test")
GIVEN = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture
def response(db: None) -> NeedResponse:
    town, firm = (
        Organisation.objects.create(name=f"Beispiel {n}", kind="company", created_at=GIVEN) for n in "ab"
    )
    return NeedResponse.objects.create(
        need=a_need(town, now=GIVEN), organisation=firm, text="Passt.", edition_number=1, sent_at=GIVEN,
        sent_by="x", contact="Bauhof, Zimmer 3", contact_given_at=GIVEN,
    )  # fmt: skip


def ended(response: NeedResponse, state: str, at: datetime | None) -> None:
    response.need.state, response.need.ended_at = state, at
    response.need.save()


@pytest.mark.parametrize(
    ("state", "at", "contact"),
    [
        ("published", None, "Bauhof, Zimmer 3"),
        ("closed", datetime(2026, 5, 23, 23, 59, tzinfo=UTC), None),
        ("withdrawn", datetime(2026, 5, 23, 23, 59, tzinfo=UTC), None),
        ("closed", datetime(2026, 5, 24, 0, 0, tzinfo=UTC), "Bauhof, Zimmer 3"),
    ],
)
def test_six_months_after_the_need_ended_it_goes(
    response: NeedResponse, state: str, at: datetime | None, contact: str | None
) -> None:
    ended(response, state, at)
    gone = forget_contacts(by=PROGRAM, now=datetime(2026, 11, 24, 2, tzinfo=UTC))
    response.refresh_from_db()
    assert (response.contact, gone) == (contact, 0 if contact else 1)
    assert (response.contact_given_at is None) == (contact is None)


def test_the_journal_keeps_that_it_went_and_not_what_it_was(response: NeedResponse) -> None:
    ended(response, "closed", GIVEN)
    now = datetime(2026, 11, 24, 2, tzinfo=UTC)
    assert forget_contacts(by=PROGRAM, now=now) == 1
    assert forget_contacts(by=PROGRAM, now=now) == 0
    told = history("need_response", response.public_id)
    assert [(each.kind, each.data) for each in told] == [("demand.contact_forgotten", {})]


def test_an_operator_may_set_another_period(response: NeedResponse, settings: Any) -> None:
    settings.RETENTION_MONTHS = {"need_contact": 11}
    ended(response, "closed", datetime(2026, 1, 6, tzinfo=UTC))
    assert forget_contacts(by=PROGRAM, now=datetime(2026, 12, 6, 9, tzinfo=UTC)) == 0
    assert forget_contacts(by=PROGRAM, now=datetime(2026, 12, 7, 9, tzinfo=UTC)) == 1
