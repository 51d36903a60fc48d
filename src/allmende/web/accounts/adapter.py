from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    error_messages: ClassVar = DefaultAccountAdapter.error_messages | {
        "account_inactive": "Dieses Konto ist gesperrt. Wenden Sie sich an den Betreiber.",
        "email_password_mismatch": "E-Mail-Adresse und Passwort passen nicht zusammen. Prüfen Sie beides.",
        "incorrect_code": "Dieser Code stimmt nicht. Geben Sie den Code ein, den Ihre App gerade zeigt.",
        "incorrect_password": "Das Passwort stimmt nicht.",
        "enter_current_password": "Geben Sie Ihr bisheriges Passwort ein.",
        "too_many_login_attempts": "Das waren zu viele Versuche. Warten Sie fünf Minuten.",
        "rate_limited": "Das waren zu viele Versuche. Warten Sie einige Minuten.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are created by the operator until organisations register themselves."""
        return False
