"""What the pages of an offer have in common: finding the working copy, and what stands above and beside the form."""

from datetime import date, datetime

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from allmende.catalogue import queries, rules
from allmende.catalogue.actions.working_copies import NOT_ACCREDITED
from allmende.catalogue.contents import Content, read
from allmende.catalogue.editors import edited_by
from allmende.catalogue.models import WorkingCopy
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.lib.workdays import after_working_days
from allmende.organisations.models import Organisation
from allmende.organisations.queries import by_public_ids
from allmende.web.components.parts import Crumb

# What the desk promises (docs/handbuch/angebot.md): working days from submission to an answer.
CHECKED_WITHIN = 10
HOME = (Crumb("Start", "/"), Crumb("Ihre Angebote", "/angebote"))


def own_copy(actor: Actor, public_id: str) -> WorkingCopy:
    """The working copy, for those who write it; 404 for everybody else, staff included."""
    copy = queries.copy_for(actor, public_id) if is_public_id(public_id) else None
    if copy is None or not rules.may_prepare(actor, copy.organisation):
        raise Http404("Dieses Angebot gibt es nicht.")
    return copy


def organisations_for(actor: Actor) -> list[Organisation]:
    """Organisations for which the actor may prepare offers, by name."""
    return sorted(by_public_ids(edited_by(actor)).values(), key=lambda each: each.name)


def title_of(copy: WorkingCopy, content: Content | None = None) -> str:
    """What the thing is called, as far as it has a name."""
    content = read(copy.content) if content is None else content
    if copy.kind == "new_solution":
        return (content.solution.name if content.solution else "") or "Neue Lösung"
    if copy.kind == "change_solution":
        return copy.solution.name if copy.solution else ""
    name = (content.offer.title if content.offer else "") or "Neues Angebot"
    return f"{name} zu {copy.solution.name}" if copy.solution else name


def crumbs(copy: WorkingCopy, content: Content, *more: Crumb) -> list[Crumb]:
    here = reverse("offer_draft", args=[copy.public_id]) if more else None
    return [*HOME, Crumb(title_of(copy, content), here), *more]


def why_not_submitted(copy: WorkingCopy) -> str:
    """Why somebody who may prepare may not submit; "" where nothing stands in the way."""
    return "" if rules.is_accredited(copy.organisation) else NOT_ACCREDITED


def answer_by(submitted_at: datetime) -> date:
    """The day by which the desk answers."""
    return after_working_days(timezone.localdate(submitted_at), CHECKED_WITHIN)
