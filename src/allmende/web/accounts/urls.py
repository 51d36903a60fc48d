"""Accounts at German addresses. Only what we use of allauth is served; names that its code asks for stay."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as openid
from django.urls import URLPattern, path, re_path

from allmende.web.accounts.views import confirming, data, joining, overview, passkeys, second_factor, sessions

_OWN = [
    path("konto", overview.show, name="account"),
    path("konto/name", overview.name, name="account_name"),
    path("konto/anmeldungen", sessions.show, name="account_sessions"),
    path("konto/anmeldungen/<int:number>/beenden", sessions.end, name="account_end_session"),
    path("konto/anmeldungen/andere-beenden", sessions.end_others, name="account_end_others"),
    path("konto/anmeldungen/alle-beenden", sessions.end_all, name="account_end_all"),
    path("konto/daten", data.show, name="account_data"),
    re_path(r"^konto/daten/auszug\.(?P<format>json|html)$", data.download, name="account_download"),
    path("konto/loeschen", data.leave, name="account_erase"),
    path("konto/geloescht", data.erased, name="account_erased"),
]
_SIGNING_IN = [
    path("konto/anmelden", account.login, name="account_login"),
    path("konto/abmelden", account.logout, name="account_logout"),
    path("konto/gesperrt", account.account_inactive, name="account_inactive"),
    path("konto/registrieren", account.signup, name="account_signup"),
    path("konto/bestaetigen", account.reauthenticate, name="account_reauthenticate"),
    path("konto/passwort", account.password_change, name="account_change_password"),
    path("konto/passwort/festlegen", account.password_set, name="account_set_password"),
    path("konto/passwort-vergessen", account.password_reset, name="account_reset_password"),
    path(
        "konto/passwort-vergessen/unterwegs", account.password_reset_done, name="account_reset_password_done"
    ),
    path(
        "konto/passwort-neu/fertig",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^konto/passwort-neu/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("konto/adresse", account.email, name="account_email"),
    path(
        "konto/adresse-bestaetigen", account.email_verification_sent, name="account_email_verification_sent"
    ),
    re_path(
        r"^konto/adresse-bestaetigen/(?P<key>[-:\w]+)$",
        confirming.confirm,
        name="account_confirm_email",
    ),
]
_SECOND_FACTOR = [
    path("konto/zweiter-faktor", second_factor.index, name="mfa_index"),
    path("konto/zweiter-faktor/eingeben", mfa.authenticate, name="mfa_authenticate"),
    path("konto/zweiter-faktor/bestaetigen", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("konto/zweiter-faktor/app", totp.activate_totp, name="mfa_activate_totp"),
    path("konto/zweiter-faktor/app/entfernen", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("konto/zweiter-faktor/notfallcodes", second_factor.codes, name="mfa_view_recovery_codes"),
    path(
        "konto/zweiter-faktor/notfallcodes/neu",
        codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "konto/zweiter-faktor/notfallcodes/laden",
        codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("konto/passkeys", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("konto/passkeys/neu", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("konto/passkeys/anmelden", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("konto/passkeys/bestaetigen", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("konto/passkeys/<int:pk>/umbenennen", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("konto/passkeys/<int:pk>/entfernen", passkeys.remove, name="mfa_remove_webauthn"),
]
_PROVIDERS = [
    path("konto/anbieter", social.connections, name="socialaccount_connections"),
    path("konto/anbieter/registrieren", social.signup, name="socialaccount_signup"),
    path("konto/anbieter/verbinden", joining.join, name="account_join"),
    path("konto/anbieter/abgebrochen", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("konto/anbieter/fehler", social.login_error, name="socialaccount_login_error"),
    path("konto/anmelden/mit/<slug:provider_id>", joining.depart, name="openid_connect_login"),
    path("konto/anmelden/mit/<slug:provider_id>/zurueck", openid.callback, name="openid_connect_callback"),
]
urlpatterns: list[URLPattern] = [*_OWN, *_SIGNING_IN, *_SECOND_FACTOR, *_PROVIDERS]
