"""The vocabulary at the desk: words that people look for, own terms, terms that end."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.vocabulary.actions import add_word, load, remove_word
from allmende.vocabulary.models import OwnWord
from allmende.vocabulary.queries import current, synonyms, term
from tests.factories.market import HARVEST, Market

pytestmark = pytest.mark.django_db

LIST = "/redaktion/begriffe/field_of_action"
PAGE = f"{LIST}/mobilitaet"
KEY = ("field_of_action", "mobilitaet")


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def do(client: Client, step: str, **more: str) -> str:
    return words(client.post(PAGE, {"schritt": step, **more}, follow=True))


def test_an_editor_adds_a_word_and_the_search_knows_it(editor: Client, market: Market) -> None:
    assert "„Lastenrad“ ist ergänzt." in do(editor, "ergaenzen", wort=" Lastenrad ")
    assert "Lastenrad" in synonyms()[KEY]
    assert "Lastenrad" in words(editor.get(PAGE))
    assert "findet diesen Begriff schon" in do(editor, "ergaenzen", wort="lastenRAD")
    assert "„Lastenrad“ ist entfernt." in do(editor, "entfernen", wort="Lastenrad")
    assert "Lastenrad" not in synonyms()[KEY]
    assert "gibt es hier nicht mehr" in do(editor, "entfernen", wort="Lastenrad")


@pytest.mark.parametrize("word", ["", "x", "x" * 81])
def test_a_word_has_two_to_eighty_letters(editor: Client, market: Market, word: str) -> None:
    assert "Ein Suchwort hat zwei bis 80 Zeichen." in do(editor, "ergaenzen", wort=word)
    assert OwnWord.objects.count() == 0


def test_reading_the_files_again_leaves_own_words_alone(market: Market, now: datetime) -> None:
    found = term(*KEY)
    assert found is not None
    add_word(found, word="Lastenrad", by=HARVEST, now=now)
    report = load(by=HARVEST, now=now)
    assert (report.changed, report.ended) == ([], [])
    assert "Lastenrad" in synonyms()[KEY]


def test_words_of_the_files_are_not_taken_back_here(market: Market, now: datetime) -> None:
    found = next(each for each in current().terms("field_of_action") if each.synonyms)
    with pytest.raises(Refused):
        remove_word(found, word=found.synonyms[0], by=HARVEST, now=now)


@pytest.mark.parametrize(
    "by", [Actor.anonymous(), Actor("person", "x", frozenset({("provider_editor", "o")}))]
)
def test_others_add_no_words(market: Market, now: datetime, by: Actor) -> None:
    found = term(*KEY)
    assert found is not None
    for act in (add_word, remove_word):
        with pytest.raises(Refused):
            act(found, word="Lastenrad", by=by, now=now)


def test_the_operator_adds_a_term_and_lets_it_end_with_a_successor(
    staff: Client, editor: Client, market: Market
) -> None:
    given = {
        "label": "Parken",
        "code": "parken",
        "definition": "Wo Autos stehen.",
        "synonyms": "Parkhaus, Parkplatz",
    }
    assert "Eigenen Begriff ergänzen" not in words(editor.get(LIST))
    editor.post(LIST, given)
    assert term("field_of_action", "parken") is None
    assert "„Parken“ steht jetzt in" in words(staff.post(LIST, given, follow=True))
    assert synonyms()["field_of_action", "parken"] == ("Parken", "Parkhaus", "Parkplatz")
    address = f"{LIST}/parken"
    assert "Begriff beenden" in words(staff.get(address))
    assert "Begriff beenden" not in words(editor.get(address))
    page = words(staff.post(address, {"schritt": "beenden", "nachfolge": "mobilitaet"}, follow=True))
    assert "„Parken“ gilt ab heute nicht mehr." in page
    ended = term("field_of_action", "parken")
    assert ended is not None
    assert not ended.holds_on(timezone.localdate())
    assert "Gilt nicht mehr" in words(staff.get(LIST))
    assert "Begriff ergänzt" in words(staff.get("/begriffe/field_of_action:parken/verlauf"))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [({"code": "Parken!"}, "Der Code besteht aus"), ({"label": ""}, "Füllen Sie „Bezeichnung“ aus."),
     ({"code": "mobilitaet"}, "gibt es in"), ({"definition": " "}, "Füllen Sie „Bedeutung“ aus.")],
)  # fmt: skip
def test_a_faulty_term_is_told_and_nothing_typed_is_lost(
    staff: Client, market: Market, changed: dict[str, str], sentence: str
) -> None:
    given = {"label": "Parken", "code": "parken", "definition": "Wo Autos stehen."} | changed
    answer = staff.post(LIST, given)
    assert (answer.status_code, sentence in words(answer)) == (422, True)


def test_terms_of_the_files_end_in_the_files(staff: Client, market: Market) -> None:
    assert "Begriff beenden" not in words(staff.get(PAGE))
    assert "Einen eigenen Begriff" in do(staff, "beenden")


@pytest.mark.parametrize("address", ["/redaktion/begriffe/unfug", f"{LIST}/unfug", "/redaktion/begriffe/%00"])
def test_unknown_lists_and_terms_are_not_found(staff: Client, market: Market, address: str) -> None:
    assert staff.get(address).status_code == 404


def test_an_unknown_step_changes_nothing(staff: Client, market: Market) -> None:
    assert staff.post(PAGE, {"schritt": "unfug"}).status_code == 302
    assert OwnWord.objects.count() == 0
