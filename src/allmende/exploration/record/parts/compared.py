"""The comparison of the short list as it was read on that day: what the catalogue states as fact, what companies say of
themselves, and what nobody says; and the spread of the prices."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils import timezone

from allmende.catalogue.models import ConfirmedUse
from allmende.exploration.models import Case
from allmende.exploration.queries.matrix import AnswerCell, CriterionCell, Said, matrix_of
from allmende.exploration.queries.prices import answered_prices, catalogue_prices
from allmende.lib.actors import Actor

# What everybody may read in the catalogue: a record does not depend on who approves it.
READER = Actor.program("record")


def comparison(found: Case, now: datetime | None) -> dict[str, Any]:
    matrix = matrix_of(found, READER, today=timezone.localdate(now))
    return {
        "candidates": [each.public_id for each in matrix.candidates],
        "criteria": [
            {
                "id": row.criterion,
                "label": row.label,
                "weight": row.weight,
                "cells": [_criterion_cell(cell) for cell in row.cells],
            }
            for row in matrix.criteria
        ],
        "questions": [
            {"id": row.question.public_id, "cells": [_answer_cell(cell) for cell in row.cells]}
            for row in matrix.questions
        ],
    }


def _criterion_cell(cell: CriterionCell) -> dict[str, Any]:
    return {
        "candidate": cell.candidate.public_id,
        "said": [_said(each) for each in cell.said],
        "is_unknown": cell.is_unknown,
        "is_disputed": cell.is_disputed,
    }


def _said(each: Said) -> dict[str, Any]:
    return {
        "basis": each.basis,
        "verdict": each.verdict,
        "text": each.text,
        "source": each.source,
        "as_of": each.as_of,
        "is_confidential": each.is_confidential,
    }


def _answer_cell(cell: AnswerCell) -> dict[str, Any]:
    return {
        "candidate": cell.candidate.public_id,
        "text": cell.text,
        "remark": cell.remark,
        "is_answered": cell.is_answered,
        "is_confidential": cell.is_confidential,
    }


def prices(found: Case, now: datetime | None) -> list[dict[str, Any]]:
    matrix = matrix_of(found, READER, today=timezone.localdate(now))
    spreads = [*catalogue_prices(found, matrix.candidates, READER), *answered_prices(matrix)]
    return [asdict(each) for each in spreads]


def references(found: Case) -> list[dict[str, Any]]:
    """Who has confirmed to use what stands on the short list."""
    kept = found.candidates.filter(state="kept", solution__isnull=False).select_related("solution")
    solutions = {each.solution_id: each for each in kept.order_by("pk")}
    uses = ConfirmedUse.objects.filter(solution__in=solutions, state__in=("productive", "pilot"))
    named = uses.select_related("organisation").order_by("organisation__name", "pk")
    return [
        {
            "solution": each.solution.public_id if each.solution else "",
            "name": each.solution_name,
            "towns": [use.organisation.name for use in named if use.solution_id == key],
        }
        for key, each in solutions.items()
    ]
