"""What providers answer to a need, and what the town does with it. Its contact is given by its own act only."""

from datetime import datetime
from typing import Any

from django.db import transaction

from allmende.catalogue.models import EntryClaim, Offer, Solution
from allmende.demand import rules
from allmende.demand.actions.needs import lock, require_may_publish
from allmende.demand.models import Need, NeedResponse
from allmende.demand.queries.needs import open_to
from allmende.demand.states import RESPONSE
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require
from allmende.organisations.actions.people import locked
from allmende.organisations.models import Organisation

LONGEST_TEXT = 4_000
LONGEST_CONTACT = 500
MAY_NOT_RESPOND = (
    "Auf Bedarfe antworten kann, wer in einer bestätigten Organisation die Rolle „Angebote der Organisation“ oder "
    "„Verwaltung der Organisation“ hat."
)


@transaction.atomic
def respond(
    need: Need,
    *,
    organisation: Organisation,
    text: str,
    solution: Solution | None = None,
    offer: Offer | None = None,
    by: Actor,
    now: datetime,
) -> NeedResponse:
    """Say that the organisation has something fitting: in words, with a solution or an offer of its own where it has
    one. No bid and no price. Once a need; taken back, it may answer again."""
    need = lock(need, None)
    organisation = locked(organisation)
    require(rules.may_respond(by, organisation), MAY_NOT_RESPOND)
    if not open_to(by).filter(pk=need.pk).exists():
        raise Refused("Auf diesen Bedarf kann niemand mehr antworten.")
    if need.organisation_id == organisation.pk:
        raise Refused("Das ist der Bedarf Ihrer eigenen Organisation.")
    solution, offer = _own(organisation, solution, offer)
    lasting = NeedResponse.objects.filter(need=need, organisation=organisation).exclude(state="taken_back")
    if lasting.exists():
        raise Refused("Ihre Organisation hat auf diesen Bedarf schon geantwortet.")
    response = NeedResponse.objects.create(
        need=need,
        organisation=organisation,
        solution=solution,
        offer=offer,
        text=_said(text, LONGEST_TEXT, "Schreiben Sie, was passt und warum."),
        edition_number=need.edition_number,
        sent_at=now,
        sent_by=by.id,
    )
    _record("response_sent", response, organisation, by=by, now=now)
    return response


@transaction.atomic
def take_back(response: NeedResponse, *, by: Actor, now: datetime) -> NeedResponse:
    """The provider takes its answer back, as long as the town has not answered it."""
    response = _locked(response)
    # Whose accreditation is suspended may still take back what it said.
    require(rules.may_take_back(by, response), MAY_NOT_RESPOND)
    RESPONSE.require_move(response.state, "taken_back")
    response.state = "taken_back"
    response.save(update_fields=["state"])
    _record("response_taken_back", response, response.organisation, by=by, now=now)
    return response


@transaction.atomic
def note(response: NeedResponse, *, by: Actor, now: datetime) -> NeedResponse:
    """The town keeps it in view; the provider sees that it was read."""
    return _decide(response, "noted", by=by, now=now)


@transaction.atomic
def thank(response: NeedResponse, *, answer: str, by: Actor, now: datetime) -> NeedResponse:
    """The town answers: whether it goes on with this, and why not. The last word on this answer."""
    answer = _said(answer, LONGEST_TEXT, "Schreiben Sie eine kurze Antwort.")
    return _decide(response, "thanked", answer=answer, by=by, now=now)


@transaction.atomic
def give_contact(response: NeedResponse, *, contact: str, by: Actor, now: datetime) -> NeedResponse:
    """Tell this one provider whom to ask in the town. Nobody else ever sees it, and it is in no journal."""
    response = _locked(response)
    require_may_publish(response.need.organisation, by=by)
    if response.state == "taken_back":
        raise Refused("Diese Antwort ist zurückgenommen. Der Kontakt geht deshalb an niemanden.")
    if response.need.state != "published":
        raise Refused("Dieser Bedarf ist beendet. Der Kontakt geht deshalb an niemanden mehr.")
    if response.contact is not None:
        raise Refused("Diesem Anbieter haben Sie schon einen Kontakt genannt.")
    require(
        response.organisation.is_accredited,
        "Diese Organisation ist zurzeit nicht bestätigt. Deshalb bekommt sie keinen Kontakt.",
    )
    response.contact = _said(contact, LONGEST_CONTACT, "Schreiben Sie, wen der Anbieter wie erreicht.")
    response.contact_given_at = now
    response.save(update_fields=["contact", "contact_given_at"])
    _record("contact_given", response, response.need.organisation, by=by, now=now)
    return response


def _decide(
    response: NeedResponse, state: str, *, answer: str = "", by: Actor, now: datetime
) -> NeedResponse:
    response = _locked(response)
    require_may_publish(response.need.organisation, by=by)
    RESPONSE.require_move(response.state, state)
    response.state, response.decided_at, response.decided_by, response.answer = state, now, by.id, answer
    response.save(update_fields=["state", "decided_at", "decided_by", "answer"])
    _record(f"response_{state}", response, response.need.organisation, by=by, now=now)
    return response


def _locked(response: NeedResponse) -> NeedResponse:
    """The row after its need, as everywhere."""
    lock(response.need, None)
    rows = NeedResponse.objects.select_for_update(of=("self",))
    return rows.select_related("need__organisation", "organisation").get(pk=response.pk)


def _own(
    organisation: Organisation, solution: Solution | None, offer: Offer | None
) -> tuple[Solution | None, Offer | None]:
    """What is published and the organisation's own: an offer it takes part in, an entry it offers or has taken over."""
    if offer is not None:
        offer = Offer.objects.select_related("supplier", "operator", "seller", "solution").get(pk=offer.pk)
        if organisation not in offer.parties or offer.state != "published":
            raise Refused("Nennen Sie ein veröffentlichtes Angebot Ihrer eigenen Organisation.")
        solution = offer.solution
    elif solution is not None:
        solution = Solution.objects.get(pk=solution.pk)
        if not EntryClaim.objects.filter(
            organisation=organisation, solution=solution, state="granted"
        ).exists():
            raise Refused(
                "Nennen Sie eine Lösung, die Ihre Organisation anbietet oder deren Eintrag ihr gehört."
            )
    if solution is not None and solution.state != "published":
        raise Refused("Diese Lösung ist nicht veröffentlicht.")
    return solution, offer


def _said(text: str, longest: int, message: str) -> str:
    said = text.replace("\x00", "").strip()
    if not said:
        raise Refused(message)
    if len(said) > longest:
        raise Refused(f"Kürzen Sie den Text auf höchstens {longest:,} Zeichen.".replace(",", "."))
    return said


def _record(
    what: str, response: NeedResponse, organisation: Organisation, *, by: Actor, now: datetime
) -> None:
    """Told by ids: who answered to which need. What they wrote is in the answer alone."""
    data: dict[str, Any] = {"need": response.need.public_id, "provider": response.organisation.public_id}
    record(f"demand.{what}", subject=response, by=by, now=now, organisation=organisation.public_id, data=data)
