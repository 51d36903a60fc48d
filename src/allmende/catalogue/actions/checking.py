"""What the desk decides about a submission, and how a change of what is published goes live."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from allmende.catalogue import rules
from allmende.catalogue.actions.claims import own_from_the_start, owner_origin
from allmende.catalogue.actions.later_edits import note_later_edit
from allmende.catalogue.actions.offers import change_offer, publish_offer
from allmende.catalogue.actions.receiving import take_in
from allmende.catalogue.actions.working_copies import close, lock_copy, require_complete, require_may_submit
from allmende.catalogue.completeness import STEPS_OF_KIND
from allmende.catalogue.drafts import SolutionDraft
from allmende.catalogue.models import Listing, Solution, WorkingCopy
from allmende.catalogue.placing import find_place
from allmende.catalogue.queries import own_listing
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require


@transaction.atomic
def accept(copy: WorkingCopy, *, lock_version: int, by: Actor, now: datetime) -> WorkingCopy:
    """Publish what was submitted: the solution as the organisation's own, and the offer for a year."""
    copy = lock_copy(copy, lock_version)
    require(rules.may_check(by, copy), rules.NOT_ONES_OWN)
    if copy.state != "submitted":
        raise Refused("Veröffentlichen können Sie nur, was eingereicht ist.")
    require(
        rules.is_accredited(copy.organisation),
        f"„{copy.organisation.name}“ ist noch nicht bestätigt. Entscheiden Sie zuerst darüber.",
    )
    content = require_complete(copy)
    invented = copy.organisation.is_invented
    if copy.kind == "new_solution":
        assert content.solution is not None  # noqa: S101  # a new solution is never without its draft
        copy.solution = _new_solution(copy, replace(content.solution, is_invented=invented), by=by, now=now)
    if content.offer is not None and copy.solution is not None:
        draft = replace(content.offer, is_invented=invented)
        papers = (copy.journal_type, copy.public_id)
        copy.offer = publish_offer(draft, solution=copy.solution, papers=papers, by=by, now=now)
    copy.reasons = {}
    close(copy, "accepted", ("solution", "offer", "reasons"), by=by, now=now)
    return copy


def _new_solution(copy: WorkingCopy, draft: SolutionDraft, *, by: Actor, now: datetime) -> Solution:
    origin = owner_origin(copy.organisation, by=by, now=now)
    place = find_place(draft, origin)
    if place.solution is not None:
        raise Refused(
            f"Diese Lösung gibt es schon: „{place.solution.name}“, mit derselben Adresse des Quellcodes. Geben Sie die "
            "Einreichung zurück und schlagen Sie vor, ein Angebot dazu einzustellen oder den Eintrag zu übernehmen."
        )
    solution = take_in(draft, origin=origin, key=copy.public_id, by=by, now=now).solution
    own_from_the_start(solution, copy.organisation, by=by, claimed_by=copy.submitted_by, now=now)
    return Solution.objects.get(pk=solution.pk)


@transaction.atomic
def return_copy(
    copy: WorkingCopy, *, reasons: Mapping[str, str], lock_version: int, by: Actor, now: datetime
) -> WorkingCopy:
    """Give a submission back. `reasons`: what to change, by step of the form; "" for all of it."""
    copy = lock_copy(copy, lock_version)
    require(rules.may_check(by, copy), rules.NOT_ONES_OWN)
    said = {step: words.strip()[:2000] for step, words in reasons.items() if words.strip()}
    if not said:
        raise Refused("Nennen Sie mindestens einen Grund, damit klar ist, was zu ändern ist.")
    if not set(said) <= {"", *STEPS_OF_KIND[copy.kind]}:
        raise Refused("Ein Grund gehört zu keiner Seite des Formulars.")
    copy.reasons = said
    copy.steps = {**copy.steps, **{step: "begun" for step in said if step}}
    close(copy, "returned", ("reasons", "steps"), by=by, now=now)
    return copy


@transaction.atomic
def publish_change(copy: WorkingCopy, *, lock_version: int, by: Actor, now: datetime) -> WorkingCopy:
    """Let a change of one's own offer or entry go live at once; the desk looks at it afterwards.

    Raises `OutOfDate` where another party has changed the offer since: nothing of theirs is overwritten unseen.
    """
    copy = lock_copy(copy, lock_version)
    require_may_submit(copy.organisation, by=by)
    if copy.is_new:
        raise Refused("Neues prüft zuerst die Redaktion. Reichen Sie es ein.")
    if copy.state not in ("draft", "returned"):
        raise Refused("Diese Änderung ist schon abgeschlossen.")
    content = require_complete(copy)
    invented = copy.organisation.is_invented
    if copy.offer is not None and content.offer is not None:
        draft = replace(content.offer, is_invented=invented)
        change_offer(copy.offer, draft, lock_version=copy.offer_version, by=by, now=now)
    elif copy.solution is not None and content.solution is not None:
        _say_as_owner(copy, copy.solution, content.solution, by=by, now=now)
    close(copy, "accepted", (), by=by, now=now)
    return copy


def _say_as_owner(
    copy: WorkingCopy, solution: Solution, draft: SolutionDraft, *, by: Actor, now: datetime
) -> None:
    require(
        rules.owns(by, copy.organisation, solution), "Dieser Eintrag gehört zu einer anderen Organisation."
    )
    before = Solution.objects.select_for_update().get(pk=solution.pk)
    known: Listing | None = own_listing(solution, copy.organisation)
    take_in(
        replace(draft, is_invented=solution.is_invented),
        origin=owner_origin(copy.organisation, by=by, now=now),
        key=known.key if known else solution.public_id,
        into=solution,
        by=by,
        now=now,
    )
    after = Solution.objects.get(pk=solution.pk)
    note_later_edit(
        after, offer=None, parties=[copy.organisation], before=before.edition_number, by=by, now=now
    )
