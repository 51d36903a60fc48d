"""The page of a step that is a sheet of questions."""

from django.http import HttpRequest, HttpResponse

from allmende.lib.actors import Actor
from allmende.web.exploration.pages import case_or_404, step_page
from allmende.web.shell.access import for_members


@for_members
def sheet(request: HttpRequest, actor: Actor, public_id: str, code: str) -> HttpResponse:
    case = case_or_404(actor, public_id)
    return step_page(request, actor, case, code, "exploration/sheet.html", {})
