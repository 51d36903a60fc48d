"""What does not come back: one of the staff proposes it on the page of the entry, a second person decides here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from allmende.accounts.models import User
from allmende.catalogue.actions import propose_erasure, refuse_erasure, take_back_erasure
from allmende.catalogue.actions.erasure_proposals import LONGEST, public_reason
from allmende.catalogue.erasure_grounds import CONTACT, ENTRY, OWNERSHIP, grounds_for
from allmende.catalogue.models import Contact, EntryClaim, ErasureProposal, Solution
from allmende.catalogue.queries import citable
from allmende.catalogue.queries.erasures import contacts_of, erasure_proposals, erasures_to_decide
from allmende.catalogue.rules import may_erase
from allmende.federation.actions import confirm_erasure
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.lib.refusals import Refused
from allmende.web.components.forms import KindForm
from allmende.web.components.parts import Crumb
from allmende.web.components.queues import Line, Place
from allmende.web.shell.access import carry_out, for_staff

DAYS = 3
TITLE = "Löschungen"
DESK = (Crumb("Start", "/"), Crumb("Redaktion", "/redaktion"))


@dataclass(frozen=True)
class Kind:
    """One thing that can be proposed, as its page says it."""

    what: str
    label: str
    warning: str


KINDS = {
    "loeschen": Kind(
        ENTRY,
        "Eintrag endgültig löschen",
        "Nur wenn ein Gesetz es verlangt. Texte, Angaben, Angebote, Kontakte und der Inhalt aller Ausgaben werden "
        "entfernt. Die Adresse bleibt und nennt Grundlage und Grund. Soll der Eintrag nur nicht mehr zu finden sein, "
        "ziehen Sie ihn zurück.",
    ),
    "kontakt-loeschen": Kind(
        CONTACT,
        "Kontaktdaten einer Person löschen",
        "Die Angaben verschwinden überall, wo eine Quelle sie nennt, und kommen mit keinem Abgleich wieder. "
        "Der Eintrag bleibt.",
    ),
    "uebernahme-beenden": Kind(
        OWNERSHIP,
        "Übernahme beenden",
        "Der Eintrag gehört dann nicht mehr zu der Organisation. Ihre eigenen Angaben entfallen, und die der Quellen "
        "gelten wieder. Gibt es keine Quelle, bleiben sie stehen.",
    ),
}


class ProposalForm(KindForm):
    thing = forms.ChoiceField(label="Welche?", widget=forms.RadioSelect)
    ground = forms.ChoiceField(label="Worauf stützt sich das?", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Warum gilt das hier?",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: object, *, what: str, things: list[tuple[str, str]]) -> None:
        super().__init__(data)
        if what == ENTRY:
            del self.fields["thing"]
        else:
            self._choose("thing", things)
        self._choose("ground", grounds_for(what))
        self.fields["reason"].help_text = (
            "Die zweite Person liest es. Nennen Sie keinen Namen."
            if what == CONTACT
            else "Steht danach öffentlich auf der Seite. Nennen Sie keine Personen."
            if what == ENTRY
            else "Die zweite Person liest es."
        )

    def _choose(self, name: str, options: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as declared above
        field.choices = options


def possible(solution: Solution) -> list[str]:
    """The steps that can be proposed for this entry."""
    steps = ["kontakt-loeschen"] if contacts_of(solution).exists() else []
    if _ownerships(solution):
        steps.append("uebernahme-beenden")
    return [*steps, "loeschen"] if solution.state in ("published", "withdrawn") else steps


def _ownerships(solution: Solution) -> list[EntryClaim]:
    granted = EntryClaim.objects.filter(solution=solution, state="granted")
    return list(granted.select_related("organisation", "solution"))


def _things(solution: Solution, what: str) -> dict[str, tuple[str, Solution | Contact | EntryClaim]]:
    """What may be chosen, by the value of the button: how it is called, and the thing."""
    if what == CONTACT:
        return {str(each.pk): (_contact_words(each), each) for each in contacts_of(solution)}
    if what == OWNERSHIP:
        return {each.public_id: (each.organisation.name, each) for each in _ownerships(solution)}
    return {"": (solution.name, solution)}


def _contact_words(contact: Contact) -> str:
    said = [part for part in (contact.name, contact.email, contact.phone) if part]
    return f"{', '.join(said) or 'ohne Namen'} (laut {contact.listing.origin.label})"


@for_staff
def propose(request: HttpRequest, actor: Actor, public_id: str, step: str) -> HttpResponse:
    """Which thing, on what ground, and why; nothing is erased yet."""
    kind = KINDS[step]
    solution = citable().filter(public_id=public_id).first()
    if solution is None or step not in possible(solution):
        raise Http404("Das geht bei diesem Eintrag nicht, oder nicht mehr.")
    things = _things(solution, kind.what)
    form = ProposalForm(
        request.POST if request.method == "POST" else None,
        what=kind.what,
        things=[(value, label) for value, (label, _thing) in things.items()],
    )
    then = reverse("desk_solution", args=[public_id])
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        _label, thing = things[said.get("thing", "")]
        try:
            propose_erasure(
                thing, ground=said["ground"], reason=said["reason"], by=actor, now=datetime.now(UTC)
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Vorgeschlagen. Eine zweite Person aus dem Betrieb entscheidet.")
            return redirect(then)
    context = {
        "title": f"{solution.name}: {kind.label} vorschlagen",
        "text": kind.warning,
        "label": "Vorschlagen",
        "form": form,
        "action": request.path,
        "cancel": then,
        "crumbs": [*DESK, Crumb(solution.name, then), Crumb(kind.label)],
    }
    return render(request, "components/confirm_page.html", context, status=422 if form.errors else 200)


@for_staff
def every(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What this person may decide; below it what waits for others or is decided."""
    now = datetime.now(UTC)
    mine = list(erasures_to_decide(actor)[:200])
    others = erasure_proposals(actor).exclude(pk__in=[each.pk for each in mine])[:50]
    context = {
        "lines": [_line(each, now) for each in mine],
        "others": [(each, reverse("desk_erasure", args=[each.public_id])) for each in others],
        "crumbs": [*DESK, Crumb(TITLE)],
    }
    return render(request, "desk/erasures.html", context)


def _line(proposal: ErasureProposal, now: datetime) -> Line:
    return Line.of(
        f"{proposal.solution.name}: {proposal.get_what_display()}",
        reverse("desk_erasure", args=[proposal.public_id]),
        why=f"{proposal.get_ground_display()}.",
        since=proposal.proposed_at,
        days=DAYS,
        now=now,
    )


@for_staff
def one(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Everything a second person needs, and the two answers; whoever proposed it can take it back."""
    found = erasure_proposals(actor).filter(public_id=public_id).first() if is_public_id(public_id) else None
    if found is None:
        raise Http404("Diesen Vorschlag gibt es nicht.")
    place = _place(found, actor)
    if request.method == "POST":
        return _decide(request, found, actor, place)
    is_mine = found.proposed_by == actor.id
    context = {
        "proposal": found,
        "public_words": public_reason(found) if found.what == ENTRY else "",
        "contact": _contact_words(found.contact) if found.contact else "",
        "warning": next(kind.warning for kind in KINDS.values() if kind.what == found.what),
        "by": _name(found.proposed_by),
        "decided_by": _name(found.decided_by) if found.decided_by else "",
        "is_mine": is_mine,
        "may_decide": found.state == "open" and not is_mine and may_erase(actor),
        "place": place,
        "crumbs": [*DESK, Crumb(TITLE, reverse("desk_erasures")), Crumb(found.solution.name)],
    }
    return render(request, "desk/erasure.html", context)


def _name(person: str) -> str:
    user = User.objects.filter(public_id=person).first()
    return str(user) if user else "gelöschtes Konto"


def _place(found: ErasureProposal, actor: Actor) -> Place:
    ids = list(erasures_to_decide(actor).values_list("public_id", flat=True))
    return Place.among(ids, found.public_id, one="desk_erasure", every="desk_erasures", label=TITLE)


DONE = {
    ENTRY: "Der Eintrag ist gelöscht. Seine Adresse nennt den Grund.",
    CONTACT: "Die Kontaktdaten sind gelöscht und kommen nicht wieder.",
    OWNERSHIP: "Die Übernahme ist beendet. Es gelten wieder die Angaben der Quellen.",
}


def _decide(request: HttpRequest, found: ErasureProposal, actor: Actor, place: Place) -> HttpResponse:
    reason = request.POST.get("grund", "")
    acts: dict[str, tuple[str, Callable[[datetime], object]]] = {
        "ausfuehren": (DONE[found.what], lambda now: confirm_erasure(found, by=actor, now=now)),
        "ablehnen": (
            "Der Vorschlag ist abgelehnt. Nichts wurde gelöscht.",
            lambda now: refuse_erasure(found, reason=reason, by=actor, now=now),
        ),
        "zuruecknehmen": (
            "Ihr Vorschlag ist zurückgenommen.",
            lambda now: take_back_erasure(found, by=actor, now=now),
        ),
    }
    chosen = acts.get(request.POST.get("urteil", ""))
    if chosen is None:
        messages.error(request, "Wählen Sie, was mit dem Vorschlag geschieht.")
        return redirect(request.path)
    return carry_out(request, chosen[0], chosen[1], then=place.then)
