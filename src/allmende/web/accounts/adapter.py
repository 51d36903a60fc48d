"""Where allauth asks what is ours to decide: words, mails, secrets at rest, who may take a second factor away."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse

from allmende.accounts.models import User
from allmende.accounts.vault import lock, unlock
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.mail.actions import send
from allmende.web.accounts.onward import local, with_next
from allmende.web.accounts.second_factor import is_last, must_have_one

MANY = "Das waren zu viele Versuche. Warten Sie einige Minuten."


class AccountAdapter(DefaultAccountAdapter):
    error_messages: ClassVar = DefaultAccountAdapter.error_messages | {
        "account_inactive": "Dieses Konto ist gesperrt. Wenden Sie sich an den Betreiber.",
        "duplicate_email": "Diese Adresse gehört schon zu Ihrem Konto. Geben Sie eine andere ein.",
        "email_password_mismatch": "E-Mail-Adresse und Passwort passen nicht zusammen. Prüfen Sie beides.",
        "enter_current_password": "Das ist nicht Ihr bisheriges Passwort. Geben Sie es noch einmal ein.",
        "incorrect_code": "Dieser Code stimmt nicht. Geben Sie den Code ein, den Ihre App gerade zeigt.",
        "incorrect_password": "Das Passwort stimmt nicht.",
        "invalid_password_reset": "Dieser Link gilt nicht mehr. Fordern Sie einen neuen an.",
        "rate_limited": MANY,
        "too_many_login_attempts": "Das waren zu viele Versuche. Warten Sie fünf Minuten.",
    }

    def save_user(
        self, request: HttpRequest, user: AbstractBaseUser, form: Any, commit: bool = True
    ) -> AbstractBaseUser:
        assert isinstance(user, User)  # noqa: S101  # there is no other model of a person
        user.name = form.cleaned_data.get("name", "").strip()
        saved: AbstractBaseUser = super().save_user(request, user, form, commit)
        return saved

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Plain text, through our own queue of letters: kind and words come from the name of the template.

        An address that nobody can write to is no error here: the page says the same for every address.
        """
        told = {"email": email, "site_url": settings.SITE_URL, **context}
        user = context.get("user")
        kind = f"accounts.{template_prefix.rpartition('/')[2]}"
        # Whom a letter to somebody without an account is about, nobody knows.
        about = ("account", user.public_id if isinstance(user, User) else "")
        try:
            send(
                to=email,
                subject=" ".join(render_to_string(f"{template_prefix}_subject.txt", told).split()),
                text=render_to_string(f"{template_prefix}_message.txt", told).strip() + "\n",
                kind=kind,
                about=about,
                by=Actor.program("accounts"),
                now=datetime.now(UTC),
            )
        except Refused:
            return

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **more: Any) -> HttpResponse | None:
        """allauth says here, and not where the letter is written, where somebody was going."""
        request.wanted_page = local(more.get("redirect_url"))  # type: ignore[attr-defined]
        response: HttpResponse | None = super().pre_login(request, user, **more)
        return response

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """With the page that somebody was on the way to; it is as good as the link, and no longer."""
        path = reverse("account_confirm_email", args=[emailconfirmation.key])
        wanted = getattr(request, "wanted_page", "")
        return (
            f"{settings.SITE_URL}{path if wanted == settings.LOGIN_REDIRECT_URL else with_next(path, wanted)}"
        )

    def respond_email_verification_sent(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """The same for every address: where to go on is taken from the form, and not from the account."""
        path = reverse("account_email_verification_sent")
        return redirect(with_next(path, local(request.POST.get("next"))))

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return f"{settings.SITE_URL}{path}"

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The same ways in our words, with the strongest one first: what comes first is the usual one."""
        names = {
            "mfa_reauthenticate:webauthn": "Mit Passkey bestätigen",
            "mfa_reauthenticate": "Mit App oder Notfallcode bestätigen",
            "reauthenticate": "Mit Passwort bestätigen",
        }
        ways = sorted(
            super().get_reauthentication_methods(user), key=lambda way: list(names).index(way["id"])
        )
        return [way | {"description": names[way["id"]]} for way in ways]


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages: ClassVar = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": "Ändern Sie die Adresse, bevor Sie einen zweiten Faktor einrichten.",
        "cannot_delete_authenticator": "Mit Ihrer Rolle brauchen Sie einen zweiten Faktor. Richten Sie zuerst einen "
        "anderen ein.",
        "cannot_generate_recovery_codes": "Notfallcodes gibt es erst, wenn ein zweiter Faktor eingerichtet ist.",
        "incorrect_code": "Dieser Code stimmt nicht. Geben Sie den Code ein, den Ihre App gerade zeigt.",
        "unverified_email": "Bestätigen Sie zuerst Ihre E-Mail-Adresse.",
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Staff keep one; allauth asks this for apps only, `views.second_factor` for passkeys."""
        return not (must_have_one(authenticator.user) and is_last(authenticator))

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002  # allauth's name
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "Mein Passkey" if number == 1 else f"Mein Passkey {number}"

    def _get_site_name(self) -> str:
        return "Allmende"

    def encrypt(self, text: str) -> str:
        return lock(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unlock(encrypted_text)
