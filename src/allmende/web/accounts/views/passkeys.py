"""Taking a passkey away: staff keep their last one. allauth asks that for apps only."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as webauthn
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from allmende.lib.actors import Actor
from allmende.web.accounts.views.overview import signed_in
from allmende.web.shell.access import for_members


@for_members
def remove(request: HttpRequest, actor: Actor, pk: int) -> HttpResponseBase:
    passkey = Authenticator.objects.filter(user=signed_in(request), type="webauthn", pk=pk).first()
    adapter = get_adapter()
    if passkey and not adapter.can_delete_authenticator(passkey):
        messages.error(request, adapter.error_messages["cannot_delete_authenticator"])
        return redirect("mfa_list_webauthn")
    response: HttpResponseBase = webauthn.remove_webauthn(request, pk=pk)
    return response
