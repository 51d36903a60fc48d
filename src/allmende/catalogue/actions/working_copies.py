"""Preparing an offer: begin, save, submit, take back, drop. What the desk decides is in `checking.py`."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from allmende.catalogue import rules
from allmende.catalogue.checks import check_offer, check_solution
from allmende.catalogue.completeness import STEPS_OF_KIND, needed
from allmende.catalogue.contents import Content, read, to_publish, write
from allmende.catalogue.drafts import FileNotes, OfferDraft, SolutionDraft
from allmende.catalogue.models import Offer, Solution, WorkingCopy
from allmende.catalogue.queries import claim_of, offer_draft_of, open_copy, own_draft
from allmende.catalogue.states import WORKING_COPY
from allmende.files.actions import remove_about
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import OutOfDate, Refused, require
from allmende.organisations.actions.people import locked
from allmende.organisations.models import Organisation
from allmende.organisations.queries import standing_for

MAY_NOT_PREPARE = (
    "Angebote vorbereiten kann, wer in der Organisation die Rolle „Angebote der Organisation“ hat."
)
NOT_ACCREDITED = (
    "Ihre Organisation ist noch nicht bestätigt. Deshalb können Sie das Angebot vorbereiten, aber noch nicht "
    "einreichen. Stellen Sie den Antrag auf der Seite Ihrer Organisation."
)
WHILE_CHECKED = "Die Redaktion prüft das gerade. Holen Sie die Einreichung zurück, um noch etwas zu ändern."
# A form left open by mistake must not become a heap.
MOST_NEW_SOLUTIONS = 50


@transaction.atomic
def begin_new_solution(
    organisation: Organisation,
    *,
    draft: SolutionDraft | None = None,
    notes: FileNotes | None = None,
    by: Actor,
    now: datetime,
) -> WorkingCopy:
    """Begin a new solution with its offer; `draft`: what has been read from a file. Persons named in it stay out.

    `notes`: what was wrong with the file and where its words stand, to be shown beside the form.
    """
    organisation = _held(organisation)
    require(rules.may_prepare(by, organisation), MAY_NOT_PREPARE)
    begun = WorkingCopy.objects.filter(organisation=organisation, kind="new_solution", state="draft").count()
    if begun >= MOST_NEW_SOLUTIONS:
        raise Refused("Es sind schon sehr viele neue Lösungen begonnen. Verwerfen Sie zuerst einige davon.")
    content = Content(solution=_without_persons(draft), offer=_first_offer(organisation, draft), notes=notes)
    return _begin("new_solution", organisation, content, by=by, now=now)


@transaction.atomic
def begin_offer(solution: Solution, *, organisation: Organisation, by: Actor, now: datetime) -> WorkingCopy:
    """Begin an offer for a published solution, or go on with the one begun before."""
    solution = Solution.objects.select_for_update().get(pk=solution.pk)
    organisation = _held(organisation)
    require(rules.may_prepare(by, organisation), MAY_NOT_PREPARE)
    if solution.state != "published":
        raise Refused("Zu einer Lösung, die nicht veröffentlicht ist, kann es kein Angebot geben.")
    content = Content(offer=_first_offer(organisation, None))
    return open_copy(organisation, "new_offer", solution=solution) or _begin(
        "new_offer", organisation, content, solution=solution, by=by, now=now
    )


@transaction.atomic
def begin_change(offer: Offer, *, organisation: Organisation, by: Actor, now: datetime) -> WorkingCopy:
    """Begin to change an offer, or go on with the change begun before. Nothing of it is public until published."""
    require(rules.may_prepare(by, organisation), MAY_NOT_PREPARE)
    solution = Solution.objects.select_for_update().get(pk=offer.solution_id)
    # What is written and the version it is from belong together: read while nobody can change either.
    offer = Offer.objects.select_related("supplier", "operator", "seller").get(pk=offer.pk)
    if organisation not in offer.parties:
        raise Refused("Dieses Angebot gehört zu einer anderen Organisation.")
    if offer.state != "published":
        raise Refused("Ändern können Sie nur ein veröffentlichtes Angebot.")
    content = Content(offer=offer_draft_of(offer))
    return open_copy(organisation, "change_offer", offer=offer) or _begin(
        "change_offer", organisation, content, solution=solution, offer=offer, by=by, now=now
    )


@transaction.atomic
def begin_solution_change(
    solution: Solution, *, organisation: Organisation, by: Actor, now: datetime
) -> WorkingCopy:
    """Begin to say what holds for one's own entry; starts with what one has said so far."""
    require(rules.may_prepare(by, organisation), MAY_NOT_PREPARE)
    solution = Solution.objects.select_for_update().get(pk=solution.pk)
    claim = claim_of(organisation, solution)
    if claim is None or claim.state != "granted":
        raise Refused("Übernehmen Sie den Eintrag zuerst. Danach gelten Ihre Angaben vor denen der Quelle.")
    content = Content(solution=own_draft(solution, organisation))
    return open_copy(organisation, "change_solution", solution=solution) or _begin(
        "change_solution", organisation, content, solution=solution, by=by, now=now
    )


def _held(organisation: Organisation) -> Organisation:
    """As it is now and stays until the copy is there: what is begun while two become one would be left behind."""
    held = locked(organisation)
    if held.state == "merged":
        raise Refused(
            f"{held.name} ist jetzt Teil von {standing_for(held).name}. Laden Sie die Seite neu, und beginnen Sie dort."
        )
    return held


def _begin(
    kind: str,
    organisation: Organisation,
    content: Content,
    *,
    by: Actor,
    now: datetime,
    solution: Solution | None = None,
    offer: Offer | None = None,
) -> WorkingCopy:
    # A change starts from what is there: its pages are done until somebody undoes them.
    steps = {} if kind.startswith("new") else dict.fromkeys(STEPS_OF_KIND[kind], "done")
    copy = WorkingCopy.objects.create(
        organisation=organisation,
        kind=kind,
        solution=solution,
        offer=offer,
        offer_version=offer.lock_version if offer else 0,
        content=write(content),
        steps=steps,
        begun_at=now,
        autosaved_at=now,
        saved_by=by.id,
    )
    _record("begun", copy, by=by, now=now)
    return copy


def _without_persons(draft: SolutionDraft | None) -> SolutionDraft:
    if draft is None:
        return SolutionDraft(name="")
    return replace(draft, contacts=tuple(each for each in draft.contacts if each.is_team))


def _first_offer(organisation: Organisation, draft: SolutionDraft | None) -> OfferDraft:
    contact = next((each for each in (draft.contacts if draft else ()) if each.is_team and each.email), None)
    return OfferDraft(title="", supplier=organisation.public_id, contact=contact)


@transaction.atomic
def save(
    copy: WorkingCopy,
    content: Content | Callable[[Content], Content],
    *,
    step: str,
    is_done: bool,
    lock_version: int,
    page: str = "",
    offer_version: int | None = None,
    by: Actor,
    now: datetime,
) -> WorkingCopy:
    """Keep what is written so far, however incomplete. `is_done`: the writer calls the page finished.

    Raises `OutOfDate` where somebody saved since the given version was read; nothing is overwritten in silence.
    `page` tells one writer's window from others: two saves of it that cross are no conflict. `content` may be a change
    of what is stored, made while the row is locked, so that saves of two pages of the form keep each other's words.
    `offer_version`: the published offer that the writer has seen by now, where it is another than at first.
    Not in the journal: what was typed and not submitted is nobody's history.
    """
    copy = lock_copy(copy, None)
    require(rules.may_prepare(by, copy.organisation), MAY_NOT_PREPARE)
    if copy.lock_version != lock_version and not (page and page == copy.saved_from):
        raise OutOfDate
    if not copy.can_be_edited:
        raise Refused(_why_closed(copy))
    if step not in STEPS_OF_KIND[copy.kind]:
        raise Refused("Diese Seite gehört nicht zum Formular.")
    text = write(content(read(copy.content)) if callable(content) else content)
    done = is_done or (copy.steps.get(step) == "done" and text == copy.content)
    copy.steps = {**copy.steps, step: "done" if done else "begun"}
    copy.content, copy.autosaved_at, copy.saved_by, copy.saved_from = text, now, by.id, page[:40]
    if offer_version is not None:
        copy.offer_version = offer_version
    _save(copy, "content", "steps", "autosaved_at", "saved_by", "saved_from", "offer_version")
    return copy


def _why_closed(copy: WorkingCopy) -> str:
    if copy.state == "submitted":
        return WHILE_CHECKED
    return f"Das ist schon abgeschlossen ({copy.get_state_display()}). Beginnen Sie eine neue Änderung."


@transaction.atomic
def submit(copy: WorkingCopy, *, lock_version: int, by: Actor, now: datetime) -> WorkingCopy:
    """Hand in something new for the desk to check; raises `Refused` with everything that is missing."""
    copy = lock_copy(copy, lock_version)
    require_may_submit(copy.organisation, by=by)
    if not copy.is_new:
        raise Refused("Eine Änderung reichen Sie nicht ein: Sie veröffentlichen sie selbst.")
    WORKING_COPY.require_move(copy.state, "submitted")
    require_complete(copy)
    copy.state, copy.submitted_at, copy.submitted_by = "submitted", now, by.id
    _save(copy, "state", "submitted_at", "submitted_by")
    _record("submitted", copy, by=by, now=now)
    return copy


@transaction.atomic
def take_back(copy: WorkingCopy, *, lock_version: int, by: Actor, now: datetime) -> WorkingCopy:
    """Take a submission back to change it, as long as the desk has not decided."""
    copy = lock_copy(copy, lock_version)
    require(rules.may_prepare(by, copy.organisation), MAY_NOT_PREPARE)
    if copy.state != "submitted":
        raise Refused("Zurückholen können Sie nur, was gerade geprüft wird.")
    copy.state = "draft"
    _save(copy, "state")
    _record("reopened", copy, by=by, now=now)
    return copy


@transaction.atomic
def drop(copy: WorkingCopy, *, lock_version: int, by: Actor, now: datetime) -> WorkingCopy:
    """Give up what was prepared; what was written is gone."""
    copy = lock_copy(copy, lock_version)
    require(rules.may_prepare(by, copy.organisation), MAY_NOT_PREPARE)
    WORKING_COPY.require_move(copy.state, "dropped")
    copy.state, copy.content = "dropped", write(Content())
    _save(copy, "state", "content")
    remove_about((copy.journal_type, copy.public_id), by=by, now=now)
    _record("dropped", copy, by=by, now=now)
    return copy


def require_may_submit(organisation: Organisation, *, by: Actor) -> None:
    """Raise `Refused` that says which of the two is missing: the role, or the accreditation."""
    require(rules.edits_for(by, organisation), MAY_NOT_PREPARE)
    require(rules.may_submit(by, organisation), NOT_ACCREDITED)


def require_complete(copy: WorkingCopy) -> Content:
    """What would be published; raises `Refused` with all that is missing or wrong."""
    content = to_publish(read(copy.content))
    missing = [gap.message for gap in needed(content, copy.kind)]
    if missing:
        raise Refused(" ".join(dict.fromkeys(missing)))
    if content.solution:
        check_solution(content.solution)
    if content.offer:
        check_offer(content.offer)
    return content


def lock_copy(copy: WorkingCopy, lock_version: int | None) -> WorkingCopy:
    """The row, locked, after its solution where it has one, as everywhere; raises `OutOfDate`."""
    if copy.solution_id is not None:
        Solution.objects.select_for_update().get(pk=copy.solution_id)
    rows = WorkingCopy.objects.select_for_update(of=("self",)).select_related(
        "organisation", "solution", "offer__supplier", "offer__operator", "offer__seller"
    )
    locked = rows.get(pk=copy.pk)
    if lock_version is not None and locked.lock_version != lock_version:
        raise OutOfDate
    return locked


def _save(copy: WorkingCopy, *fields: str) -> None:
    copy.lock_version += 1
    copy.save(update_fields=[*fields, "lock_version"])


def close(copy: WorkingCopy, state: str, fields: Iterable[str], *, by: Actor, now: datetime) -> None:
    """Decide about a copy: the state, when and by whom; for the actions of the desk and of publishing."""
    WORKING_COPY.require_move(copy.state, state)
    copy.state, copy.decided_at, copy.decided_by = state, now, by.id
    _save(copy, "state", "decided_at", "decided_by", *fields)
    _record(state, copy, by=by, now=now)


def _record(what: str, copy: WorkingCopy, *, by: Actor, now: datetime) -> None:
    data: dict[str, Any] = {"what": copy.kind}
    if copy.solution is not None:
        data["solution"] = copy.solution.public_id
    record(
        f"catalogue.working_copy_{what}",
        subject=copy,
        by=by,
        now=now,
        organisation=copy.organisation.public_id,
        data=data,
    )
