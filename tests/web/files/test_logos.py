"""The logo of an organisation: who sets it, how it is served, what a hostile one gets to read."""

from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from allmende.files import actions, pictures
from allmende.files.models import StoredFile
from allmende.files.queries import logo_of
from tests.factories.market import HARVEST, Market
from tests.files.making import picture, png_that_claims


def upload(
    client: Client, market: Market, data: bytes, name: str = "logo.png", kind: str = "image/png"
) -> Any:
    file = SimpleUploadedFile(name, data, content_type=kind)
    return client.post(f"/organisation/{market.provider.public_id}/logo", {"logo": file})


def address(file: StoredFile | None) -> str:
    assert file is not None
    return f"/dateien/{file.public_id}/{quote(file.name)}"


def text(answer: Any) -> str:
    return answer.content.decode()


def test_a_logo_goes_from_the_form_to_the_public_page(boss: Client, client: Client, market: Market) -> None:
    answer = upload(boss, market, picture((900, 300)))
    assert (answer.status_code, answer.url) == (302, f"/organisation/{market.provider.public_id}")
    logo = logo_of(market.provider.public_id)
    image = (
        f'<img class="am-logo" src="{address(logo)}" width="512" height="171" alt="Beispiel-Software GmbH">'
    )
    assert text(client.get(f"/anbieter/{market.provider.public_id}")).count(image) == 1
    assert text(boss.get(f"/organisation/{market.provider.public_id}")).count(image) == 1


def test_the_page_that_was_in_the_cache_shows_a_new_logo(
    boss: Client, client: Client, market: Market
) -> None:
    page = f"/anbieter/{market.provider.public_id}"
    assert text(client.get(page)).count("<img") == 0
    upload(boss, market, picture())
    assert text(client.get(page)).count('class="am-logo"') == 1
    boss.post(f"/organisation/{market.provider.public_id}/logo/entfernen")
    assert text(client.get(page)).count("<img") == 0


def test_a_town_shows_its_logo_where_people_look_for_it(client: Client, market: Market, now: Any) -> None:
    actions.store_logo(picture(), organisation=market.town.public_id, by=HARVEST, now=now)
    page = text(client.get("/kommunen/99001001"))
    assert page.count('class="am-logo"') == int(market.town.is_accredited)


def test_what_is_served_is_a_drawing_of_ours_and_can_do_nothing(
    boss: Client, client: Client, market: Market
) -> None:
    upload(boss, market, picture() + b"<script>alert(1)</script>", "seite.html", "text/html")
    answer = client.get(address(logo_of(market.provider.public_id)))
    body = b"".join(answer)
    assert (answer.status_code, Image.open(BytesIO(body)).size, body.count(b"script")) == (200, (40, 30), 0)
    assert {name: answer.headers[name] for name in WATCHED} == {
        "Content-Type": "image/png",
        "Content-Disposition": 'inline; filename="Logo.png"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "public, max-age=3600",
        "X-Frame-Options": "DENY",
    }


WATCHED = (
    "Content-Type",
    "Content-Disposition",
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Cross-Origin-Resource-Policy",
    "Cache-Control",
    "X-Frame-Options",
)


def test_a_browser_that_has_it_already_gets_nothing_twice(
    boss: Client, client: Client, market: Market
) -> None:
    upload(boss, market, picture())
    logo = logo_of(market.provider.public_id)
    assert logo is not None
    answer = client.get(address(logo), headers={"if-none-match": f'"{logo.digest}"'})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', pictures.IS_SVG),
        (b"GIF89a" + bytes(100), pictures.UNREADABLE),
        (picture((99, 99))[:-60], pictures.BROKEN),
        (png_that_claims(40_000, 40_000), pictures.TOO_MANY_POINTS),
        (b"", pictures.EMPTY),
        (picture() + bytes(11_000_000), pictures.TOO_LARGE),
        (b"<html><script>alert(1)</script>", pictures.UNREADABLE),
    ],
    ids=["svg", "gif", "broken", "bomb", "empty", "11 MB", "page"],
)
def test_a_hostile_file_gets_a_sentence_at_the_field(
    boss: Client, market: Market, media: Path, data: bytes, sentence: str
) -> None:
    answer = upload(boss, market, data, "logo.png")
    assert answer.status_code == 200
    assert answer.context["form"].errors == {"logo": [sentence]}
    assert StoredFile.objects.count() == 0
    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_without_a_file_the_form_says_what_to_do(boss: Client, market: Market) -> None:
    answer = boss.post(f"/organisation/{market.provider.public_id}/logo", {})
    assert answer.context["form"].errors == {"logo": ["Wählen Sie ein Bild aus."]}


def test_a_body_far_too_large_is_refused_before_it_is_kept(
    boss: Client, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    from allmende.web.files import uploads

    monkeypatch.setattr(uploads, "LARGEST_BODY", 5000)
    assert upload(boss, market, bytes(6000)).status_code == 400
    assert upload(boss, market, picture()).status_code == 302


@pytest.mark.parametrize(
    ("who", "status"),
    [("company", 403), ("partner", 404), ("competitor", 404), ("stranger", 404), ("desk", 403)],
)
def test_nobody_else_sets_a_logo(who: str, status: int, market: Market, request: Any) -> None:
    client = request.getfixturevalue(who)
    assert client.get(f"/organisation/{market.provider.public_id}/logo").status_code == status
    assert upload(client, market, picture()).status_code == status
    assert logo_of(market.provider.public_id) is None


@pytest.mark.parametrize(
    ("who", "is_gone"),
    [
        ("boss", True),
        ("desk", True),
        ("company", False),
        ("partner", False),
        ("competitor", False),
        ("stranger", False),
    ],
)
def test_who_removes_a_logo(who: str, is_gone: bool, market: Market, now: Any, request: Any) -> None:
    actions.store_logo(picture(), organisation=market.provider.public_id, by=HARVEST, now=now)
    request.getfixturevalue(who).post(f"/organisation/{market.provider.public_id}/logo/entfernen")
    assert (logo_of(market.provider.public_id) is None) is is_gone


def test_whoever_has_not_signed_in_is_asked_to(client: Client, market: Market) -> None:
    answer = upload(client, market, picture())
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/konto/anmelden")


def test_uploads_are_counted_by_account(
    boss: Client, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.core.cache import cache

    cache.clear()
    answers = [upload(boss, market, b"").status_code for _ in range(41)]
    assert answers == [200] * 40 + [429]
    assert boss.get(f"/organisation/{market.provider.public_id}/logo").status_code == 200
    cache.clear()


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_file_can_only_be_read(boss: Client, market: Market, method: str) -> None:
    upload(boss, market, picture())
    assert getattr(boss, method)(address(logo_of(market.provider.public_id))).status_code == 405


@pytest.mark.parametrize(
    "wrong",
    [
        "/dateien/0000000000/Logo.png",
        "/dateien/unfug/Logo.png",
        "/dateien/{id}/Rechnung.exe",
        "/dateien/{id}/logo.png",
    ],
)
def test_a_wrong_address_is_nothing(boss: Client, market: Market, wrong: str) -> None:
    upload(boss, market, picture())
    logo = logo_of(market.provider.public_id)
    assert logo is not None
    assert boss.get(wrong.format(id=logo.public_id)).status_code == 404


def test_a_file_whose_bytes_are_lost_is_nothing_and_no_error(
    boss: Client, market: Market, media: Path
) -> None:
    upload(boss, market, picture())
    for path in media.rglob("*"):
        if path.is_file():
            path.unlink()
    assert boss.get(address(logo_of(market.provider.public_id))).status_code == 404


def test_the_history_of_an_organisation_tells_of_its_logo(
    boss: Client, client: Client, market: Market
) -> None:
    upload(boss, market, picture())
    page = text(client.get(f"/organisationen/{market.provider.public_id}/verlauf"))
    assert page.count("Logo hochgeladen") == 1


def test_places_of_files_have_no_address(boss: Client, market: Market, media: Path) -> None:
    upload(boss, market, picture())
    path = next(path for path in media.rglob("*") if path.is_file())
    for before in ("/media/", "/static/", "/"):
        assert boss.get(f"{before}{path.relative_to(media)}").status_code == 404
