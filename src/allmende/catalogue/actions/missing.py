"""A town names a solution that is not here; the desk enters it, finds it among what is here, or says why not."""

from datetime import datetime

from django.db import transaction

from allmende.catalogue import rules
from allmende.catalogue.actions.origins import note_origin
from allmende.catalogue.actions.receiving import take_in
from allmende.catalogue.actions.uses import Told, check_begin, check_end, use_as_told
from allmende.catalogue.addresses import is_web_address
from allmende.catalogue.checks import LONGEST_ADDRESS, LONGEST_NAME
from allmende.catalogue.drafts import SolutionDraft
from allmende.catalogue.models import MissingSolution, Origin, Solution
from allmende.catalogue.placing import find_place
from allmende.catalogue.states import MISSING_SOLUTION
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.partial_dates import exactly
from allmende.lib.refusals import Refused, require
from allmende.lib.sorting import folded
from allmende.organisations.actions.people import locked
from allmende.organisations.models import Organisation

ONLY_TOWNS = "Das kann, wer zu einer Kommune gehört."
ONLY_FOR_USE = (
    "Was Ihre Kommune nutzt, gibt an, wer dort die Rolle „Digitalisierung der Kommune“ hat. Lassen Sie die Angaben zur "
    "Nutzung weg, oder bitten Sie diese Person."
)
# So many of one town wait at most: enough for an afternoon of filling in, too few to flood the desk.
MOST_OPEN = 20
SHORTEST_PURPOSE = 10
LONGEST_PURPOSE = 2000


@transaction.atomic
def name_missing(
    organisation: Organisation,
    *,
    name: str,
    purpose: str,
    url: str = "",
    use_state: str = "",
    since: Told | None = None,
    ended_on: Told | None = None,
    by: Actor,
    now: datetime,
) -> MissingSolution:
    """Name a solution that is missing here, and what for. `use_state`: how the town uses it; "" where it does not."""
    require(rules.may_name_missing(by, organisation), ONLY_TOWNS)
    require(not use_state or rules.may_confirm_use(by, organisation), ONLY_FOR_USE)
    name, url, purpose = " ".join(name.split()), url.strip(), purpose.strip()
    _check(name, url, purpose)
    _check_use(use_state, since, ended_on, now)
    organisation = locked(organisation)
    waiting = MissingSolution.objects.filter(organisation=organisation, state="open")
    if waiting.filter(folded_name=folded(name)[:300]).exists():
        raise Refused(f"„{name}“ hat Ihre Kommune schon genannt. Die Redaktion sieht es sich an.")
    if waiting.count() >= MOST_OPEN:
        raise Refused(
            f"Von Ihrer Kommune warten schon {MOST_OPEN} Nennungen. Nennen Sie weitere, wenn darüber entschieden ist."
        )
    begun, ended = (exactly(told) if told else None for told in (since, ended_on))
    missing = MissingSolution.objects.create(
        organisation=organisation,
        name=name,
        folded_name=folded(name)[:300],
        url=url,
        purpose=purpose,
        use_state=use_state,
        since=begun.first if begun else None,
        since_precision=begun.precision if begun else "day",
        ended_on=ended.first if ended else None,
        ended_precision=ended.precision if ended else "day",
        named_at=now,
        named_by=by.id,
    )
    _record("named", missing, by=by, now=now)
    return missing


@transaction.atomic
def enter_missing(
    missing: MissingSolution, draft: SolutionDraft, *, by: Actor, now: datetime
) -> MissingSolution:
    """Make an entry of it, in the editors' words; the use that the town stated is stated with it."""
    missing = _locked(missing, by)
    origin = _named_origin(by=by, now=now)
    place = find_place(draft, origin)
    if place.solution is not None:
        raise Refused(
            f"An dieser Adresse steht schon „{place.solution.name}“. Ordnen Sie die Nennung diesem Eintrag zu."
        )
    entered = take_in(draft, origin=origin, key=missing.public_id, by=by, now=now).solution
    _take_up(missing, "entered", entered, by=by, now=now)
    return missing


@transaction.atomic
def attach_missing(
    missing: MissingSolution, *, solution: Solution, by: Actor, now: datetime
) -> MissingSolution:
    """It is here already: the town hears where, and its use is stated there."""
    missing = _locked(missing, by)
    solution = Solution.objects.select_for_update().get(pk=solution.pk)
    if solution.state != "published":
        raise Refused("Zuordnen können Sie nur einen veröffentlichten Eintrag.")
    _take_up(missing, "known", solution, by=by, now=now)
    return missing


@transaction.atomic
def decline_missing(missing: MissingSolution, *, reason: str, by: Actor, now: datetime) -> MissingSolution:
    """It does not belong here; the town reads why."""
    missing = _locked(missing, by)
    if not reason.strip():
        raise Refused("Nennen Sie den Grund. Die Kommune liest ihn.")
    _decide(missing, "declined", by=by, now=now, reason=reason.strip()[:2000])
    return missing


@transaction.atomic
def take_back_missing(missing: MissingSolution, *, by: Actor, now: datetime) -> MissingSolution:
    """The town no longer wants it looked at."""
    missing = _row(missing)
    require(rules.may_name_missing(by, missing.organisation), ONLY_TOWNS)
    _decide(missing, "withdrawn", by=by, now=now)
    return missing


def _check(name: str, url: str, purpose: str) -> None:
    if not name:
        raise Refused("Geben Sie den Namen der Lösung an.")
    if len(name) > LONGEST_NAME:
        raise Refused(f"Kürzen Sie den Namen auf höchstens {LONGEST_NAME} Zeichen.")
    if url and (not is_web_address(url) or len(url) > LONGEST_ADDRESS):
        raise Refused(
            "Das ist keine Adresse im Netz. Beginnen Sie mit „https://“, oder lassen Sie das Feld leer."
        )
    if not SHORTEST_PURPOSE <= len(purpose) <= LONGEST_PURPOSE:
        raise Refused(
            "Schreiben Sie in ein bis zwei Sätzen, wofür die Lösung da ist, mit höchstens "
            f"{LONGEST_PURPOSE} Zeichen."
        )


def _check_use(state: str, since: Told | None, ended_on: Told | None, now: datetime) -> None:
    if state not in ("", "pilot", "productive", "ended"):
        raise Refused("Diese Art der Nutzung gibt es nicht.")
    if not state and (since or ended_on):
        raise Refused("Sagen Sie auch, wie Sie die Lösung nutzen, oder lassen Sie die Zeit weg.")
    if (state == "ended") != (ended_on is not None):
        raise Refused("Zu einer beendeten Nutzung gehört, wann sie geendet hat, und nur zu dieser.")
    check_begin(since, now)
    if ended_on is not None:
        check_end(exactly(since).first if since else None, ended_on, now)


def _named_origin(*, by: Actor, now: datetime) -> Origin:
    """Under which entries stand that the editors make of what towns name; the words are the editors' own."""
    return note_origin("genannt", label="Redaktion, von Kommunen genannt", kind="editorial", by=by, now=now)


def _row(missing: MissingSolution) -> MissingSolution:
    rows = MissingSolution.objects.select_for_update(of=("self",)).select_related("organisation")
    return rows.get(pk=missing.pk)


def _locked(missing: MissingSolution, by: Actor) -> MissingSolution:
    """For the desk. A solution's row is locked after this one, and by nobody the other way round."""
    missing = _row(missing)
    require(rules.may_take_up(by, missing), rules.NOT_ONES_OWN)
    MISSING_SOLUTION.require_move(missing.state, "entered")
    return missing


def _take_up(missing: MissingSolution, state: str, solution: Solution, *, by: Actor, now: datetime) -> None:
    missing.solution = solution
    _decide(missing, state, by=by, now=now)
    # Staff may not speak for a town; a town whose members are barred from acting is not spoken for either.
    if missing.organisation.state != "suspended":
        use_as_told(Solution.objects.select_for_update().get(pk=solution.pk), missing, by=by, now=now)


def _decide(missing: MissingSolution, state: str, *, by: Actor, now: datetime, reason: str = "") -> None:
    MISSING_SOLUTION.require_move(missing.state, state)
    missing.state, missing.decided_at, missing.decided_by, missing.decision_reason = state, now, by.id, reason
    missing.save(update_fields=["state", "solution", "decided_at", "decided_by", "decision_reason"])
    _record(state, missing, by=by, now=now)


def _record(what: str, missing: MissingSolution, *, by: Actor, now: datetime) -> None:
    entry = {"solution": missing.solution.public_id} if missing.solution else {}
    record(
        f"catalogue.missing_solution_{what}",
        subject=missing,
        by=by,
        now=now,
        organisation=missing.organisation.public_id,
        data=entry,
    )
