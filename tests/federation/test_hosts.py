"""Hosts that are slow, broken, endless, or lead where we must not go."""

import gzip
import socket
import ssl
import time
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from allmende.catalogue.models import Solution
from allmende.federation.fetching import Conditions, Limits
from allmende.federation.fetching.web import Client, is_public
from allmende.federation.models import RawRecord
from tests.federation.conftest import AddSource, Harvest
from tests.federation.entries import entry
from tests.federation.hosts import Host, endless, endless_headers, page, redirect, silent, status

HERE = ("127.0.0.1", "localhost")
OPEN = Limits(seconds=1.0, private_hosts=HERE, max_bytes=100_000)


def get(address: str, limits: Limits = OPEN, conditions: Conditions | None = None) -> Any:
    with Client(limits) as client:
        return client.get(address, conditions)


def test_a_page_is_fetched_with_what_it_says_of_itself(host: Host) -> None:
    address = host.serve("/a.yml", "name: a", ETag='"1"', Last_Modified="Mon, 23 Nov 2026 09:00:00 GMT")
    fetched = get(address)
    assert (fetched.key, fetched.content) == (address, b"name: a")
    assert (fetched.etag, fetched.last_modified) == ('"1"', "Mon, 23 Nov 2026 09:00:00 GMT")


def test_what_has_not_changed_is_not_sent_again(host: Host) -> None:
    address = host.serve("/a.yml", "name: a", ETag='"1"')
    fetched = get(address, conditions=Conditions(etag='"1"'))
    assert (fetched.is_unchanged, fetched.content) == (True, None)


@pytest.mark.parametrize("code", [401, 403, 429, 500, 502, 503])
def test_an_error_of_the_host_is_no_defect_of_the_record(host: Host, code: int) -> None:
    host.pages["/a.yml"] = status(code)
    fetched = get(host.url("/a.yml"))
    assert (fetched.content, fetched.is_defect) == (None, False)
    assert fetched.problem == f"Der Rechner antwortet mit dem Fehler {code}."


@pytest.mark.parametrize("code", [404, 410])
def test_what_the_host_no_longer_has_is_gone(host: Host, code: int) -> None:
    host.pages["/a.yml"] = status(code)
    fetched = get(host.url("/a.yml"))
    assert (fetched.is_gone, fetched.is_defect) == (True, True)


def test_a_refused_connection_is_told(host: Host) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    fetched = get(f"http://127.0.0.1:{port}/a.yml")
    assert fetched.problem == "Der Rechner ist nicht erreichbar oder unbekannt."


def test_an_unknown_host_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    fetched = get("https://git.musterland.test/publiccode.yml")
    assert (fetched.problem, fetched.is_defect) == ("Der Rechner ist nicht erreichbar oder unbekannt.", False)


@pytest.mark.parametrize(
    "address", ["http://", "http://[::1", "http://exa mple/", "http://a:99999/", "https://\ud800/"]
)
def test_an_address_that_is_none_is_told(address: str) -> None:
    fetched = get(address)
    assert fetched.content is None
    assert fetched.problem


# --- Redirects


def test_redirects_are_followed(host: Host) -> None:
    host.serve("/c", "name: a")
    host.pages["/b"] = redirect("/c")
    host.pages["/a"] = redirect(host.url("/b"))
    assert get(host.url("/a")).content == b"name: a"


def test_redirects_in_a_circle_end(host: Host) -> None:
    host.pages["/a"] = redirect("/b")
    host.pages["/b"] = redirect("/a")
    assert get(host.url("/a")).problem == "Die Adresse leitet mehr als 5-mal weiter."
    assert len(host.asked) == 6


def test_the_endless_body_of_a_redirect_is_not_read(host: Host) -> None:
    host.pages["/a"] = endless(host, 302, Location="/b")
    host.serve("/b", "name: a")
    assert get(host.url("/a")).content == b"name: a"


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://127.0.0.1/a", "gopher://127.0.0.1/", "data:,a"]
)
def test_a_redirect_to_another_kind_of_address_is_not_followed(host: Host, target: str) -> None:
    host.pages["/a"] = redirect(target)
    fetched = get(host.url("/a"))
    assert fetched.content is None
    assert fetched.problem


# --- Private networks

PRIVATE = (
    "127.0.0.1", "127.1", "0.0.0.0", "2130706433", "0x7f000001", "0177.0.0.1", "10.0.0.1", "172.16.0.1",
    "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "[::1]", "[::]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[fe80::1]", "[fc00::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
    "localhost",
)  # fmt: skip


@pytest.mark.parametrize("name", PRIVATE)
def test_an_address_in_a_private_network_is_not_asked(host: Host, name: str) -> None:
    port = host.url().split(":")[2].split("/")[0]
    fetched = get(f"http://{name}:{port}/publiccode.yml", Limits(seconds=1.0))
    assert (fetched.content, host.asked) == (None, [])
    assert fetched.problem


def test_a_name_that_leads_into_a_private_network_is_not_asked(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    fetched = get("http://git.musterland.test/a.yml", OPEN)
    assert (fetched.is_defect, host.asked) == (True, [])
    assert "privates Netz" in fetched.problem


def test_one_private_address_among_public_ones_is_one_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("203.0.114.1", "10.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    assert "privates Netz" in get("http://git.musterland.test/a.yml").problem


def test_the_address_that_was_looked_at_is_the_one_that_is_asked(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that answers differently each time is looked up once for a connection."""
    port = int(host.url().split(":")[2].split("/")[0])
    looked_up: list[str] = []

    def changing(name: str, *_: object, **__: object) -> list[Any]:
        looked_up.append(name)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    host.serve("/a.yml", "name: a")
    monkeypatch.setattr(socket, "getaddrinfo", changing)
    limits = Limits(seconds=1.0, private_hosts=("git.musterland.test",))
    assert get(f"http://git.musterland.test:{port}/a.yml", limits).content == b"name: a"
    # Once by us; what is asked then is a number, which the system's library takes as it is.
    assert [name for name in looked_up if not name[0].isdigit()] == ["git.musterland.test"]


def test_a_public_host_cannot_redirect_into_the_private_network(host: Host) -> None:
    """The first host is allowed by name, the second is the same machine under a name that is not."""
    host.serve("/secret", "name: a")
    port = host.url().split(":")[2].split("/")[0]
    host.pages["/a"] = redirect(f"http://127.0.0.2:{port}/secret")
    fetched = get(host.url("/a"), Limits(seconds=1.0, private_hosts=("127.0.0.1",)))
    assert (fetched.content, host.asked) == (None, ["/a"])
    assert "privates Netz" in fetched.problem


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("64:ff9b::808:808", True),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
        ("fe80::1%eth0", False),
        ("192.0.2.1", False),
        ("198.18.0.1", False),
    ],
)
def test_which_addresses_are_public(address: str, expected: bool) -> None:
    assert is_public(address) is expected


# --- Time and size


def took(address: str, limits: Limits = OPEN) -> tuple[Any, float]:
    started = time.monotonic()
    return get(address, limits), time.monotonic() - started


def test_a_host_that_never_ends_is_cut_off_by_size(host: Host) -> None:
    host.pages["/a"] = endless(host)
    fetched, _ = took(host.url("/a"))
    assert (fetched.is_defect, fetched.content) == (True, None)
    assert fetched.problem == "Die Datei ist größer als 0,1 MB. Kürzen Sie sie, oder teilen Sie sie auf."


@pytest.mark.parametrize("manner", ["body", "headers", "silence"])
def test_a_host_that_drips_is_cut_off_by_time(host: Host, manner: str) -> None:
    """Each wait is short; only all together never end."""
    manners = {
        "body": endless(host, pause=0.05),
        "headers": endless_headers(host, 0.05),
        "silence": silent(host),
    }
    host.pages["/a"] = manners[manner]
    fetched, seconds = took(host.url("/a"))
    assert (fetched.problem, fetched.is_defect) == ("Der Rechner hat nicht rechtzeitig geantwortet.", False)
    assert seconds < 5


def test_a_packed_answer_is_unpacked(host: Host) -> None:
    text = b"name: a\n" * 100
    assert get(host.serve("/a", gzip.compress(text), Content_Encoding="gzip")).content == text
    assert get(host.serve("/b", zlib.compress(text), Content_Encoding="deflate")).content == text


def test_a_packed_bomb_is_too_large_and_takes_no_memory(host: Host) -> None:
    bomb = gzip.compress(b"\0" * 300_000_000, 9)
    assert len(bomb) < 400_000
    fetched = get(host.serve("/a", bomb, Content_Encoding="gzip"))
    assert (fetched.is_defect, fetched.content) == (True, None)
    assert "größer als" in fetched.problem


@pytest.mark.parametrize(
    ("content", "packing"),
    [
        (b"no gzip at all", "gzip"),
        (gzip.compress(b"name: a" * 50, mtime=0)[:-12], "gzip"),
        (gzip.compress(gzip.compress(b"name: a", mtime=0), mtime=0), "gzip, gzip"),
        (b"name: a", "br"),
    ],
)
def test_an_answer_packed_wrongly_is_told_and_not_taken(host: Host, content: bytes, packing: str) -> None:
    fetched = get(host.serve("/a", content, Content_Encoding=packing))
    assert (fetched.content, fetched.problem) == (None, "Die Antwort ist beschädigt oder unvollständig.")


def test_an_answer_that_breaks_off_is_not_taken(host: Host) -> None:
    fetched = get(host.serve("/a", b"name: a", Content_Length="700"))
    assert fetched.content is None
    assert fetched.problem


# --- A list of addresses


def a_list(host: Host, count: int = 6) -> str:
    for number in range(count):
        url = f"https://git.musterland.test/stadt/werkzeug-{number}"
        host.serve(f"/{number}.yml", entry(f"Werkzeug Nummer {number}", url), ETag=f'"{number}"')
    lines = [
        "# Unsere Werkzeuge",
        "",
        *(host.url(f"/{number}.yml") for number in range(count)),
        host.url("/0.yml"),
    ]
    return host.serve("/list.txt", "\n".join(lines))


def test_a_list_is_harvested_and_unchanged_pages_are_not_sent_again(
    add: AddSource, harvest: Harvest, host: Host
) -> None:
    source = add("liste", a_list(host), "list")
    first = harvest(source)
    assert (first.state, first.seen, first.new) == ("complete", 6, 6)
    assert sorted(RawRecord.objects.values_list("etag", flat=True)) == [f'"{number}"' for number in range(6)]
    second = harvest(source)
    assert (second.state, second.same) == ("complete", 6)


def test_a_better_reader_asks_for_everything_anew(add: AddSource, harvest: Harvest, host: Host) -> None:
    source = add("liste", a_list(host), "list")
    harvest(source)
    RawRecord.objects.update(reader="publiccode/0/older")
    host.asked.clear()
    second = harvest(source)
    assert (second.state, second.same) == ("complete", 6)
    assert not RawRecord.objects.filter(reader="publiccode/0/older").exists()


def test_one_page_that_cannot_be_reached_leaves_the_run_incomplete_and_all_entries_as_they_are(
    add: AddSource, harvest: Harvest, host: Host
) -> None:
    source = add("liste", a_list(host), "list")
    harvest(source)
    before = list(Solution.objects.order_by("pk").values())
    host.pages["/3.yml"] = status(500)
    finished = harvest(source)
    assert (finished.state, finished.same, finished.unreached, finished.missing) == ("incomplete", 5, 1, 0)
    assert finished.problem == (
        "1 von 6 Einträgen waren nicht erreichbar. Fehlende werden erst nach einem vollständigen Abgleich vermerkt. "
        f"{host.url('/3.yml')}: Der Rechner antwortet mit dem Fehler 500."
    )
    assert list(Solution.objects.order_by("pk").values()) == before


def test_a_page_that_is_gone_is_marked_missing_and_stays_published(
    add: AddSource, harvest: Harvest, host: Host
) -> None:
    source = add("liste", a_list(host), "list")
    harvest(source)
    host.pages["/3.yml"] = status(404)
    finished = harvest(source)
    assert (finished.state, finished.seen, finished.same, finished.missing) == ("complete", 5, 5, 1)
    record = RawRecord.objects.get(key=host.url("/3.yml"))
    assert record.missing_since is not None
    assert record.listing is not None
    assert record.listing.missing_since is not None
    assert record.listing.solution.state == "published"
    again = harvest(source)
    assert (again.state, again.seen, again.missing) == ("complete", 5, 0)


def test_a_page_that_never_was_is_a_defect_of_the_list(add: AddSource, harvest: Harvest, host: Host) -> None:
    source = add("liste", host.serve("/list.txt", host.url("/nichts.yml") + "\nkeine Adresse\n"), "list")
    for _ in range(2):
        finished = harvest(source)
        assert (finished.state, finished.seen, finished.unreadable) == ("complete", 2, 2)
    assert sorted(reason for (reason,) in RawRecord.objects.values_list("reasons", flat=True)) == [
        "Das ist keine Adresse, die mit https:// beginnt.",
        "Unter der Adresse gibt es nichts (Fehler 404).",
    ]


def test_a_page_that_redirects_into_the_private_network_is_a_finding_and_changes_nothing(
    add: AddSource, harvest: Harvest, host: Host
) -> None:
    source = add("liste", a_list(host), "list")
    harvest(source)
    before = list(Solution.objects.order_by("pk").values())
    host.pages["/3.yml"] = redirect("http://169.254.169.254/latest/meta-data/")
    finished = harvest(source)
    assert (finished.state, finished.same, finished.unreadable) == ("complete", 5, 1)
    record = RawRecord.objects.get(key=host.url("/3.yml"))
    assert record.findings[0]["message"].startswith("Die Adresse führt in ein privates Netz")
    assert list(Solution.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("kind", ["file", "list", "archive"])
@pytest.mark.parametrize("manner", ["error", "silence", "drip", "nothing there"])
def test_a_source_that_is_down_has_failed_and_changes_nothing(
    add: AddSource, harvest: Harvest, host: Host, kind: str, manner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("allmende.federation.fetching.web.ARCHIVE_SECONDS", 1.0)
    manners = {
        "error": status(500),
        "silence": silent(host),
        "drip": endless(host, pause=0.05),
        "nothing there": status(404),
    }
    host.pages["/source"] = manners[manner]
    source = add("fern", host.url("/source"), kind)
    finished = harvest(source, limits=OPEN)
    if (kind, manner) == ("file", "nothing there"):
        # One file, and it is not there: that is a defect of the record.
        assert (finished.state, finished.unreadable) == ("complete", 1)
        return
    assert finished.state == "failed"
    assert finished.problem
    assert not Solution.objects.exists()


def test_a_single_file_is_asked_for_only_if_it_is_newer(add: AddSource, harvest: Harvest, host: Host) -> None:
    source = add("datei", host.serve("/publiccode.yml", entry(), ETag='"1"'), "file")
    assert harvest(source).new == 1
    assert harvest(source).same == 1
    host.serve("/publiccode.yml", entry(text="Jetzt auch mit Fotos von den Schäden an Straßen."), ETag='"2"')
    assert harvest(source).changed == 1


def test_a_list_on_this_machine_may_name_addresses(
    add: AddSource, harvest: Harvest, host: Host, tmp_path: Path
) -> None:
    a_list(host)
    path = tmp_path / "liste.txt"
    path.write_text(f"{host.url('/1.yml')}\n{host.url('/2.yml')}\n")
    assert harvest(add("liste", path, "list")).new == 2


def test_cookies_are_not_carried_from_page_to_page(host: Host) -> None:
    host.serve("/a", "name: a", Set_Cookie="who=me")
    seen: list[str | None] = []
    answer = page("name: b")
    host.pages["/b"] = lambda handler: (seen.append(handler.headers.get("Cookie")), answer(handler))[1]
    with Client(OPEN) as client:
        client.get(host.url("/a"))
        client.get(host.url("/b"))
    assert seen == [None]


# --- Certificates


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """One that nobody has signed, for this machine."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    start = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "both.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    return path


def test_a_host_with_a_certificate_that_nobody_vouches_for_is_not_believed(
    host: Host, certificate: Path
) -> None:
    host.speak_tls(certificate)
    host.serve("/a.yml", "name: a")
    fetched = get(host.url("/a.yml").replace("http://127.0.0.1", "https://localhost"))
    assert (fetched.content, host.asked) == (None, [])
    assert fetched.problem == "Der Rechner ist nicht erreichbar oder unbekannt."


def test_a_certificate_is_checked_against_the_name_and_not_the_address(
    host: Host, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.speak_tls(certificate)
    host.serve("/a.yml", "name: a")
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(httpx, "create_ssl_context", lambda **_: trusting)
    address = host.url("/a.yml").replace("http://127.0.0.1", "https://localhost")
    assert get(address).content == b"name: a"
    assert get(address.replace("localhost", "127.0.0.1")).content is None
