"""Whoever runs Allmende finds every variable explained, and nothing explained that is not read."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

VARIABLE = re.compile(r"\bALLMENDE_[A-Z]+(?:_[A-Z]+)*\b")


def _in_code(checkout: Path, *places: str) -> set[str]:
    """Names of variables that stand as whole strings in the code of some places."""
    files = [file for place in places for file in sorted((checkout / place).rglob("*.py"))]
    quoted = re.compile(r"""["'](ALLMENDE_[A-Z]+(?:_[A-Z]+)*)["']""")
    return {name for file in files for name in quoted.findall(file.read_text(encoding="utf-8"))}


@pytest.fixture(scope="module")
def defaults(checkout: Path) -> dict[str, str]:
    """Variable → what the page says where nobody sets it, as it stands there."""
    page = (checkout / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in page.splitlines() if line.startswith("| `")]
    return {name: cells[2].strip() for cells in rows for name in VARIABLE.findall(cells[1])}


@pytest.fixture
def documented(defaults: dict[str, str]) -> set[str]:
    return set(defaults)


def test_every_variable_that_the_settings_read_is_documented_and_no_other(
    checkout: Path, documented: set[str]
) -> None:
    read = _in_code(checkout, "src/allmende", "tools", "tests/support") | {"ALLMENDE_REQUIRE_SHARED"}
    assert documented == read


def test_only_the_settings_read_the_environment(checkout: Path) -> None:
    """One place to look; packages ask `django.conf.settings`."""
    readers = [
        path.relative_to(checkout).as_posix()
        for path in sorted((checkout / "src" / "allmende").rglob("*.py"))
        if re.search(r"\bos\.environ\b|\bgetenv\b", path.read_text(encoding="utf-8"))
    ]
    # cli.py and wsgi.py only name the settings module; the demo looks for real files beside the checkout.
    assert readers == [
        "src/allmende/config/cli.py",
        "src/allmende/config/settings.py",
        "src/allmende/config/wsgi.py",
        "src/allmende/demo/management/commands/demo.py",
    ]


# Variable → what holds it in the settings, as an expression there.
HELD_BY = {
    "ALLMENDE_BEHIND_PROXY": "BEHIND_PROXY",
    "ALLMENDE_BOUNCE_ADDRESS": "MAIL_BOUNCE_ADDRESS",
    "ALLMENDE_CLAMD": "CLAMD",
    "ALLMENDE_DATABASE_URL": "DATABASES['default']['NAME']",
    "ALLMENDE_DATA_DIR": "str(DATA_DIR)",
    "ALLMENDE_DEBUG": "DEBUG",
    "ALLMENDE_DEMO": "DEMO",
    "ALLMENDE_EMAIL_BACKEND": "EMAIL_BACKEND",
    "ALLMENDE_EMAIL_FROM": "DEFAULT_FROM_EMAIL",
    "ALLMENDE_EMAIL_REPLY_TO": "MAIL_REPLY_TO",
    "ALLMENDE_EMBEDDINGS": "SEARCH_EMBEDDINGS",
    "ALLMENDE_EMBEDDINGS_KEY": "SEARCH_EMBEDDINGS_KEY",
    "ALLMENDE_EMBEDDINGS_MODEL": "SEARCH_EMBEDDINGS_MODEL",
    "ALLMENDE_HARVEST_MAX_BYTES": "HARVEST_MAX_BYTES",
    "ALLMENDE_HARVEST_PRIVATE_HOSTS": "HARVEST_ALLOWED_PRIVATE_HOSTS",
    "ALLMENDE_HARVEST_TIMEOUT": "HARVEST_TIMEOUT_SECONDS",
    "ALLMENDE_HOSTS": "','.join(ALLOWED_HOSTS)",
    "ALLMENDE_LETTER_PHONE": "LETTER_PHONE",
    "ALLMENDE_LETTER_REPLY_TO": "LETTER_REPLY_TO",
    "ALLMENDE_LETTER_SENDER": "LETTER_SENDER",
    "ALLMENDE_LOG_LEVEL": "[LOGGING['loggers']['allmende']['level'], LOGGING['root']['level']]",
    "ALLMENDE_MAIL_PER_HOUR": "MAIL_PER_HOUR",
    "ALLMENDE_OCDS_PREFIX": "RECORD_OCDS_PREFIX",
    "ALLMENDE_OIDC": "SOCIALACCOUNT_PROVIDERS['openid_connect']['APPS']",
    "ALLMENDE_SEARCH_WORDS": "SEARCH_WORDS",
    "ALLMENDE_SECRET_KEYS_BEFORE": "SECRET_KEY_FALLBACKS",
    "ALLMENDE_SITE_URL": "SITE_URL",
    "ALLMENDE_SMTP_HOST": "EMAIL_HOST",
    "ALLMENDE_SMTP_PASSWORD": "EMAIL_HOST_PASSWORD",
    "ALLMENDE_SMTP_PORT": "EMAIL_PORT",
    "ALLMENDE_SMTP_TLS": "SMTP_TLS",
    "ALLMENDE_SMTP_USER": "EMAIL_HOST_USER",
}
# Said in words, because the value depends on something: what it comes to where nothing is set.
IN_WORDS = {
    "ALLMENDE_DATABASE_URL": (
        "**needed**; otherwise a SQLite file in the data directory",
        "{checkout}/var/allmende.sqlite3",
    ),
    "ALLMENDE_DATA_DIR": ("`var/` in the checkout", "{checkout}/var"),
    "ALLMENDE_EMAIL_BACKEND": ("by `ALLMENDE_SMTP_HOST`", "django.core.mail.backends.console.EmailBackend"),
    "ALLMENDE_LOG_LEVEL": ("`INFO` for Allmende, `WARNING` for the rest", ["INFO", "WARNING"]),
    "ALLMENDE_SMTP_PORT": ("587, 465 or 25, as `ALLMENDE_SMTP_TLS` says", 587),
}
# Without them nothing starts: they have no default.
WITHOUT = {"ALLMENDE_SECRET_KEY": "**needed**"}


def said(cell: str) -> Any:
    """The value that a cell names: `x`, a number, off, none; whatever follows it explains."""
    cell = cell.removeprefix("**needed**; otherwise ")
    if quoted := re.match(r"`([^`]+)`", cell):
        return quoted[1]
    if number := re.match(r"[\d,]+$", cell):
        return int(number[0].replace(",", ""))
    return {"off": False, "none": None}[re.split(r"[:;]", cell)[0]]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("off", False), ("none", None), ("none: the sender", None), ("none; **needed** with an address", None),
        ("2,000,000", 2_000_000), ("`starttls`", "starttls"), ("**needed**; otherwise `http://x`", "http://x"),
    ],
)  # fmt: skip
def test_a_default_is_read_from_the_page(cell: str, value: Any) -> None:
    assert said(cell) == value


def test_every_default_is_the_one_that_the_page_names(checkout: Path, defaults: dict[str, str]) -> None:
    """The settings are read once more, by a process for which nothing is set."""
    read = _in_code(checkout, "src/allmende/config") - {"ALLMENDE_SECRET_KEY"}
    assert read - set(HELD_BY) == set()
    expressions = ", ".join(f"{name!r}: {HELD_BY[name]}" for name in sorted(read))
    code = f"import json; from allmende.config.settings import *; print(json.dumps({{{expressions}}}, default=str))"
    bare = {
        name: value for name, value in os.environ.items() if not name.startswith(("ALLMENDE_", "PYTEST_"))
    }
    surroundings = bare | {"ALLMENDE_SECRET_KEY": "x" * 50, "PYTHONPATH": str(checkout / "src")}
    told = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=checkout,
        env=surroundings,
    )
    found = {
        name: value if value not in ("", []) else None for name, value in json.loads(told.stdout).items()
    }
    for name, (cell, value) in IN_WORDS.items():
        assert defaults[name] == cell
        assert found[name] == (value.format(checkout=checkout) if isinstance(value, str) else value)
    plain = set(found) - set(IN_WORDS)
    assert {name: found[name] for name in plain} == {name: said(defaults[name]) for name in plain}
    assert {name: defaults[name] for name in WITHOUT} == WITHOUT
