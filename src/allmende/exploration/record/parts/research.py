"""Where was looked and what was found, and what became of each one that was found."""

from typing import Any

from allmende.exploration.models import Candidate, Case, LoggedSearch, Snapshot
from allmende.exploration.record.parts import rows


def searches(found: Case) -> list[dict[str, Any]]:
    looked = found.searches.order_by("pk").select_related("snapshot").prefetch_related("snapshot__entries")
    return [_search(each) for each in looked]


def _search(each: LoggedSearch) -> dict[str, Any]:
    fields = (
        "source",
        "source_name",
        "url",
        "query",
        "filters",
        "hits",
        "note",
        "searched_at",
        "searched_by",
    )
    snapshot = getattr(each, "snapshot", None)
    return {
        "id": each.public_id,
        **rows.of(each, *fields),
        "snapshot": _snapshot(snapshot) if snapshot else None,
    }


def _snapshot(snapshot: Snapshot) -> dict[str, Any]:
    """Its content lies beside the record, under the hash that stands here."""
    entries = sorted(snapshot.entries.all(), key=lambda each: each.position)
    return {
        "id": snapshot.public_id,
        **rows.of(snapshot, "digest", "made_at"),
        "entries": [
            rows.of(each, "position", "solution_id", "edition_number", "edition_digest") for each in entries
        ],
    }


def candidates(found: Case) -> list[dict[str, Any]]:
    listed = found.candidates.order_by("pk").select_related("search", "solution", "offer", "company")
    return [_candidate(each) for each in listed.prefetch_related("decisions")]


def _candidate(each: Candidate) -> dict[str, Any]:
    fields = (
        "search.public_id",
        "solution.public_id",
        "offer.public_id",
        "company.public_id",
        "solution_name",
        "company_name",
        "url",
        "edition_number",
        "state",
        "reason",
        "reason_text",
        "amount",
        "criterion",
        "criterion_label",
        "not_asked_reason",
        "added_at",
        "added_by",
        "decided_at",
        "decided_by",
    )
    decided = ("state", "reason", "reason_text", "amount", "criterion", "criterion_label")
    decisions = sorted(each.decisions.all(), key=lambda row: row.pk)
    return {
        "id": each.public_id,
        **rows.of(each, *fields),
        "decisions": [rows.of(row, *decided, "decided_at", "decided_by") for row in decisions],
    }
