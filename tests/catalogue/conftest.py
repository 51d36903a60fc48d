"""A cast for the catalogue: two sources, a town and its neighbour, a provider and its competitor, staff."""

from dataclasses import replace

import pytest

from allmende.accounts.models import User
from allmende.catalogue.actions import know_origin, receive
from allmende.catalogue.drafts import SolutionDraft, TextDraft
from allmende.lib.actors import Actor
from allmende.organisations.actions import grant_role, register
from allmende.organisations.queries import actor_for

HARVEST = Actor.program("harvest")


@pytest.fixture
def hessen(vocabulary, now):
    return know_origin("hessen", label="Katalog Hessen", kind="harvest", by=HARVEST, now=now)


@pytest.fixture
def bayern(vocabulary, now):
    return know_origin("bayern", label="Katalog Bayern", kind="harvest", by=HARVEST, now=now)


@pytest.fixture
def editors(vocabulary, now):
    return know_origin("redaktion", label="Redaktion", kind="editorial", by=HARVEST, now=now)


@pytest.fixture
def draft():
    return SolutionDraft(
        name="Mängelmelder Musterstadt",
        texts=(TextDraft(language="de", summary="Menschen melden Schäden an Straßen."),),
        repository_url="https://code.example.org/stadt/maengelmelder",
        licence="EUPL-1.2",
        fields_of_action=("verwaltung", "beteiligung"),
        solution_types=("maengelmelder",),
        maturity="productive",
    )


@pytest.fixture
def solution(draft, hessen, now):
    return receive(draft, origin=hessen, key="a.yml", by=HARVEST, now=now).solution


@pytest.fixture
def other_solution(draft, bayern, now):
    other = replace(draft, name="Raumbuchung Beispiel", repository_url="https://code.example.org/land/raum")
    return receive(other, origin=bayern, key="raum.yml", by=HARVEST, now=now).solution


@pytest.fixture
def town(vocabulary, now):
    return register("Stadt Beispiel", kind="municipality", by=HARVEST, now=now)


@pytest.fixture
def provider(vocabulary, now):
    return register("Beispiel-Software GmbH", kind="sme", by=HARVEST, now=now)


@pytest.fixture
def competitor(vocabulary, now):
    return register("Beispiel-Konkurrenz GmbH", kind="sme", by=HARVEST, now=now)


@pytest.fixture
def member_of(now):
    """Somebody who holds a role in an organisation, or on the platform where none is named."""

    def make(role, organisation=None):
        user = User.objects.create_user(f"{role}-{User.objects.count()}@example.org")
        grant_role(role, user=user, organisation=organisation, by=HARVEST, now=now)
        return actor_for(user)

    return make


@pytest.fixture
def stranger():
    return Actor("person", "fremd000000")
