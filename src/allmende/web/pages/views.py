from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from allmende.web.components.parts import Crumb
from allmende.web.pages import queries
from allmende.web.pages.numbers import tables_of
from allmende.web.shell.page_cache import public_page


@public_page
def show(request: HttpRequest, address: str) -> HttpResponse:
    page = queries.live_page(address)
    if page is None:
        raise Http404
    crumbs = [Crumb("Start", "/")]
    if address.count("/") > 1:
        parent = queries.live_page(address.rsplit("/", 1)[0])
        crumbs += [Crumb(parent.title, parent.address)] if parent else []
    context = {"page": page, "numbers": tables_of(address), "crumbs": [*crumbs, Crumb(page.title)]}
    return render(request, page.template, context)
