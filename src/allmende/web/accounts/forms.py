from typing import ClassVar

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ReauthenticateForm as AllauthReauthenticateForm

from allmende.web.components.forms import KindMixin


def _plain(form: object) -> None:
    """What stands in the label need not stand in the input again, and no field is steered to by itself."""
    for field in form.fields.values():  # type: ignore[attr-defined]
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs.pop("autofocus", None)


class LoginForm(KindMixin, AllauthLoginForm):
    sentences: ClassVar = {
        "login": {"required": "Geben Sie Ihre E-Mail-Adresse ein."},
        "password": {"required": "Geben Sie Ihr Passwort ein."},
    }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)
        self.fields["login"].label = "E-Mail-Adresse"
        self.fields["password"].label = "Passwort"
        self.fields["password"].help_text = ""
        if "remember" in self.fields:
            self.fields["remember"].label = "Auf diesem Gerät angemeldet bleiben"


class ReauthenticateForm(KindMixin, AllauthReauthenticateForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)
        self.fields["password"].label = "Ihr Passwort"


class ChangePasswordForm(KindMixin, AllauthChangePasswordForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)
        for name, label in (
            ("oldpassword", "Bisheriges Passwort"),
            ("password1", "Neues Passwort"),
            ("password2", "Neues Passwort noch einmal"),
        ):
            self.fields[name].label = label
            self.fields[name].help_text = ""
