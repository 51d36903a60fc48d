"""The case itself, who takes part, what is written in its steps, and what was done otherwise than planned."""

from typing import Any

from allmende.exploration.models import Case
from allmende.exploration.record.parts import rows
from allmende.exploration.steps import STEPS

# Written after the case is frozen, outside of its record.
AFTER = frozenset(step.code for step in STEPS.values() if step.is_after)


def case(found: Case) -> dict[str, Any]:
    told = rows.of(
        found,
        "title",
        "reference",
        "department",
        "need_edition",
        "plan_fixed_at",
        "plan_fixed_by",
        "due_on",
        "is_invented",
        "begun_at",
        "begun_by",
        "submitted_at",
        "submitted_by",
    )
    return {"id": found.public_id, "need": found.need.public_id, **told}


def members(found: Case) -> list[dict[str, Any]]:
    fields = ("user", "role", "function", "since", "until", "added_by")
    return [rows.of(each, *fields) for each in found.members.order_by("pk")]


def declarations(found: Case) -> list[dict[str, Any]]:
    fields = ("user", "has_conflict", "about", "remedy", "declared_at")
    return [rows.of(each, *fields) for each in found.declarations.order_by("pk")]


def sheets(found: Case) -> list[dict[str, Any]]:
    written = found.sheets.exclude(step__in=AFTER).order_by("step")
    return [rows.of(each, "step", "answers", "is_done", "changed_at", "changed_by") for each in written]


def step_plans(found: Case) -> list[dict[str, Any]]:
    planned = found.step_plans.exclude(step__in=AFTER).order_by("step")
    return [rows.of(each, "step", "user", "due_on", "changed_at", "changed_by") for each in planned]


def deviations(found: Case) -> list[dict[str, Any]]:
    return [rows.of(each, "step", "what", "reason", "at", "by") for each in found.deviations.order_by("pk")]
