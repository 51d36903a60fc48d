"""What an operator writes into `ALLMENDE_OIDC`: understood, or refused in a sentence without a secret in it."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from allmende.config.oidc import identity_providers

GOOD = {
    "id": "land",
    "name": "Landeskonto",
    "server_url": "https://login.land.example/realms/verwaltung",
    "client_id": "allmende",
    "client_secret": "streng-geheim",
}


def read(*entries: dict[str, Any]) -> list[dict[str, Any]]:
    return identity_providers(json.dumps(entries))


@pytest.mark.parametrize("nothing", ["", "  ", "\n", "[]"])
def test_nothing_written_is_no_provider(nothing: str) -> None:
    assert identity_providers(nothing) == []


def test_a_list_becomes_what_allauth_wants() -> None:
    assert read(GOOD) == [
        {
            "provider_id": "land",
            "name": "Landeskonto",
            "client_id": "allmende",
            "secret": "streng-geheim",
            "settings": {"server_url": "https://login.land.example/realms/verwaltung"},
        }
    ]


def test_a_file_says_the_same(tmp_path: Path) -> None:
    file = tmp_path / "oidc.json"
    file.write_text(json.dumps([GOOD]))
    assert identity_providers(str(file)) == read(GOOD)


def test_the_secret_may_lie_in_a_file_of_its_own(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("streng-geheim\n")
    entry = {key: value for key, value in GOOD.items() if key != "client_secret"}
    assert read(entry | {"client_secret_file": str(secret)}) == read(GOOD)


def test_further_keys_are_handed_on() -> None:
    more = {"uid_field": "employee", "token_auth_method": "client_secret_post", "scope": ["openid"]}
    assert read(GOOD | more)[0]["settings"] == {"server_url": GOOD["server_url"], **more}


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ({"id": ""}, "Es fehlt id."),
        ({"name": " ", "client_id": ""}, "Es fehlt name, client_id."),
        ({"id": "Land Hessen"}, "„id“ besteht aus kleinen Buchstaben"),
        ({"id": "../x"}, "„id“ besteht aus kleinen Buchstaben"),
        ({"id": "a" * 41}, "höchstens 40"),
        ({"server_url": "http://login.land.example"}, "muss mit https:// beginnen"),
        ({"server_url": "ftp://login.land.example"}, "muss mit https:// beginnen"),
        ({"server_url": "http://localhost.boese.example"}, "muss mit https:// beginnen"),
        ({"server_url": "https://"}, "muss mit https:// beginnen"),
        ({"server_url": "https://[kaputt"}, "muss mit https:// beginnen"),
        ({"id": 5, "server_url": None}, "Es fehlt id, server_url."),
        ({"clientsecret": "x"}, "clientsecret kennen wir nicht."),
        ({"client_secret_file": "/gibt/es/nicht"}, "nicht beide"),
    ],
)
def test_what_cannot_be_is_named(entry: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        read(GOOD, GOOD | {"id": "stadt"} | entry)
    assert sentence in str(caught.value)
    assert "2. Anbieter" in str(caught.value)
    assert "streng-geheim" not in str(caught.value)


def test_two_of_one_name_are_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="zwei Anbieter"):
        read(GOOD, GOOD)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_on_this_machine_it_may_be_plain(host: str) -> None:
    address = f"http://{host}:8080"
    assert read(GOOD | {"server_url": address})[0]["settings"]["server_url"] == address


@pytest.mark.parametrize(
    "written", ['[{"client_secret": "streng-geheim"', "[1]", '["streng-geheim"]', "/gibt/es/nicht"]
)
def test_what_is_no_list_is_refused_without_repeating_it(written: str) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        identity_providers(written)
    assert "streng-geheim" not in str(caught.value)
    assert caught.value.__cause__ is None or "streng-geheim" not in str(caught.value.__cause__)


_values = st.recursive(
    st.none() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3)
)
_entries = st.lists(st.dictionaries(st.sampled_from([*GOOD, "scope", "x"]), _values), max_size=3)


def understood(written: str) -> str:
    """The refusal, or nothing."""
    try:
        identity_providers(written)
    except ImproperlyConfigured as refusal:
        return str(refusal)
    return ""


@given(st.text(max_size=40).map("[{}".format) | _entries.map(json.dumps))
def test_whatever_is_written_it_is_read_or_refused(written: str) -> None:
    refusal = understood(written)
    assert refusal == "" or refusal.startswith("ALLMENDE_OIDC")
