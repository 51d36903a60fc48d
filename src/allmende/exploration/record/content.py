"""The canonical content of a case: everything that its documentation has to hold (§ 8 VgV, § 6 UVgO, and what audits
ask for), read from the tables.

`TABLES` come from the case's own tables: frozen, they read the same for ever, and `compare` tells where they do not.
The rest is what the case stands in as it was at that moment; it may change outside, and the record keeps it.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from allmende.exploration.models import Case
from allmende.exploration.record.parts import around, asking, cases, compared, judging, research
from allmende.lib.canonical import canonical_json

KIND = "market_exploration"
SCHEMA_VERSION = 1

TABLES: Mapping[str, Callable[[Case], Any]] = {
    "case": cases.case,
    "members": cases.members,
    "declarations": cases.declarations,
    "sheets": cases.sheets,
    "step_plans": cases.step_plans,
    "deviations": cases.deviations,
    "searches": research.searches,
    "candidates": research.candidates,
    "questionnaires": asking.questionnaires,
    "talks": judging.talks,
    "matrix": judging.matrix,
    "estimates": judging.estimates,
    "procedure": judging.procedure,
    "involvements": judging.involvements,
    "attachments": around.files,
}


def content_of(case: Case, *, approved_by: str = "", now: datetime | None = None) -> dict[str, Any]:
    """Plain JSON data of the whole case; a draft where nobody has approved it. A fixed number of queries."""
    case = Case.objects.select_related("organisation__region", "need", "procedure").get(pk=case.pk)
    content: dict[str, Any] = {
        "kind": KIND,
        "schema_version": SCHEMA_VERSION,
        **tables_of(case),
        "authority": around.authority(case),
        "need": around.need(case),
        "comparison": compared.comparison(case, now),
        "prices": compared.prices(case, now),
        "references": compared.references(case),
        "words": around.words(),
        "history": around.history(case),
        "approval": {"approved_by": approved_by, "frozen_at": now} if approved_by else None,
    }
    plain: dict[str, Any] = json.loads(canonical_json(content))
    return {**plain, "people": around.people(plain)}


def tables_of(case: Case) -> dict[str, Any]:
    """What the case's own tables say, as plain JSON data."""
    plain: dict[str, Any] = json.loads(canonical_json({name: read(case) for name, read in TABLES.items()}))
    return plain
