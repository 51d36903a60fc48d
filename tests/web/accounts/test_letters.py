"""Every letter of an account, as somebody reads it: German, whole sentences, links on lines of their own."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from allauth.core import context
from django.test import RequestFactory

from allmende.accounts.actions import erase
from allmende.accounts.models import User
from allmende.lib.actors import Actor
from allmende.mail.models import Letter
from allmende.web.accounts.adapter import AccountAdapter
from tests.web.accounts.conftest import letters

pytestmark = pytest.mark.django_db

TEMPLATES = Path(__file__).resolve().parents[3] / "src/allmende/web/templates"
OURS = sorted(
    path.relative_to(TEMPLATES).as_posix().removesuffix("_message.txt")
    for path in TEMPLATES.glob("*/email/*_message.txt")
    if not path.name.startswith("base_")
)
# What allauth could write and we have switched off: codes instead of links.
NOT_WRITTEN = {"account/email/login_code", "account/email/password_reset_code"}
TOLD = {
    "activate_url": "http://localhost:8000/konto/adresse-bestaetigen/abc",
    "password_reset_url": "http://localhost:8000/konto/passwort-neu/1-abc",
    "from_email": "alt@beispiel.example",
    "to_email": "neu@beispiel.example",
    "deleted_email": "alt@beispiel.example",
    "provider": "Landeskonto",
    "timestamp": datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
    "ip": "127.0.0.1",
    "user_agent": "Firefox",
}


def written(prefix: str, anna: User, rf: RequestFactory) -> Letter:
    request = rf.get("/")
    with context.request_context(request):
        AccountAdapter(request).send_mail(prefix, anna.email, {"user": anna, **TOLD})
    return letters(anna.email)[-1]


def test_every_letter_that_allauth_writes_is_in_our_words() -> None:
    import allauth

    theirs = Path(allauth.__file__).parent / "templates"
    names = {
        path.relative_to(theirs).as_posix().removesuffix("_message.txt")
        for path in theirs.glob("*/email/*_message.txt")
        if not path.name.startswith("base_")
    }
    assert names - NOT_WRITTEN == set(OURS)


@pytest.mark.parametrize("prefix", OURS)
def test_it_reads_well(prefix: str, anna: User, rf: RequestFactory) -> None:
    letter = written(prefix, anna, rf)
    lines = letter.text.splitlines()
    assert lines[0] == "Guten Tag,"
    assert lines[-1] == "http://localhost:8000"
    assert "\n\n\n" not in letter.text
    for line in lines:
        assert "http" not in line or re.fullmatch(r"http://localhost:8000\S*", line), line
        assert not re.search(r"&#|&quot;|\{\{|\{%|\bNone\b|\byou\b|\byour\b|  ", line), line
        if line and not line.startswith("http") and line not in ("Guten Tag,", "Firefox"):
            assert line[-1] in ".:!", line
    assert letter.text[len("Guten Tag,\n\n")].isalpha()


@pytest.mark.parametrize("prefix", OURS)
def test_its_subject_says_what_happened_in_one_line(prefix: str, anna: User, rf: RequestFactory) -> None:
    subject = written(prefix, anna, rf).subject
    assert subject == subject.strip()
    assert 15 < len(subject) < 60
    assert subject[-1] not in ".!:"
    assert subject[0].isupper()


@pytest.mark.parametrize("prefix", OURS)
def test_it_says_what_to_do_if_it_was_somebody_else(prefix: str, anna: User, rf: RequestFactory) -> None:
    assert "Waren Sie das nicht" in written(prefix, anna, rf).text


def test_the_last_letter_reads_well_too(anna: User) -> None:
    erase(anna, by=Actor("person", anna.public_id), now=datetime.now(UTC))
    (letter,) = letters("anna@beispiel.example")
    assert letter.text.splitlines()[0] == "Guten Tag,"
    assert "\nhttp://localhost:8000/konto/registrieren\n" in letter.text
    assert "  " not in letter.text


def test_names_that_people_give_themselves_are_in_none(anna: User, rf: RequestFactory) -> None:
    """Otherwise a letter of ours would carry whatever a stranger wants to tell."""
    User.objects.filter(pk=anna.pk).update(name="Gewonnen! https://boese.invalid")
    anna.refresh_from_db()
    for prefix in OURS:
        letter = written(prefix, anna, rf)
        assert "boese.invalid" not in letter.text + letter.subject


def test_a_browser_that_calls_itself_a_link_is_cut_to_one_line(
    anna: User, rf: RequestFactory, client: Any
) -> None:
    agent = "https://boese.invalid/ Klicken Sie hier!"
    client.post(
        "/konto/anmelden",
        {"login": anna.email, "password": "ein Satz den niemand kennt"},
        headers={"user-agent": agent},
    )
    client.post("/konto/bestaetigen", {"password": "ein Satz den niemand kennt"})
    client.post("/konto/zweiter-faktor/notfallcodes/neu", headers={"user-agent": agent})
    assert all(len(line) < 300 for letter in letters(anna.email) for line in letter.text.splitlines())
