from datetime import datetime

from django.db import transaction

from allmende.catalogue import rules
from allmende.catalogue.actions.publishing import publish_changes
from allmende.catalogue.models import Contact, Edition, Listing, Solution, SolutionTerm, SolutionText
from allmende.catalogue.states import SOLUTION
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import OutOfDate, Refused, require


def lock(solution: Solution, lock_version: int | None) -> Solution:
    """The row, locked; raises `OutOfDate` where somebody saved since the given version was read."""
    locked = Solution.objects.select_for_update().get(pk=solution.pk)
    if lock_version is not None and locked.lock_version != lock_version:
        raise OutOfDate
    return locked


@transaction.atomic
def withdraw(
    solution: Solution, *, reason: str, by: Actor, now: datetime, lock_version: int | None = None
) -> Solution:
    """Take a solution out of search; it stays citable, with the reason."""
    solution = lock(solution, lock_version)
    require(rules.may_withdraw(by, solution))
    if not reason.strip():
        raise Refused("Nennen Sie den Grund. Er steht auf der Seite der Lösung.")
    SOLUTION.require_move(solution.state, "withdrawn")
    solution.state, solution.withdrawn_at, solution.withdrawal_reason = "withdrawn", now, reason.strip()
    solution.lock_version += 1
    solution.save(update_fields=["state", "withdrawn_at", "withdrawal_reason", "lock_version"])
    record("catalogue.solution_withdrawn", subject=solution, by=by, now=now)
    return solution


@transaction.atomic
def restore(solution: Solution, *, by: Actor, now: datetime, lock_version: int | None = None) -> Solution:
    """Publish a withdrawn solution again."""
    solution = lock(solution, lock_version)
    require(rules.may_withdraw(by, solution))
    if solution.state != "withdrawn":
        SOLUTION.require_move(solution.state, "published")
        raise Refused("Nur eine zurückgezogene Lösung kann wieder veröffentlicht werden.")
    solution.state, solution.withdrawn_at, solution.withdrawal_reason = "published", None, ""
    solution.lock_version += 1
    solution.save(update_fields=["state", "withdrawn_at", "withdrawal_reason", "lock_version"])
    record("catalogue.solution_restored", subject=solution, by=by, now=now)
    # What the sources said in the meantime becomes public now.
    publish_changes(solution, by=by, now=now)
    return solution


@transaction.atomic
def erase(solution: Solution, *, reason: str, by: Actor, now: datetime) -> Solution:
    """Erase what law obliges to erase: texts, statements and contacts go, editions become tombstones with their hash.

    The address keeps answering, with the reason. Source records must be blocked by the caller's package.
    """
    solution = lock(solution, None)
    require(rules.may_erase(by))
    if not reason.strip():
        raise Refused("Nennen Sie die Rechtsgrundlage und den Grund der Löschung.")
    SOLUTION.require_move(solution.state, "erased")
    Edition.objects.filter(subject_type=solution.journal_type, subject_id=solution.public_id).update(
        content=None, redacted_at=now, redaction_reason=reason.strip()
    )
    Contact.objects.filter(listing__solution=solution).delete()
    SolutionText.objects.filter(solution=solution).delete()
    SolutionTerm.objects.filter(solution=solution).delete()
    _strip_listings(solution)
    _strip_columns(solution, reason=reason.strip(), now=now)
    record(
        "catalogue.solution_erased", subject=solution, by=by, now=now, data={"reason": reason.strip()[:300]}
    )
    return solution


def _strip_listings(solution: Solution) -> None:
    """Keep the keys, so that the next harvest does not bring the solution back as a new one."""
    for listing in Listing.objects.filter(solution=solution):
        listing.statements.all().delete()
        listing.claimed_uses.all().delete()
        listing.funding.all().delete()
        listing.releases.all().delete()
    Listing.objects.filter(solution=solution).update(record_url="", repository_key="", draft_digest="")


def _strip_columns(solution: Solution, *, reason: str, now: datetime) -> None:
    for field in solution._meta.concrete_fields:
        if field.name in (
            "repository_url",
            "repository_key",
            "website_url",
            "maintainer",
            "maintainer_url",
            "licence",
        ):
            setattr(solution, field.name, "")
        if field.get_internal_type() == "JSONField":
            setattr(solution, field.name, [])
    solution.name = solution.sort_name = solution.folded_name = "gelöscht"
    solution.state, solution.withdrawal_reason = "erased", reason
    solution.lock_version += 1
    solution.save()
