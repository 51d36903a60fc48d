"""The words of what the catalogue says about a criterion: a German sentence, whose word it is, and from when.

The verdict comes from `judging`; a sentence is written for the town that asks ("Sie" is the town).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from allmende.catalogue.models import ConfirmedUse, Offer, Solution, SolutionText
from allmende.catalogue.precedence import Effective
from allmende.demand.facts_read import SUPPORTING, names_in
from allmende.demand.judging import named_like
from allmende.demand.statements import Context, Statement, Subject, Verdict, Wanted, nobody_says
from allmende.vocabulary.queries import current

CATALOGUE = "laut Katalog"


@dataclass(frozen=True)
class About:
    """One subject with everything that sentences about it need."""

    subject: Subject
    solution: Solution
    offer: Offer | None
    effective: Mapping[str, Effective]
    uses: Sequence[ConfirmedUse]
    offers: Sequence[Offer]
    documented: SolutionText | None
    yearly: tuple[int, bool]
    one_off: tuple[int, bool]
    context: Context

    @property
    def value(self) -> tuple[str, str]:
        return ("solution", self.subject.solution)

    def source_of(self, field: str) -> tuple[str, date | None]:
        """Whose word the effective value of a field is, and from when."""
        holding = self.effective.get(field)
        if holding is None:
            return CATALOGUE, self.solution.as_of
        return f"Katalog, Angabe von „{holding.listing.origin.label}“", holding.listing.as_of

    @property
    def offer_value(self) -> tuple[str, str]:
        return ("offer", self.subject.offer)

    @property
    def offer_source(self) -> tuple[str, date | None]:
        party = next(iter(self.offer.parties), None) if self.offer else None
        return (
            f"laut Angebot von {party.name}" if party else CATALOGUE,
            self.offer.as_of if self.offer else None,
        )

    @property
    def has_lapsed(self) -> bool:
        return self.offer is not None and self.offer.has_lapsed(self.context.today)


def worded(wanted: Wanted, verdict: Verdict, about: About) -> Statement:
    if not wanted.criterion:
        return nobody_says(wanted)
    known = WORDS.get(wanted.criterion)
    if known is None:
        return _unknown(wanted, "Dazu gibt es im Katalog keine Angabe.")
    if about.has_lapsed and wanted.criterion in OF_OFFERS:
        return _unknown(wanted, "Keine gültige Angabe: Der Anbieter hat sein Angebot nicht mehr erneuert.")
    return known(wanted, verdict, about)


def _unknown(wanted: Wanted, reason: str, source: str = "") -> Statement:
    return Statement(wanted.criterion, "unknown", reason, source)


def _said(
    wanted: Wanted, verdict: Verdict, reason: str, source: tuple[str, date | None], value: tuple[str, str]
) -> Statement:
    return Statement(wanted.criterion, verdict, reason, source[0], source[1], value)


def _labels(scheme: str, codes: Sequence[str]) -> str:
    labels = current().labels(scheme)
    return ", ".join(f"„{labels.get(code, code)}“" for code in codes)


def _codes(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, (list, tuple)) else [str(value)]


def _licence(wanted: Wanted, verdict: Verdict, about: About) -> Statement:
    licence = about.solution.licence
    if not licence:
        return _unknown(wanted, "Eine Lizenz ist nicht angegeben.")
    source = about.source_of("licence")
    if wanted.criterion == "licence_known":
        return _said(wanted, verdict, f"Als Lizenz ist {licence} angegeben.", source, about.value)
    reasons: dict[Verdict, str] = {
        "met": f"Die Lizenz {licence} erlaubt es, die Software zu prüfen, zu ändern und weiterzugeben.",
        "unmet": f"Die Lizenz {licence} ist keine offene Lizenz.",
        "unknown": f"Ob die Lizenz {licence} eine offene ist, wissen wir nicht.",
    }
    return _said(wanted, verdict, reasons[verdict], source, about.value)


def _coded(
    what: str, scheme: str, field: str, codes: Callable[[Solution], Sequence[str]]
) -> Callable[[Wanted, Verdict, About], Statement]:
    def worded(wanted: Wanted, verdict: Verdict, about: About) -> Statement:
        told = codes(about.solution)
        if not told:
            return _unknown(wanted, f"{what}: keine Angabe.")
        reason = f"{what}: {_labels(scheme, told)}."
        return _said(wanted, verdict, reason, about.source_of(field), about.value)

    return worded


def _delivery(wanted: Wanted, verdict: Verdict, about: About) -> Statement:
    if about.subject.offer and about.offer:
        code = about.offer.delivery_model
        if not code:
            return _unknown(wanted, "Das Angebot sagt nicht, wie die Lösung betrieben wird.")
        reason = f"So wird dieses Angebot betrieben: {_labels('delivery_model', [code])}."
        return _said(wanted, verdict, reason, about.offer_source, about.offer_value)
    told = about.effective.get("delivery_models")
    if told is None or verdict == "unknown":
        return _unknown(wanted, "Wie die Lösung betrieben wird: keine Angabe.")
    reason = f"So lässt sich die Lösung betreiben: {_labels('delivery_model', _codes(told.value))}."
    return _said(wanted, verdict, reason, about.source_of("delivery_models"), about.value)


def _operator(wanted: Wanted, verdict: Verdict, about: About) -> Statement:
    if about.offer is None or about.offer.operator is None:
        return _unknown(wanted, "Wer die Lösung betreibt: keine Angabe.")
    name = about.offer.operator.name
    word = "eine öffentliche Stelle" if verdict == "met" else "keine öffentliche Stelle"
    reason = f"{name} betreibt die Lösung und ist {word}."
    return _said(wanted, verdict, reason, about.offer_source, about.offer_value)


def _price(wanted: Wanted, verdict: Verdict, about: About) -> Statement:
    is_yearly = wanted.criterion != "one_off_cost_at_most"
    when = "im Jahr" if is_yearly else "einmalig"
    if about.offer is None:
        return _unknown(wanted, "Ohne ein Angebot steht kein Preis im Katalog.")
    cents, is_said = about.yearly if is_yearly else about.one_off
    if verdict == "unknown":
        return _unknown(wanted, _no_price(about, cents, is_said, when), about.offer_source[0])
    limit = Decimal(0) if wanted.criterion == "price_free_yearly" else Decimal(str(wanted.value))
    told = f"{euros(Decimal(cents) / 100)} {when}"
    if verdict == "met":
        reason = f"Das Angebot kostet für Sie {told}; verlangt sind höchstens {euros(limit)}."
        if not limit:
            reason = f"Das Angebot kostet für Sie nichts ({told})."
    else:
        reason = f"Das Angebot kostet für Sie mindestens {told}; verlangt sind höchstens {euros(limit)}."
    return _said(wanted, verdict, reason, about.offer_source, about.offer_value)


def _no_price(about: About, cents: int, is_said: bool, when: str) -> str:
    if about.offer is not None and about.offer.prices_are_hidden:
        return "Preise nennt dieses Angebot nur der öffentlichen Verwaltung."
    if about.offer is not None and about.offer.on_request:
        return "Preise nennt der Anbieter auf Anfrage."
    if is_said:
        return f"Der Preis ist nur zum Teil bekannt: mindestens {euros(Decimal(cents) / 100)} {when}."
    if about.context.population is None:
        return "Der Preis ist nicht bekannt, oder er hängt von der Zahl der Menschen ab, und die fehlt im Bedarf."
    return f"Was das Angebot für Sie {when} kostet: keine Angabe."


def _uses(wanted: Wanted, verdict: Verdict, about: About) -> Statement:
    count = len(about.uses)
    if not count:
        return _unknown(wanted, "Bisher hat keine Kommune bestätigt, dass sie die Lösung nutzt.")
    if verdict == "unknown":
        return _unknown(
            wanted, "Größe oder Land Ihrer Kommune ist nicht bekannt; vergleichen lässt sich das nicht."
        )
    fitting = [use for use in about.uses if _is_there(wanted, use, about.context)]
    shown = (fitting or list(about.uses))[-1]
    where = " Ihrer Größenklasse" if wanted.criterion == "used_in_size_class" else " in Ihrem Land"
    if wanted.criterion == "confirmed_uses_at_least":
        reason = f"{_towns(count)} den Einsatz bestätigt; verlangt sind mindestens {wanted.value}."
    elif verdict == "met":
        reason = f"{_towns(len(fitting), where)} den Einsatz bestätigt, zuletzt {shown.organisation.name}."
    else:
        reason = f"{_towns(count)} den Einsatz bestätigt, aber keine{where}."
    source = (f"laut {shown.organisation.name}", shown.confirmed_at.date())
    return _said(wanted, verdict, reason, source, ("use", shown.public_id))


def _towns(number: int, where: str = "") -> str:
    return f"Eine Kommune{where} hat" if number == 1 else f"{number} Kommunen{where} haben"


def _is_there(wanted: Wanted, use: ConfirmedUse, context: Context) -> bool:
    region = use.organisation.region
    if region is None:
        return False
    if wanted.criterion == "used_in_size_class":
        return region.size_class is not None and region.size_class == context.size_class
    if wanted.criterion == "used_in_land":
        return (region.land or region).key == context.land
    return True


def _documentation(wanted: Wanted, verdict: Verdict, about: About) -> Statement:
    if verdict != "met":
        return _unknown(wanted, "Eine Dokumentation ist nicht angegeben.")
    if about.documented is not None:
        field = f"texts.{about.documented.language}"
        return _said(
            wanted,
            verdict,
            "Die Adresse einer Dokumentation ist angegeben.",
            about.source_of(field),
            about.value,
        )
    reason = "Unter den Verweisen steht eine Dokumentation."
    return _said(wanted, verdict, reason, about.source_of("links"), about.value)


def _works_with(wanted: Wanted, verdict: Verdict, about: About) -> Statement:
    systems = _codes(wanted.value)
    it = about.solution
    names = sorted(names_in(it.platforms, it.dependencies, it.links))
    missing = [system for system in systems if not named_like(system, names)]
    if verdict != "met":
        listed = ", ".join(f"„{system}“" for system in missing or systems)
        return _unknown(wanted, f"Ob die Lösung mit {listed} zusammenarbeitet: keine Angabe.")
    listed = ", ".join(f"„{system}“" for system in systems)
    reason = f"Der Eintrag nennt {listed}."
    return _said(wanted, verdict, reason, about.source_of("dependencies"), about.value)


def _support(wanted: Wanted, verdict: Verdict, about: About) -> Statement:
    if verdict != "met":
        return _unknown(wanted, "Ein Angebot zur Unterstützung steht nicht im Katalog.")
    today = about.context.today
    helping = next(
        (each for each in about.offers if each.kind in SUPPORTING and not each.has_lapsed(today)), None
    )
    if helping is None:
        names = ", ".join(each["name"] for each in about.solution.contractors[:2])
        reason = f"Ein Vertrag über die Pflege ist angegeben: {names}."
        return _said(wanted, verdict, reason, about.source_of("contractors"), about.value)
    party = next(iter(helping.parties), None)
    kind = _labels("offer_kind", [helping.kind])
    reason = f"{party.name if party else 'Ein Anbieter'} bietet an: {kind}."
    source = (f"laut Angebot von {party.name}" if party else CATALOGUE, helping.as_of)
    return _said(wanted, verdict, reason, source, ("offer", helping.public_id))


def euros(amount: Decimal) -> str:
    """ "1.200 €", "85,50 €", never divided between lines."""
    text = f"{amount:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")
    return text.removesuffix(",00") + "\u00a0€"


WORDS: dict[str, Callable[[Wanted, Verdict, About], Statement]] = {
    "open_source": _licence,
    "licence_known": _licence,
    "delivery_model": _delivery,
    "operator_public": _operator,
    "price_free_yearly": _price,
    "yearly_cost_at_most": _price,
    "one_off_cost_at_most": _price,
    "used_in_size_class": _uses,
    "used_in_land": _uses,
    "confirmed_uses_at_least": _uses,
    "maturity": _coded("Reifegrad", "maturity", "maturity", lambda it: [it.maturity] if it.maturity else []),
    "maintained": _coded(
        "Pflege", "maintenance", "maintenance", lambda it: [it.maintenance] if it.maintenance else []
    ),
    "interface_language": _coded(
        "Sprachen der Oberfläche", "language", "interface_languages", lambda it: it.interface_languages
    ),
    "documentation": _documentation,
    "works_with": _works_with,
    "support_offered": _support,
    "boundary": _coded(
        "Art der Aufgabe", "boundary", "boundary", lambda it: [it.boundary] if it.boundary else []
    ),
}
# What an offer says, and no longer says once it has lapsed.
OF_OFFERS = frozenset(
    {"delivery_model", "operator_public", "price_free_yearly", "yearly_cost_at_most", "one_off_cost_at_most"}
)
