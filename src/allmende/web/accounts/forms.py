"""allauth's forms, in our words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from allauth.socialaccount import forms as social
from cryptography.exceptions import InvalidSignature
from django import forms
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from allmende.web.components.forms import KindForm, KindMixin

PASSWORD_HINT = "Mindestens zwölf Zeichen. Ein Satz, den nur Sie kennen, ist leicht zu merken."  # noqa: S105
EMAIL = {
    "required": "Geben Sie Ihre E-Mail-Adresse ein.",
    "invalid": "Geben Sie eine vollständige E-Mail-Adresse ein, zum Beispiel name@beispiel.de.",
}
PASSWORD = {"required": "Geben Sie Ihr Passwort ein."}
NEW_PASSWORD = {"required": "Denken Sie sich ein Passwort aus."}
AGAIN = {"required": "Geben Sie das Passwort noch einmal ein."}
UNLIKE = "Die beiden Passwörter sind nicht gleich. Geben Sie sie noch einmal ein."


class _Relabelled:
    """What stands in the label need not stand in the input again, and no field is steered to by itself."""

    fields: dict[str, forms.Field]
    labels: ClassVar[dict[str, str]] = {}
    hints: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs.pop("autofocus", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")


class OurForm(KindMixin, _Relabelled):
    """Labels first: the sentences of errors are made of them."""


class _TwicePassword:
    """allauth says it in the words of its translation; the sentence is ours."""

    def add_error(self, field: str | None, error: Any) -> None:
        if field == "password2":
            error = UNLIKE
        super().add_error(field, error)  # type: ignore[misc]


class LoginForm(OurForm, account.LoginForm):
    labels: ClassVar = {
        "login": "E-Mail-Adresse",
        "password": "Passwort",
        "remember": "Auf diesem Gerät angemeldet bleiben",
    }
    sentences: ClassVar = {"login": EMAIL, "password": PASSWORD}


class SignupForm(OurForm, _TwicePassword, account.SignupForm):
    name = forms.CharField(max_length=200, required=False)
    field_order: ClassVar = ["email", "name", "password1", "password2"]
    labels: ClassVar = {
        "email": "E-Mail-Adresse",
        "name": "Name",
        "password1": "Passwort",
        "password2": "Passwort noch einmal",
    }
    hints: ClassVar = {
        "email": "Nehmen Sie die Adresse Ihrer Dienststelle, wenn Sie für eine handeln.",
        "name": "Nicht nötig. Ihre Kolleginnen und Kollegen erkennen Sie daran.",
        "password1": PASSWORD_HINT,
    }
    sentences: ClassVar = {"email": EMAIL, "password1": NEW_PASSWORD, "password2": AGAIN}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["email"].widget.attrs["autocomplete"] = "email"

    def try_save(self, request: HttpRequest) -> Any:
        if self.account_already_exists:
            # A new account takes the time of hashing its password; a known address shall take as long.
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)


class ProviderSignupForm(OurForm, social.SignupForm):
    name = forms.CharField(max_length=200, required=False)
    field_order: ClassVar = ["email", "name"]
    labels: ClassVar = {"email": "E-Mail-Adresse", "name": "Name"}
    hints: ClassVar = {"name": "Nicht nötig. Ihre Kolleginnen und Kollegen erkennen Sie daran."}
    sentences: ClassVar = {"email": EMAIL}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        confirmed = [each.email for each in self.sociallogin.email_addresses if each.verified]
        if confirmed:
            # Whoever typed another one would get in by the first and be known by the second, unconfirmed.
            self.fields["email"].disabled = True
            self.fields["email"].help_text = "So hat Sie der Anbieter genannt. Ändern können Sie das danach."
            self.initial["email"] = confirmed[0]


class ReauthenticateForm(OurForm, account.ReauthenticateForm):
    labels: ClassVar = {"password": "Ihr Passwort"}
    sentences: ClassVar = {"password": PASSWORD}


class ChangePasswordForm(OurForm, _TwicePassword, account.ChangePasswordForm):
    labels: ClassVar = {
        "oldpassword": "Bisheriges Passwort",
        "password1": "Neues Passwort",
        "password2": "Neues Passwort noch einmal",
    }
    hints: ClassVar = {"password1": PASSWORD_HINT}
    sentences: ClassVar = {
        "oldpassword": {"required": "Geben Sie Ihr bisheriges Passwort ein."},
        "password1": NEW_PASSWORD,
        "password2": AGAIN,
    }


class SetPasswordForm(OurForm, _TwicePassword, account.SetPasswordForm):
    labels: ClassVar = {"password1": "Passwort", "password2": "Passwort noch einmal"}
    hints: ClassVar = {"password1": PASSWORD_HINT}
    sentences: ClassVar = {"password1": NEW_PASSWORD, "password2": AGAIN}


class NewPasswordForm(OurForm, _TwicePassword, account.ResetPasswordKeyForm):
    labels: ClassVar = {"password1": "Neues Passwort", "password2": "Neues Passwort noch einmal"}
    hints: ClassVar = {"password1": PASSWORD_HINT}
    sentences: ClassVar = {"password1": NEW_PASSWORD, "password2": AGAIN}


class ResetPasswordForm(OurForm, account.ResetPasswordForm):
    labels: ClassVar = {"email": "E-Mail-Adresse"}
    sentences: ClassVar = {"email": EMAIL}


class AddressForm(OurForm, account.AddEmailForm):
    labels: ClassVar = {"email": "Neue E-Mail-Adresse"}
    sentences: ClassVar = {"email": EMAIL}


NO_PASSKEY = "Der Passkey passt nicht. Versuchen Sie es noch einmal, oder nehmen Sie einen anderen Weg."
CODE = {"required": "Geben Sie den Code ein."}


class _CodeForm(OurForm):
    labels: ClassVar = {"code": "Code"}
    sentences: ClassVar = {"code": CODE}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"autocomplete": "one-time-code", "inputmode": "numeric"}


class ActivateTOTPForm(_CodeForm, totp.ActivateTOTPForm):
    labels: ClassVar = {"code": "Code aus der App"}


class SecondFactorForm(_CodeForm, mfa.AuthenticateForm):
    hints: ClassVar = {"code": "Sechs Ziffern aus der App oder acht eines Notfallcodes."}


class SecondFactorAgainForm(_CodeForm, mfa.ReauthenticateForm):
    hints: ClassVar = {"code": "Sechs Ziffern aus der App oder acht eines Notfallcodes."}


@contextmanager
def _refused_in_peace() -> Iterator[None]:
    """What a browser sends as a passkey is read by two libraries that fail in many ways on what no browser sends."""
    try:
        yield
    except (ArithmeticError, AttributeError, InvalidSignature, LookupError, TypeError, ValueError) as trouble:
        raise forms.ValidationError(NO_PASSKEY) from trouble
    except forms.ValidationError as refusal:
        if refusal.code == "incorrect_code":
            raise forms.ValidationError(NO_PASSKEY) from refusal
        raise


class _PasskeyForm(OurForm):
    sentences: ClassVar = {"credential": {"required": NO_PASSKEY, "invalid": NO_PASSKEY}}

    def clean_credential(self) -> Any:
        with _refused_in_peace():
            return super().clean_credential()  # type: ignore[misc]


class PasskeyLoginForm(_PasskeyForm, webauthn.LoginWebAuthnForm):
    pass


class PasskeyForm(_PasskeyForm, webauthn.AuthenticateWebAuthnForm):
    pass


class PasskeyAgainForm(_PasskeyForm, webauthn.ReauthenticateWebAuthnForm):
    pass


class AddPasskeyForm(OurForm, webauthn.AddWebAuthnForm):
    labels: ClassVar = {"name": "Name des Passkeys", "passwordless": "Auch ohne Passwort anmelden"}
    hints: ClassVar = {
        "name": "Daran erkennen Sie ihn wieder, zum Beispiel „Diensthandy“.",
        "passwordless": "Dann genügt der Passkey zusammen mit Fingerabdruck, Gesicht oder PIN.",
    }
    sentences: ClassVar = {"credential": {"required": NO_PASSKEY, "invalid": NO_PASSKEY}}

    def clean(self) -> dict[str, Any]:
        with _refused_in_peace():
            cleaned: dict[str, Any] = super().clean()
        return cleaned


class RenamePasskeyForm(OurForm, webauthn.EditWebAuthnForm):
    labels: ClassVar = {"name": "Name des Passkeys"}
    sentences: ClassVar = {"name": {"required": "Geben Sie dem Passkey einen Namen."}}


class NameForm(KindForm):
    name = forms.CharField(
        label="Name",
        max_length=200,
        required=False,
        help_text="Kolleginnen und Kollegen erkennen Sie daran. Lassen Sie das Feld leer, zeigen wir Ihre Adresse.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class EraseForm(KindForm):
    """Erasing cannot be undone: the address is typed, so that nobody does it by a slip."""

    email = forms.EmailField(label="Geben Sie zur Sicherheit Ihre E-Mail-Adresse ein")
    sentences: ClassVar = {"email": EMAIL}

    def __init__(self, *args: Any, address: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._address = address
        self.fields["email"].widget.attrs["autocomplete"] = "off"

    def clean_email(self) -> str:
        typed: str = self.cleaned_data["email"]
        if typed.lower() != self._address.lower():
            raise forms.ValidationError(
                "Das ist nicht die Adresse dieses Kontos. Prüfen Sie die Schreibweise."
            )
        return typed
