"""What the journal tells of a case and its parts."""

from typing import Any

from allmende.exploration.models import Case
from allmende.journal.queries import search
from allmende.organisations.models import Organisation


def entries_about(case: Case) -> list[Any]:
    """Every entry about the case or a part of it, the oldest first, also from before its town was merged."""
    about = search(subject=(case.journal_type, case.public_id))
    parts = search(kind="exploration.").filter(
        organisation__in=_towns(case.organisation), data__case=case.public_id
    )
    return sorted({each.pk: each for each in [*about, *parts]}.values(), key=lambda each: each.pk)


def _towns(town: Organisation) -> list[str]:
    """The town and those that became it, one after another."""
    found, latest = [town.public_id], [town.pk]
    while latest:
        rows = Organisation.objects.filter(merged_into__in=latest).exclude(public_id__in=found)
        became = list(rows.values_list("pk", "public_id"))
        latest = [key for key, _ in became]
        found += [name for _, name in became]
    return found
