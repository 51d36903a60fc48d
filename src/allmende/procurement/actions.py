"""Every change of the rules: the file that comes with the software, the staff, and a town's own.

Nothing is edited. A rule set that holds gets an end; a new one begins after it. What was wrong from the start is
withdrawn with a reason, stays readable and is replaced by a new entry.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.db.models import QuerySet

from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.canonical import digest
from allmende.lib.refusals import Refused, require
from allmende.organisations.actions.people import locked as locked_organisation
from allmende.organisations.models import Organisation
from allmende.procurement import files, rules
from allmende.procurement.applicable import EU_THRESHOLD, german_day
from allmende.procurement.drafts import LimitDraft, RuleSetDraft
from allmende.procurement.models import FROM_FILES, FROM_PEOPLE, RuleSet, ValueLimit
from allmende.procurement.states import RULE_SET
from allmende.regions.queries import laender
from allmende.vocabulary.queries import current

CORRECTED = "In einer neuen Fassung der mitgelieferten Regeln berichtigt."


@dataclass
class LoadReport:
    """Codes of the file, each in one of the lists. `kept`: people have changed the set here, and theirs stands."""

    new: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


# ------------------------------------------------------------------------------------------------ from the file


@transaction.atomic
def load(*, by: Actor, now: datetime.datetime, drafts: tuple[RuleSetDraft, ...] | None = None) -> LoadReport:
    """Bring the rules of the file into the database; a second run writes nothing.

    A version whose text is another one now replaces the one of the same code, which is withdrawn and stays readable,
    unless people have ended or withdrawn it. What the file no longer names stays: no law ends by being left out.
    """
    require(rules.may_keep_rules(by))
    drafts = files.read() if drafts is None else drafts
    stored = _by_code(RuleSet.objects.select_for_update().filter(origin=FROM_FILES).order_by("pk"))
    report = LoadReport()
    # What is replaced first may make room for what is new.
    for draft in sorted(drafts, key=lambda each: each.code not in stored):
        _load_one(draft, stored.get(draft.code), report, by, now)
    if report.new or report.replaced:
        data = {"new": report.new, "replaced": report.replaced, "kept": report.kept}
        record("procurement.rule_sets_loaded", subject=("rule_set", ""), by=by, now=now, data=data)
    return report


def _by_code(sets: Iterable[RuleSet]) -> dict[str, RuleSet]:
    """The youngest row of each code."""
    return {each.code: each for each in sets}


def _load_one(
    draft: RuleSetDraft, old: RuleSet | None, report: LoadReport, by: Actor, now: datetime.datetime
) -> None:
    content = digest(draft.as_data())
    if old is not None and (old.ended_by or old.state == "withdrawn" or _is_taken(draft, old)):
        return report.kept.append(draft.code)
    if old is not None and old.digest == content:
        return report.same.append(draft.code)
    if old is None and _overlapping(draft).exists():
        # The staff was faster than the new release of the software.
        return report.kept.append(draft.code)
    if old is not None:
        _withdraw(old, CORRECTED, by, now)
    (report.new if old is None else report.replaced).append(draft.code)
    _create(draft, None, origin=FROM_FILES, digest_of=content, is_released=True, by=by, now=now)
    return None


def _is_taken(draft: RuleSetDraft, old: RuleSet) -> bool:
    return _overlapping(draft).exclude(pk=old.pk).exists()


# ----------------------------------------------------------------------------------------------------- by staff


@transaction.atomic
def propose_rule_set(draft: RuleSetDraft, *, by: Actor, now: datetime.datetime) -> RuleSet:
    """Enter a rule of the EU, the Bund or a Land. It holds once a second person of the staff has looked at it."""
    require(rules.may_keep_rules(by))
    if draft.scope not in ("eu", "federal", "state"):
        raise Refused("Eigene Regeln trägt die Kommune selbst ein.")
    _check(draft)
    if draft.scope == "state" and not laender(with_invented=True).filter(key=draft.land).exists():
        raise Refused("Wählen Sie das Land, für das die Regel gilt.")
    found = _create(draft, None, origin=FROM_PEOPLE, is_released=False, by=by, now=now)
    _record("procurement.rule_set_proposed", found, by, now)
    return found


@transaction.atomic
def release_rule_set(rule_set: RuleSet, *, by: Actor, now: datetime.datetime) -> RuleSet:
    """The second look. An open-ended version before it ends on the day before this one begins."""
    rule_set = _locked(rule_set)
    require(
        rules.may_release(by, rule_set),
        "Eine Vergaberegel gibt frei, wer zum Betrieb oder zur Redaktion gehört und sie nicht selbst eingetragen hat.",
    )
    RULE_SET.require_move(rule_set.state, "released")
    _make_room(rule_set, by, now)
    rule_set.state, rule_set.released_at, rule_set.released_by = "released", now, str(by)
    rule_set.save(update_fields=["state", "released_at", "released_by"])
    _record("procurement.rule_set_released", rule_set, by, now)
    return rule_set


@transaction.atomic
def end_rule_set(rule_set: RuleSet, *, last_day: datetime.date, by: Actor, now: datetime.datetime) -> RuleSet:
    """Say until when a version holds; `last_day` is its last. An earlier end may be set; for a later one, or to take an
    end back, a new version is entered."""
    rule_set = _locked(rule_set)
    require(rules.may_end(by, rule_set))
    if rule_set.state != "released":
        raise Refused("Beenden lässt sich nur eine Regel, die hinterlegt ist.")
    if last_day < rule_set.valid_from:
        raise Refused(
            f"Die Regel gilt erst ab {german_day(rule_set.valid_from)}. Nennen Sie diesen oder einen späteren Tag, "
            "oder ziehen Sie die Regel zurück."
        )
    if rule_set.valid_to is not None and rule_set.valid_to <= last_day:
        raise Refused(
            f"Die Regel endet schon am {german_day(rule_set.valid_to)}. Gilt sie länger, tragen Sie eine neue ein."
        )
    _end(rule_set, last_day, by, now)
    return rule_set


@transaction.atomic
def withdraw_rule_set(rule_set: RuleSet, *, reason: str, by: Actor, now: datetime.datetime) -> RuleSet:
    """Take back what was wrong from the start, or a proposal. It stays readable with the reason."""
    rule_set = _locked(rule_set)
    require(rules.may_end(by, rule_set))
    if not reason.strip():
        raise Refused("Sagen Sie, warum die Regel zurückgezogen wird.")
    _withdraw(rule_set, reason.strip(), by, now)
    return rule_set


# ---------------------------------------------------------------------------------------------------- by a town


@transaction.atomic
def enter_own_rules(
    draft: RuleSetDraft, *, organisation: Organisation, by: Actor, now: datetime.datetime
) -> RuleSet:
    """A town's own statute or internal rule. It holds at once: the town answers for it itself.

    An open-ended version before it ends on the day before this one begins.
    """
    organisation = locked_organisation(organisation)
    require(
        rules.may_keep_own(by, organisation),
        "Eigene Wertgrenzen trägt ein, wer in einer bestätigten Kommune die Vergabestelle, die Digitalisierung oder "
        "die Organisation verwaltet.",
    )
    draft = replace(draft, scope="own", land="", level="municipal", legal_basis="statute")
    _check(draft)
    found = _create(draft, organisation, origin=FROM_PEOPLE, is_released=False, by=by, now=now)
    _make_room(found, by, now)
    found.state, found.released_at, found.released_by = "released", now, str(by)
    found.save(update_fields=["state", "released_at", "released_by"])
    _record("procurement.rule_set_released", found, by, now)
    return found


# -------------------------------------------------------------------------------------------------- shared steps


def _locked(rule_set: RuleSet) -> RuleSet:
    found = RuleSet.objects.select_for_update(of=("self",)).select_related("organisation")
    return found.get(pk=rule_set.pk)


def _check(draft: RuleSetDraft) -> None:
    if not all(text.strip() for text in (draft.title, draft.legal_text, draft.source_title)):
        raise Refused("Eine Vergaberegel braucht einen Titel, eine Fundstelle und eine Quelle.")
    if draft.source_url and not draft.source_url.startswith(("https://", "http://")):
        raise Refused("Die Adresse der Quelle beginnt mit https://.")
    if draft.valid_to is not None and draft.valid_to < draft.valid_from:
        raise Refused("Die Regel endet vor ihrem Anfang. Tauschen Sie die beiden Tage.")
    known = current()
    if draft.legal_basis not in known.known_codes("legal_basis"):
        raise Refused("Wählen Sie die Rechtsgrundlage aus der Liste.")
    if not draft.limits and not draft.principles.strip():
        raise Refused("Nennen Sie mindestens eine Wertgrenze, oder die Grundsätze, die stattdessen gelten.")
    if len({limit.procedure for limit in draft.limits}) != len(draft.limits):
        raise Refused("Eine Verfahrensart steht zweimal da. Nennen Sie jede nur einmal.")
    for limit in draft.limits:
        _check_limit(limit, draft.scope, known.known_codes("award_procedure"))


def _check_limit(limit: LimitDraft, scope: str, known: frozenset[str]) -> None:
    if limit.procedure not in known:
        raise Refused("Wählen Sie die Verfahrensart aus der Liste.")
    if (limit.procedure == EU_THRESHOLD) != (scope == "eu"):
        raise Refused("Der EU-Schwellenwert steht in der Regel der EU, und nur dort.")
    if limit.value is None and not limit.cap_at_eu:
        raise Refused("Nennen Sie den Betrag, oder dass die Grenze der EU-Schwellenwert ist.")
    if limit.value is not None and limit.value <= 0:
        raise Refused("Eine Wertgrenze liegt über null. Geben Sie einen Betrag ein, zum Beispiel 25.000,00.")
    if limit.procedure == EU_THRESHOLD and limit.value is None:
        raise Refused("Nennen Sie den Betrag des EU-Schwellenwerts.")


def _create(
    draft: RuleSetDraft,
    organisation: Organisation | None,
    *,
    origin: str,
    is_released: bool,
    by: Actor,
    now: datetime.datetime,
    digest_of: str = "",
) -> RuleSet:
    facts = {name: value for name, value in vars(draft).items() if name != "limits"}
    found = RuleSet.objects.create(
        **facts,
        organisation=organisation,
        origin=origin,
        digest=digest_of,
        state="released" if is_released else "proposed",
        entered_at=now,
        entered_by=str(by),
        released_at=now if is_released else None,
        released_by=str(by) if is_released else "",
    )
    ValueLimit.objects.bulk_create(ValueLimit(rule_set=found, **vars(limit)) for limit in draft.limits)
    return found


def _siblings(scope: str, land: str, level: str, organisation: Organisation | None) -> QuerySet[RuleSet]:
    return RuleSet.objects.filter(
        scope=scope, land=land, level=level, organisation=organisation, state="released"
    )


def _overlapping(draft: RuleSetDraft) -> QuerySet[RuleSet]:
    found = _siblings(draft.scope, draft.land, draft.level, None).exclude(valid_to__lt=draft.valid_from)
    return found if draft.valid_to is None else found.exclude(valid_from__gt=draft.valid_to)


def _make_room(rule_set: RuleSet, by: Actor, now: datetime.datetime) -> None:
    """End the open version before this one; refuse where two would hold on the same day."""
    siblings = _siblings(rule_set.scope, rule_set.land, rule_set.level, rule_set.organisation)
    for other in siblings.select_for_update(of=("self",)).exclude(pk=rule_set.pk).order_by("pk"):
        if other.valid_to is None and other.valid_from < rule_set.valid_from:
            _end(other, rule_set.valid_from - datetime.timedelta(days=1), by, now)
        elif _meet(other, rule_set):
            raise Refused(
                f"In dieser Zeit gilt schon „{other.title}“ (ab {german_day(other.valid_from)}). Beenden Sie diese "
                "Regel zuerst, oder ziehen Sie sie zurück."
            )


def _meet(one: RuleSet, other: RuleSet) -> bool:
    ends_before = one.valid_to is not None and one.valid_to < other.valid_from
    begins_after = other.valid_to is not None and one.valid_from > other.valid_to
    return not ends_before and not begins_after


def _end(rule_set: RuleSet, last_day: datetime.date, by: Actor, now: datetime.datetime) -> None:
    rule_set.valid_to, rule_set.ended_by = last_day, str(by)
    rule_set.save(update_fields=["valid_to", "ended_by"])
    _record("procurement.rule_set_ended", rule_set, by, now)


def _withdraw(rule_set: RuleSet, reason: str, by: Actor, now: datetime.datetime) -> None:
    RULE_SET.require_move(rule_set.state, "withdrawn")
    rule_set.state, rule_set.withdrawn_at, rule_set.withdrawn_by = "withdrawn", now, str(by)
    rule_set.withdrawn_reason = reason
    rule_set.save(update_fields=["state", "withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    _record("procurement.rule_set_withdrawn", rule_set, by, now)


def _record(kind: str, rule_set: RuleSet, by: Actor, now: datetime.datetime) -> None:
    organisation = rule_set.organisation.public_id if rule_set.organisation is not None else None
    record(kind, subject=rule_set, by=by, now=now, organisation=organisation, data=_told(rule_set))


def _told(rule_set: RuleSet) -> dict[str, str]:
    return {
        "title": rule_set.title,
        "valid_from": rule_set.valid_from.isoformat(),
        "valid_to": rule_set.valid_to.isoformat() if rule_set.valid_to else "",
    }
