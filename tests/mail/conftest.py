from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from allmende.lib.actors import Actor
from allmende.mail.actions import send
from allmende.mail.models import Letter
from tests.mail.office.receiver import Post, open_office

Write = Callable[..., Letter]


@pytest.fixture
def write(now: datetime) -> Write:
    """Write a letter like all others but for what is named."""

    def letter(**changed: Any) -> Letter:
        told: dict[str, Any] = {
            "to": "kim@stadt.example",
            "subject": "Ihre Anfrage",
            "text": "Guten Tag,\n\nwir haben etwas für Sie:\n\nhttps://allmende.example/mein\n",
            "kind": "tests.letter",
            "about": ("solution", "abc"),
            "by": Actor.program("test"),
            "now": now,
        }
        return send(**told | changed)

    return letter


@pytest.fixture
def office(settings: Any) -> Iterator[Post]:
    """A mail server that all letters go to."""
    with open_office() as (post, port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.DEFAULT_FROM_EMAIL = "Allmende <post@allmende.example>"
        settings.MAIL_REPLY_TO = "frage@allmende.example"
        settings.MAIL_BOUNCE_ADDRESS = "bounces@allmende.example"
        yield post
