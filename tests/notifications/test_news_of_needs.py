"""Who hears what of needs, joint needs and outcomes."""

import datetime
from typing import Any

import pytest

from allmende.accounts.models import User
from allmende.demand.actions import joint as joints
from allmende.demand.actions import responses
from allmende.demand.actions.needs import close, withdraw
from allmende.demand.actions.outcomes import remind_of_outcomes, state_outcome
from allmende.demand.models import Joining, Need
from allmende.jobs.actions import run_all
from allmende.lib.actors import Actor
from allmende.notifications.models import NewsItem
from allmende.notifications.telling import GONE, told
from allmende.organisations.actions import register
from allmende.organisations.queries import actor_for
from tests.demand.towns import SETUP, Towns, a_need, a_person, four_towns

pytestmark = pytest.mark.django_db
# Everybody hears of their roles first.
OF_NEEDS = ("matches", "needs", "tasks")


@pytest.fixture
def towns(now: datetime.datetime, settings: Any) -> Towns:
    settings.DEMO = True
    return four_towns(now)


@pytest.fixture
def need(towns: Towns, now: datetime.datetime) -> Need:
    return a_need(towns.bodies[0], now=now, visibility="public")


@pytest.fixture
def seller(towns: Towns, now: datetime.datetime) -> User:
    body = register("Beispiel-Software GmbH", kind="sme", by=SETUP, now=now)
    return a_person("provider_editor", body, now=now)


def answered(need: Need, seller: User, now: datetime.datetime) -> Any:
    body = seller.memberships.get().organisation
    return responses.respond(need, organisation=body, text="Das passt.", by=actor_for(seller), now=now)


def heard(user: User) -> list[str]:
    """What the person reads, the latest last, with the page."""
    run_all()
    items = list(NewsItem.objects.filter(user=user, category__in=OF_NEEDS).order_by("pk"))
    return [f"{each.sentence} → {each.href}" for each in told(items, actor_for(user))]


def test_a_town_hears_of_an_answer_and_the_provider_of_what_becomes_of_it(
    towns: Towns, need: Need, seller: User, now: datetime.datetime
) -> None:
    response = answered(need, seller, now)
    page = f"/bedarfe/{need.public_id}"
    assert heard(towns.people[0]) == [
        f"Beispiel-Software GmbH hat auf Ihren Bedarf „Mängel melden“ geantwortet. → {page}"
    ]
    responses.thank(response, answer="Danke, wir sprechen.", by=towns.by(0), now=now)
    responses.give_contact(response, contact="Rathaus, Zimmer 3", by=towns.by(0), now=now)
    assert heard(seller) == [
        "Ahornstadt hat Ihnen auf Ihre Antwort zu „Mängel melden“ geschrieben. → /bedarfe/antworten",
        "Ahornstadt nennt Ihnen einen Kontakt zu „Mängel melden“. Melden Sie sich dort. → /bedarfe/antworten",
    ]
    # The contact is in no news, and what the town does itself is no news to it.
    assert "Zimmer" not in str(list(NewsItem.objects.values()))
    assert len(heard(towns.people[0])) == 1


@pytest.mark.parametrize(("end", "words"), [(close, "abgeschlossen"), (withdraw, "zurückgezogen")])
def test_who_answered_hears_how_the_need_ends(
    towns: Towns, need: Need, seller: User, now: datetime.datetime, end: Any, words: str
) -> None:
    silent = a_person("provider_editor", register("Andere GmbH", kind="sme", by=SETUP, now=now), now=now)
    answered(need, seller, now)
    end(need, reason="Es ist so.", by=towns.by(0), now=now)
    assert [words in each for each in heard(seller)] == [True]
    assert heard(silent) == []


def test_who_took_its_answer_back_hears_nothing_more(
    towns: Towns, need: Need, seller: User, now: datetime.datetime
) -> None:
    responses.take_back(answered(need, seller, now), by=actor_for(seller), now=now)
    close(need, reason="Es ist so.", by=towns.by(0), now=now)
    assert heard(seller) == []
    assert len(heard(towns.people[0])) == 2


def begun(towns: Towns, need: Need, now: datetime.datetime) -> tuple[Any, list[Joining]]:
    """A joint need to which two other towns are invited."""
    made = joints.begin_joint(
        need, title="Zusammen melden", purpose="Für alle.", join_until=now.date(), by=towns.by(0), now=now
    )
    others = [a_need(body, now=now, title="Auch Mängel") for body in towns.bodies[1:3]]
    return made, [joints.invite(made, need=each, by=towns.by(0), now=now) for each in others]


def test_towns_hear_what_happens_in_a_joint_need(towns: Towns, need: Need, now: datetime.datetime) -> None:
    made, (one, other) = begun(towns, need, now)
    page = f"/bedarfe/gemeinsam/{made.public_id}"
    invitation = (
        "Ahornstadt lädt Ihre Kommune zu einem gemeinsamen Bedarf ein: „Zusammen melden“. Sehen Sie ihn an und "
        f"entscheiden Sie. → {page}"
    )
    assert [heard(towns.people[n]) for n in range(4)] == [[], [invitation], [invitation], []]

    joints.join(one, by=towns.by(1), now=now)
    joints.take_back_invitation(other, by=towns.by(0), now=now)
    joints.leave_joint(one, by=towns.by(1), now=now)
    assert heard(towns.people[0]) == [
        f"Birkenmarkt ist beim gemeinsamen Bedarf „Zusammen melden“ dabei. → {page}",
        f"Birkenmarkt ist aus dem gemeinsamen Bedarf „Zusammen melden“ ausgetreten. → {page}",
    ]
    # Whoever is no longer invited cannot open it any more, and reads that of its own need.
    assert heard(towns.people[2]) == [
        f"{GONE} → ",
        "Ahornstadt hat die Einladung zu einem gemeinsamen Bedarf zurückgenommen. Ihr Bedarf „Auch Mängel“ bleibt, "
        f"wie er ist. → /bedarfe/{other.need.public_id}",
    ]


def test_the_end_is_told_to_those_who_take_part(towns: Towns, need: Need, now: datetime.datetime) -> None:
    made, (one, _) = begun(towns, need, now)
    joints.join(one, by=towns.by(1), now=now)
    joints.close_joint(made, by=towns.by(0), now=now)
    joints.end_joint(made, reason="Beschafft.", by=towns.by(0), now=now)
    assert [each.partition(" → ")[0] for each in heard(towns.people[1])[1:]] == [
        "Dem gemeinsamen Bedarf „Zusammen melden“ kann niemand mehr beitreten. Wer dabei ist, macht weiter.",
        "Der gemeinsame Bedarf „Zusammen melden“ ist beendet. Lesen Sie, warum.",
    ]


def test_a_town_is_asked_for_its_experience_and_told_of_the_end(
    towns: Towns, need: Need, now: datetime.datetime
) -> None:
    state_outcome(
        need, kind="bought", decided_on=datetime.date(2026, 1, 5), contract_ends_on=datetime.date(2027, 1, 4),
        by=towns.by(0), now=now,
    )  # fmt: skip
    remind_of_outcomes(by=Actor.program("demand"), now=now)
    page = f"/bedarfe/{need.public_id}/ergebnis"
    assert heard(towns.people[0]) == [
        "Seit dem Ergebnis zu „Mängel melden“ ist etwas Zeit vergangen. Schreiben Sie auf, was gut war und was nicht. "
        f"→ {page}",
        f"Ein Vertrag endet bald: „Mängel melden“, bis zum 04.01.2027. Überlegen Sie, wie es weitergeht. → {page}",
    ]
    assert heard(towns.people[1]) == []
