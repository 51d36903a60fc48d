"""A need from its first words to its end: begin, save, publish, change, close, withdraw."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from allmende.demand import rules
from allmende.demand.actions.joint import let_go
from allmende.demand.completeness import STEPS, gaps
from allmende.demand.criteria import CRITERIA, check_wanted
from allmende.demand.drafts import CriterionDraft, NeedDraft, as_content, checked
from allmende.demand.models import Need, NeedCriterion, NeedEdition
from allmende.demand.models.needs import COOPERATION, VISIBILITIES, WEIGHTS
from allmende.demand.queries.needs import UNTITLED, as_template, draft_of, prefilled, published_draft
from allmende.demand.states import NEED
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.canonical import canonical_json, digest
from allmende.lib.refusals import OutOfDate, Refused, require
from allmende.organisations.actions.people import locked
from allmende.organisations.models import Organisation
from allmende.organisations.queries import standing_for

MAY_NOT_WRITE = (
    "Bedarfe schreibt, wer in der Kommune die Rolle „Digitalisierung der Kommune“, „Vergabestelle“ oder „Verwaltung "
    "der Organisation“ hat."
)
NOT_CONFIRMED = (
    "Ihre Kommune ist noch nicht bestätigt. Sie können den Bedarf vorbereiten, aber noch nicht veröffentlichen. "
    "Stellen Sie den Antrag auf der Seite Ihrer Kommune."
)
NO_MUNICIPALITY = (
    "Bedarfe beschreiben hier Kommunen, Landkreise, ihre Verbände und ihre Unternehmen. Andere finden auf den Seiten "
    "der Bedarfe, was gesucht wird."
)
LONGEST_REASON = 2_000
# A form left open by mistake must not become a heap.
MOST_DRAFTS = 100
SCHEMA = 1

_COLUMNS = (
    "problem",
    "goal",
    "users",
    "users_count",
    "population",
    "needed_from",
    "needed_from_precision",
    "term_months",
    "budget_class",
    "cooperation",
    "may_be_invited",
    "visibility",
)


@transaction.atomic
def begin(organisation: Organisation, *, draft: NeedDraft | None = None, by: Actor, now: datetime) -> Need:
    """Begin a need; `draft` is what is known already, else size and systems of the town (`queries.prefilled`)."""
    organisation = _held(organisation)
    require_may_write(organisation, by=by)
    if Need.objects.filter(organisation=organisation, state="draft").count() >= MOST_DRAFTS:
        raise Refused("Es sind schon sehr viele Bedarfe begonnen. Verwerfen Sie zuerst einige davon.")
    draft = _fitting(prefilled(organisation) if draft is None else draft)
    need = Need(
        organisation=organisation,
        is_invented=organisation.is_invented,
        begun_at=now,
        begun_by=by.id,
        changed_at=now,
        changed_by=by.id,
    )
    _set_columns(need, draft)
    need.save()
    _set_criteria(need, draft)
    _record("begun", need, by=by, now=now)
    return need


@transaction.atomic
def copy_as_template(need: Need, *, organisation: Organisation, by: Actor, now: datetime) -> Need:
    """Begin a need with the words of another one that the actor may read. Who sees the new one is chosen anew."""
    if not rules.may_see(by, need):
        raise Refused("Diesen Bedarf gibt es nicht.")
    need = Need.objects.prefetch_related("criteria").get(pk=need.pk)
    draft = as_template(need, prefilled(organisation))
    draft = replace(draft, criteria=tuple(each for each in draft.criteria if _is_known(each)))
    return begin(organisation, draft=draft, by=by, now=now)


def _is_known(said: CriterionDraft) -> bool:
    return not said.criterion or said.criterion in CRITERIA


@transaction.atomic
def save(
    need: Need,
    change: Callable[[NeedDraft], NeedDraft],
    *,
    step: str,
    is_done: bool,
    lock_version: int,
    page: str = "",
    by: Actor,
    now: datetime,
) -> Need:
    """Keep what is written so far, however incomplete. `is_done`: the writer calls the page finished.

    `change` is made of what is stored, while the row is locked, so that saves of two pages keep each other's words.
    Of a published need nothing changes for others: what is written waits until `publish_change`. Raises `OutOfDate`
    where somebody saved since the version was read; `page` tells one writer's window from others (two saves of it that
    cross are no conflict). Not in the journal: what was typed and not published is nobody's history.
    """
    need = lock(need, None)
    require_may_write(need.organisation, by=by)
    if need.lock_version != lock_version and not (page and page == need.saved_from):
        raise OutOfDate
    require_open(need)
    if step not in STEPS:
        raise Refused("Diese Seite gehört nicht zum Formular.")
    before = draft_of(need)
    draft = _fitting(change(before))
    done = is_done or (need.steps.get(step) == "done" and draft == before)
    need.steps = {**need.steps, step: "done" if done else "begun"}
    need.saved_from = page[:40]
    if need.state == "published":
        need.working = None if draft == published_draft(need) else as_content(draft)
    else:
        _set_columns(need, draft)
        _set_criteria(need, draft)
    _save(need, by=by, now=now)
    return need


@transaction.atomic
def publish(need: Need, *, lock_version: int, by: Actor, now: datetime) -> Need:
    """Let those see it whom the town has chosen. Raises `Refused` with everything that is missing."""
    need = lock(need, lock_version)
    require_may_publish(need.organisation, by=by)
    NEED.require_move(need.state, "published")
    draft = complete(draft_of(need))
    need.state, need.published_at = "published", now
    need.steps = dict.fromkeys(STEPS, "done")
    _set_columns(need, draft)
    _set_criteria(need, draft)
    _keep_edition(need, draft, "", by=by, now=now)
    _save(need, by=by, now=now)
    _record("published", need, by=by, now=now, data={"edition": need.edition_number})
    return need


@transaction.atomic
def publish_change(need: Need, *, change: str, lock_version: int, by: Actor, now: datetime) -> Need:
    """Let a change go live as a new edition. `change` says in a sentence what is different: those who answered read
    it."""
    need = lock(need, lock_version)
    require_may_publish(need.organisation, by=by)
    if need.state != "published":
        raise Refused("Ändern können Sie nur einen veröffentlichten Bedarf.")
    if need.working is None:
        raise Refused("Es ist nichts geändert.")
    change = _reason(
        change, "Sagen Sie in einem Satz, was sich ändert. Wer geantwortet hat, liest diesen Satz."
    )
    draft = complete(draft_of(need))
    need.working = None
    _set_columns(need, draft)
    _set_criteria(need, draft)
    _keep_edition(need, draft, change, by=by, now=now)
    _save(need, by=by, now=now)
    _record("changed", need, by=by, now=now, data={"edition": need.edition_number})
    return need


@transaction.atomic
def drop_change(need: Need, *, lock_version: int, by: Actor, now: datetime) -> Need:
    """Give up what was written since the last edition; what is published stays as it is."""
    need = lock(need, lock_version)
    require_may_write(need.organisation, by=by)
    if need.state != "published" or need.working is None:
        raise Refused("Es gibt keine Änderung, die verworfen werden kann.")
    need.working = None
    _save(need, by=by, now=now)
    return need


@transaction.atomic
def close(need: Need, *, reason: str, by: Actor, now: datetime) -> Need:
    """The town has what it needs, or goes on otherwise. It stays readable for those who saw it."""
    need = lock(need, None)
    require_may_publish(need.organisation, by=by)
    NEED.require_move(need.state, "closed")
    need.ended_reason = _reason(reason, "Schreiben Sie kurz, warum der Bedarf abgeschlossen ist.")
    return _end(need, "closed", by=by, now=now)


@transaction.atomic
def withdraw(need: Need, *, reason: str, by: Actor, now: datetime) -> Need:
    """Take it away: a draft without a word, a published one with a reason that others read in its place."""
    need = lock(need, None)
    was_published = need.published_at is not None
    # What was published, a town takes back even while it is suspended.
    require_may_write(need.organisation, by=by)
    NEED.require_move(need.state, "withdrawn")
    need.ended_reason = (
        _reason(reason, "Schreiben Sie kurz, warum Sie den Bedarf zurückziehen.") if was_published else ""
    )
    let_go(need, by=by, now=now)
    return _end(need, "withdrawn", by=by, now=now)


def _end(need: Need, state: str, *, by: Actor, now: datetime) -> Need:
    need.state, need.ended_at, need.working = state, now, None
    _save(need, by=by, now=now)
    _record(state, need, by=by, now=now)
    return need


# ------------------------------------------------------------------------------------------------- for other actions


def require_may_write(organisation: Organisation, *, by: Actor) -> None:
    """Raise `Refused` that says what is in the way: the kind of body, or the role."""
    require(rules.has_needs(organisation), NO_MUNICIPALITY)
    require(rules.may_write(by, organisation), MAY_NOT_WRITE)


def require_may_publish(organisation: Organisation, *, by: Actor) -> None:
    require_may_write(organisation, by=by)
    require(rules.may_publish(by, organisation), NOT_CONFIRMED)


def require_open(need: Need) -> None:
    """Raise `Refused` where the need has ended."""
    if need.state in ("closed", "withdrawn"):
        raise Refused(
            f"Dieser Bedarf ist {need.get_state_display()}. Sie können ihn als Vorlage für einen neuen verwenden."
        )


def lock(need: Need, lock_version: int | None) -> Need:
    """The row, locked, with its town; raises `OutOfDate` where it has another version."""
    rows = Need.objects.select_for_update(of=("self",)).select_related("organisation__region")
    held = rows.get(pk=need.pk)
    if lock_version is not None and held.lock_version != lock_version:
        raise OutOfDate
    return held


def complete(draft: NeedDraft) -> NeedDraft:
    """The draft as it may be published; raises `Refused` with all that is missing or has vanished."""
    missing = [gap.message for gap in gaps(draft)]
    if missing:
        raise Refused(" ".join(dict.fromkeys(missing)))
    return draft


# --------------------------------------------------------------------------------------------------------- inside


def _held(organisation: Organisation) -> Organisation:
    """As it is now and stays until the need is there: what is begun while two become one would be left behind."""
    held = locked(organisation)
    if held.state == "merged":
        raise Refused(
            f"{held.name} ist jetzt Teil von {standing_for(held).name}. Laden Sie die Seite neu, und beginnen Sie dort."
        )
    return held


def _fitting(draft: NeedDraft) -> NeedDraft:
    """What may be stored. A value of a criterion that the registry knows has to be readable now; a criterion that has
    vanished stays, so that the town sees it and decides."""
    draft = checked(draft)
    for known, said, label in (
        (VISIBILITIES, draft.visibility, "Wer sieht den Bedarf"),
        ([("", ""), *COOPERATION], draft.cooperation, "Mit anderen Kommunen"),
    ):
        if said not in {code for code, _ in known}:
            raise Refused(f"Wählen Sie bei „{label}“ eine der Antworten aus.")
    return replace(draft, criteria=tuple(_criterion(each) for each in draft.criteria))


def _criterion(said: CriterionDraft) -> CriterionDraft:
    if said.weight not in {code for code, _ in WEIGHTS}:
        raise Refused("Sagen Sie bei jedem Kriterium, ob es ein Muss oder ein Soll ist.")
    if not said.criterion and not said.text:
        raise Refused("Ein Kriterium in eigenen Worten braucht Worte.")
    if not said.criterion:
        return replace(said, wanted=None)
    criterion = CRITERIA.get(said.criterion)
    # A code of the vocabulary may have ended since it was chosen: then the page says so, and publishing refuses.
    if criterion is None or criterion.scheme:
        return replace(said, criterion=said.criterion[:60])
    wanted = check_wanted(criterion, said.wanted)
    return replace(said, wanted=list(wanted) if isinstance(wanted, tuple) else wanted)


def _set_columns(need: Need, draft: NeedDraft) -> None:
    for name in _COLUMNS:
        setattr(need, name, getattr(draft, name))
    need.title = draft.title or UNTITLED
    need.fields_of_action = list(draft.fields_of_action)
    need.existing_systems = list(draft.existing_systems)


def _set_criteria(need: Need, draft: NeedDraft) -> None:
    """Must before should, otherwise as written. A criterion that stays keeps its id: answers may point at it."""
    before = {_key(each): each.public_id for each in need.criteria.all()}
    wanted = sorted(draft.criteria, key=lambda each: each.weight != "must")
    rows = []
    for position, each in enumerate(wanted):
        row = NeedCriterion(need=need, position=position, **vars(each))
        row.public_id = before.pop(_key(row), row.public_id)
        rows.append(row)
    need.criteria.all().delete()
    NeedCriterion.objects.bulk_create(rows)


def _key(row: NeedCriterion) -> tuple[str, str, str]:
    return row.criterion, row.text, canonical_json(row.wanted) if row.criterion else ""


def _keep_edition(need: Need, draft: NeedDraft, change: str, *, by: Actor, now: datetime) -> None:
    need.edition_number += 1
    content = as_content(draft) | {
        "schema": SCHEMA,
        "need": need.public_id,
        "organisation": need.organisation.public_id,
        "number": need.edition_number,
    }
    NeedEdition.objects.create(
        need=need,
        number=need.edition_number,
        content=canonical_json(content),
        digest=digest(content),
        change=change,
        made_at=now,
        made_by=by.id,
    )


def _reason(text: str, message: str) -> str:
    said = text.replace("\x00", "").strip()
    if not said:
        raise Refused(message)
    if len(said) > LONGEST_REASON:
        raise Refused("Kürzen Sie den Text auf höchstens 2.000 Zeichen.")
    return said


def _save(need: Need, *, by: Actor, now: datetime) -> None:
    need.lock_version += 1
    need.changed_at, need.changed_by = now, by.id
    need.save()


def _record(what: str, need: Need, *, by: Actor, now: datetime, data: dict[str, Any] | None = None) -> None:
    record(
        f"demand.need_{what}",
        subject=need,
        by=by,
        now=now,
        organisation=need.organisation.public_id,
        data=data,
    )
