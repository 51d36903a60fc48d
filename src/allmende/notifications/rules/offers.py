"""News about offers, entries and their use."""

from collections.abc import Iterable

from django.db.models import Q

from allmende.accounts.models import User
from allmende.catalogue.editors import EDITORS
from allmende.catalogue.models import ConfirmedUse, MissingSolution, Offer
from allmende.journal.queries import Entry
from allmende.notifications.queries import people_with
from allmende.notifications.rules.rule import Data, Rule
from allmende.organisations.models import Organisation
from allmende.organisations.roles import ROLES


def _editors(entry: Entry) -> Iterable[User]:
    """Who keeps the offers of the organisation acted for."""
    return people_with(entry.organisation, EDITORS, now=entry.at)


def _editors_of_parties(offers: Q, entry: Entry) -> Iterable[User]:
    rows = Offer.objects.filter(offers).select_related("supplier", "operator", "seller")
    parties = {party.public_id for offer in rows for party in offer.parties}
    people = {
        person.pk: person for party in sorted(parties) for person in people_with(party, EDITORS, now=entry.at)
    }
    return people.values()


def _keepers_of_offer(entry: Entry) -> Iterable[User]:
    return _editors_of_parties(Q(public_id=entry.subject_id), entry)


def _withdrawn(entry: Entry) -> tuple[str, str]:
    """The entry is about the solution, whose edition changed; which offer it was stands in its data."""
    return Offer.journal_type, str(entry.data.get("offer", ""))


def _keepers_of_withdrawn(entry: Entry) -> Iterable[User]:
    return _editors_of_parties(Q(public_id=_withdrawn(entry)[1]), entry)


def _offering(entry: Entry) -> Iterable[User]:
    """Who keeps a published offer for the solution."""
    return _editors_of_parties(Q(solution__public_id=entry.subject_id, state="published"), entry)


def _using(entry: Entry) -> Iterable[User]:
    """Who says for a town that it uses the solution; what others say of a town does not count."""
    uses = ConfirmedUse.objects.filter(solution__public_id=entry.subject_id).exclude(state="ended")
    towns = uses.values_list("organisation__public_id", flat=True).distinct()
    people = {
        person.pk: person
        for town in sorted(towns)
        for person in people_with(town, ("municipality_editor",), now=entry.at)
    }
    return people.values()


def _withdrawn_solution(entry: Entry) -> tuple[str, str]:
    return "withdrawn_solution", entry.subject_id


def _withdrawn_from_use(entry: Entry) -> tuple[str, str]:
    return "withdrawn_offer", _withdrawn(entry)[1]


def _town(entry: Entry) -> Data:
    """Towns are public; what they say of their use is."""
    town = Organisation.objects.filter(public_id=entry.data.get("town", "")).first()
    return {"town": town.name if town else "Eine Kommune"}


def _is_of_the_desk(entry: Entry) -> bool:
    """A change of one's own closes its working copy as well, with nobody who decided."""
    return entry.data.get("what") in ("new_solution", "new_offer")


def _town_and_namer(entry: Entry) -> Iterable[User]:
    """Who named it and has still something to do with the town, and who says what the town uses."""
    missing = MissingSolution.objects.filter(public_id=entry.subject_id).first()
    people = {
        each.pk: each for each in people_with(entry.organisation, ("municipality_editor",), now=entry.at)
    }
    held = people_with(entry.organisation, tuple(ROLES), now=entry.at)
    people |= {each.pk: each for each in held if missing and each.public_id == missing.named_by}
    return people.values()


RULES = (
    Rule(
        "catalogue.missing_solution_entered",
        "decisions",
        _town_and_namer,
        "Die Redaktion hat „{thing}“ aufgenommen, wie Ihre Kommune es vorgeschlagen hat.",
    ),
    Rule(
        "catalogue.missing_solution_known",
        "decisions",
        _town_and_namer,
        "„{thing}“ stand schon hier, vielleicht unter einem anderen Namen. Sehen Sie sich den Eintrag an.",
    ),
    Rule(
        "catalogue.missing_solution_declined",
        "decisions",
        _town_and_namer,
        "Die Redaktion hat „{thing}“ nicht aufgenommen. Lesen Sie, warum.",
    ),
    Rule(
        "catalogue.working_copy_returned",
        "tasks",
        _editors,
        "Die Redaktion hat „{thing}“ zurückgegeben. Lesen Sie die Gründe und ändern Sie, was nötig ist.",
    ),
    Rule(
        "catalogue.working_copy_accepted",
        "decisions",
        _editors,
        "„{thing}“ ist geprüft und veröffentlicht.",
        when=_is_of_the_desk,
    ),
    Rule(
        "catalogue.offer_renewal_due",
        "tasks",
        _keepers_of_offer,
        "Ihr Angebot „{thing}“ ist zu erneuern. Prüfen Sie, ob alle Angaben noch stimmen.",
        page="/angebot/{id}/erneuern",
    ),
    Rule(
        "catalogue.offer_lapsed",
        "tasks",
        _keepers_of_offer,
        "Ihr Angebot „{thing}“ ist nicht erneuert, und das steht jetzt dabei. Prüfen Sie es und erneuern Sie es.",
        page="/angebot/{id}/erneuern",
    ),
    Rule(
        "catalogue.offer_withdrawn",
        "decisions",
        _keepers_of_withdrawn,
        "Das Angebot „{thing}“ wurde zurückgezogen.",
        about=_withdrawn,
    ),
    Rule(
        "catalogue.offer_withdrawn",
        "decisions",
        _using,
        "Ihre Kommune nutzt „{thing}“. Das Angebot „{offer}“ dazu wurde zurückgezogen. {then}.",
        about=_withdrawn_from_use,
        code="catalogue.offer_withdrawn_in_use",
    ),
    Rule(
        "catalogue.solution_withdrawn",
        "decisions",
        _using,
        "Ihre Kommune nutzt „{thing}“. Der Eintrag wurde zurückgezogen, mit allen Angeboten dazu. {then}.",
        about=_withdrawn_solution,
    ),
    Rule(
        "catalogue.solution_withdrawn",
        "decisions",
        _offering,
        "Der Eintrag „{thing}“ wurde zurückgezogen, und mit ihm Ihr Angebot dazu. {then}.",
        about=_withdrawn_solution,
        code="catalogue.solution_withdrawn_offered",
    ),
    Rule(
        "catalogue.entry_claim_granted",
        "decisions",
        _editors,
        "Der Eintrag „{thing}“ gehört jetzt Ihrer Organisation. Ihre Angaben gehen denen der Quelle vor.",
    ),
    Rule(
        "catalogue.entry_claim_refused",
        "decisions",
        _editors,
        "Die Redaktion hat nicht bestätigt, dass der Eintrag „{thing}“ Ihrer Organisation gehört.",
    ),
    Rule(
        "catalogue.entry_claim_ended",
        "decisions",
        _editors,
        "Der Eintrag „{thing}“ gehört nicht mehr Ihrer Organisation. Es gelten wieder die Angaben der Quellen.",
    ),
    Rule(
        "catalogue.later_edit_asked",
        "tasks",
        _editors,
        "Die Redaktion hat eine Frage zu Ihrer Änderung an „{thing}“. Bitte antworten Sie.",
        page="/aenderungen/{id}/antwort",
    ),
    Rule(
        "catalogue.use_confirmed",
        "use",
        _offering,
        "{town} bestätigt die Nutzung von „{thing}“.",
        data=_town,
    ),
    Rule(
        "catalogue.use_ended",
        "use",
        _offering,
        "{town} hat die Nutzung von „{thing}“ beendet.",
        data=_town,
    ),
)
