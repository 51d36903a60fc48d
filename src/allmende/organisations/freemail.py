"""Which domains can belong to one organisation: not those where everybody gets an address."""

from allmende.lib.refusals import Refused

# Providers of addresses for everybody, as they are common in Germany. Staff looks at every domain all the same.
FOR_EVERYBODY = frozenset(
    {
        "aol.com", "aol.de", "arcor.de", "email.de", "freenet.de", "gmail.com", "gmx.at", "gmx.ch", "gmx.de", "gmx.net",
        "googlemail.com", "hotmail.com", "hotmail.de", "icloud.com", "kabelmail.de", "live.com", "live.de", "mail.de",
        "mailbox.org", "me.com", "msn.com", "online.de", "outlook.com", "outlook.de", "posteo.de", "posteo.net",
        "proton.me", "protonmail.com", "t-online.de", "tuta.io", "tutanota.com", "vodafone.de", "vodafonemail.de",
        "web.de", "yahoo.com", "yahoo.de",
    }
)  # fmt: skip


def could_be_own(address: str) -> str:
    """The domain of an e-mail address in small letters; "" where everybody gets an address there."""
    domain = address.rpartition("@")[2].strip().lower()
    return "" if domain in FOR_EVERYBODY else domain


def checked_domain(text: str) -> str:
    """A domain as somebody types it, in small letters and ASCII. `Refused` for anything else, and for freemail."""
    domain = text.strip().lower().removeprefix("@").rstrip(".")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        domain = ""
    parts = domain.split(".")
    if len(domain) > 253 or len(parts) < 2 or not all(part.replace("-", "").isalnum() for part in parts):
        raise Refused(
            "Geben Sie die Domain ein, die in Ihren E-Mail-Adressen nach dem @ steht: beispielstadt.de."
        )
    if domain in FOR_EVERYBODY:
        raise Refused(
            f"Bei {domain} bekommen alle eine Adresse. Nennen Sie eine Domain, die nur Ihnen gehört."
        )
    return domain
