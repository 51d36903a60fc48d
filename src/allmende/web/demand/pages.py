"""What the pages of a need have in common: finding it for whoever asks, and its words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.http import Http404
from django.urls import reverse

from allmende.demand import rules
from allmende.demand.actions.needs import NOT_CONFIRMED
from allmende.demand.drafts import NeedDraft
from allmende.demand.models import Need
from allmende.demand.queries.needs import UNTITLED, draft_of, visible_to, writers_organisations
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.organisations.models import Organisation
from allmende.organisations.queries import profile_of
from allmende.web.components.drafting import UNKNOWN, shown
from allmende.web.components.parts import Crumb, Definition
from allmende.web.demand.forms import PageForm
from allmende.web.demand.steps import STEPS, Step

HOME = (Crumb("Start", "/"), Crumb("Bedarfe", "/bedarfe"))


def readable(actor: Actor, public_id: str) -> Need:
    """The need, for those who may read it; 404 for everybody else."""
    needs = visible_to(actor).prefetch_related("criteria")
    need = needs.filter(public_id=public_id).first() if is_public_id(public_id) else None
    if need is None:
        raise Http404("Diesen Bedarf gibt es nicht.")
    return need


def own(actor: Actor, public_id: str) -> Need:
    """The need, for those who write it; 404 for everybody else, staff included."""
    need = readable(actor, public_id)
    if not rules.may_write(actor, need.organisation):
        raise Http404("Diesen Bedarf gibt es nicht.")
    return need


def towns_for(actor: Actor) -> list[Organisation]:
    """Organisations for which the actor may write needs, by name."""
    return [each for each in writers_organisations(actor, rules.WRITERS) if rules.has_needs(each)]


def chosen_town(actor: Actor, wanted: str) -> Organisation:
    """The one that a form names, or the only one; 404 for any other."""
    towns = towns_for(actor)
    if len(towns) == 1 and not wanted:
        return towns[0]
    town = next((each for each in towns if each.public_id == wanted), None)
    if town is None:
        raise Http404("Für diese Organisation können Sie keinen Bedarf schreiben.")
    return town


def form_of(step: Step, need: Need, draft: NeedDraft, data: object = None) -> PageForm:
    """A page of this need, with the profile of its town where the page has a use for it."""
    profile = profile_of(need.organisation) if step.code == "rahmen" else None
    return step.form(data, draft=draft, profile=profile)  # type: ignore[arg-type]  # a QueryDict, or None


def title_of(need: Need, draft: NeedDraft | None = None) -> str:
    return (draft_of(need) if draft is None else draft).title or UNTITLED


def crumbs(need: Need, *more: Crumb) -> list[Crumb]:
    """The trail to a need; what is not published yet leads to its task list."""
    address = "need_edit" if need.published_at is None else "need"
    here = reverse(address, args=[need.public_id]) if more else None
    return [*HOME, Crumb(need.title, here), *more]


def why_not_published(need: Need) -> str:
    """Why somebody who may write may not publish; "" where nothing stands in the way."""
    return "" if need.organisation.is_accredited else NOT_CONFIRMED


@dataclass(frozen=True)
class Answered:
    """One page of the form with its answers."""

    step: Step
    href: str
    answers: Sequence[Definition]


def answered(need: Need, draft: NeedDraft) -> list[Answered]:
    """Everything on one page, to check."""
    return [
        Answered(
            step, reverse("need_step", args=[need.public_id, step.code]), _answers(form_of(step, need, draft))
        )
        for step in STEPS.values()
    ]


def _answers(form: PageForm) -> Sequence[Definition]:
    return form.answers() or [_answer(form, name) for name in form.fields]


def _answer(form: PageForm, name: str) -> Definition:
    label, words = str(form.fields[name].label), shown(form, name, form.initial[name])
    if words == UNKNOWN:
        return Definition(label)
    # What was typed in lines is read in lines.
    is_text = isinstance(form.fields[name].widget, forms.Textarea)
    return Definition(label, [line for line in words.splitlines() if line.strip()] if is_text else [words])
