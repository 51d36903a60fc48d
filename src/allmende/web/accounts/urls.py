"""Signing in and out, and the second factor, at German addresses. Only what we use of allauth is served."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import path, re_path

urlpatterns = [
    path("anmelden", account.login, name="account_login"),
    path("abmelden", account.logout, name="account_logout"),
    path("gesperrt", account.account_inactive, name="account_inactive"),
    # Closed by the adapter; the name is asked for by allauth's own code.
    path("registrieren", account.signup, name="account_signup"),
    path("bestaetigen", account.reauthenticate, name="account_reauthenticate"),
    path("passwort", account.password_change, name="account_change_password"),
    path("passwort/neu", account.password_set, name="account_set_password"),
    path("adressen", account.email, name="account_email"),
    path("adresse-bestaetigen", account.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^adresse-bestaetigen/(?P<key>[-:\w]+)$", account.confirm_email, name="account_confirm_email"),
    path("zweiter-faktor", mfa.index, name="mfa_index"),
    path("zweiter-faktor/eingeben", mfa.authenticate, name="mfa_authenticate"),
    path("zweiter-faktor/bestaetigen", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("zweiter-faktor/app", totp.activate_totp, name="mfa_activate_totp"),
    path("zweiter-faktor/app/entfernen", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("zweiter-faktor/notfallcodes", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "zweiter-faktor/notfallcodes/neu", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"
    ),
    path(
        "zweiter-faktor/notfallcodes/laden", codes.download_recovery_codes, name="mfa_download_recovery_codes"
    ),
]
