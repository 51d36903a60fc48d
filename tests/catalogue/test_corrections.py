"""The desk puts right what was reported, under its own origin, and says what it changed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from allmende.catalogue.actions import claim, grant_claim, receive
from allmende.catalogue.actions.corrections import DESK_CODE, changed_since, correct, correctable, in_words
from allmende.catalogue.actions.notices import decide, report
from allmende.catalogue.drafts import NoticeDraft, TextDraft
from allmende.catalogue.models import Edition, Listing, Notice, Solution, SolutionText
from allmende.journal.models import Entry
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from tests.catalogue.test_claims import owned
from tests.factories.offering import published_offer

HARVEST = Actor.program("harvest")
WORDS = "Wir haben die Lösung gebaut und pflegen sie seit 2021."
SUMMARY = "Menschen melden Schäden an Straßen und Wegen."


@pytest.fixture
def desk(member_of):
    return member_of("catalogue_editor")


def label(field, old, new):
    return {"label": field, "old": old, "new": new}


def test_a_corrected_value_stands_under_the_desk_and_outlives_the_next_harvest(
    solution, draft, hessen, desk, now
):
    done = correct(solution, {"licence": "MIT", "summary": SUMMARY}, by=desk, now=now)
    receive(replace(draft, licence="GPL-3.0-only"), origin=hessen, key="a.yml", by=HARVEST, now=now)
    assert done == [
        label("Lizenz", "EUPL-1.2", "MIT"),
        label("Kurzbeschreibung", "Menschen melden Schäden an Straßen.", SUMMARY),
    ] or done == [
        label("Kurzbeschreibung", "Menschen melden Schäden an Straßen.", SUMMARY),
        label("Lizenz", "EUPL-1.2", "MIT"),
    ]
    after = Solution.objects.get()
    assert (after.licence, SolutionText.objects.get().summary, after.edition_number) == ("MIT", SUMMARY, 2)
    own = Listing.objects.get(origin__code=DESK_CODE)
    assert (own.origin.label, own.origin.kind, own.solution) == ("Redaktion", "editorial", after)
    assert set(own.statements.values_list("field", flat=True)) == {"licence", "texts.de"}


def test_what_the_desk_did_not_correct_goes_on_following_its_source(solution, draft, hessen, desk, now):
    correct(solution, {"licence": "MIT"}, by=desk, now=now)
    receive(replace(draft, name="Mängelmelder 2"), origin=hessen, key="a.yml", by=HARVEST, now=now)
    assert Solution.objects.get().name == "Mängelmelder 2"


def test_nothing_new_changes_nothing(solution, desk, now):
    same = {field: value for field, (_label, value) in correctable(solution).items()}
    assert correct(solution, same | {"unknown": "x"}, by=desk, now=now) == []
    assert (Edition.objects.count(), Listing.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"licence": " "}, "können Sie ersetzen, aber nicht leeren"),
        ({"website_url": "javascript:alert(1)"}, "Website|Adresse"),
        ({"name": "x" * 400}, "Name"),
    ],
)
def test_a_correction_passes_the_same_checks_as_everything(solution, desk, now, changes, told):
    with pytest.raises(Refused, match=told):
        correct(solution, changes, by=desk, now=now)


def test_what_the_owner_says_itself_the_desk_does_not_overrule(solution, provider, member_of, desk, now):
    editor = member_of("provider_editor", provider)
    made = claim(solution, organisation=provider, evidence=WORDS, by=editor, now=now)
    grant_claim(made, by=desk, now=now)
    owned(solution, provider, {"licence": "GPL-3.0-only"}, by=editor, desk=desk, now=now)
    solution.refresh_from_db()
    with pytest.raises(Refused, match=r"gibt Beispiel-Software GmbH selbst an"):
        correct(solution, {"licence": "MIT"}, by=desk, now=now)


def test_an_offer_is_corrected_too_and_keeps_its_prices(solution, provider, member_of, desk, now):
    editor = member_of("provider_editor", provider)
    offer = published_offer(solution, provider, by=editor, desk=HARVEST, now=now)
    before = offer.prices.count()
    done = correct(offer, {"title": "Neuer Titel", "description": offer.description}, by=desk, now=now)
    assert done == [label("Titel", offer.title, "Neuer Titel")] or done[0]["new"] == "Neuer Titel"
    offer.refresh_from_db()
    assert (offer.title, offer.prices.count()) == ("Neuer Titel", before)


def test_an_organisations_page_is_not_the_desks_to_change(provider, desk, now):
    assert (correctable(provider), correctable(None)) == ({}, {})
    assert correct(provider, {"name": "Anders"}, by=desk, now=now) == []


def a_notice(solution, now):
    return report(
        NoticeDraft(reason="wrong", what="Die Lizenz ist eine andere, siehe dort."),
        subject=solution, by=Actor.anonymous(), now=now,
    )  # fmt: skip


SAID = {"facts": "Die Lizenz ist eine andere.", "rationale": "Die Datei im Repository sagt es."}


def test_corrected_is_only_what_somebody_has_corrected(solution, desk, now):
    notice = a_notice(solution, now)
    with pytest.raises(Refused, match="Noch ist nichts berichtigt"):
        decide(notice, outcome="corrected", **SAID, by=desk, now=now)
    done = decide(notice, outcome="corrected", **SAID, changes={"licence": "MIT"}, by=desk, now=now)
    assert (done.state, done.basis, done.corrections) == (
        "decided", "", [label("Lizenz", "EUPL-1.2", "MIT")],
    )  # fmt: skip
    told = Entry.objects.get(kind="catalogue.notice_decided")
    assert told.data["fields"] == "Lizenz"


def test_what_the_source_has_put_right_since_counts(solution, draft, hessen, desk, now):
    notice = a_notice(solution, now + timedelta(hours=1))
    later = now + timedelta(days=1)
    receive(replace(draft, licence="MIT"), origin=hessen, key="a.yml", by=HARVEST, now=later)
    done = decide(notice, outcome="corrected", **SAID, by=desk, now=later)
    assert done.corrections == [label("Lizenz", "EUPL-1.2", "MIT")]


def test_a_change_of_what_has_no_line_of_its_own_is_named_by_its_editions(solution, draft, hessen, now):
    since, later = now + timedelta(hours=1), now + timedelta(days=1)
    assert changed_since(solution, since) == []
    receive(replace(draft, platforms=("web",)), origin=hessen, key="a.yml", by=HARVEST, now=later)
    assert changed_since(solution, since) == [label("Weitere Angaben", "Ausgabe 1", "Ausgabe 2")]


def test_a_refused_correction_leaves_the_notice_open(solution, desk, now):
    notice = a_notice(solution, now)
    with pytest.raises(Refused):
        decide(notice, outcome="corrected", **SAID, changes={"licence": " "}, by=desk, now=now)
    assert Notice.objects.get().state == "open"


def test_changes_are_made_for_a_correction_only(solution, desk, now):
    notice = a_notice(solution, now)
    decide(notice, outcome="rejected", **SAID, changes={"licence": "MIT"}, by=desk, now=now)
    assert (Solution.objects.get().licence, Notice.objects.get().corrections) == ("EUPL-1.2", [])


def test_a_text_in_another_language_is_left_alone(draft, hessen, desk, now):
    english = TextDraft(language="en", summary="People report damage.")
    both = replace(draft, texts=(*draft.texts, english))
    solution = receive(both, origin=hessen, key="a.yml", by=HARVEST, now=now).solution
    correct(solution, {"summary": SUMMARY}, by=desk, now=now)
    assert dict(SolutionText.objects.values_list("language", "summary")) == {
        "de": SUMMARY, "en": "People report damage.",
    }  # fmt: skip


def test_letters_name_before_and_after():
    assert in_words([label("Lizenz", "MIT", "EUPL-1.2"), label("Website", "", "https://a.example")]) == [
        "Lizenz: „MIT“ → „EUPL-1.2“",
        "Website: https://a.example",
    ]
