"""News about needs: answers to them, joint ones, what became of them. Providers hear of what they answered."""

from collections.abc import Iterable

from allmende.accounts.models import User
from allmende.catalogue.editors import EDITORS
from allmende.demand.models import Joining, JointNeed, NeedResponse
from allmende.demand.rules import WRITERS
from allmende.journal.queries import Entry
from allmende.notifications.queries import people_with
from allmende.notifications.rules.rule import Data, Rule
from allmende.organisations.models import Organisation


def _writers_of(town: str, entry: Entry) -> Iterable[User]:
    return people_with(town, WRITERS, now=entry.at)


def _everybody(groups: Iterable[Iterable[User]]) -> Iterable[User]:
    """Each once, in a fixed order."""
    return {person.pk: person for group in groups for person in group}.values()


def _name(public_id: object) -> str:
    found = Organisation.objects.filter(public_id=str(public_id or "")).first()
    return found.name if found else "Eine Organisation"


# ------------------------------------------------------------------------------------------------------- answers


def _town(entry: Entry) -> Iterable[User]:
    """Who speaks for the town of the need that was answered."""
    response = (
        NeedResponse.objects.filter(public_id=entry.subject_id).select_related("need__organisation").first()
    )
    return _writers_of(response.need.organisation.public_id, entry) if response else ()


def _provider(entry: Entry) -> Iterable[User]:
    response = NeedResponse.objects.filter(public_id=entry.subject_id).select_related("organisation").first()
    return people_with(response.organisation.public_id, EDITORS, now=entry.at) if response else ()


def _who_answered(entry: Entry) -> Iterable[User]:
    """Who offers for those whose answer to the need still stands."""
    rows = NeedResponse.objects.filter(need__public_id=entry.subject_id).exclude(state="taken_back")
    bodies = rows.order_by("pk").values_list("organisation__public_id", flat=True)
    return _everybody(people_with(body, EDITORS, now=entry.at) for body in bodies)


def _who_answers(entry: Entry) -> Data:
    return {"provider": _name(entry.data.get("provider"))}


def _of_town(entry: Entry) -> Data:
    return {"town": _name(entry.organisation)}


def _matched(entry: Entry) -> Iterable[User]:
    """Who keeps the offers of the provider to which a need fits."""
    return people_with(entry.organisation, EDITORS, now=entry.at)


def _need(entry: Entry) -> tuple[str, str]:
    return "need", str(entry.data.get("need") or entry.subject_id)


# --------------------------------------------------------------------------------------------------------- joint needs


def _joining(entry: Entry) -> Joining | None:
    rows = Joining.objects.select_related("joint__lead", "need__organisation")
    return rows.filter(public_id=entry.subject_id).first()


def _invited(entry: Entry) -> Iterable[User]:
    joining = _joining(entry)
    return _writers_of(joining.need.organisation.public_id, entry) if joining else ()


def _lead(entry: Entry) -> Iterable[User]:
    joining = _joining(entry)
    return _writers_of(joining.joint.lead.public_id, entry) if joining else ()


def _who_takes_part(entry: Entry) -> Iterable[User]:
    """The leading town and those that have joined; what they belong to, they hear of."""
    joining = _joining(entry)
    return _towns_of(joining.joint, entry) if joining else ()


def _members(entry: Entry) -> Iterable[User]:
    joint = JointNeed.objects.filter(public_id=entry.subject_id).select_related("lead").first()
    return _towns_of(joint, entry) if joint else ()


def _towns_of(joint: JointNeed, entry: Entry) -> Iterable[User]:
    rows = joint.joinings.filter(state="joined").order_by("pk")
    towns = rows.values_list("need__organisation__public_id", flat=True)
    return _everybody(_writers_of(town, entry) for town in (joint.lead.public_id, *towns))


def _town_and_lead(entry: Entry) -> Data:
    joining = _joining(entry)
    lead = joining.joint.lead.name if joining else "Eine Kommune"
    return {"town": _name(entry.data.get("town")), "lead": lead}


# ------------------------------------------------------------------------------------------------------------ outcomes


def _outcome_town(entry: Entry) -> Iterable[User]:
    return _writers_of(entry.organisation, entry)


RULES = (
    Rule(
        "demand.match_found",
        "matches",
        _matched,
        "Der Bedarf „{thing}“ passt zu dem, was Sie anbieten. Sehen Sie, was passt und was nicht.",
        about=_need,
    ),
    Rule(
        "demand.need_changed",
        "needs",
        _who_answered,
        "Der Bedarf „{thing}“, auf den Sie geantwortet haben, ist geändert. Prüfen Sie, ob Ihre Antwort noch passt.",
    ),
    Rule(
        "demand.need_closed",
        "needs",
        _who_answered,
        "Der Bedarf „{thing}“, auf den Sie geantwortet haben, ist abgeschlossen.",
    ),
    Rule(
        "demand.need_withdrawn",
        "needs",
        _who_answered,
        "Der Bedarf „{thing}“, auf den Sie geantwortet haben, ist zurückgezogen. Lesen Sie, warum.",
    ),
    Rule(
        "demand.response_sent",
        "needs",
        _town,
        "{provider} hat auf Ihren Bedarf „{thing}“ geantwortet.",
        data=_who_answers,
    ),
    Rule(
        "demand.response_taken_back",
        "needs",
        _town,
        "{provider} hat die Antwort auf Ihren Bedarf „{thing}“ zurückgenommen.",
        data=_who_answers,
    ),
    Rule(
        "demand.response_thanked",
        "needs",
        _provider,
        "{town} hat Ihnen auf Ihre Antwort zu „{thing}“ geschrieben.",
        data=_of_town,
    ),
    Rule(
        "demand.contact_given",
        "tasks",
        _provider,
        "{town} nennt Ihnen einen Kontakt zu „{thing}“. Melden Sie sich dort.",
        data=_of_town,
    ),
    Rule(
        "demand.joining_invited",
        "tasks",
        _invited,
        "{lead} lädt Ihre Kommune zu einem gemeinsamen Bedarf ein: „{thing}“. Sehen Sie ihn an und entscheiden Sie.",
        data=_town_and_lead,
    ),
    Rule(
        "demand.joining_joined",
        "needs",
        _who_takes_part,
        "{town} ist beim gemeinsamen Bedarf „{thing}“ dabei.",
        data=_town_and_lead,
    ),
    Rule(
        "demand.joining_declined",
        "needs",
        _lead,
        "{town} macht beim gemeinsamen Bedarf „{thing}“ nicht mit.",
        data=_town_and_lead,
    ),
    Rule(
        "demand.joining_left",
        "needs",
        _who_takes_part,
        "{town} ist aus dem gemeinsamen Bedarf „{thing}“ ausgetreten.",
        data=_town_and_lead,
    ),
    Rule(
        "demand.joining_taken_back",
        "needs",
        _invited,
        "{lead} hat die Einladung zu einem gemeinsamen Bedarf zurückgenommen. Ihr Bedarf „{thing}“ bleibt, wie er ist.",
        about=_need,
        data=_town_and_lead,
    ),
    Rule(
        "demand.joint_changed",
        "needs",
        _members,
        "Der gemeinsame Bedarf „{thing}“ ist geändert. Lesen Sie, was jetzt gilt.",
    ),
    Rule(
        "demand.joint_closed",
        "needs",
        _members,
        "Dem gemeinsamen Bedarf „{thing}“ kann niemand mehr beitreten. Wer dabei ist, macht weiter.",
    ),
    Rule(
        "demand.joint_reopened",
        "needs",
        _members,
        "Dem gemeinsamen Bedarf „{thing}“ können wieder Kommunen beitreten.",
    ),
    Rule(
        "demand.joint_ended",
        "needs",
        _members,
        "Der gemeinsame Bedarf „{thing}“ ist beendet. Lesen Sie, warum.",
    ),
    Rule(
        "demand.outcome_asked",
        "tasks",
        _outcome_town,
        "Seit dem Ergebnis zu „{thing}“ ist etwas Zeit vergangen. Schreiben Sie auf, was gut war und was nicht.",
    ),
    Rule(
        "demand.outcome_ending",
        "tasks",
        _outcome_town,
        "Ein Vertrag endet bald: „{thing}“, bis zum {day}. Überlegen Sie, wie es weitergeht.",
    ),
)
