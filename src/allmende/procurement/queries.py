"""Which rules are kept, and which of them hold for a town on a day. Public: there is nothing to hide about a rule."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db.models import Q, QuerySet

from allmende.lib.sorting import din5007_key
from allmende.organisations.models import Organisation
from allmende.organisations.roles import MUNICIPAL
from allmende.procurement.applicable import (
    ENTER_OWN,
    EU_THRESHOLD,
    Applicable,
    Limit,
    Regime,
    Rule,
    Stated,
    eu_limit,
    euros,
    german_day,
    limit_under,
    merged,
    next_threshold_warning,
)
from allmende.procurement.models import RuleSet
from allmende.regions.models import Region
from allmende.regions.queries import laender
from allmende.vocabulary.queries import labels

# Whom the Land tells how to buy; a company of a town may be under other rules.
_UNDER_THE_LAND = MUNICIPAL - {"municipal_company"}


def released() -> QuerySet[RuleSet]:
    """What holds, held or will hold, with its limits."""
    return RuleSet.objects.filter(state="released").select_related("organisation").prefetch_related("limits")


def waiting() -> QuerySet[RuleSet]:
    """What somebody of the staff entered and nobody else has looked at, oldest first."""
    return (
        RuleSet.objects.filter(state="proposed")
        .select_related("organisation")
        .prefetch_related("limits")
        .order_by("entered_at", "pk")
    )


def kept_for_all() -> QuerySet[RuleSet]:
    """Every version of the rules of EU, Bund and Länder, newest first: also what waits and what was withdrawn."""
    return (
        RuleSet.objects.exclude(scope="own")
        .prefetch_related("limits")
        .order_by("scope", "land", "-valid_from", "-pk")
    )


def own_rules(organisation: Organisation) -> QuerySet[RuleSet]:
    """Every version of a town's own rules, newest first."""
    found = RuleSet.objects.filter(scope="own", organisation=organisation).prefetch_related("limits")
    return found.order_by("-valid_from", "-pk")


def _on(sets: Iterable[RuleSet], day: date) -> RuleSet | None:
    """The one that holds; the younger one where two do, which no action allows."""
    holding = [each for each in sets if each.holds_on(day)]
    return max(holding, key=lambda each: (each.valid_from, each.pk)) if holding else None


def rules_for(organisation: Organisation, day: date) -> Applicable:
    """What holds for the organisation on that day. Two queries, and one for the vocabulary."""
    land = _land_of(organisation.region) if organisation.kind in _UNDER_THE_LAND else None
    level = "federal" if organisation.kind == "federal_body" else "municipal"
    sets = list(released().filter(_concerning(land, organisation), level=level))
    words = labels("award_procedure")
    return _assembled(day, sets, land=land, words=words, warnings=_about_the_kind(organisation))


def rules_in(land: Region | None, day: date) -> Applicable:
    """What holds for the municipalities of a Land that have no rules of their own; None: only the EU's."""
    sets = list(released().filter(_concerning(land, None), level="municipal"))
    return _assembled(day, sets, land=land, words=labels("award_procedure"))


def known_by_land(day: date) -> list[tuple[Region, Applicable]]:
    """Each Land with what is kept for its municipalities on the day, by name; also those of which nothing is known."""
    every = list(released().filter(level="municipal", scope__in=("eu", "state")))
    lands = sorted(laender(), key=lambda each: din5007_key(each.name))
    words = labels("award_procedure")
    return [
        (
            land,
            _assembled(day, [each for each in every if each.land in ("", land.key)], land=land, words=words),
        )
        for land in lands
    ]


def _land_of(region: Region | None) -> Region | None:
    if region is None:
        return None
    return region.land or (region if region.level == "land" else None)


def _about_the_kind(organisation: Organisation) -> tuple[str, ...]:
    if organisation.kind == "municipal_company":
        return (
            "Für kommunale Unternehmen können andere Schwellenwerte und Regeln gelten, etwa die "
            "Sektorenverordnung. Prüfen Sie das im Einzelfall.",
        )
    return ()


def _assembled(
    day: date,
    sets: Sequence[RuleSet],
    *,
    land: Region | None,
    words: Mapping[str, str],
    warnings: Sequence[str] = (),
) -> Applicable:
    """Put together what the sets say on the day; `sets` are those that concern the one who asks, and no others."""
    eu_sets = [each for each in sets if each.scope == "eu"]
    eu = _threshold(_on(eu_sets, day), words)
    own = _on([each for each in sets if each.scope == "own"], day)
    state = _on([each for each in sets if each.scope == "state"], day)
    own_limits, state_limits = (_limits(each, eu, words) for each in (own, state))
    regime, principles = _regime(own, state)
    told = [*warnings, *_gaps(day, eu, eu_sets), *_missing(day, own or state, land, sets)]
    told += _higher_than_the_land(own_limits, state_limits)
    if soon := next_threshold_warning(day, eu, _next(eu_sets, day, words)):
        told.append(soon)
    return Applicable(
        day=day,
        land=land.key if land else "",
        land_name=land.name if land else "",
        eu=eu,
        own=as_rule(own) if own else None,
        state=as_rule(state) if state else None,
        regime=regime,
        principles=principles,
        limits=tuple(merged(own_limits, state_limits if regime != "principles" else [])),
        warnings=tuple(told),
    )


def _concerning(land: Region | None, organisation: Organisation | None) -> Q:
    found = Q(scope="eu")
    if land is not None:
        found |= Q(scope="state", land=land.key)
    if organisation is not None:
        found |= Q(scope="own", organisation=organisation)
    return found


def as_rule(rule_set: RuleSet) -> Rule:
    return Rule(
        id=rule_set.public_id,
        scope=rule_set.scope,
        scope_words=rule_set.get_scope_display(),
        title=rule_set.title,
        legal_basis=rule_set.legal_basis,
        legal_text=rule_set.legal_text,
        principles=rule_set.principles,
        source_title=rule_set.source_title,
        source_url=rule_set.source_url,
        as_of=rule_set.as_of,
        valid_from=rule_set.valid_from,
        valid_to=rule_set.valid_to,
        note=rule_set.note,
    )


def _stated(rule_set: RuleSet) -> list[Stated]:
    return [
        Stated(
            procedure=each.procedure, value=each.value, is_inclusive=each.is_inclusive, cap_at_eu=each.cap_at_eu
        )
        for each in rule_set.limits.all()
    ]  # fmt: skip


def _threshold(rule_set: RuleSet | None, words: Mapping[str, str]) -> Limit | None:
    if rule_set is None:
        return None
    named = [each for each in _stated(rule_set) if each.procedure == EU_THRESHOLD]
    label = words.get(EU_THRESHOLD, EU_THRESHOLD)
    return eu_limit(as_rule(rule_set), named[0], label) if named else None


def _next(eu_sets: Iterable[RuleSet], day: date, words: Mapping[str, str]) -> Limit | None:
    coming = [each for each in eu_sets if each.valid_from > day]
    return _threshold(min(coming, key=lambda each: each.valid_from), words) if coming else None


def _limits(rule_set: RuleSet | None, eu: Limit | None, words: Mapping[str, str]) -> list[Limit]:
    if rule_set is None:
        return []
    rule = as_rule(rule_set)
    return [
        limit_under(each, rule=rule, eu=eu, label=words.get(each.procedure, each.procedure))
        for each in _stated(rule_set)
    ]


def _regime(own: RuleSet | None, state: RuleSet | None) -> tuple[Regime, str]:
    """What rules below the EU threshold: own limits, else what the Land says, else nobody knows."""
    for rule_set in (own, state):
        if rule_set is not None and rule_set.limits.all():
            return "limits", ""
        if rule_set is not None and rule_set.principles:
            return "principles", rule_set.principles
    return "unknown", ""


def _gaps(day: date, eu: Limit | None, eu_sets: Iterable[RuleSet]) -> list[str]:
    if eu is not None:
        return []
    said = f"Für den {german_day(day)} ist kein EU-Schwellenwert hinterlegt. Prüfen Sie, welcher gilt."
    before = [each for each in eu_sets if each.valid_to is not None and each.valid_to < day]
    if not before:
        return [said]
    last = max(before, key=lambda each: each.valid_from)
    known = _threshold(last, {})
    if known is None or known.value is None or last.valid_to is None:
        return [said]
    return [f"{said} Zuletzt waren es {euros(known.value)}, bis {german_day(last.valid_to)}."]


def _missing(day: date, found: RuleSet | None, land: Region | None, sets: Iterable[RuleSet]) -> list[str]:
    if found is not None:
        return []
    if land is None:
        return [f"Welche Regeln unterhalb des EU-Schwellenwerts gelten, ist hier nicht bekannt. {ENTER_OWN}"]
    if any(each.scope == "state" for each in sets):
        return [f"Für {land.name} ist am {german_day(day)} keine Regel hinterlegt. {ENTER_OWN}"]
    return [f"Für {land.name} sind noch keine Wertgrenzen hinterlegt. {ENTER_OWN}"]


def _higher_than_the_land(own: Iterable[Limit], state: Iterable[Limit]) -> list[str]:
    of_land = {limit.procedure: limit for limit in state}
    return [
        f"Ihre eigene Grenze für {limit.label} ({euros(limit.named)}) liegt über der des Landes "
        f"({euros(theirs.named)}). Prüfen Sie, ob das zulässig ist."
        for limit in own
        if (theirs := of_land.get(limit.procedure)) is not None
        and limit.named is not None
        and theirs.named is not None
        and limit.named > theirs.named
    ]
