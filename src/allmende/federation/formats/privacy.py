"""Mail addresses in running text: personal more often than not, and frozen in every edition once published."""

import re

_EMAIL = re.compile(
    r"(?:mailto:)?(?<![\w.+@/-])(?!git@)[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,4}[A-Za-z]{2,24}(?![\w@])"
)

HIDDEN_EMAIL = "(E-Mail-Adresse bei der Quelle)"


def without_emails(text: str) -> str:
    """The text with a note in place of each mail address; addresses of repositories by SSH stay."""
    return _EMAIL.sub(HIDDEN_EMAIL, text)


def is_email(text: str) -> bool:
    """A mail address, with or without `mailto:`; not the address of a repository by SSH."""
    return text.lower().startswith("mailto:") or bool(_EMAIL.fullmatch(text))
