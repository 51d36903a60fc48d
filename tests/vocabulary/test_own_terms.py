"""An operator's own terms: a new word needs no code and no new version of the software."""

import datetime
from pathlib import Path

import pytest

from allmende.journal.queries import of_kinds
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.vocabulary import actions, queries
from allmende.vocabulary.drafts import TermDraft
from allmende.vocabulary.models import Term
from tests.vocabulary.folders import COLOURS, draft_of

pytestmark = pytest.mark.django_db
GREEN = TermDraft(code="green", label="Grün", definition="Wie Gras.", synonyms=("Oliv",), broader="blue")


@pytest.fixture(autouse=True)
def colours(tmp_path: Path, now: datetime.datetime) -> None:
    actions.load(by=Actor.program("test"), now=now, draft=draft_of(tmp_path, COLOURS))


def test_an_own_term_stands_last_and_can_be_chosen_at_once(operator: Actor, now: datetime.datetime) -> None:
    assert queries.known_codes("colour") == {"red", "blue"}
    term = actions.add_term(GREEN, scheme="colour", by=operator, now=now)
    assert (term.order, term.origin, term.synonyms, term.broader.code) == (3, "operator", ["Oliv"], "blue")  # type: ignore[union-attr]
    assert list(queries.labels("colour").values()) == ["Rot", "Blau", "Grün"]


def test_adding_is_journalled(operator: Actor, now: datetime.datetime) -> None:
    actions.add_term(GREEN, scheme="colour", by=operator, now=now)
    (entry,) = of_kinds("vocabulary.term_added")
    assert (entry.subject_type, entry.subject_id, entry.actor_id) == ("term", "colour:green", operator.id)


@pytest.mark.parametrize(
    ("draft", "scheme", "sentence"),
    [
        (GREEN, "taste", "Die Wortliste „taste“ gibt es nicht."),
        (
            TermDraft(code="red", label="Rosa", definition="Hell."),
            "colour",
            "Den Code „red“ gibt es in „Farbe“ schon. Wählen Sie einen anderen.",
        ),
        (
            TermDraft(code="rouge", label="ROT", definition="Warm."),
            "colour",
            "„ROT“ steht schon in „Farbe“. Ergänzen Sie dort ein Suchwort.",
        ),
        (
            TermDraft(code="green", label="Grün", definition="Wie Gras.", broader="plant"),
            "colour",
            "Den Begriff „plant“ gibt es in „Farbe“ nicht.",
        ),
        (
            TermDraft(code="green", label=" ", definition="Wie Gras."),
            "colour",
            "Ein Begriff braucht einen Code, eine Bezeichnung und eine Bedeutung.",
        ),
    ],
)
def test_what_cannot_be_added_is_refused_with_a_sentence(
    operator: Actor, now: datetime.datetime, draft: TermDraft, scheme: str, sentence: str
) -> None:
    with pytest.raises(Refused) as refusal:
        actions.add_term(draft, scheme=scheme, by=operator, now=now)
    assert str(refusal.value) == sentence
    assert Term.objects.count() == 2


def test_a_label_is_free_again_once_its_term_has_ended(
    tmp_path: Path, operator: Actor, now: datetime.datetime
) -> None:
    only_red = COLOURS.split('\n[[term]]\ncode = "blue"')[0]
    actions.load(by=Actor.program("test"), now=now, draft=draft_of(tmp_path, only_red))
    azure = TermDraft(code="azure", label="Blau", definition="Wie der Himmel im Süden.")
    assert actions.add_term(azure, scheme="colour", by=operator, now=now).label == "Blau"


def test_an_own_term_ends_and_names_its_successor(operator: Actor, now: datetime.datetime) -> None:
    actions.add_term(GREEN, scheme="colour", by=operator, now=now)
    ended = actions.end_term("colour", "green", replaced_by="blue", by=operator, now=now)
    assert (ended.valid_to, ended.replaced_by_id) == (now.date(), Term.objects.get(code="blue").pk)
    following = queries.current().term_today("colour", "green", now.date())
    assert following is not None
    assert following.code == "blue"
    (entry,) = of_kinds("vocabulary.term_ended")
    assert (entry.subject_type, entry.subject_id) == ("term", "colour:green")


@pytest.mark.parametrize(
    ("code", "successor", "sentence"),
    [
        ("mauve", None, "Einen eigenen Begriff „mauve“ gibt es in dieser Wortliste nicht."),
        ("red", None, "Einen eigenen Begriff „red“ gibt es in dieser Wortliste nicht."),
        ("green", "green", "Den Nachfolger „green“ gibt es in dieser Wortliste nicht."),
        ("green", "mauve", "Den Nachfolger „mauve“ gibt es in dieser Wortliste nicht."),
    ],
)
def test_what_cannot_end_is_refused_with_a_sentence(
    operator: Actor, now: datetime.datetime, code: str, successor: str | None, sentence: str
) -> None:
    actions.add_term(GREEN, scheme="colour", by=operator, now=now)
    with pytest.raises(Refused) as refusal:
        actions.end_term("colour", code, replaced_by=successor, by=operator, now=now)
    assert str(refusal.value) == sentence
    assert Term.objects.filter(valid_to__isnull=False).count() == 0


def test_a_stranger_neither_adds_nor_ends(stranger: Actor, operator: Actor, now: datetime.datetime) -> None:
    with pytest.raises(Refused):
        actions.add_term(GREEN, scheme="colour", by=stranger, now=now)
    actions.add_term(GREEN, scheme="colour", by=operator, now=now)
    with pytest.raises(Refused):
        actions.end_term("colour", "green", by=stranger, now=now)
    with pytest.raises(Refused):
        actions.end_term("colour", "green", by=Actor.anonymous(), now=now)
