"""What the journal tells of a case and its parts."""

from typing import Any

from allmende.exploration.models import Case
from allmende.journal.queries import search
from allmende.organisations.queries import once_called


def entries_about(case: Case) -> list[Any]:
    """Every entry about the case or a part of it, the oldest first, also from before its town was merged."""
    about = search(subject=(case.journal_type, case.public_id))
    parts = search(kind="exploration.").filter(
        organisation__in=once_called([case.organisation.public_id]), data__case=case.public_id
    )
    return sorted({each.pk: each for each in [*about, *parts]}.values(), key=lambda each: each.pk)
