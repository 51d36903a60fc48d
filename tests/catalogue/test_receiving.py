"""The gate: what comes in, what it becomes, and what is refused."""

from dataclasses import replace

import pytest

from allmende.catalogue.actions import know_origin, receive
from allmende.catalogue.drafts import SolutionDraft, TextDraft
from allmende.catalogue.models import Edition, Solution, Statement
from allmende.catalogue.queries import editions, sheet
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused

pytestmark = pytest.mark.django_db

HARVEST = Actor.program("harvest")


@pytest.fixture
def hessen(now):
    return know_origin("hessen", label="Katalog Hessen", kind="harvest", by=HARVEST, now=now)


@pytest.fixture
def bayern(now):
    return know_origin("bayern", label="Katalog Bayern", kind="harvest", by=HARVEST, now=now)


@pytest.fixture
def draft():
    return SolutionDraft(
        name="Mängelmelder Musterstadt",
        texts=(TextDraft(language="de", summary="Menschen melden Schäden an Straßen."),),
        repository_url="https://code.example.org/stadt/maengelmelder",
        licence="EUPL-1.2",
    )


def test_a_new_draft_is_published_with_its_first_edition(draft, hessen, now):
    received = receive(draft, origin=hessen, key="a.yml", by=HARVEST, now=now)

    solution = Solution.objects.get()
    assert received.outcome == "new"
    assert (solution.state, solution.name, solution.edition_number) == ("published", draft.name, 1)
    assert [text.summary for text in sheet(solution).texts] == ["Menschen melden Schäden an Straßen."]
    assert editions(solution).count() == 1


def test_the_same_draft_again_writes_nothing(draft, hessen, now, django_assert_num_queries):
    receive(draft, origin=hessen, key="a.yml", by=HARVEST, now=now)
    before = (Edition.objects.count(), Statement.objects.count())

    assert receive(draft, origin=hessen, key="a.yml", by=HARVEST, now=now).outcome == "same"
    assert (Edition.objects.count(), Statement.objects.count()) == before


@pytest.mark.parametrize(
    "other_spelling",
    [
        "http://code.example.org/stadt/maengelmelder",
        "https://code.example.org/stadt/maengelmelder.git",
        "https://CODE.example.org/Stadt/Maengelmelder/",
    ],
)
def test_two_sources_with_one_repository_are_one_solution_with_two_listings(
    draft, hessen, bayern, now, other_spelling
):
    receive(draft, origin=hessen, key="a.yml", by=HARVEST, now=now)
    other = replace(draft, repository_url=other_spelling, name="Mängelmelder")

    received = receive(other, origin=bayern, key="b.yml", by=HARVEST, now=now)

    assert Solution.objects.count() == 1
    assert received.solution.listings.count() == 2


def test_a_draft_without_name_and_address_is_refused_with_both_reasons_and_nothing_is_written(hessen, now):
    with pytest.raises(Refused) as refusal:
        receive(SolutionDraft(name=" "), origin=hessen, key="a.yml", by=HARVEST, now=now)

    assert refusal.value.message == (
        "Geben Sie den Namen der Lösung an. Geben Sie die Adresse des Quellcodes oder der Website an."
    )
    assert Solution.objects.count() == 0
