"""Every field of a draft is on a page of the form or a piece that its owner sees and may leave out."""

from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.catalogue.beyond import Piece, pieces, without
from allmende.catalogue.contents import Content, read, to_publish, write
from allmende.catalogue.drafts import (
    ClaimedUseDraft,
    ContactDraft,
    ContractorDraft,
    DependencyDraft,
    FundingDraft,
    LinkDraft,
    OfferDraft,
    ReleaseDraft,
    SolutionDraft,
    TextDraft,
)
from tests.catalogue.test_contents import solutions

GERMAN = TextDraft(language="de", name="Raumplan", summary="Räume buchen.")
ENGLISH = TextDraft(language="en", summary="Book rooms.")
POSTGRES = DependencyDraft(kind="open", name="PostgreSQL", version="ab 14", optional=False)
DEMO = LinkDraft(kind="demo", url="https://demo.example.org", label="Probe")
FULL = SolutionDraft(
    name="Raumplan Muster",
    texts=(GERMAN, ENGLISH),
    solution_types=("raumbuchung", "maengelmelder"),
    delivery_models=("saas_provider",),
    topics=("rooms",),
    platforms=("web", "haiku"),
    interface_languages=("de", "it"),
    release=ReleaseDraft(version="4.2.1", released_on=date(2026, 1, 15)),
    maintainer_url="https://muster-it.example.org",
    claimed_uses=(ClaimedUseDraft(name="Stadt Musterhausen"), ClaimedUseDraft(name="Gemeinde Beispielfeld")),
    contacts=(ContactDraft(name="Team Raumplan", email="team@beispiel.example", is_team=True),),
    contractors=(ContractorDraft(name="Pflege GmbH", until=date(2027, 1, 1)),),
    dependencies=(POSTGRES, DependencyDraft(kind="hardware", name="Tablet")),
    links=(DEMO, LinkDraft(kind="demo", url="https://zweite.example.org")),
    funding=(FundingDraft(programme="Programm Muster"),),
    based_on=("https://git.example.org/alt",),
    as_of=date(2026, 2, 3),
)
# What the pages of the form show, whole; `is_invented` is the organisation's, and nobody writes it.
ON_PAGES = {
    "name", "repository_url", "website_url", "licence", "maturity", "boundary", "fields_of_action", "audiences",
    "maintenance", "maintainer", "is_invented",
}  # fmt: skip


def test_each_piece_of_a_full_draft_is_named_once():
    assert [(each.kind, each.value) for each in pieces(FULL)] == [
        ("german_name", "Raumplan"),
        ("texts", ENGLISH),
        ("claimed_uses", ClaimedUseDraft(name="Stadt Musterhausen")),
        ("claimed_uses", ClaimedUseDraft(name="Gemeinde Beispielfeld")),
        ("release", ReleaseDraft(version="4.2.1", released_on=date(2026, 1, 15))),
        ("maintainer_url", "https://muster-it.example.org"),
        ("contractors", ContractorDraft(name="Pflege GmbH", until=date(2027, 1, 1))),
        ("contacts", ContactDraft(name="Team Raumplan", email="team@beispiel.example", is_team=True)),
        ("funding", FundingDraft(programme="Programm Muster")),
        ("solution_types", "maengelmelder"),
        ("delivery_models", "saas_provider"),
        ("topics", "rooms"),
        ("platforms", "haiku"),
        ("interface_languages", "it"),
        ("dependency_details", POSTGRES),
        ("links", LinkDraft(kind="demo", url="https://zweite.example.org")),
        ("based_on", "https://git.example.org/alt"),
        ("as_of", date(2026, 2, 3)),
        ("link_labels", DEMO),
    ]


def test_no_field_of_a_draft_is_neither_on_a_page_nor_a_piece():
    # A field added to the draft is shown by a page of the form, or becomes a piece: else nobody sees what is published.
    in_pieces = {
        "german_name": "texts", "dependency_details": "dependencies", "link_labels": "links",
    }  # fmt: skip
    kinds = {in_pieces.get(each.kind, each.kind) for each in pieces(FULL)}
    assert {field.name for field in fields(SolutionDraft)} == ON_PAGES | kinds


def test_without_everything_only_the_pages_of_the_form_are_left():
    bare = without(FULL, [each.code for each in pieces(FULL)])
    assert bare == SolutionDraft(
        name="Raumplan Muster",
        texts=(replace(GERMAN, name=None),),
        solution_types=("raumbuchung",),
        platforms=("web",),
        interface_languages=("de",),
        dependencies=(DependencyDraft(kind="open", name="PostgreSQL"), DependencyDraft(kind="hardware", name="Tablet")),
        links=(replace(DEMO, label=None),),
    )  # fmt: skip


@pytest.mark.parametrize("at", range(19))
def test_each_can_be_left_out_alone(at):
    gone = pieces(FULL)[at]
    assert pieces(without(FULL, [gone.code])) == [each for each in pieces(FULL) if each != gone]


@given(solutions, st.data())
def test_what_is_left_out_is_gone_and_nothing_else(draft, data):
    every = pieces(draft)
    codes = data.draw(st.sets(st.sampled_from([each.code for each in every]))) if every else set()
    rest = without(draft, codes)
    assert {each.code for each in pieces(rest)} == {each.code for each in every} - codes
    assert rest.name == draft.name


def test_a_code_that_is_not_there_changes_nothing():
    assert without(FULL, ["0" * 16]) is FULL


def test_a_piece_keeps_its_code_and_another_value_has_another():
    assert (
        Piece("release", ReleaseDraft(version="1")).code == Piece("release", ReleaseDraft(version="1")).code
    )
    assert Piece("topics", "rooms").code != Piece("topics", "raum").code
    assert Piece("topics", "rooms").code != Piece("platforms", "rooms").code
    # Written down in working copies: another way to name a piece would publish what was left out.
    assert Piece("topics", "rooms").code == "e13bd8ddcdc202e2"


def test_what_is_published_is_without_what_is_left_out_and_the_copy_keeps_it():
    gone = pieces(FULL)[2].code
    content = read(write(Content(solution=FULL, offer=OfferDraft(title="Betrieb"), left_out=(gone,))))
    assert content.solution == FULL
    assert to_publish(content) == Content(solution=without(FULL, [gone]), offer=OfferDraft(title="Betrieb"))
