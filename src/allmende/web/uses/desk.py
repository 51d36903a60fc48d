"""The desk's queue of what towns have named: enter it, find it among what is here, or say why not."""

from collections.abc import Callable
from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from allmende.catalogue import rules
from allmende.catalogue.actions import attach_missing, decline_missing, enter_missing
from allmende.catalogue.drafts import SolutionDraft, TextDraft
from allmende.catalogue.models import MissingSolution, Solution
from allmende.catalogue.queries.missing import maybe_meant, missing_for, missing_to_decide, named_alike
from allmende.journal.queries import history, known_kinds
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.lib.refusals import Refused
from allmende.web.components.parts import Crumb
from allmende.web.components.queues import Line, Place
from allmende.web.shell.access import for_staff
from allmende.web.uses.forms import EntryForm

DESK = (Crumb("Start", "/"), Crumb("Redaktion", "/redaktion"))
TITLE = "Genannte Lösungen"
# Working days that the desk gives itself.
DAYS = 10
DONE = {
    "aufnehmen": "„{name}“ ist aufgenommen. Die Kommune bekommt Bescheid.",
    "zuordnen": "Die Nennung ist zugeordnet. Die Kommune bekommt Bescheid.",
    "ablehnen": "„{name}“ wird nicht aufgenommen. Die Kommune liest den Grund.",
}


def waiting(actor: Actor) -> int:
    return missing_to_decide(actor).count()


@for_staff
def every(request: HttpRequest, actor: Actor) -> HttpResponse:
    now = datetime.now(UTC)
    lines = [_line(missing, now) for missing in missing_to_decide(actor)[:200]]
    return render(request, "uses/desk_list.html", {"lines": lines, "crumbs": [*DESK, Crumb(TITLE)]})


def _line(missing: MissingSolution, now: datetime) -> Line:
    does = "nutzt sie und findet sie hier nicht" if missing.use_state else "vermisst sie hier"
    return Line.of(
        missing.name,
        reverse("desk_missing_one", args=[missing.public_id]),
        why=f"{missing.organisation.name} {does}.",
        since=missing.named_at,
        days=DAYS,
        now=now,
    )


@for_staff
def one(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """What the town says, what may be meant, and the three ways to decide."""
    missing = missing_for(actor, public_id) if is_public_id(public_id) else None
    if missing is None:
        raise Http404("Diese Nennung gibt es nicht.")
    step = request.POST.get("ergebnis", "")
    form = EntryForm(request.POST if step == "aufnehmen" else None, initial=_proposed(missing))
    place = _place(actor, public_id)
    if request.method == "POST" and step in DONE:
        if _done(request, missing, step, form, actor):
            return redirect(place.then)
        if step != "aufnehmen":
            return redirect(request.path)
    kinds = known_kinds()
    context = {
        "missing": missing,
        "meant": maybe_meant(missing) if missing.state == "open" else [],
        "same": named_alike(missing),
        "form": form,
        "failed": form.is_bound,
        "entries": [
            (entry, kinds.get(entry.kind, entry.kind))
            for entry in history("missing_solution", public_id)[:20]
        ],
        "may_decide": missing.state == "open" and rules.may_take_up(actor, missing),
        "place": place,
        "crumbs": [*DESK, Crumb(TITLE, reverse("desk_missing")), Crumb(missing.name)],
    }
    return render(request, "uses/desk_entry.html", context, status=422 if form.is_bound else 200)


def _proposed(missing: MissingSolution) -> dict[str, str]:
    """The town's words are a start; what is published are the editors'."""
    return {"name": missing.name, "summary": missing.purpose[:1000], "website_url": missing.url}


def _place(actor: Actor, public_id: str) -> Place:
    ids = list(missing_to_decide(actor).values_list("public_id", flat=True))
    return Place.among(ids, public_id, one="desk_missing_one", every="desk_missing", label=TITLE)


def _done(request: HttpRequest, missing: MissingSolution, step: str, form: EntryForm, actor: Actor) -> bool:
    """Whether it was decided; where not, the page says why."""
    if step == "aufnehmen" and not form.is_valid():
        return False
    try:
        _act(request, missing, step, form, actor)(datetime.now(UTC))
    except Refused as refusal:
        if step == "aufnehmen":
            form.add_error(None, refusal.message)
        else:
            messages.error(request, refusal.message)
        return False
    messages.success(request, DONE[step].format(name=missing.name))
    return True


def _act(
    request: HttpRequest, missing: MissingSolution, step: str, form: EntryForm, actor: Actor
) -> Callable[[datetime], MissingSolution]:
    if step == "aufnehmen":
        draft = _draft(form)
        return lambda now: enter_missing(missing, draft, by=actor, now=now)
    if step == "ablehnen":
        return lambda now: decline_missing(missing, reason=request.POST.get("grund", ""), by=actor, now=now)
    solution = _entry(request.POST.get("andere", "").strip() or request.POST.get("eintrag", ""))
    return lambda now: attach_missing(missing, solution=solution, by=actor, now=now)


def _draft(form: EntryForm) -> SolutionDraft:
    said = form.cleaned_data
    return SolutionDraft(
        name=said["name"].strip(),
        texts=(TextDraft(language="de", summary=said["summary"].strip()),),
        website_url=said["website_url"] or None,
        repository_url=said["repository_url"] or None,
        fields_of_action=(said["field"],) if said["field"] else (),
    )


def _entry(text: str) -> Solution:
    """By its id, or by its whole address as one copies it. Raises `Refused`."""
    public_id = text.rstrip("/").rpartition("/")[2].partition("?")[0].partition("#")[0]
    found = Solution.objects.filter(public_id=public_id).first() if is_public_id(public_id) else None
    if found is None:
        raise Refused("Wählen Sie den Eintrag aus, oder geben Sie seine Adresse ein.")
    return found
