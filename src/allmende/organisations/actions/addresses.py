"""The postal address of an organisation: whole, or no letter; kept for the next one."""

import re
from dataclasses import astuple
from datetime import datetime

from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.organisations.drafts import AddressDraft
from allmende.organisations.models import Organisation, PostalAddress

_POSTCODE = re.compile(r"[0-9]{5}")
# Two letters one after the other: „Am Markt“ is a street without a number, „12“ is none.
_WORD = re.compile(r"[^\W\d_]{2}")
LONGEST = 200


def checked_address(draft: AddressDraft) -> AddressDraft:
    """The address as it goes onto the letter, blanks tidied up; `Refused` says what is missing."""
    lines = [" ".join(each.split())[:LONGEST] for each in astuple(draft)]
    address = AddressDraft(*lines)
    if not _WORD.search(address.recipient):
        raise Refused("Geben Sie an, an wen der Brief geht.")
    if not _WORD.search(address.street):
        raise Refused(
            "Geben Sie Straße und Hausnummer an, oder das Postfach. Ohne sie kommt der Brief nicht an."
        )
    if not _POSTCODE.fullmatch(address.postcode):
        raise Refused("Geben Sie die Postleitzahl mit fünf Ziffern an.")
    if not _WORD.search(address.place):
        raise Refused("Geben Sie den Ort an.")
    return address


def as_written(address: AddressDraft) -> str:
    """The lines on the envelope."""
    town = f"{address.postcode} {address.place}"
    return "\n".join(line for line in (address.recipient, address.attention, address.street, town) if line)


def keep_address(
    organisation: Organisation, address: AddressDraft, *, by: Actor, now: datetime
) -> PostalAddress:
    """What was found once need not be looked up for the next letter. Whoever calls has asked for the right."""
    values = {
        "recipient": address.recipient,
        "attention": address.attention,
        "street": address.street,
        "postcode": address.postcode,
        "place": address.place,
        "changed_at": now,
        "changed_by": str(by),
    }
    return PostalAddress.objects.update_or_create(organisation=organisation, defaults=values)[0]
