"""Changes that owners make to what is published: noted for the desk, which looks at them afterwards."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from allmende.catalogue import rules
from allmende.catalogue.models import LaterEdit, Offer, Solution
from allmende.catalogue.states import LATER_EDIT
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require
from allmende.organisations.models import Organisation
from allmende.organisations.rules import is_staff


def note_later_edit(
    solution: Solution,
    *,
    offer: Offer | None,
    parties: Sequence[Organisation],
    before: int,
    act: str = "changed",
    words: str = "",
    by: Actor,
    now: datetime,
) -> LaterEdit | None:
    """Put a change that is live into the desk's queue; None where staff has made it, unless for their own house.
    `before`: the edition until then. `act` and `words`: it is withdrawn or given up, and why.

    What waits already takes the change in, so that the desk sees one difference and not ten. The caller holds the
    solution's row.
    """
    if is_staff(by) and not any(rules.edits_for(by, each) for each in parties):
        return None
    organisation = next(each for each in parties if rules.edits_for(by, each))
    waiting = LaterEdit.objects.select_for_update().filter(
        offer=offer, organisation=organisation, state__in=("open", "asked")
    )
    # An offer's change may wait under the entry that the offer had before a merge, or its undoing.
    edit = (waiting if offer else waiting.filter(solution=solution)).first()
    if edit is not None and edit.solution_id != solution.pk:
        edit.solution, edit.edition_before = solution, before
    if edit is None:
        edit = LaterEdit(
            solution=solution,
            offer=offer,
            organisation=organisation,
            edition_before=before,
            made_at=now,
        )
    if act != "changed":
        edit.act, edit.words = act, words
    # A change answers a question, too.
    edit.state, edit.made_by, edit.edition_after = "open", by.id, solution.edition_number
    edit.save()
    record(
        "catalogue.later_edit_made",
        subject=edit,
        by=by,
        now=now,
        organisation=organisation.public_id,
        data={"solution": solution.public_id, "edition": solution.edition_number},
    )
    return edit


@transaction.atomic
def acknowledge(edit: LaterEdit, *, seen: int, by: Actor, now: datetime) -> LaterEdit:
    """The desk has looked at the change up to edition `seen`; refused where more has changed since."""
    edit = _locked(edit, by)
    if edit.edition_after != seen:
        raise Refused("Inzwischen wurde noch etwas geändert. Sehen Sie sich die neue Fassung an.")
    LATER_EDIT.require_move(edit.state, "acknowledged")
    _decide(edit, "acknowledged", by=by, now=now)
    record(
        "catalogue.later_edit_acknowledged",
        subject=edit,
        by=by,
        now=now,
        organisation=edit.organisation.public_id,
    )
    return edit


@transaction.atomic
def ask_about(edit: LaterEdit, *, question: str, by: Actor, now: datetime) -> LaterEdit:
    """The desk wants to know more; the owner answers in words or by another change."""
    edit = _locked(edit, by)
    if not question.strip():
        raise Refused("Schreiben Sie, was Sie wissen wollen.")
    LATER_EDIT.require_move(edit.state, "asked")
    edit.question, edit.answer = question.strip()[:2000], ""
    _decide(edit, "asked", by=by, now=now)
    record(
        "catalogue.later_edit_asked", subject=edit, by=by, now=now, organisation=edit.organisation.public_id
    )
    return edit


@transaction.atomic
def answer(edit: LaterEdit, *, words: str, by: Actor, now: datetime) -> LaterEdit:
    """The owner answers the desk's question; the change waits for the desk again."""
    edit = LaterEdit.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=edit.pk)
    require(rules.may_prepare(by, edit.organisation))
    if not words.strip():
        raise Refused("Schreiben Sie eine Antwort.")
    if edit.state != "asked":
        raise Refused("Zu dieser Änderung ist keine Frage offen.")
    edit.state, edit.answer = "open", words.strip()[:2000]
    edit.save(update_fields=["state", "answer"])
    record(
        "catalogue.later_edit_answered",
        subject=edit,
        by=by,
        now=now,
        organisation=edit.organisation.public_id,
    )
    return edit


def _locked(edit: LaterEdit, by: Actor) -> LaterEdit:
    locked = LaterEdit.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=edit.pk)
    require(rules.may_look_after(by, locked.organisation, locked.made_by), rules.NOT_ONES_OWN)
    return locked


def _decide(edit: LaterEdit, state: str, *, by: Actor, now: datetime) -> None:
    edit.state, edit.decided_at, edit.decided_by = state, now, by.id
    edit.save()
