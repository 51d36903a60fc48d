"""Towns: look one up, and see what it uses."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from allmende.catalogue.queries import uses_of
from allmende.catalogue.rules import may_confirm_use
from allmende.demand.queries.needs import of_town
from allmende.files.queries import logo_of
from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation
from allmende.organisations.queries import actor_for, public_organisations
from allmende.regions import levels
from allmende.regions.models import Region
from allmende.regions.queries import attribution, by_key, label, look_up, predecessors_of, successors_of
from allmende.regions.size_classes import SIZE_CLASS_LABELS
from allmende.vocabulary.queries import current
from allmende.web.components.parts import Crumb, Definition, Origin
from allmende.web.components.templatetags.formats import day, number
from allmende.web.marketplace.addresses import choosing, first, parameters_of
from allmende.web.shell.page_cache import public_page

SHOWN_LEVELS = (levels.GEMEINDE, levels.KREIS, levels.GEMEINDEVERBAND)
CRUMBS = (Crumb("Start", "/"), Crumb("Kommunen", "/kommunen"))
_KEY_LENGTHS = (5, 8, 9)
MOST_NEEDS = 10


@public_page
def find(request: HttpRequest) -> HttpResponse:
    """Look up a town by name, post code or key; names that exist more than once come with Kreis and Land."""
    text = first(parameters_of(request), "q")
    found = look_up(text, only=SHOWN_LEVELS, limit=50) if text else []
    context = {
        "crumbs": (CRUMBS[0], Crumb("Kommunen")),
        "text": text,
        "found": found,
        "is_cut": len(found) == 50,
    }
    return render(request, "marketplace/towns.html", context)


@public_page
def show(request: HttpRequest, key: str) -> HttpResponseBase:
    """A town, a Kreis or a Verband; one that has ended says so and names who followed it."""
    region = by_key(key) if key.isascii() and key.isdecimal() and len(key) in _KEY_LENGTHS else None
    if region is not None and region.level == levels.KREISFREIE_STADT:
        return redirect("town", key=f"{region.key}000", permanent=True)
    if region is None or region.level not in SHOWN_LEVELS:
        raise Http404
    return render(request, "marketplace/town.html", _context(region, actor_for(request.user)))


def _context(region: Region, actor: Actor) -> dict[str, Any]:
    town = public_organisations().filter(region=region).first()
    ended = region.valid_to is not None
    uses = _uses(town)
    needs = list(of_town(town, actor)[: MOST_NEEDS + 1]) if town else []
    return {
        "needs": needs[:MOST_NEEDS],
        "more_needs": len(needs) > MOST_NEEDS,
        "crumbs": (*CRUMBS, Crumb(region.title)),
        "region": region,
        "label": label(region),
        "town": town,
        "logo": logo_of(town.public_id) if town and town.is_accredited else None,
        "facts": _facts(region, town),
        "uses": uses,
        "states_use": town is not None and actor.kind == "person" and may_confirm_use(actor, town),
        "is_own": town is not None and any(place == town.public_id for _, place in actor.roles),
        "nobody": _nobody(town, has_spoken=bool(uses["confirmed"] or uses["ended"])),
        "ended": ended,
        "claimable": not ended and region.level in SHOWN_LEVELS,
        "ended_title": f"{region.title} gibt es nicht mehr",
        "successors": successors_of(region) if ended else (),
        "predecessors": () if ended else predecessors_of(region),
        "size_href": choosing("size", str(region.size_class)) if region.size_class else "",
        "size_label": SIZE_CLASS_LABELS.get(region.size_class or 0, ""),
        "land_href": choosing("land", region.land.key) if region.land else "",
        "attribution": "" if region.is_invented else attribution(),
    }


def _nobody(town: Organisation | None, *, has_spoken: bool) -> str:
    """What to say of who works for the town here, where nobody does; "" where somebody does."""
    if town is not None and town.is_accredited:
        return ""
    if not has_spoken:
        return "Noch ist hier niemand für diese Kommune angemeldet."
    if town is not None and town.is_invented:
        return "Diese Kommune ist erfunden: Ihre Angaben unten gehören zur Demonstration."
    return "Zurzeit ist hier niemand für diese Kommune angemeldet. Was unten bestätigt ist, hat sie früher angegeben."


def _facts(region: Region, town: Organisation | None) -> list[Definition]:
    derived = Origin("derived", "der Einwohnerzahl") if region.size_class_is_derived else None
    size = _size(region)
    people = [f"{number(region.population)} Menschen"] if region.population is not None else []
    when = f"am {day(region.population_as_of)}" if region.population_as_of else ""
    facts = [
        Definition("Amtlicher Name", [region.official_name]),
        Definition("Art", [region.designation]),
        Definition("Land", [region.land.name] if region.land else []),
    ]
    if region.kreis and region.kreis.level == levels.KREIS:
        facts.append(Definition("Kreis", [region.kreis.title], href=f"/kommunen/{region.kreis.key}"))
    facts.append(Definition("Einwohnerzahl", people, note=when))
    if region.level == levels.GEMEINDE:
        facts.append(Definition("Größe", size, origin=derived))
    facts.append(
        Definition("Amtlicher Gemeindeschlüssel" if region.ags else "Amtlicher Schlüssel", [region.key])
    )
    if town and town.website_url:
        facts.append(Definition("Website", [town.website_url], href=town.website_url))
    return facts


def _size(region: Region) -> list[str]:
    """The class in words, with what its size usually is."""
    if region.size_class is None:
        return []
    term = current().term("size_class", str(region.size_class))
    return [term.label] if term else [SIZE_CLASS_LABELS[region.size_class]]


def _uses(town: Organisation | None) -> dict[str, Any]:
    """What is confirmed and lasts, what has ended, and what only others say."""
    if town is None:
        return {"confirmed": [], "ended": [], "claimed": [], "none": True}
    confirmed, claimed = uses_of(town)
    mine, others = list(confirmed), list(claimed)
    return {
        "confirmed": [use for use in mine if use.state != "ended"],
        "ended": [use for use in mine if use.state == "ended"],
        "claimed": others,
        "none": not mine and not others,
    }
