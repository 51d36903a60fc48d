"""What news are about, as far as a person may see it: title and page, by type of the subject.

One written list; a look-up takes all ids of its type at once, so that a page of news costs one query a type.
"""

from collections.abc import Callable, Collection, Mapping

from django.db.models import Q

from allmende.catalogue import notice_links
from allmende.catalogue.models import ConfirmedUse, EntryClaim, LaterEdit, Offer, Solution, WorkingCopy
from allmende.catalogue.queries import citable, visible_to
from allmende.catalogue.queries.missing import missing_of
from allmende.catalogue.queries.notices import hidden_among, notices_about, notices_by
from allmende.files.models import StoredFile
from allmende.lib.actors import Actor
from allmende.mail.models import Letter
from allmende.notifications import things_of_cases, things_of_needs
from allmende.notifications.models import SavedSearch
from allmende.notifications.thing import Thing
from allmende.organisations.models import Invitation, Organisation
from allmende.organisations.queries import by_public_ids
from allmende.organisations.rules import is_staff, may_see

# The rest of a reason is on the page.
LONGEST_REASON = 300


Look = Callable[[Collection[str], Actor], Mapping[str, Thing]]


def _own(actor: Actor) -> set[str]:
    return {organisation for _, organisation in actor.roles if organisation is not None}


def _solutions(ids: Collection[str], actor: Actor) -> Mapping[str, Thing]:
    found = visible_to(actor).filter(public_id__in=ids)
    return {each.public_id: Thing(each.name, f"/loesungen/{each.public_id}") for each in found}


def _offers(ids: Collection[str], actor: Actor) -> Mapping[str, Thing]:
    """To whoever belongs to one of its parties, whatever has become of it; to others while it is published."""
    own = _own(actor)
    mine = Q(supplier__public_id__in=own) | Q(operator__public_id__in=own) | Q(seller__public_id__in=own)
    found = Offer.objects.filter(mine | Q(state="published"), public_id__in=ids).select_related("solution")
    return {
        each.public_id: Thing(each.title or each.solution.name, f"/loesungen/{each.solution.public_id}")
        for each in found
    }


def _withdrawn_solutions(ids: Collection[str], actor: Actor) -> Mapping[str, Thing]:
    """To everybody, as their page is: its address answers with the name and the reason."""
    found = list(citable().filter(public_id__in=ids, state__in=("withdrawn", "published")))
    hidden = hidden_among("solution", ids)
    return {
        each.public_id: Thing(
            each.name,
            f"/loesungen/{each.public_id}",
            {"then": _what_is_left(each, "er", is_hidden=each.public_id in hidden)},
        )
        for each in found
    }


def _withdrawn_offers(ids: Collection[str], actor: Actor) -> Mapping[str, Thing]:
    """To towns that use the solution, under its name."""
    using = ConfirmedUse.objects.filter(organisation__public_id__in=_own(actor)).exclude(state="ended")
    found = Offer.objects.filter(
        public_id__in=ids,
        solution__in=using.values("solution"),
        solution__state__in=("withdrawn", "published"),
    ).select_related("solution")
    hidden = hidden_among("solution", [each.solution.public_id for each in found])
    return {
        each.public_id: Thing(
            each.solution.name,
            f"/loesungen/{each.solution.public_id}",
            {
                "offer": each.title,
                "then": _what_is_left(each, "es", is_hidden=each.solution.public_id in hidden),
            },
        )
        for each in found
    }


def _what_is_left(subject: Solution | Offer, pronoun: str, *, is_hidden: bool) -> str:
    """The reason and what stays readable; without the last full stop, which is the sentence's."""
    if subject.state != "withdrawn":
        return f"Inzwischen steht {pronoun} wieder hier"
    reason = " ".join(subject.withdrawal_reason.split())
    reason = reason if len(reason) <= LONGEST_REASON else reason[: LONGEST_REASON - 1] + "…"
    stop = "" if reason.endswith((".", "!", "?", "…")) else "."
    left = (
        "Auch frühere Ausgaben sind bis dahin nicht lesbar"
        if is_hidden
        else "Frühere Ausgaben bleiben lesbar"
    )
    return f"Der Grund: {reason}{stop} {left}"


def _working_copies(ids: Collection[str], actor: Actor) -> Mapping[str, Thing]:
    found = WorkingCopy.objects.filter(public_id__in=ids, organisation__public_id__in=_own(actor))
    return {
        each.public_id: Thing(_name_of(each), f"/angebote/{each.public_id}")
        for each in found.select_related("solution", "offer", "organisation")
    }


def _name_of(copy: WorkingCopy) -> str:
    """As far as it has one: a new solution is named by its draft."""
    if copy.offer is not None:
        return copy.offer.title
    return copy.solution.name if copy.solution is not None else copy.get_kind_display()


def _entry_claims(ids: Collection[str], actor: Actor) -> Mapping[str, Thing]:
    found = EntryClaim.objects.filter(public_id__in=ids, organisation__public_id__in=_own(actor))
    return {
        each.public_id: Thing(each.solution.name, f"/loesungen/{each.solution.public_id}")
        for each in found.select_related("solution")
    }


def _later_edits(ids: Collection[str], actor: Actor) -> Mapping[str, Thing]:
    found = LaterEdit.objects.filter(public_id__in=ids, organisation__public_id__in=_own(actor))
    return {
        each.public_id: Thing(each.solution.name, f"/loesungen/{each.solution.public_id}")
        for each in found.select_related("solution")
    }


def _missing_solutions(ids: Collection[str], actor: Actor) -> Mapping[str, Thing]:
    found = missing_of(actor).filter(public_id__in=ids)
    return {each.public_id: Thing(each.name, f"/fehlende-loesung/{each.public_id}") for each in found}


def _notices(ids: Collection[str], actor: Actor) -> Mapping[str, Thing]:
    """To the side concerned as soon as it knows, and to whoever gave the notice."""
    given = {
        each.public_id: Thing(each.subject_name, notice_links.reporter_page(each))
        for each in notices_by(actor.id).filter(public_id__in=ids)
        if actor.id
    }
    about = notices_about(actor).filter(public_id__in=ids)
    return given | {
        each.public_id: Thing(each.subject_name, f"/meldungen/{each.public_id}/stellungnahme")
        for each in about
    }


def _organisations(ids: Collection[str], actor: Actor) -> Mapping[str, Thing]:
    own = _own(actor)
    # News of an organisation that was merged lead to the one that is left.
    return {
        public_id: Thing(each.name, _page_of(each, is_own=each.public_id in own))
        for public_id, each in by_public_ids(list(ids)).items()
        if may_see(actor, each)
    }


def _page_of(organisation: Organisation, *, is_own: bool) -> str:
    if is_own:
        return f"/organisation/{organisation.public_id}"
    if organisation.region is not None:
        return f"/kommunen/{organisation.region.key}"
    return f"/anbieter/{organisation.public_id}"


def _saved_searches(ids: Collection[str], actor: Actor) -> Mapping[str, Thing]:
    found = SavedSearch.objects.filter(public_id__in=ids, user__public_id=actor.id)
    return {each.public_id: Thing(each.title, each.address) for each in found}


def _letters(ids: Collection[str], actor: Actor) -> Mapping[str, Thing]:
    """To whoever caused the letter; what it said is gone, its subject line is not. An invitation can be sent anew."""
    found = list(Letter.objects.filter(public_id__in=ids, by_kind="person", by_id=actor.id))
    invitations = [each.about_id for each in found if each.about_type == "invitation"]
    places = dict(
        Invitation.objects.filter(public_id__in=invitations).values_list(
            "public_id", "organisation__public_id"
        )
    )
    return {
        each.public_id: Thing(
            each.subject,
            f"/organisation/{places[each.about_id]}" if each.about_id in places else "/mein/nachrichten",
        )
        for each in found
    }


def _stored_files(ids: Collection[str], actor: Actor) -> Mapping[str, Thing]:
    """To whoever uploaded it, their colleagues, and staff; the page is where files are removed and uploaded."""
    found = StoredFile.objects.filter(public_id__in=ids).exclude(state="removed")
    own = _own(actor)
    return {
        each.public_id: Thing(each.name, _page_of_file(each, for_staff=each.owner not in own))
        for each in found
        if is_staff(actor) or each.owner in own
    }


def _page_of_file(file: StoredFile, *, for_staff: bool) -> str:
    if file.about_type == "offer":
        return f"/angebot/{file.about_id}/unterlagen"
    if file.about_type == "working_copy":
        return (
            f"/redaktion/angebote/{file.about_id}" if for_staff else f"/angebote/{file.about_id}/unterlagen"
        )
    return f"/organisation/{file.owner}"


def _own_account(ids: Collection[str], actor: Actor) -> Mapping[str, Thing]:
    return {public_id: Thing("Ihr Konto", "/konto") for public_id in ids if public_id == actor.id}


def _platform(ids: Collection[str], actor: Actor) -> Mapping[str, Thing]:
    return {public_id: Thing("Allmende", "/mein") for public_id in ids}


THINGS: Mapping[str, Look] = {
    "account": _own_account,
    "audit_access": things_of_cases.audit_accesses,
    "case": things_of_cases.cases,
    "company_question": things_of_cases.company_questions,
    "entry_claim": _entry_claims,
    "inquiry": things_of_cases.inquiries,
    "joining": things_of_needs.joinings,
    "joint_need": things_of_needs.joint_needs,
    "later_edit": _later_edits,
    "letter": _letters,
    "missing_solution": _missing_solutions,
    "need": things_of_needs.needs,
    "need_response": things_of_needs.responses,
    "notice": _notices,
    "offer": _offers,
    "organisation": _organisations,
    "outcome": things_of_needs.outcomes,
    "platform": _platform,
    "questionnaire": things_of_cases.questionnaires,
    "saved_search": _saved_searches,
    "solution": _solutions,
    "stored_file": _stored_files,
    "withdrawn_offer": _withdrawn_offers,
    "withdrawn_solution": _withdrawn_solutions,
    "working_copy": _working_copies,
}


def seen(subjects: Collection[tuple[str, str]], actor: Actor) -> Mapping[tuple[str, str], Thing]:
    """Those of the subjects (type and public id) that the actor may see; one look-up a type."""
    by_type: dict[str, set[str]] = {}
    for subject_type, subject_id in subjects:
        by_type.setdefault(subject_type, set()).add(subject_id)
    return {
        (subject_type, public_id): thing
        for subject_type, ids in by_type.items()
        if subject_type in THINGS
        for public_id, thing in THINGS[subject_type](ids, actor).items()
    }
