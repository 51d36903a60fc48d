"""Step 8: talks and demonstrations with their minutes."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from allmende.exploration.actions.talks import change_talk, mark_shared, note_talk
from allmende.exploration.models import Candidate, Case, Talk
from allmende.exploration.queries.candidates import candidates_of
from allmende.exploration.queries.cases import names_of
from allmende.exploration.queries.talks import talks_of, times_given
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.lib.refusals import Refused
from allmende.web.components.drafting import version_in
from allmende.web.components.parts import Cell, Column, Crumb, Row, Table
from allmende.web.components.templatetags.formats import number
from allmende.web.exploration.pages import case_or_404, crumbs, step_page, step_url
from allmende.web.exploration.research_forms import TalkForm, posted
from allmende.web.shell.access import carry_out, for_members
from allmende.web.shell.limits import limit_posts

STEP = "gespraeche"


@for_members
def talks(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    case = case_or_404(actor, public_id)
    held = list(talks_of(case))
    context = {"talks": held, "times": _times(held), "names": names_of(each.written_by for each in held)}
    return step_page(request, actor, case, STEP, "exploration/talks.html", context)


def _times(held: list[Talk]) -> Table | None:
    """How long each company was talked to; whoever had much less than others is marked."""
    if not held:
        return None
    columns = [Column("Unternehmen"), Column("Gespräche", numeric=True), Column("Minuten", numeric=True)]
    rows = [
        Row(
            [
                Cell(each.company),
                Cell(number(each.talks)),
                Cell(number(each.minutes), note="deutlich weniger als andere" if each.is_uneven else ""),
            ]
        )
        for each in times_given(held)
    ]
    return Table("Zeit je Unternehmen", columns, rows, sticky=False)


@limit_posts("case_talk", per_address="300/h", per_account="120/h")
@for_members
def one(request: HttpRequest, actor: Actor, public_id: str, talk_id: str = "") -> HttpResponse:
    """Write minutes, or put them right."""
    case = case_or_404(actor, public_id)
    talk = _talk(case, talk_id) if talk_id else None
    form = TalkForm(posted(request), candidates=_choices(case, talk), initial=_initial(talk))
    if request.method == "POST" and form.is_valid():
        try:
            if talk:
                change_talk(
                    talk, form.draft, lock_version=version_in(request), by=actor, now=datetime.now(UTC)
                )
            else:
                note_talk(case, form.draft, by=actor, now=datetime.now(UTC))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Das Protokoll ist gespeichert.")
            return redirect(step_url(case, STEP))
    context = {"form": form, "talk": talk, "crumbs": _crumbs(case, "Protokoll")}
    return step_page(request, actor, case, STEP, "exploration/talk.html", context)


def _choices(case: Case, talk: Talk | None) -> list[tuple[str, str]]:
    """The short list, and whom the talk was with."""
    rows = list(candidates_of(case, "kept"))
    if talk and talk.candidate and talk.candidate not in rows:
        rows.append(talk.candidate)
    return [(each.public_id, name_of(each)) for each in rows]


def name_of(candidate: Candidate) -> str:
    names = [each for each in (candidate.company_name, candidate.solution_name) if each]
    return ": ".join(names)


def _initial(talk: Talk | None) -> dict[str, Any]:
    if talk is None:
        return {"day": timezone.localdate()}
    held = timezone.localtime(talk.held_at)
    return {
        "candidate": talk.candidate.public_id if talk.candidate else "",
        "company_name": "" if talk.candidate else talk.company_name,
        "day": held.date(),
        "hour": held.time(),
        "minutes_long": talk.minutes_long,
        "participants": talk.participants,
        "content": talk.content,
        "told_to_company": talk.told_to_company,
    }


def _talk(case: Case, public_id: str) -> Talk:
    found = talks_of(case).filter(public_id=public_id).first() if is_public_id(public_id) else None
    if found is None:
        raise Http404("Dieses Gespräch gibt es nicht.")
    return found


def _crumbs(case: Case, last: str) -> list[Crumb]:
    *before, step, _ = crumbs(case, "Gespräche", last)
    return [*before, Crumb(step.label, step_url(case, STEP)), Crumb(last)]


@require_POST
@limit_posts("case_talk", per_address="300/h", per_account="120/h")
@for_members
def share(request: HttpRequest, actor: Actor, public_id: str, talk_id: str) -> HttpResponse:
    """All companies know it now."""
    case = case_or_404(actor, public_id)
    talk = _talk(case, talk_id)
    return carry_out(
        request,
        "Festgehalten: Das wissen jetzt alle.",
        lambda now: mark_shared(talk, lock_version=version_in(request), by=actor, now=now),
        then=step_url(case, STEP),
    )
