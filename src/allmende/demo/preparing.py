"""What invented organisations are preparing: a draft, a returned, a submitted, a changed offer, and a claim."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from allmende.accounts.models import User
from allmende.catalogue.actions import (
    begin_change,
    begin_new_solution,
    begin_offer,
    claim,
    publish_change,
    return_copy,
    save,
    submit,
)
from allmende.catalogue.contents import Content, read
from allmende.catalogue.drafts import ContactDraft, OfferDraft, PriceDraft, SolutionDraft, TextDraft
from allmende.catalogue.models import EntryClaim, Offer, Solution, WorkingCopy
from allmende.demo.story import story
from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation
from allmende.organisations.queries import actor_for

NARRATOR = Actor.program("demo")
Row = Mapping[str, Any]


@transaction.atomic
def prepare(find: Callable[[str], Solution | None], now: datetime) -> None:
    """Tell what is being prepared, once: an organisation that has begun anything is left alone."""
    begun = set(WorkingCopy.objects.values_list("organisation__public_id", flat=True))
    for row in story()["preparing"]:
        actor = actor_for(User.objects.get(email=row["by"]))
        organisation = Organisation.objects.get(public_id=next(place for _, place in actor.roles if place))
        if organisation.public_id not in begun:
            _TELLERS[row["kind"]](row, find(row.get("solution", "")), organisation, actor, now)


def _new_solution(
    row: Row, _: Solution | None, organisation: Organisation, actor: Actor, now: datetime
) -> None:
    draft = SolutionDraft(
        name=row["name"],
        texts=(TextDraft(language="de", summary=row["summary"]),),
        fields_of_action=(row["field"],),
        is_invented=True,
    )
    begin_new_solution(organisation, draft=draft, by=actor, now=now)


def _new_offer(
    row: Row, solution: Solution | None, organisation: Organisation, actor: Actor, now: datetime
) -> None:
    if solution is None:
        return
    copy = begin_offer(solution, organisation=organisation, by=actor, now=now)
    for step in ("betrieb", "preise", "ansprechstelle"):
        copy = _saved(copy, Content(offer=_offer(row, organisation)), step, actor, now)
    copy = submit(copy, lock_version=copy.lock_version, by=actor, now=now)
    if row["state"] == "returned":
        return_copy(copy, reasons=row["reasons"], lock_version=copy.lock_version, by=NARRATOR, now=now)


def _offer(row: Row, organisation: Organisation) -> OfferDraft:
    return OfferDraft(
        title=row["title"],
        kind=row["offer_kind"],
        supplier=organisation.public_id,
        seller=organisation.public_id,
        delivery_model=row["delivery"],
        prices=(PriceDraft(kind=row["price_kind"], amount=Decimal(row["price"])),),
        prices_for=row.get("prices_for", "public"),
        contact=ContactDraft(name="Ansprechstelle (Beispiel)", email=row["email"], is_team=True),
        is_invented=True,
    )


def _change(
    row: Row, solution: Solution | None, organisation: Organisation, actor: Actor, now: datetime
) -> None:
    offer = Offer.objects.filter(solution=solution, supplier=organisation, state="published").first()
    if offer is None:
        return
    copy = begin_change(offer, organisation=organisation, by=actor, now=now)
    before = read(copy.content).offer
    assert before is not None  # noqa: S101  # a change of an offer is never without one
    contact = before.contact or ContactDraft(
        name="Ansprechstelle (Beispiel)", email="angebot@software.example", is_team=True
    )
    changed = replace(before, included_services=row["included"], contact=contact)
    copy = _saved(copy, Content(offer=changed), "betrieb", actor, now)
    publish_change(copy, lock_version=copy.lock_version, by=actor, now=now)


def _claim(
    row: Row, solution: Solution | None, organisation: Organisation, actor: Actor, now: datetime
) -> None:
    if solution and not EntryClaim.objects.filter(solution=solution, organisation=organisation).exists():
        claim(solution, organisation=organisation, evidence=row["evidence"], by=actor, now=now)


def _saved(copy: WorkingCopy, content: Content, step: str, actor: Actor, now: datetime) -> WorkingCopy:
    return save(copy, content, step=step, is_done=True, lock_version=copy.lock_version, by=actor, now=now)


_TELLERS = {"new_solution": _new_solution, "new_offer": _new_offer, "change_offer": _change, "claim": _claim}
