"""The comparison of the short list as it was read on that day: what the catalogue states as fact, what companies say of
themselves, and what nobody says; and the spread of the prices."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils import timezone

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
