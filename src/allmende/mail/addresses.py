"""What may stand in an envelope and in a header: pure, so that hostile input can be tried on it."""

import re
from email.utils import parseaddr

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from allmende.lib.refusals import Refused

# RFC 5321, 4.5.3.1: 256 with the angle brackets, and 64 before the @.
LONGEST_ADDRESS, LONGEST_LOCAL = 254, 64
LONGEST_SUBJECT = 300
# Everything that ends a line somewhere, and what no letter has in it.
_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


def checked_address(address: str) -> str:
    """The address as it stands in the envelope: local part as written, domain in ASCII. `Refused` for anything else.

    Only plain ASCII is taken before the @: servers that take more are rare, and look-alike letters are a trap.
    """
    local, _, domain = address.strip(" ").rpartition("@")
    try:
        plain = f"{local}@{domain.encode('idna').decode('ascii')}"
        plain.encode("ascii")
        validate_email(plain)
    except (UnicodeError, ValidationError):
        plain = ""
    # A quoted local part may hold nearly anything; nobody has one.
    too_long = len(plain) > LONGEST_ADDRESS or len(local) > LONGEST_LOCAL
    if not plain or too_long or '"' in plain or parseaddr(plain)[1] != plain:
        raise Refused(
            "Das ist keine E-Mail-Adresse, an die wir schreiben können. Prüfen Sie die Schreibweise."
        )
    return plain


def checked_line(text: str, *, longest: int = LONGEST_SUBJECT) -> str:
    """Text that fits on one line of a header. `Refused` where it holds a line break: what follows one is a header."""
    if _BREAKS.search(text):
        raise Refused("Ein Betreff darf keinen Zeilenumbruch enthalten.")
    if not text.strip():
        raise Refused("Eine E-Mail braucht einen Betreff.")
    return text if len(text) <= longest else text[: longest - 1] + "…"
