"""Documents over the web: hostile ones, who gets which, and how they leave the house."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from allmende.catalogue.actions import begin_offer, withdraw_offer
from allmende.catalogue.models import Offer, WorkingCopy
from allmende.files import documents
from allmende.files.actions import check_waiting
from allmende.files.models import StoredFile
from allmende.lib.actors import Actor
from allmende.notifications.actions import note
from allmende.notifications.models import NewsItem
from tests.factories.market import Market
from tests.files.clamd import running
from tests.files.making import EICAR, office, pdf

PAGE = b"<html><script>alert(document.cookie)</script></html>"
ROLES = ["boss", "company", "partner", "competitor", "desk", "stranger", "client"]


@pytest.fixture
def offer(market: Market) -> Offer:
    return Offer.objects.get()


def upload(
    client: Client, path: str, data: bytes, name: str = "Preise.pdf", kind: str = "application/pdf"
) -> Any:
    return client.post(path, {"document": SimpleUploadedFile(name, data, content_type=kind)})


def page_of(offer: Offer) -> str:
    return f"/angebot/{offer.public_id}/unterlagen"


def address(file: StoredFile) -> str:
    return f"/dateien/{file.public_id}/{quote(file.name)}"


def checked(now: Any) -> StoredFile:
    check_waiting(clock=lambda: now)
    return StoredFile.objects.exclude(state="removed").get()


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_document_goes_from_the_form_to_the_page_of_the_solution(
    company: Client, client: Client, market: Market, offer: Offer, now: Any
) -> None:
    answer = upload(company, page_of(offer), pdf(), "Preise 2026.pdf")
    assert (answer.status_code, answer.url) == (302, page_of(offer))
    assert text(company.get(page_of(offer))).count(
        "Preise 2026.pdf (PDF, 74\xa0Bytes), wartet auf die Prüfung"
    ) in (0, 1)
    solution = f"/loesungen/{market.melder.public_id}"
    assert text(client.get(solution)).count("Preise 2026.pdf") == 0
    file = checked(now)
    shown = text(client.get(solution))
    assert shown.count(f'<a href="{address(file)}">Preise 2026.pdf</a> (PDF,') == 1
    assert shown.count("nicht geprüft: kein Scanner eingerichtet") == 1


def test_a_page_that_is_only_looked_at_complains_of_nothing(
    company: Client, boss: Client, market: Market, offer: Offer
) -> None:
    logo = boss.get(f"/organisation/{market.provider.public_id}/logo")
    for page in (company.get(page_of(offer)), logo):
        assert (page.context["form"].is_bound, text(page).count("Wählen Sie")) == (False, 0)


def test_a_document_is_only_ever_saved(company: Client, client: Client, offer: Offer, now: Any) -> None:
    upload(company, page_of(offer), pdf(inside=PAGE), "Übersicht\r\nX-Evil: 1\u202e.html", "text/html")
    file = checked(now)
    answer = client.get(address(file))
    assert b"".join(answer) == pdf(inside=PAGE)
    assert {name: answer.headers[name] for name in WATCHED} == {
        "Content-Type": "application/pdf",
        "Content-Disposition": f"attachment; filename*=utf-8''{quote(file.name)}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "public, max-age=300",
    }
    assert [name for name in answer.headers if name.lower().startswith("x-evil")] == []


WATCHED = (
    "Content-Type",
    "Content-Disposition",
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Cross-Origin-Resource-Policy",
    "Cache-Control",
)


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (PAGE, "Preise.pdf", documents.UNKNOWN),
        (PAGE + pdf(), "Preise.pdf", documents.UNKNOWN),
        (b"MZ\x90\x00" + bytes(100), "Preise.pdf", documents.UNKNOWN),
        (b"", "Preise.pdf", documents.EMPTY),
        (pdf(inside=bytes(11_000_000)), "Preise.pdf", documents.TOO_LARGE),
        (office("docx", **{"word/vbaProject.bin": b"x"}), "Preise.docx", documents.ACTIVE),
        (office("docx", **{"word/bild.bmp": bytes(101_000_000)}), "Preise.docx", documents.TOO_MUCH),
    ],
    ids=["page", "polyglot", "program", "empty", "11 MB", "macros", "zip bomb"],
)
def test_a_hostile_file_gets_a_sentence_at_the_field(
    company: Client, offer: Offer, media: Path, data: bytes, name: str, sentence: str
) -> None:
    answer = upload(company, page_of(offer), data, name)
    assert (answer.status_code, answer.context["form"].errors) == (200, {"document": [sentence]})
    assert StoredFile.objects.count() == 0
    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_a_wrong_ending_is_put_right(company: Client, offer: Offer) -> None:
    upload(company, page_of(offer), office("xlsx"), "Preise.pdf", "application/pdf")
    file = StoredFile.objects.get()
    assert (file.name, file.content_type) == ("Preise.pdf.xlsx", documents.XLSX.content_type)


def who_gets(path: str, request: Any) -> set[str]:
    return {who for who in ROLES if request.getfixturevalue(who).get(path).status_code == 200}


def test_who_gets_a_document_at_each_stage(
    company: Client, market: Market, offer: Offer, now: Any, request: Any
) -> None:
    upload(company, page_of(offer), pdf())
    waiting = StoredFile.objects.get()
    assert who_gets(address(waiting), request) == set()
    file = checked(now)
    assert who_gets(address(file), request) == set(ROLES)
    withdraw_offer(offer, reason="Schluss.", by=Actor.program("demo"), now=now)
    assert who_gets(address(file), request) == {"boss", "company", "partner", "desk"}
    assert company.get(address(file)).headers["Cache-Control"] == "private, no-store"
    company.post(f"/unterlagen/{file.public_id}/entfernen")
    assert who_gets(address(file), request) == set()


def test_who_gets_what_is_being_written(company: Client, market: Market, now: Any, request: Any) -> None:
    from allmende.accounts.models import User
    from allmende.organisations.queries import actor_for

    author = actor_for(User.objects.get(email__startswith="provider_editor-"))
    copy = begin_offer(market.raum, organisation=market.provider, by=author, now=now)
    page = f"/angebote/{copy.public_id}/unterlagen"
    assert upload(company, page, pdf()).status_code == 302
    assert text(company.get(f"/angebote/{copy.public_id}")).count("1 hochgeladen.") == 1
    file = checked(now)
    assert who_gets(address(file), request) == {"boss", "company"}
    WorkingCopy.objects.update(state="submitted", submitted_at=now)
    assert who_gets(address(file), request) == {"boss", "company", "desk"}
    shown = text(request.getfixturevalue("desk").get(f"/redaktion/angebote/{copy.public_id}"))
    assert shown.count(f'<a href="{address(file)}">Preise.pdf</a>') == 1


def test_who_sees_the_page_of_documents(offer: Offer, request: Any) -> None:
    assert who_gets(page_of(offer), request) == {"boss", "company", "partner", "desk"}


def test_who_uploads(offer: Offer, request: Any) -> None:
    done = set()
    for at, who in enumerate(ROLES):
        upload(request.getfixturevalue(who), page_of(offer), pdf(bytes([65 + at])))
        if StoredFile.objects.count() > len(done):
            done.add(who)
    assert done == {"boss", "company", "partner"}


def test_who_removes(company: Client, offer: Offer, request: Any) -> None:
    done = set()
    for who in ROLES:
        upload(company, page_of(offer), pdf())
        file = StoredFile.objects.exclude(state="removed").get()
        request.getfixturevalue(who).post(f"/unterlagen/{file.public_id}/entfernen")
        if not StoredFile.objects.exclude(state="removed").exists():
            done.add(who)
    assert done == {"boss", "company", "desk"}


def test_a_logo_is_not_removed_as_a_document(boss: Client, market: Market, now: Any) -> None:
    from allmende.files.actions import store_logo
    from tests.files.making import picture

    logo = store_logo(picture(), organisation=market.provider.public_id, by=Actor.program("x"), now=now)
    assert boss.post(f"/unterlagen/{logo.public_id}/entfernen").status_code == 404


@pytest.mark.parametrize("path", ["/unterlagen/unfug/entfernen", "/unterlagen/0000000000/entfernen"])
def test_what_is_not_there_cannot_be_removed(company: Client, path: str) -> None:
    assert company.post(path).status_code == 404
    assert company.get(path).status_code == 405


def test_five_are_enough_and_the_page_says_so(company: Client, offer: Offer) -> None:
    for at in range(5):
        upload(company, page_of(offer), pdf(bytes([65 + at])))
    page = text(company.get(page_of(offer)))
    assert (page.count("Mehr als 5 Unterlagen sind nicht möglich."), page.count('type="file"')) == (1, 0)
    answer = upload(company, page_of(offer), pdf(b"zuviel"))
    assert list(answer.context["form"].errors) == ["document"]


def test_what_is_infected_is_told_to_the_uploader_and_the_desk_and_to_nobody_else(
    company: Client,
    boss: Client,
    desk: Client,
    partner: Client,
    client: Client,
    offer: Offer,
    settings: Any,
    now: Any,
) -> None:
    from allmende.journal.queries import of_kinds

    with running() as scanner:
        settings.CLAMD = scanner.address
        upload(company, page_of(offer), pdf(EICAR), "Gewinn.pdf")
        file = checked(now)
    assert file.state == "infected"
    note(list(of_kinds("files.scan_infected")), now=now)
    told = {item.user.email.rpartition("-")[0]: item.kind for item in NewsItem.objects.select_related("user")}
    assert told == {"provider_editor": "files.infected_own", "catalogue_editor": "files.infected"}
    assert NewsItem.objects.count() == 2
    assert (
        text(company.get("/mein/nachrichten")).count("In Ihrer Datei „Gewinn.pdf“ steckt Schadsoftware.") == 1
    )
    assert text(desk.get("/mein/nachrichten")).count("In der hochgeladenen Datei „Gewinn.pdf“ steckte") == 1
    assert text(company.get(page_of(offer))).count("In dieser Datei steckt Schadsoftware.") == 1
    assert client.get(address(file)).status_code == 404
    assert company.get(address(file)).status_code == 404


def test_the_day_of_a_clean_verdict_is_shown(
    company: Client, client: Client, market: Market, offer: Offer, settings: Any, now: Any
) -> None:
    with running() as scanner:
        settings.CLAMD = scanner.address
        upload(company, page_of(offer), pdf())
        checked(now)
    assert text(client.get(f"/loesungen/{market.melder.public_id}")).count("geprüft am 23.11.2026") == 1


def test_the_history_of_an_offer_tells_of_documents(company: Client, client: Client, offer: Offer) -> None:
    upload(company, page_of(offer), pdf())
    page = text(client.get(f"/angebote/{offer.public_id}/verlauf"))
    assert page.count("Unterlage hochgeladen") == 1


def test_a_person_takes_along_what_they_uploaded(company: Client, boss: Client, offer: Offer) -> None:
    from allmende.accounts.models import User
    from allmende.files.personal import export

    upload(company, page_of(offer), pdf())
    file = StoredFile.objects.get()
    taken = {
        user.public_id: [row["Name"] for topic in export(user) for row in topic.rows]
        for user in User.objects.all()
    }
    assert taken == {user: [] for user in taken} | {file.uploaded_by: ["Preise.pdf"]}
    assert len(taken) == 2
