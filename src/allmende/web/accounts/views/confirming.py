"""The link in the letter that confirms an address: it signs nobody in, and leads on to where they were going."""

from allauth.account import views as account
from django.urls import reverse

from allmende.web.accounts.onward import local, with_next


class Confirming(account.ConfirmEmailView):
    def get_next_url(self) -> str:
        return local(super().get_next_url())

    def get_redirect_url(self) -> str:
        """By way of the sign-in: what comes then may be a page for everybody, which would ask for nothing."""
        wanted = self.get_next_url()
        if wanted and not self.request.user.is_authenticated:
            return with_next(reverse("account_login"), wanted)
        return str(super().get_redirect_url())


confirm = Confirming.as_view()
