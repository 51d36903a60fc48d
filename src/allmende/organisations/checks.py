"""What letters to town halls need of the operator: Django's system checks, in German."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, register
from django.core.checks import Warning as Concern

_ASKED = (
    ("LETTER_SENDER", "ALLMENDE_LETTER_SENDER", "von wem er kommt"),
    ("LETTER_PHONE", "ALLMENDE_LETTER_PHONE", "unter welcher Nummer ein Rathaus nachfragen kann"),
    ("LETTER_REPLY_TO", "ALLMENDE_LETTER_REPLY_TO", "an welche E-Mail-Adresse ein Rathaus antworten kann"),
)


@register(deploy=True)
def letters_say_who_sends_them(**_: Any) -> list[CheckMessage]:
    """A letter with a code and without a sender looks like fraud, and is thrown away."""
    return [
        Concern(
            f"{variable} ist leer: Auf Briefen an Rathäuser steht nicht, {what}.",
            hint=f"Setzen Sie {variable}. Was hineingehört, steht in docs/reference/settings.md.",
            id=f"allmende.W{number:03}",
        )
        for number, (name, variable, what) in enumerate(_ASKED, start=40)
        if not getattr(settings, name)
    ]
