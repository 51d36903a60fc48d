"""Talks, the comparison, the value, the procedure, and who took part in the preparation."""

import json
from typing import Any

from allmende.exploration.models import Case, MatrixEntry, ValueEstimate
from allmende.exploration.record.parts import rows


def talks(found: Case) -> list[dict[str, Any]]:
    fields = (
        "candidate.public_id",
        "company_name",
        "held_at",
        "minutes_long",
        "participants",
        "content",
        "told_to_company",
        "shared_at",
        "written_at",
        "written_by",
    )
    held = found.talks.order_by("pk").select_related("candidate")
    return [{"id": each.public_id, **rows.of(each, *fields)} for each in held]


def matrix(found: Case) -> list[dict[str, Any]]:
    fields = ("candidate.public_id", "criterion", "result", "basis", "reason", "noted_at", "noted_by")
    cells = MatrixEntry.objects.filter(case=found).select_related("candidate")
    return [rows.of(each, *fields) for each in cells.order_by("candidate_id", "criterion")]


def estimates(found: Case) -> list[dict[str, Any]]:
    return [_estimate(each) for each in found.estimates.order_by("pk")]


def _estimate(each: ValueEstimate) -> dict[str, Any]:
    return {
        **rows.of(each, "total", "estimated_on", "made_at", "made_by"),
        "content": json.loads(each.content),
    }


def procedure(found: Case) -> dict[str, Any] | None:
    chosen = getattr(found, "procedure", None)
    return rows.of(chosen, "procedure", "rule", "reason", "chosen_at", "chosen_by") if chosen else None


def involvements(found: Case) -> list[dict[str, Any]]:
    fields = (
        "candidate.public_id",
        "company_name",
        "how",
        "knows",
        "measures",
        "is_suggested",
        "noted_at",
        "noted_by",
    )
    listed = found.involvements.order_by("pk").select_related("candidate")
    return [rows.of(each, *fields) for each in listed]
