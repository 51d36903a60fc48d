"""The log of the research: looks in this marketplace with a snapshot each, and looks elsewhere, entered by hand."""

import datetime
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from allmende.catalogue.addresses import is_web_address
from allmende.catalogue.models import Edition, Offer, Solution
from allmende.catalogue.queries import with_prices
from allmende.exploration.actions.cases import note, open_for_change
from allmende.exploration.models import Case, LoggedSearch, Snapshot, SnapshotEntry
from allmende.exploration.seen import MOST_ENTRIES, SCHEMA, SCHEMA_VERSION, Seen
from allmende.lib.actors import Actor
from allmende.lib.canonical import canonical_json, digest
from allmende.lib.refusals import Refused
from allmende.vocabulary.queries import current

HERE = "Dieser Marktplatz"
PLAN_FIRST = (
    "Legen Sie zuerst den Plan fest: "
    "Was Sie wissen wollen und wen Sie fragen, steht fest, bevor Sie nachsehen."
)
MOST_HITS = 10_000_000


def open_after_plan(case: Case, *, by: Actor, now: datetime.datetime) -> Case:
    """`open_for_change`, for whatever may only be done once the plan is fixed."""
    case = open_for_change(case, by=by, now=now)
    if case.plan_fixed_at is None:
        raise Refused(PLAN_FIRST)
    return case


@transaction.atomic
def log_search(
    case: Case,
    *,
    source: str,
    source_name: str = "",
    url: str = "",
    query: str = "",
    hits: int | None = None,
    remark: str = "",
    searched_on: datetime.date,
    by: Actor,
    now: datetime.datetime,
) -> LoggedSearch:
    """Write down a look elsewhere. `source` is a code of `exploration_source`; `hits` None: nobody has counted."""
    case = open_after_plan(case, by=by, now=now)
    search = LoggedSearch(case=case, searched_by=by.id)
    _fill(search, case, source, source_name, url, query, hits, remark, searched_on, now)
    search.save()
    note(
        "exploration.search_logged",
        case,
        subject=search,
        by=by,
        now=now,
        words={"query": search.query, "remark": search.note},
        source=source,
    )
    return search


@transaction.atomic
def correct_search(
    search: LoggedSearch,
    *,
    source: str,
    source_name: str = "",
    url: str = "",
    query: str = "",
    hits: int | None = None,
    remark: str = "",
    searched_on: datetime.date,
    by: Actor,
    now: datetime.datetime,
) -> LoggedSearch:
    """Put right what was entered by hand; the journal keeps what stood there. A search with a snapshot stays."""
    case = open_after_plan(search.case, by=by, now=now)
    search = LoggedSearch.objects.select_for_update().get(pk=search.pk)
    if not search.source:
        raise Refused("Diese Suche steht mit ihrem Schnappschuss fest. Machen Sie eine neue.")
    before = {"query_before": search.query, "remark_before": search.note}
    hits_before = search.hits
    _fill(search, case, source, source_name, url, query, hits, remark, searched_on, now)
    search.save()
    note(
        "exploration.search_logged",
        case,
        subject=search,
        by=by,
        now=now,
        words={"query": search.query, "remark": search.note, **before},
        source=source,
        corrected=True,
        hits_before=hits_before,
    )
    return search


def _fill(
    search: LoggedSearch,
    case: Case,
    source: str,
    source_name: str,
    url: str,
    query: str,
    hits: int | None,
    remark: str,
    searched_on: datetime.date,
    now: datetime.datetime,
) -> None:
    search.source, search.source_name = source, _source_name(source, source_name)
    search.url = web_address(url)
    search.query, search.note = query.strip(), remark.strip()
    if hits is not None and not 0 <= hits <= MOST_HITS:
        raise Refused(
            "Geben Sie an, wie viele Treffer es waren, oder lassen Sie das Feld leer. Null zählt als Angabe."
        )
    search.hits = hits
    if not search.query and not search.note:
        raise Refused("Schreiben Sie, wonach Sie gesucht oder gefragt haben, oder was dabei herauskam.")
    search.searched_at = _moment(searched_on, case, now)


def _source_name(source: str, name: str) -> str:
    term = current().term(source and "exploration_source", source)
    if term is None:
        raise Refused("Wählen Sie, wo Sie gesucht haben.")
    name = " ".join(name.split())
    if source == "other" and not name:
        raise Refused("Nennen Sie die Quelle beim Namen.")
    if len(name) > 200:
        raise Refused("Kürzen Sie den Namen der Quelle auf höchstens 200 Zeichen.")
    return name or str(term.label)


def web_address(url: str) -> str:
    url = url.strip()
    if url and (len(url) > 1000 or not is_web_address(url)):
        raise Refused("Geben Sie eine vollständige Adresse an, zum Beispiel https://www.example.org/suche.")
    return url


def _moment(day: datetime.date, case: Case, now: datetime.datetime) -> datetime.datetime:
    """Now for today; noon of a day before, as the hour is not known. Nothing before the plan, nothing to come."""
    today, planned = timezone.localdate(now), timezone.localdate(case.plan_fixed_at)
    if day > today:
        raise Refused("Der Tag der Recherche liegt in der Zukunft.")
    if day < planned:
        raise Refused(
            f"Der Plan steht seit dem {planned:%d.%m.%Y} fest. Was Sie vorher gesucht haben, "
            "halten Sie als Abweichung fest."
        )
    if day == today:
        return now
    noon = timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))
    return max(noon, case.plan_fixed_at) if case.plan_fixed_at else noon


@transaction.atomic
def take_snapshot(
    case: Case, seen: Seen, *, remark: str = "", by: Actor, now: datetime.datetime
) -> LoggedSearch:
    """Keep what the marketplace has just shown: question, filters, order with its explanation, and the archived
    edition of every entry, at most `MOST_ENTRIES`. A fixed number of queries, however many entries."""
    case = open_after_plan(case, by=by, now=now)
    search = LoggedSearch.objects.create(
        case=case,
        source_name=HERE,
        query=seen.words,
        filters={facet: list(codes) for facet, codes in seen.filters.items()},
        hits=seen.total,
        note=remark.strip(),
        searched_at=now,
        searched_by=by.id,
    )
    shown = seen.entries[:MOST_ENTRIES]
    editions = _editions([entry.solution for entry in shown])
    amounts = _amounts_for_some(list(editions), by)
    # What was withdrawn between the search and this moment is not shown any more.
    listed = [entry for entry in shown if entry.solution in editions]
    content = {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "case": case.public_id,
        "made_at": now,
        "program": version("allmende"),
        "about": dict(seen.about),
        "kept": len(listed),
        "entries": [
            {
                "position": position,
                "solution": entry.solution,
                "edition": editions[entry.solution].number,
                "edition_digest": editions[entry.solution].digest,
                "score": dict(entry.score),
                "reasons": list(entry.reasons),
                **({"amounts": amounts[entry.solution]} if entry.solution in amounts else {}),
            }
            for position, entry in enumerate(listed, start=1)
        ],
    }
    _keep(search, content, editions, now)
    note(
        "exploration.snapshot_made",
        case,
        subject=search,
        by=by,
        now=now,
        words={"query": search.query},
        entries=len(listed),
        total=seen.total,
    )
    return search


def _keep(
    search: LoggedSearch, content: Mapping[str, Any], editions: Mapping[str, Edition], now: datetime.datetime
) -> None:
    snapshot = Snapshot.objects.create(
        search=search, content=canonical_json(content), digest=digest(content), made_at=now
    )
    SnapshotEntry.objects.bulk_create(
        SnapshotEntry(
            snapshot=snapshot,
            position=entry["position"],
            solution_id=entry["solution"],
            edition_number=entry["edition"],
            edition_digest=entry["edition_digest"],
            content=editions[entry["solution"]].content or "",
        )
        for entry in content["entries"]
    )


def _editions(solutions: Sequence[str]) -> dict[str, Edition]:
    """The edition that holds now, of those that are published. One query."""
    held = Solution.objects.filter(public_id=OuterRef("subject_id"), state="published")
    rows = Edition.objects.filter(
        subject_type=Solution.journal_type,
        subject_id__in=solutions,
        number=Subquery(held.values("edition_number")[:1]),
    )
    return {row.subject_id: row for row in rows}


def _amounts_for_some(solutions: Sequence[str], by: Actor) -> dict[str, list[dict[str, Any]]]:
    """Amounts that only the administration sees stand in no edition: kept beside it, as far as the actor sees them."""
    rows = Offer.objects.filter(
        solution__public_id__in=solutions, state="published", prices_for="administration"
    ).select_related("solution")
    found: dict[str, list[dict[str, Any]]] = {}
    for offer in with_prices(rows.order_by("pk"), by):
        if not offer.prices_are_hidden:
            found.setdefault(offer.solution.public_id, []).append(
                {"offer": offer.public_id, "prices": [_price(row) for row in offer.prices.all()]}
            )
    return found


def _price(row: Any) -> dict[str, Any]:
    names = ("kind", "amount", "unit", "tier_from", "tier_to", "vat_rate", "note")
    return {name: getattr(row, name) for name in names}
