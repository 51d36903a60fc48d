"""An organisation takes over an entry of its own that somebody else has brought in."""

from datetime import datetime

from django.db import transaction

from allmende.catalogue import rules
from allmende.catalogue.actions.origins import note_origin
from allmende.catalogue.actions.publishing import publish_changes
from allmende.catalogue.models import EntryClaim, Origin, Solution
from allmende.catalogue.queries import own_listing
from allmende.catalogue.states import ENTRY_CLAIM
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require
from allmende.organisations.models import Organisation

MAY_NOT_CLAIM = (
    "Übernehmen kann einen Eintrag, wer in der Organisation die Rolle „Angebote der Organisation“ hat."
)
NOT_ACCREDITED = (
    "Ihre Organisation ist noch nicht bestätigt. Danach können Sie Einträge übernehmen. "
    "Stellen Sie den Antrag auf der Seite Ihrer Organisation."
)
SHORTEST_EVIDENCE = 20


def owner_origin(organisation: Organisation, *, by: Actor, now: datetime) -> Origin:
    """The origin under which the organisation's own words stand; comes before all others."""
    return note_origin(
        f"eigen-{organisation.public_id}",
        label=f"{organisation.name} (eigene Angaben)"[:200],
        kind="owner",
        website_url=organisation.website_url,
        by=by,
        now=now,
    )


@transaction.atomic
def claim(
    solution: Solution, *, organisation: Organisation, evidence: str, by: Actor, now: datetime
) -> EntryClaim:
    """Say that an entry is one's own, and why; the desk decides."""
    require(rules.edits_for(by, organisation), MAY_NOT_CLAIM)
    require(rules.is_accredited(organisation), NOT_ACCREDITED)
    solution = Solution.objects.select_for_update().get(pk=solution.pk)
    if solution.state != "published":
        raise Refused("Übernehmen können Sie nur einen veröffentlichten Eintrag.")
    if len(evidence.strip()) < SHORTEST_EVIDENCE:
        raise Refused("Schreiben Sie in ein bis zwei Sätzen, warum der Eintrag zu Ihrer Organisation gehört.")
    lasting = EntryClaim.objects.filter(solution=solution, state__in=("open", "granted"))
    if lasting.filter(organisation=organisation).exists():
        raise Refused("Ihre Organisation hat das schon gemeldet. Unter „Meine Arbeit“ sehen Sie den Stand.")
    if lasting.filter(state="granted").exists():
        raise Refused(
            "Dieser Eintrag gehört schon zu einer anderen Organisation. Stimmt das nicht, melden Sie es der Redaktion."
        )
    made = EntryClaim.objects.create(
        solution=solution,
        organisation=organisation,
        evidence=evidence.strip()[:4000],
        claimed_at=now,
        claimed_by=by.id,
    )
    _record("made", made, by=by, now=now)
    return made


@transaction.atomic
def grant_claim(made: EntryClaim, *, reason: str = "", by: Actor, now: datetime) -> EntryClaim:
    """The entry belongs to the organisation: from now on its values come before the source's, field by field."""
    made = _locked(made)
    require(rules.may_decide_claim(by, made), rules.NOT_ONES_OWN)
    if made.solution.state == "merged":
        raise Refused("Dieser Eintrag ist in einem anderen aufgegangen. Entscheiden Sie über den anderen.")
    if EntryClaim.objects.filter(solution=made.solution, state="granted").exists():
        raise Refused(
            "Dieser Eintrag gehört schon zu einer anderen Organisation. Beenden Sie zuerst deren Übernahme."
        )
    _decide(made, "granted", reason, by=by, now=now)
    owner_origin(made.organisation, by=by, now=now)
    _record("granted", made, by=by, now=now)
    return made


@transaction.atomic
def refuse_claim(made: EntryClaim, *, reason: str, by: Actor, now: datetime) -> EntryClaim:
    """The entry does not belong to the organisation, or nothing shows that it does."""
    made = _locked(made)
    require(rules.may_decide_claim(by, made), rules.NOT_ONES_OWN)
    if not reason.strip():
        raise Refused("Nennen Sie den Grund der Ablehnung.")
    _decide(made, "refused", reason, by=by, now=now)
    _record("refused", made, by=by, now=now)
    return made


@transaction.atomic
def end_claim(made: EntryClaim, *, reason: str, by: Actor, now: datetime) -> EntryClaim:
    """The organisation lets go of the entry: what it said goes, and the sources' words hold again.

    Where nobody else names the solution, its own words stay: they are all there is. Against the organisation's will it
    takes two of the staff: `erasure_proposals`.
    """
    made = _locked(made)
    require(rules.may_end_claim(by, made))
    return _end(made, reason, by=by, now=now)


def end_against_its_will(made: EntryClaim, *, reason: str, by: Actor, now: datetime) -> EntryClaim:
    """The same, for `erasure_proposals` alone, which has asked that two agree."""
    return _end(_locked(made), reason, by=by, now=now)


def _end(made: EntryClaim, reason: str, *, by: Actor, now: datetime) -> EntryClaim:
    if not reason.strip():
        raise Refused("Nennen Sie den Grund.")
    solution = Solution.objects.select_for_update().get(pk=made.solution_id)
    _decide(made, "ended", reason, by=by, now=now)
    listing = own_listing(solution, made.organisation)
    if listing is not None and solution.listings.count() > 1:
        listing.delete()
        publish_changes(solution, by=by, now=now)
    _record("ended", made, by=by, now=now)
    return made


def own_from_the_start(
    solution: Solution, organisation: Organisation, *, by: Actor, claimed_by: str, now: datetime
) -> EntryClaim:
    """What an organisation has brought in itself is its own; the desk has checked it. For `accept` alone."""
    made = EntryClaim.objects.create(
        solution=solution,
        organisation=organisation,
        state="granted",
        evidence="Die Organisation hat die Lösung selbst eingestellt.",
        claimed_at=now,
        claimed_by=claimed_by,
        decided_at=now,
        decided_by=by.id,
    )
    _record("granted", made, by=by, now=now)
    return made


def _locked(made: EntryClaim) -> EntryClaim:
    Solution.objects.select_for_update().get(pk=made.solution_id)
    rows = EntryClaim.objects.select_for_update(of=("self",)).select_related("organisation", "solution")
    return rows.get(pk=made.pk)


def _decide(made: EntryClaim, state: str, reason: str, *, by: Actor, now: datetime) -> None:
    ENTRY_CLAIM.require_move(made.state, state)
    made.state, made.decided_at, made.decided_by, made.decision_reason = (
        state,
        now,
        by.id,
        reason.strip()[:2000],
    )
    made.save(update_fields=["state", "decided_at", "decided_by", "decision_reason"])


def _record(what: str, made: EntryClaim, *, by: Actor, now: datetime) -> None:
    record(
        f"catalogue.entry_claim_{what}",
        subject=made,
        by=by,
        now=now,
        organisation=made.organisation.public_id,
        data={"solution": made.solution.public_id},
    )
