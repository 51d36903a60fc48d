"""Answers to a need: the provider's side, and the town's."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from allmende.catalogue.editors import EDITORS
from allmende.catalogue.models import EntryClaim, Offer, Solution
from allmende.catalogue.queries import kept_offers
from allmende.demand import rules
from allmende.demand.actions.responses import (
    LONGEST_TEXT,
    give_contact,
    note,
    respond,
    take_back,
    thank,
)
from allmende.demand.models import Need, NeedResponse
from allmende.demand.queries.needs import own_responses, writers_organisations
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.lib.refusals import Refused
from allmende.organisations.models import Organisation
from allmende.web.components.forms import KindForm
from allmende.web.components.parts import Crumb
from allmende.web.demand.pages import HOME, crumbs, readable
from allmende.web.shell.access import carry_out, for_members
from allmende.web.shell.limits import limit_posts


class ResponseForm(KindForm):
    """What a provider says. `what` names an offer or an entry of its own."""

    organisation = forms.ChoiceField(label="Für welche Organisation antworten Sie?")
    what = forms.ChoiceField(
        label="Worum geht es?",
        help_text="Nur was veröffentlicht ist und Ihrer Organisation gehört, steht zur Wahl.",
        required=False,
    )
    text = forms.CharField(
        label="Was passt, und warum?",
        help_text="Gehen Sie auf die Muss-Kriterien ein. Nennen Sie keinen Preis: Das ist keine Ausschreibung.",
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=LONGEST_TEXT,
    )

    def __init__(
        self, *args: object, organisations: list[Organisation], actor: Actor, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)
        self.organisations = {each.public_id: each for each in organisations}
        self.fields["text"].widget.attrs.pop("cols", None)
        self._choose("organisation", [(each.public_id, each.name) for each in organisations])
        self._choose("what", [("", "nichts Bestimmtes, siehe Text"), *_own_things(actor, organisations)])

    def _choose(self, name: str, options: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as declared above
        field.choices = options


def _own_things(actor: Actor, organisations: list[Organisation]) -> list[tuple[str, str]]:
    """Published offers that the actor keeps, and entries that the organisations have taken over, by name."""
    offers = kept_offers(actor).filter(state="published").select_related("solution")
    things = {f"angebot:{each.public_id}": f"{each.title} (zu {each.solution.name})" for each in offers}
    claimed = EntryClaim.objects.filter(
        organisation__in=organisations, state="granted", solution__state="published"
    ).select_related("solution")
    things |= {f"loesung:{each.solution.public_id}": each.solution.name for each in claimed}
    return sorted(things.items(), key=lambda pair: pair[1].casefold())


@limit_posts("need_respond", per_address="200/h", per_account="40/h")
@for_members
def answer(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """The form with which a provider answers."""
    need = readable(actor, public_id)
    organisations = [each for each in writers_organisations(actor, EDITORS) if rules.may_respond(actor, each)]
    form = ResponseForm(request.POST or None, organisations=organisations, actor=actor)
    if request.method == "POST" and form.is_valid():
        try:
            _respond(need, form, by=actor)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request, "Ihre Antwort ist bei der Kommune. Sie entscheidet, ob sie sich bei Ihnen meldet."
            )
            return redirect("need", public_id)
    context = {
        "need": need,
        "form": form,
        "organisations": organisations,
        "crumbs": crumbs(need, Crumb("Antworten")),
    }
    return render(request, "demand/answer.html", context)


def _respond(need: Need, form: ResponseForm, *, by: Actor) -> NeedResponse:
    said = form.cleaned_data
    kind, _, thing = said["what"].partition(":")
    return respond(
        need,
        organisation=form.organisations[said["organisation"]],
        text=said["text"],
        solution=Solution.objects.filter(public_id=thing).first() if kind == "loesung" else None,
        offer=Offer.objects.filter(public_id=thing).first() if kind == "angebot" else None,
        by=by,
        now=datetime.now(UTC),
    )


@for_members
def own(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What one's own organisations have answered to needs, and what came back."""
    context = {
        "responses": own_responses(actor)[:200],
        "crumbs": [*HOME, Crumb("Ihre Antworten")],
    }
    return render(request, "demand/answers.html", context)


@require_POST
@limit_posts("need_decide", per_address="600/h", per_account="200/h")
@for_members
def decide(request: HttpRequest, actor: Actor, public_id: str, act: str) -> HttpResponse:
    """One act on an answer: of the town (merken, beantworten, kontakt) or of the provider (zuruecknehmen)."""
    response = _response(actor, public_id)
    if act not in ACTS:
        raise Http404
    done, action = ACTS[act]
    return carry_out(
        request,
        done,
        lambda now: action(response, request.POST, actor, now),
        then=reverse("own_responses" if act == "zuruecknehmen" else "need", args=_where(act, response)),
    )


Act = Callable[[NeedResponse, QueryDict, Actor, datetime], NeedResponse]
ACTS: Mapping[str, tuple[str, Act]] = {
    "merken": (
        "Gemerkt. Der Anbieter sieht, dass Sie die Antwort gelesen haben.",
        lambda response, said, by, now: note(response, by=by, now=now),
    ),
    "beantworten": (
        "Ihre Antwort ist beim Anbieter.",
        lambda response, said, by, now: thank(response, answer=said.get("antwort", ""), by=by, now=now),
    ),
    "kontakt": (
        "Der Anbieter sieht jetzt, an wen er sich wenden kann. Niemand sonst sieht es.",
        lambda response, said, by, now: give_contact(
            response, contact=said.get("kontakt", ""), by=by, now=now
        ),
    ),
    "zuruecknehmen": (
        "Ihre Antwort ist zurückgenommen.",
        lambda response, said, by, now: take_back(response, by=by, now=now),
    ),
}


def _where(act: str, response: NeedResponse) -> list[str]:
    return [] if act == "zuruecknehmen" else [response.need.public_id]


def _response(actor: Actor, public_id: str) -> NeedResponse:
    """The answer, for its two sides; 404 for everybody else."""
    rows = NeedResponse.objects.select_related("need__organisation", "organisation")
    response = rows.filter(public_id=public_id).first() if is_public_id(public_id) else None
    if response is None or not rules.may_read_response(actor, response):
        raise Http404("Diese Antwort gibt es nicht.")
    return response
