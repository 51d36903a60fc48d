"""Histories in plain words: everybody reads what happened, and only some read by whom."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from allmende.accounts.models import User
from allmende.catalogue.actions import confirm_use, withdraw
from allmende.catalogue.models import ConfirmedUse, Offer
from allmende.journal.actions import record
from allmende.journal.queries import known_kinds, of_kinds
from allmende.lib.actors import Actor
from allmende.organisations.queries import actor_for
from allmende.web.history.wording import ERASED, PUBLIC_KINDS, tell
from tests.factories.market import HARVEST, Market, open_market
from tests.factories.people import signed_in, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(db: None, settings: Any, tmp_path: Path, now: datetime) -> Market:
    settings.DEMO = True
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    return open_market(now)


@pytest.fixture
def person(now: datetime) -> User:
    user = somebody("catalogue_editor", now=now)
    User.objects.filter(pk=user.pk).update(name="Kim Beispiel")
    return user


@pytest.fixture
def editor(person: User) -> Client:
    return signed_in(person)


@pytest.fixture
def withdrawn(market: Market, person: User, now: datetime) -> None:
    withdraw(market.raum, reason="Doppelt.", by=actor_for(person), now=now + timedelta(hours=1))


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def story(client: Client, address: str) -> str:
    answer = client.get(f"/{address}/verlauf")
    assert answer.status_code == 200
    return text(answer)


# ------------------------------------------------------------------------------------------------- what everybody reads


@pytest.mark.usefixtures("withdrawn")
def test_everybody_reads_what_happened_and_in_which_role_but_no_name(client: Client, market: Market) -> None:
    page = story(client, f"loesungen/{market.raum.public_id}")
    assert "Lösung zurückgezogen 23.11.2026, 11:00 Uhr, durch Redaktion" in page
    assert "durch den Abgleich mit der Quelle" in page
    assert page.index("Lösung zurückgezogen") < page.index("Lösung veröffentlicht")
    assert "Kim Beispiel" not in page


@pytest.mark.usefixtures("withdrawn")
def test_staff_reads_the_name(editor: Client, market: Market) -> None:
    assert "durch Kim Beispiel" in story(editor, f"loesungen/{market.raum.public_id}")


@pytest.mark.usefixtures("withdrawn")
def test_whoever_has_been_erased_has_no_name_any_more(
    editor: Client, market: Market, person: User, now: datetime
) -> None:
    User.objects.filter(pk=person.pk).update(name="", is_active=False, erased_at=now)
    other = signed_in(somebody("catalogue_editor", now=now))
    assert f"durch {ERASED}" in story(other, f"loesungen/{market.raum.public_id}")


def test_a_use_and_an_offer_have_a_history_within_that_of_their_solution(
    client: Client, market: Market
) -> None:
    use = ConfirmedUse.objects.get()
    page = story(client, f"nutzungen/{use.public_id}")
    assert "Nutzung von der Kommune bestätigt" in page
    assert "Lösung veröffentlicht" not in page
    offer = Offer.objects.get()
    page = story(client, f"angebote/{offer.public_id}")
    assert "Angebot veröffentlicht" in page
    assert "Nutzung" not in page.partition("Verlauf:")[2].partition("Über diese Website")[0]


def test_of_a_use_the_town_is_named_and_not_the_person(client: Client, market: Market, now: datetime) -> None:
    speaker = somebody("municipality_editor", market.town, now=now)
    confirm_use(
        market.melder, organisation=market.town, state="productive", since=date(2024, 5, 1), by=actor_for(speaker),
        now=now,
    )  # fmt: skip
    page = story(client, f"nutzungen/{ConfirmedUse.objects.get().public_id}")
    assert "durch Ahornstadt" in page
    assert speaker.email not in page


def test_of_an_organisation_the_public_reads_that_it_was_entered_and_not_who_works_there(
    client: Client, editor: Client, market: Market, now: datetime
) -> None:
    colleague = somebody("provider_editor", market.provider, now=now)
    stranger = signed_in(somebody("provider_editor", market.other_provider, now=now))
    address = f"organisationen/{market.provider.public_id}"
    for reader in (client, stranger):
        page = story(reader, address)
        assert "Organisation eingetragen" in page
        assert "Rolle vergeben" not in page
    for reader in (signed_in(colleague), editor):
        assert "Rolle vergeben" in story(reader, address)


def test_the_page_of_an_origin_and_of_a_term_have_one_as_well(client: Client, market: Market) -> None:
    assert "Herkunft eingetragen oder geändert" in story(client, f"herkunft/{market.city.public_id}")
    assert "Noch ist nichts verzeichnet" in story(client, "begriffe/field_of_action:mobilitaet")


@pytest.mark.parametrize(
    "address",
    ["loesungen/0000000000", "angebote/0000000000", "nutzungen/0000000000", "organisationen/0000000000",
     "herkunft/x", "quellen/0000000000", "begriffe/x", "begriffe/field_of_action:unfug", "konten/0000000000",
     "loesungen/%00"],
)  # fmt: skip
def test_what_is_not_there_has_no_history(client: Client, market: Market, address: str) -> None:
    assert client.get(f"/{address}/verlauf").status_code == 404


def test_what_was_never_public_has_no_public_history(client: Client, market: Market, now: datetime) -> None:
    Offer.objects.update(published_at=None)
    assert client.get(f"/angebote/{Offer.objects.get().public_id}/verlauf").status_code == 404


def test_the_page_of_an_entry_leads_to_its_history(client: Client, market: Market) -> None:
    page = client.get(f"/loesungen/{market.melder.public_id}").content.decode()
    for kind, public_id in (
        ("loesungen", market.melder.public_id),
        ("angebote", Offer.objects.get().public_id),
    ):
        assert f'href="/{kind}/{public_id}/verlauf"' in page


# ---------------------------------------------------------------------------------------------------------- wording


def act(now: datetime, by: Actor, kind: str = "catalogue.offer_changed", **more: Any) -> Any:
    with transaction.atomic():
        record(kind, subject=("solution", "s123456789"), by=by, now=now, **more)
    return of_kinds(kind)[:1]


def test_whoever_stands_in_for_somebody_does_it_visibly(market: Market, person: User, now: datetime) -> None:
    absent = somebody("provider_editor", market.provider, now=now)
    place = market.provider.public_id
    by = Actor(
        "person", person.public_id, in_place_of=frozenset({("provider_editor", place, absent.public_id)})
    )
    entries = act(now, by, organisation=place)
    (public,), (staff,) = tell(entries, by_name=False), tell(entries, by_name=True)
    assert (public.who, public.deputy_of) == ("Beispiel-Software GmbH", "abwesenden Personen")
    assert (staff.who, staff.deputy_of) == ("Kim Beispiel für Beispiel-Software GmbH", absent.email)


def test_a_role_is_the_one_held_at_that_time(market: Market, person: User, now: datetime) -> None:
    by = actor_for(person)
    for when, who in ((now - timedelta(days=1), "eine Person"), (now + timedelta(days=1), "Redaktion")):
        (line,) = tell(act(when, by), by_name=False)
        assert line.who == who
    person.memberships.update(ended_at=now + timedelta(hours=1))
    (line,) = tell(act(now + timedelta(days=2), by), by_name=False)
    assert line.who == "eine Person"


def test_programs_and_people_without_an_account_are_told_in_words(market: Market, now: datetime) -> None:
    said = [tell(act(now, by), by_name=name)[0].who for by in (HARVEST, Actor.anonymous(), Actor.program("neu"))
            for name in (True, False)]  # fmt: skip
    assert said == [
        "den Abgleich mit der Quelle", "den Abgleich mit der Quelle", "jemanden ohne Konto", "jemanden ohne Konto",
        "das Programm „neu“", "das Programm „neu“",
    ]  # fmt: skip


def test_lines_cost_the_same_queries_for_one_and_for_many(
    market: Market, person: User, now: datetime, django_assert_max_num_queries: Any
) -> None:
    for _ in range(5):
        act(now, actor_for(person), organisation=market.provider.public_id)
    for by_name in (True, False):
        with django_assert_max_num_queries(4) as one:
            tell(of_kinds("catalogue.offer_changed")[:1], by_name=by_name)
        with django_assert_max_num_queries(4) as many:
            tell(of_kinds("catalogue.offer_changed")[:5], by_name=by_name)
        assert len(one) == len(many)


def test_data_in_any_shape_is_told_without_harm(market: Market, now: datetime) -> None:
    entries = act(now, HARVEST, data={"edition": "x", "in_place_of": "y", "reason": "<b>weg</b>"})
    (line,) = tell(entries, by_name=True)
    assert (line.edition, line.deputy_of, line.details) == (
        None,
        "",
        [("Ausgabe", "x"), ("Grund", "<b>weg</b>")],
    )


def test_what_the_public_reads_are_kinds_that_exist_and_none_about_people() -> None:
    assert {kind for kind in PUBLIC_KINDS if not kind.startswith("vocabulary.word_")} - set(
        known_kinds()
    ) == set()
    private = ("accounts.", "mail.", "organisations.role", "organisations.member", "catalogue.notice")
    assert [kind for kind in PUBLIC_KINDS if kind.startswith(private)] == []


# ------------------------------------------------------------------------------------------------- who did what


def found(client: Client, **asked: str) -> str:
    answer = client.get("/redaktion/journal", asked)
    assert answer.status_code == 200
    return text(answer)


def test_only_the_staff_searches_the_journal(client: Client, market: Market, now: datetime) -> None:
    assert client.get("/redaktion/journal")["Location"].startswith("/konto/anmelden")
    town = signed_in(somebody("municipality_editor", market.town, now=now))
    assert town.get("/redaktion/journal").status_code == 403


@pytest.mark.usefixtures("withdrawn")
@pytest.mark.parametrize(
    "asked",
    [{"person": "kim beisp"}, {"person": "{email}"}, {"person": "{id}"},
     {"subject": "{raum}", "kind": "catalogue.solution_withdrawn"},
     {"subject": "solution:{raum}", "kind": "catalogue.solution_withdrawn"},
     {"subject": "lösung {raum}", "kind": "catalogue.solution_withdrawn"}, {"kind": "catalogue.solution_withdrawn"},
     {"kind": "catalogue.solution_withdrawn", "since": "23.11.2026", "until": "23.11.2026"}],
)  # fmt: skip
def test_an_act_is_found_by_whatever_is_known_of_it(
    editor: Client, market: Market, person: User, asked: dict[str, str]
) -> None:
    words = {"email": person.email, "id": person.public_id, "raum": market.raum.public_id}
    page = found(editor, **{name: value.format(**words) for name, value in asked.items()})
    assert " 1 Eintrag " in page
    assert "Lösung zurückgezogen 23.11.2026, 11:00 Uhr, durch Kim Beispiel" in page
    assert f"Lösung {market.raum.public_id}" in page


@pytest.mark.usefixtures("withdrawn")
@pytest.mark.parametrize(
    "asked",
    [{"person": "niemand"}, {"organisation": "niemand"}, {"subject": "0000000000"}, {"subject": "use:x"},
     {"kind": "catalogue.solution_withdrawn", "since": "24.11.2026"},
     {"kind": "catalogue.solution_withdrawn", "until": "22.11.2026"}],
)  # fmt: skip
def test_what_nothing_fits_is_said_kindly(editor: Client, asked: dict[str, str]) -> None:
    assert "Dazu steht nichts im Journal." in found(editor, **asked)


@pytest.mark.parametrize("asked", [{"since": "gestern"}, {"kind": "unfug"}, {"person": "x" * 300}])
def test_a_wrong_question_is_said_and_finds_nothing(
    editor: Client, market: Market, asked: dict[str, str]
) -> None:
    page = found(editor, **asked)
    assert " 0 Einträge " in page


def test_an_organisation_is_found_by_its_name(editor: Client, market: Market, now: datetime) -> None:
    somebody("provider_editor", market.provider, now=now)
    page = found(editor, organisation="beispiel-software", kind="organisations.role_granted")
    assert " 1 Eintrag " in page
    assert "Rolle: Angebote der Organisation" in page
    assert "Person: provider_editor-" in page  # named by the account


def test_a_long_journal_comes_in_pages(editor: Client, market: Market, now: datetime) -> None:
    with transaction.atomic():
        for place in range(60):
            record("catalogue.offer_changed", subject=("solution", f"s{place:09}"), by=HARVEST, now=now)
    assert " 60 Einträge " in found(editor, kind="catalogue.offer_changed")
    page = found(editor, kind="catalogue.offer_changed", seite="2")
    assert "Lösung s000000000" in page
    assert "Lösung s000000059" not in page


def test_what_was_typed_is_read_by_staff_and_erased_by_the_operator(
    editor: Client, client: Client, market: Market, now: datetime
) -> None:
    operator = signed_in(somebody("operator_admin", now=now))
    with transaction.atomic():
        entry = record(
            "catalogue.solution_erased", subject=market.raum, by=HARVEST, now=now,
            words={"reason": "Frau Beispiel hat es verlangt."},
        )  # fmt: skip
    address = f"/redaktion/journal/{entry.pk}/text/reason"
    assert "Frau Beispiel" not in client.get(f"/loesungen/{market.raum.public_id}/verlauf").text
    read = editor.get("/redaktion/journal").text
    assert ("Grund: Frau Beispiel hat es verlangt." in read, address in read) == (True, False)
    assert address in operator.get("/redaktion/journal").text
    assert (editor.get(address).status_code, editor.post(address).status_code) == (403, 403)

    assert "Frau Beispiel" in operator.get(address).text
    assert "Der Text ist entfernt." in operator.post(address, follow=True).text
    after = operator.get("/redaktion/journal").text
    assert ("Frau Beispiel" in after, 'Grund: <span class="am-muted">Text entfernt am' in after) == (
        False,
        True,
    )
    assert operator.get(address).status_code == 404
