"""When two names may mean the same organisation: written alike, the legal form left aside. For people to decide."""

import re

_WORDS = re.compile(r"[^\W_]+")
# As people write it behind the name, in whatever case and with whatever dots.
_FORMS = re.compile(
    r"\b(g?gmbh|mbh|ug|haftungsbeschränkt|ag|se|kgaa|kg|ohg|eg|ek|ev|gbr|egbr|partg|mbb|aör|aoer|kdör|koer|co)\b"
)


def alike(name: str) -> str:
    """What is compared: small letters and digits, without the legal form; never "" for a name with a letter."""
    plain = " ".join(
        _WORDS.findall(name.casefold().replace("e.v.", "ev").replace("e. v.", "ev").replace("e.g.", "eg"))
    )
    without = " ".join(_FORMS.sub(" ", plain).split())
    return without or plain
