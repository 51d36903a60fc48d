"""From journal entries to lines that people read: what, when, and by whom, as far as the reader may know."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse

from allmende.accounts.models import User
from allmende.catalogue.erasure_grounds import GROUNDS, WHATS
from allmende.catalogue.models import WorkingCopy
from allmende.journal.queries import Entry, Words, known_kinds, words_of
from allmende.organisations.models import Membership, Organisation
from allmende.organisations.roles import ROLES
from allmende.web.history import words_of_cases

# What may stand on a public page. Everything else (who belongs to whom, who asked for what) is for those concerned.
PUBLIC_KINDS = frozenset(
    {
        "catalogue.origin_known",
        "catalogue.solution_published",
        "catalogue.solution_changed",
        "catalogue.solution_withdrawn",
        "catalogue.solution_restored",
        "catalogue.solution_erased",
        "catalogue.contact_erased",
        "catalogue.solutions_merged",
        "catalogue.merge_undone",
        "catalogue.listing_missing",
        "catalogue.listing_returned",
        "catalogue.offer_published",
        "catalogue.offer_changed",
        "catalogue.offer_withdrawn",
        "catalogue.offer_restored",
        "catalogue.offer_renewed",
        "catalogue.offer_lapsed",
        "catalogue.use_confirmed",
        "catalogue.use_ended",
        "files.logo_stored",
        "files.document_stored",
        "files.removed",
        "files.retired",
        "organisations.merged",
        "organisations.merge_undone",
        "organisations.registered",
        "organisations.accredited",
        "organisations.suspended",
        "procurement.rule_set_ended",
        "procurement.rule_set_released",
        "procurement.rule_set_withdrawn",
        "vocabulary.term_added",
        "vocabulary.term_ended",
        "vocabulary.word_added",
        "vocabulary.word_removed",
    }
)
# Programs act by themselves; people read what they do, not how they are called.
PROGRAMS: Mapping[str, str] = {
    **words_of_cases.PROGRAMS,
    "accounts": "die Kontoverwaltung",
    "catalogue": "Allmende von selbst",
    "demo": "die Demonstration",
    "ensure_pages": "die Einrichtung",
    "harvest": "den Abgleich mit der Quelle",
    "import_regions": "die Befehlszeile",
    "load_procurement_rules": "die Einrichtung",
    "load_regions": "die Einrichtung",
    "load_vocabulary": "die Einrichtung",
    "mail": "den Postversand",
    "operator": "die Befehlszeile",
    "scanner": "den Virenscanner",
}
ERASED = "gelöschtes Konto"


@dataclass(frozen=True)
class Typed:
    """What a person typed for an entry; `text` is "" where it was erased, at `erased_at`."""

    entry: int
    name: str
    label: str
    text: str
    erased_at: datetime | None


@dataclass(frozen=True)
class Told:
    """One line of a history. `who` completes "durch …"; `details` and `typed` are for the staff."""

    at: datetime
    what: str
    who: str
    deputy_of: str = ""
    edition: int | None = None
    details: Sequence[tuple[str, str]] = ()
    typed: Sequence[Typed] = ()
    subject: str = ""
    subject_href: str = ""


def tell(entries: Iterable[Entry], *, by_name: bool) -> list[Told]:
    """Lines for readers. `by_name`: people are named as their accounts name them; otherwise by what they act as.

    A fixed number of queries, however many entries.
    """
    rows = list(entries)
    people = {row.actor_id for row in rows if row.actor_kind == "person"}
    absent = {person for row in rows for person in _in_place_of(row)}
    named = {
        str(row.data[key])
        for row in rows
        if isinstance(row.data, dict)
        for key in PEOPLE
        if row.data.get(key)
    }
    names = _names(people | absent | named) if by_name else {}
    roles = {} if by_name else _platform_roles(people)
    places = _organisations(rows)
    words = words_of(rows) if by_name else {}
    return [_told(row, names, roles, places, words, by_name=by_name) for row in rows]


def _told(
    row: Entry,
    names: Mapping[str, str],
    roles: Mapping[str, Sequence[Membership]],
    places: Mapping[str, str],
    words: Mapping[tuple[int, str], Words],
    *,
    by_name: bool,
) -> Told:
    who = _named(row, names, places) if by_name else _as_role(row, roles, places)
    deputy = _in_place_of(row)
    standing_in = ", ".join(names.get(each, ERASED) for each in deputy) if by_name else "abwesenden Personen"
    edition = row.data.get("edition") if isinstance(row.data, dict) else None
    href = page_of(row.subject_type, row.subject_id)
    return Told(
        at=row.at,
        what=known_kinds().get(row.kind, row.kind),
        who=who,
        deputy_of=standing_in if deputy else "",
        edition=edition if isinstance(edition, int) and row.subject_type == "solution" else None,
        details=_details(row.data, places, names) if by_name else (),
        typed=[_typed(each) for (pk, _name), each in sorted(words.items()) if pk == row.pk],
        subject=f"{SUBJECTS.get(row.subject_type, row.subject_type)} {row.subject_id}".strip(),
        subject_href=href,
    )


def _typed(words: Words) -> Typed:
    label = DETAILS.get(words.name, words.name)
    return Typed(words.entry_id, words.name, label, words.text, words.erased_at)


def _in_place_of(row: Entry) -> list[str]:
    found = row.data.get("in_place_of") if isinstance(row.data, dict) else None
    return [str(each) for each in found] if isinstance(found, list) else []


def _named(row: Entry, names: Mapping[str, str], places: Mapping[str, str]) -> str:
    """For staff and colleagues."""
    if row.actor_kind != "person":
        return _without_person(row)
    name = names.get(row.actor_id, ERASED)
    place = places.get(row.organisation, "")
    return f"{name} für {place}" if place else name


def _as_role(row: Entry, roles: Mapping[str, Sequence[Membership]], places: Mapping[str, str]) -> str:
    """For everybody: the organisation somebody acted for, or the role on the platform at that time."""
    if row.actor_kind != "person":
        return _without_person(row)
    town = row.data.get("town") if isinstance(row.data, dict) else None
    if place := places.get(row.organisation) or places.get(str(town)):
        return place
    held = [each for each in roles.get(row.actor_id, ()) if _lasted(each, row.at)]
    return ROLES[held[0].role].label if held and held[0].role in ROLES else "eine Person"


def _lasted(membership: Membership, at: datetime) -> bool:
    return membership.since <= at and (membership.ended_at is None or membership.ended_at >= at)


def _without_person(row: Entry) -> str:
    if row.actor_kind == "program":
        return PROGRAMS.get(row.actor_id, f"das Programm „{row.actor_id}“")
    return "jemanden ohne Konto"


def _names(people: Collection[str]) -> dict[str, str]:
    known = User.objects.filter(public_id__in=people) if people else []
    return {user.public_id: str(user) for user in known}


def _platform_roles(people: Collection[str]) -> dict[str, list[Membership]]:
    held: dict[str, list[Membership]] = {}
    if people:
        rows = Membership.objects.filter(user__public_id__in=people, organisation=None)
        for each in rows.select_related("user").order_by("role"):
            held.setdefault(each.user.public_id, []).append(each)
    return held


def _organisations(rows: Sequence[Entry]) -> dict[str, str]:
    ids = {row.organisation for row in rows if row.organisation}
    told = [row.data for row in rows if isinstance(row.data, dict)]
    ids |= {str(data[name]) for data in told for name in ("town", "provider") if name in data}
    if not ids:
        return {}
    return dict(Organisation.objects.filter(Q(public_id__in=ids)).values_list("public_id", "name"))


# What an entry says beside its kind, in words; what is not listed here is shown under its own name.
DETAILS: Mapping[str, str] = {
    **words_of_cases.DETAILS,
    "accounts": "Konten",
    "address": "Adresse",
    "as_of": "Gebietsstand",
    "categories": "Arten von Nachrichten",
    "changed": "geändert",
    "code": "Kürzel",
    "day": "Tag",
    "deputy": "Vertretung",
    "derived": "aus der Einwohnerzahl abgeleitet",
    "edition": "Ausgabe",
    "ended": "beendet",
    "entries_added": "Entsprechungen ergänzt",
    "entries_removed": "Entsprechungen entfernt",
    "fields": "Angaben",
    "first": "eine Lösung",
    "from": "von",
    "ground": "Grundlage",
    "id": "Kennung",
    "into": "geht auf in",
    "job": "Aufgabe",
    "kept": "beibehalten",
    "key": "Schlüssel bei der Quelle",
    "keys": "Schlüssel",
    "kind": "Art",
    "letter": "Nachricht",
    "made_at": "gemacht am",
    "merge": "Zusammenführung",
    "missing": "fehlend",
    "name": "Name",
    "named": "Nennung",
    "new": "neu",
    "offer": "Angebot",
    "origin": "Herkunft",
    "outcome": "Ergebnis",
    "person": "Person",
    "procedure": "Verfahrensart",
    "reason": "Grund",
    "region": "Region",
    "renew_by": "zu erneuern bis",
    "replaced": "ersetzt",
    "retention": "Frist",
    "role": "Rolle",
    "rows": "Zeilen",
    "same": "unverändert",
    "schemes_written": "Wortlisten geschrieben",
    "search": "Suche",
    "second": "andere Lösung",
    "side": "Seite",
    "size_class": "Größenklasse",
    "solution": "Lösung",
    "source": "von",
    "state": "Stand",
    "status": "Antwort des Postservers",
    "subject": "Eintrag",
    "successions": "Nachfolgen",
    "target": "zu",
    "title": "Titel",
    "to": "an",
    "total": "Summe, netto",
    "town": "Kommune",
    "type": "Art",
    "undeliverable": "unzustellbar",
    "until": "bis",
    "use": "Nutzung",
    "valid_from": "gilt ab",
    "valid_to": "gilt bis",
    "vanished": "weggefallen",
    "what": "was",
    "word": "Suchwort",
}
# Where a person is meant, by public id ("to" is also the last day of an absence).
PEOPLE = ("person", "deputy", "to")
# What entries are about, by the type that the journal knows.
SUBJECTS: Mapping[str, str] = {
    **words_of_cases.SUBJECTS,
    "absence": "Abwesenheit",
    "account": "Konto",
    "catalogue": "Katalog",
    "claim": "Anmeldung",
    "entry": "Eintrag im Journal",
    "erasure": "Vorschlag zur Löschung",
    "email_domain": "E-Mail-Domain",
    "entry_claim": "Übernahme",
    "invitation": "Einladung",
    "join_request": "Anfrage",
    "later_edit": "Änderung",
    "missing_solution": "fehlende Lösung",
    "merge": "Zusammenführung",
    "miss": "Suche ohne Treffer",
    "municipality_profile": "Profil der Kommune",
    "notice": "Meldung",
    "offer": "Angebot",
    "organisation": "Organisation",
    "origin": "Herkunft",
    "platform": "Plattform",
    "raw_record": "Eintrag im Abgleich",
    "region": "Region",
    "region_succession": "Nachfolge",
    "regions": "Regionen",
    "role_proposal": "Vorschlag für eine Rolle",
    "run": "Abgleich",
    "saved_search": "gespeicherte Suche",
    "rule_set": "Vergaberegel",
    "scheme": "Wortliste",
    "solution": "Lösung",
    "source": "Quelle",
    "suspicion": "mögliche Dublette",
    "term": "Begriff",
    "use": "Nutzung",
    "vocabulary": "Begriffe",
    "working_copy": "Arbeitsfassung",
}


def _details(data: Any, places: Mapping[str, str], names: Mapping[str, str]) -> list[tuple[str, str]]:
    if not isinstance(data, dict):
        return []
    return [
        (DETAILS.get(name, name), _said(name, value, places, names))
        for name, value in sorted(data.items())
        if value is not None and name not in ("in_place_of", "words")
    ]


def _said(name: str, value: Any, places: Mapping[str, str], names: Mapping[str, str]) -> str:
    """A value in words, where it stands for something that has a name."""
    if name in PEOPLE and (name == "person" or str(value) in names):
        return names.get(str(value), ERASED)
    if name == "ground" and str(value) in GROUNDS:
        return GROUNDS[str(value)].label
    if name == "what":
        return WHATS.get(str(value)) or dict(WorkingCopy.KINDS).get(str(value), str(value))
    if name == "role" and str(value) in ROLES:
        return ROLES[str(value)].label
    return words_of_cases.said(name, value) or places.get(str(value), str(value))


def page_of(subject_type: str, subject_id: str) -> str:
    """Where the thing itself can be seen; "" where it has no page."""
    if not subject_id:
        return ""
    if subject_type == "solution":
        return reverse("solution", args=[subject_id])
    if subject_type == "organisation":
        return reverse("provider", args=[subject_id])
    if subject_type == "notice":
        return reverse("desk_notice", args=[subject_id])
    return ""
