"""The gate: what comes in, what it becomes, and what is refused."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allmende.catalogue.actions import (
    erase,
    erase_contact,
    know_origin,
    mark_missing,
    mark_seen,
    receive,
    restore,
    withdraw,
)
from allmende.catalogue.drafts import (
    ClaimedUseDraft,
    ContactDraft,
    FundingDraft,
    LinkDraft,
    ReleaseDraft,
    SolutionDraft,
    TextDraft,
)
from allmende.catalogue.models import Contact, Edition, Solution, Statement
from allmende.catalogue.queries import editions, sheet
from allmende.jobs.actions import run_all
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused

pytestmark = pytest.mark.django_db

HARVEST = Actor.program("harvest")


def test_a_new_draft_is_published_with_its_first_edition(draft, hessen, now):
    received = receive(draft, origin=hessen, key="a.yml", by=HARVEST, now=now)

    solution = Solution.objects.get()
    assert received.outcome == "new"
    assert (solution.state, solution.name, solution.edition_number) == ("published", draft.name, 1)
    assert [text.summary for text in sheet(solution).texts] == ["Menschen melden Schäden an Straßen."]
    assert editions(solution).count() == 1


def test_the_same_draft_again_writes_nothing(draft, hessen, now):
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


def test_an_unknown_word_of_the_vocabulary_is_refused_by_its_name(draft, hessen, now):
    with pytest.raises(
        Refused, match=r"Den Begriff „weltraum“ gibt es im Vokabular „field_of_action“ nicht."
    ):
        receive(replace(draft, fields_of_action=("weltraum",)), origin=hessen, key="a", by=HARVEST, now=now)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", "//kein-schema", "https://"]
)
def test_an_address_that_a_page_must_not_link_to_is_refused(draft, hessen, now, address):
    with pytest.raises(Refused, match="ist keine Adresse im Netz"):
        receive(replace(draft, website_url=address), origin=hessen, key="a", by=HARVEST, now=now)


@pytest.mark.parametrize("address", ["javascript://x/%0aalert(1)", "ftp://x/y", "data:text/html,x"])
def test_a_repository_that_no_page_may_link_to_is_refused(draft, hessen, now, address):
    with pytest.raises(Refused, match="ist keine Adresse"):
        receive(replace(draft, repository_url=address), origin=hessen, key="a", by=HARVEST, now=now)


@pytest.mark.parametrize(
    "values",
    [
        {"licence": "x" * 301},
        {"maintainer": "x" * 301},
        {"texts": (TextDraft(language="d" * 36, summary="x"),)},
        {"funding": (FundingDraft(programme="P", grant_id="x" * 101),)},
    ],
)
def test_what_a_column_cannot_hold_is_refused_in_words(draft, hessen, now, values):
    with pytest.raises(Refused, match=r"ist länger als \d+ Zeichen"):
        receive(replace(draft, **values), origin=hessen, key="a", by=HARVEST, now=now)


def test_what_a_source_no_longer_names_gives_way_to_what_another_still_says(draft, hessen, bayern, now):
    first = receive(draft, origin=hessen, key="a", by=HARVEST, now=now)
    receive(replace(draft, licence="MIT"), origin=bayern, key="b", by=HARVEST, now=now)

    mark_missing([first.listing], by=HARVEST, now=now)
    assert Solution.objects.get().licence == "MIT"
    mark_seen([first.listing], by=HARVEST, now=now)
    assert Solution.objects.get().licence == "EUPL-1.2"


def test_an_origin_that_changes_its_rank_changes_what_holds(solution, draft, bayern, now):
    receive(replace(draft, licence="MIT"), origin=bayern, key="b", by=HARVEST, now=now)
    know_origin("bayern", label="Katalog Bayern", kind="harvest", rank=5, by=HARVEST, now=now)
    run_all()

    assert Solution.objects.get().licence == "MIT"


def test_a_person_whose_contact_was_erased_does_not_come_back(draft, hessen, now):
    named = replace(
        draft,
        contacts=(
            ContactDraft(name="Eine Person", email="Person@example.org"),
            ContactDraft(name="Team Beispiel"),
        ),
    )
    receive(named, origin=hessen, key="a", by=HARVEST, now=now)
    contact = Contact.objects.get(name="Eine Person")
    assert erase_contact(contact, reason="Art. 17 DSGVO", by=HARVEST, now=now) == 1

    again = replace(
        named, licence="MIT", contacts=(*named.contacts[1:], ContactDraft(email="person@EXAMPLE.org"))
    )
    receive(again, origin=hessen, key="a", by=HARVEST, now=now)

    assert [each.name for each in Contact.objects.all()] == ["Team Beispiel"]


@pytest.mark.parametrize("letter", ["\x00", "\ud800"])
def test_letters_that_no_database_holds_are_refused(draft, hessen, now, letter):
    with pytest.raises(Refused, match="Der Text enthält ein"):
        receive(replace(draft, maintainer=f"Stadt{letter}"), origin=hessen, key="a", by=HARVEST, now=now)


def test_whoever_does_not_belong_to_the_platform_cannot_hand_in(draft, hessen, now, stranger):
    with pytest.raises(Refused, match="Berechtigung"):
        receive(draft, origin=hessen, key="a.yml", by=stranger, now=now)


def test_a_changed_draft_makes_the_next_edition_and_keeps_since_when_the_other_values_hold(
    solution, draft, hessen, now
):
    later = now + timedelta(days=3)

    received = receive(replace(draft, licence="MIT"), origin=hessen, key="a.yml", by=HARVEST, now=later)

    stated = {row.field: row.stated_at for row in Statement.objects.all()}
    assert received.outcome == "changed"
    assert (received.solution.licence, received.solution.edition_number) == ("MIT", 2)
    assert (stated["licence"], stated["name"]) == (later, now)
    assert [json.loads(row.content)["values"]["licence"] for row in editions(received.solution)] == [
        "MIT",
        "EUPL-1.2",
    ]


def test_a_value_no_longer_stated_becomes_no_statement_and_not_a_no(solution, draft, hessen, now):
    receive(replace(draft, licence=None), origin=hessen, key="a.yml", by=HARVEST, now=now)

    solution.refresh_from_db()
    assert solution.licence == ""
    assert not Statement.objects.filter(field="licence").exists()


def test_the_editors_take_precedence_over_a_harvested_source_field_by_field_and_both_stay_visible(
    solution, editors, now
):
    receive(
        SolutionDraft(name="Mängelmelder", repository_url=solution.repository_url, maturity="pilot"),
        origin=editors,
        key="x",
        by=HARVEST,
        now=now,
    )

    page = sheet(Solution.objects.get())
    assert (page.solution.name, page.solution.maturity, page.solution.licence) == (
        "Mängelmelder",
        "pilot",
        "EUPL-1.2",
    )
    assert page.effective["maturity"].listing.origin.code == "redaktion"
    assert {field: [row.value for row in rows] for field, rows in page.other_values.items()} == {
        "name": ["Mängelmelder Musterstadt"],
        "maturity": ["productive"],
    }


def test_german_words_come_first_then_english_then_the_rest(draft, hessen, now):
    texts = tuple(TextDraft(language=tag, summary=tag) for tag in ("it", "en", "fr", "de"))

    solution = receive(replace(draft, texts=texts), origin=hessen, key="a", by=HARVEST, now=now).solution

    assert [text.language for text in sheet(solution).texts] == ["de", "en", "fr", "it"]


def test_contacts_stand_in_their_own_table_and_in_no_statement_and_no_edition(draft, hessen, now):
    named = replace(draft, contacts=(ContactDraft(name="Team Beispiel", email="person@example.org"),))

    solution = receive(named, origin=hessen, key="a", by=HARVEST, now=now).solution

    assert [contact.email for contact in Contact.objects.all()] == ["person@example.org"]
    everything = json.dumps([row.value for row in Statement.objects.all()]) + editions(solution).get().content
    assert "person@example.org" not in everything
    assert "Team Beispiel" not in everything


def test_releases_are_kept_as_history_and_uses_and_funding_follow_the_source(draft, hessen, now):
    first = replace(
        draft,
        release=ReleaseDraft(version="1.0"),
        claimed_uses=(ClaimedUseDraft(name="Stadt A"), ClaimedUseDraft(name="Stadt B")),
        funding=(FundingDraft(programme="Programm Eins"),),
    )
    receive(first, origin=hessen, key="a", by=HARVEST, now=now)
    second = replace(
        draft,
        release=ReleaseDraft(version="2.0"),
        claimed_uses=(ClaimedUseDraft(name="Stadt B"),),
        funding=(),
    )

    solution = receive(second, origin=hessen, key="a", by=HARVEST, now=now).solution

    assert [release.version for release in solution.releases.order_by("pk")] == ["1.0", "2.0"]
    assert [use.name for use in solution.claimed_uses.all()] == ["Stadt B"]
    assert solution.funding.count() == 0


def test_a_withdrawn_solution_takes_new_values_but_shows_them_only_when_it_is_restored(
    solution, draft, hessen, now, member_of
):
    editor = member_of("catalogue_editor")
    withdraw(solution, reason="Falsche Angaben", by=editor, now=now)
    receive(replace(draft, licence="MIT"), origin=hessen, key="a.yml", by=HARVEST, now=now)
    solution.refresh_from_db()
    assert (solution.state, solution.licence, solution.edition_number) == ("withdrawn", "EUPL-1.2", 1)

    restore(solution, by=editor, now=now)

    solution.refresh_from_db()
    assert (solution.state, solution.licence, solution.edition_number) == ("published", "MIT", 2)


def test_an_erased_solution_is_not_brought_back_by_the_next_harvest(solution, draft, hessen, now):
    erase(solution, reason="Art. 17 DSGVO", by=HARVEST, now=now)

    with pytest.raises(Refused, match="wurde gelöscht"):
        receive(replace(draft, licence="MIT"), origin=hessen, key="a.yml", by=HARVEST, now=now)
    assert Statement.objects.count() == 0


@given(
    name=st.text(max_size=400),
    address=st.text(max_size=60) | st.just("https://code.example.org/x"),
    summary=st.text(max_size=200),
    topics=st.lists(st.text(max_size=20), max_size=3),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_handed_in_it_is_published_or_refused_with_a_sentence(
    hessen, now, name, address, summary, topics
):
    anything = SolutionDraft(
        name=name,
        repository_url=address,
        topics=tuple(topics),
        texts=(TextDraft(language="de", summary=summary),),
        links=(LinkDraft(kind="documentation", url="https://docs.example.org"),),
    )
    with transaction.atomic():
        try:
            outcome = receive(anything, origin=hessen, key=name or "leer", by=HARVEST, now=now).solution.state
        except Refused as refusal:
            outcome = refusal.message[-1]
        transaction.set_rollback(True)
    assert outcome in ("published", ".", "“")
