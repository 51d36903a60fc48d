"""Where somebody was going before an account came in between: kept on every way, and always inside the house."""

import time

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

# A link in a letter has to stay one that mail programs do not cut.
LONGEST = 300
_KEPT, _KEPT_SECONDS = "account_onward", 3600


def local(address: str | None) -> str:
    """The address where it is a path of this site, "" for every other one: with a host, a scheme, or far too long."""
    if not address or len(address) > LONGEST or not address.startswith("/") or address[1:2] in ("/", "\\"):
        return ""
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else ""


def with_next(path: str, wanted: str) -> str:
    return f"{path}?{urlencode({'next': wanted})}" if wanted else path


def keep(request: HttpRequest, wanted: str) -> None:
    """Through several pages of setting something up, which lead from one to the next by themselves."""
    if wanted:
        request.session[_KEPT] = [wanted, time.time()]


def kept(request: HttpRequest) -> str:
    """What `keep` was given within the last hour, or ""."""
    wanted, at = request.session.get(_KEPT) or ("", 0)
    return str(wanted) if time.time() - at < _KEPT_SECONDS else ""
