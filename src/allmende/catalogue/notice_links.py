"""Addresses about a notice that nobody can guess: whoever has one may see that page, with an account or without.

Each use has a key of its own, made from the notice's id and the server's secret: nothing is kept, and the link of one
side opens no page of the other.
"""

from typing import Literal

from django.core.signing import Signer
from django.utils.crypto import constant_time_compare

from allmende.catalogue.models.notices import Notice

Use = Literal["reporter", "confirm", "party"]


def key(notice: Notice, use: Use, *, address: str = "") -> str:
    """43 letters. `address`: the e-mail address that the key confirms."""
    said = f"{notice.public_id}:{address.lower()}"
    return Signer(salt=f"allmende.notice.{use}").signature(said).rstrip("=")


def fits(given: str, notice: Notice, use: Use, *, address: str = "") -> bool:
    return constant_time_compare(given, key(notice, use, address=address))


def reporter_page(notice: Notice) -> str:
    """Where whoever gave the notice follows it."""
    return f"/meldungen/{notice.public_id}/{key(notice, 'reporter')}"


def confirm_page(notice: Notice, address: str) -> str:
    return f"/meldungen/{notice.public_id}/bestaetigen/{key(notice, 'confirm', address=address)}"


def party_page(notice: Notice) -> str:
    """Where the side concerned reads what is said of its entry, and answers."""
    return f"/meldungen/{notice.public_id}/stellungnahme/{key(notice, 'party')}"
