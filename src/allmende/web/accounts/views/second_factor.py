"""allauth's pages about the second factor; once there is one, they lead on to where somebody was going."""

from typing import Any

from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from django.http import HttpRequest, HttpResponse

from allmende.web.accounts import onward
from allmende.web.accounts.second_factor import shown


class Index(mfa.IndexView):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        onward.keep(request, onward.local(request.GET.get("next")))
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "onward": _onward(self.request)}


class Codes(recovery.ViewRecoveryCodesView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "onward": _onward(self.request)}


def _onward(request: HttpRequest) -> str:
    """Nothing before the second factor is there: the way would lead back to here."""
    return onward.kept(request) if shown(request) else ""


index = Index.as_view()
codes = Codes.as_view()
