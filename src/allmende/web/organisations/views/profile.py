"""The profile of a municipality: read by whom it is for, changed by the town, never overwritten in silence."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from allmende.accounts.models import User
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.lib.refusals import OutOfDate, Refused
from allmende.organisations.actions import save_profile
from allmende.organisations.actions.profiles import as_draft
from allmende.organisations.drafts import ProfileDraft
from allmende.organisations.models import MunicipalityProfile, Organisation
from allmende.organisations.queries import profile_of, public_organisations
from allmende.organisations.rules import has_profile, is_member, may_edit_profile, may_see_profile
from allmende.vocabulary.queries import Vocabulary, current
from allmende.web.components.parts import Definition
from allmende.web.components.templatetags.formats import day, number
from allmende.web.organisations.loading import crumbs, posted
from allmende.web.organisations.profile_form import LABELS, ProfileForm, in_words, initial
from allmende.web.shell.access import for_members


@dataclass(frozen=True)
class Difference:
    """One answer that two people gave differently, in words."""

    label: str
    mine: list[str]
    theirs: list[str]


@for_members
def show(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    organisation = (
        public_organisations().filter(public_id=public_id).first() if is_public_id(public_id) else None
    )
    if organisation is None or not has_profile(organisation):
        raise Http404
    profile = profile_of(organisation)
    if not may_see_profile(actor, organisation, profile):
        raise Http404
    if may_edit_profile(actor, organisation):
        return _edit(request, actor, organisation, profile)
    return render(request, "organisations/profile.html", _read(actor, organisation, profile))


def _read(actor: Actor, organisation: Organisation, profile: MunicipalityProfile | None) -> dict[str, Any]:
    words = in_words(as_draft(profile), current())
    # Another town need not see to whom it is shown.
    names = [name for name in LABELS if name != "is_shared" or is_member(actor, organisation)]
    return {
        "organisation": organisation,
        "profile": profile,
        "register": register_facts(organisation),
        "answers": [Definition(LABELS[name], words[name]) for name in names],
        "crumbs": crumbs(organisation, "Profil"),
    }


def register_facts(organisation: Organisation) -> list[Definition]:
    """What the register says of the town; it is shown and not copied."""
    region = organisation.region
    if region is None:
        return []
    people = [number(region.population)] if region.population is not None else []
    term = current().term("size_class", str(region.size_class)) if region.size_class else None
    when = f"am {day(region.population_as_of)}" if region.population_as_of else ""
    return [
        Definition("Art", [region.designation]),
        Definition("Land", [region.land.name] if region.land else []),
        Definition("Kreis", [region.kreis.title] if region.kreis else []),
        Definition("Einwohnerzahl", people, note=when),
        Definition("Größe", [term.label] if term else []),
    ]


def _edit(
    request: HttpRequest, actor: Actor, organisation: Organisation, profile: MunicipalityProfile | None
) -> HttpResponse:
    vocabulary, version = current(), profile.lock_version if profile else 0
    start = initial(as_draft(profile), version)
    form = ProfileForm(posted(request), vocabulary=vocabulary, initial=start)
    differences: list[Difference] = []
    if request.method == "POST" and form.is_valid():
        draft = form.draft()
        try:
            save_profile(
                draft,
                organisation=organisation,
                lock_version=form.cleaned_data["lock_version"],
                by=actor,
                now=datetime.now(UTC),
            )
        except OutOfDate:
            profile = profile_of(organisation)
            differences = _differences(draft, as_draft(profile), vocabulary)
            # What was typed stays in the form; saving again is a decision made with both versions in view.
            answers = request.POST.copy()
            answers["lock_version"] = str(profile.lock_version if profile else 0)
            form = ProfileForm(answers, vocabulary=vocabulary, initial=start)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Das Profil ist gespeichert.")
            return redirect("organisation_profile", organisation.public_id)
    context = {
        "organisation": organisation,
        "form": form,
        "profile": profile,
        "register": register_facts(organisation),
        "differences": differences,
        "is_conflict": bool(differences),
        "changed_by": _name_of(profile),
        "crumbs": crumbs(organisation, "Profil"),
    }
    return render(request, "organisations/profile_form.html", context, status=409 if differences else 200)


def _differences(mine: ProfileDraft, theirs: ProfileDraft, vocabulary: Vocabulary) -> list[Difference]:
    left, right = in_words(mine, vocabulary), in_words(theirs, vocabulary)
    return [
        Difference(LABELS[name], left[name], right[name])
        for name in LABELS
        if sorted(left[name]) != sorted(right[name])
    ]


def _name_of(profile: MunicipalityProfile | None) -> str:
    """Who saved last, for colleagues; an account that is gone has no name any more."""
    kind, _, public_id = (profile.changed_by if profile else "").partition(":")
    user = User.objects.filter(public_id=public_id, is_active=True).first() if kind == "person" else None
    return str(user) if user else "jemand anderes"
