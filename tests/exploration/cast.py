"""A short list of four: a company with an account, its competitor, one found elsewhere, and one that nobody asks."""

import datetime
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress

from allmende.accounts.models import User
from allmende.exploration import deadlines
from allmende.exploration.actions import asking, questions
from allmende.exploration.models import Candidate, Inquiry, InquiryLetter, Questionnaire
from allmende.exploration.question_sets import QuestionDraft
from allmende.lib.actors import Actor
from allmende.mail.models import Letter
from allmende.organisations.actions import grant_role, register
from allmende.organisations.models import Organisation
from allmende.organisations.queries import actor_for
from tests.exploration.hall import PROGRAM, Hall, with_plan

NOON = datetime.time(12)


@dataclass
class Cast:
    """The town's case with its questionnaire, and everybody who is asked."""

    hall: Hall
    questionnaire: Questionnaire
    rival: Organisation
    people: dict[str, User] = field(default_factory=dict)

    @property
    def now(self) -> datetime.datetime:
        return self.hall.now

    @property
    def deadline(self) -> datetime.datetime:
        found = self.fresh().deadline
        assert found is not None
        return found

    def actor(self, name: str) -> Actor:
        if name in self.people:
            return actor_for(self.people[name], on=self.now.date())
        return self.hall.actor(name)

    def by(self, name: str = "lead", **later: float) -> dict[str, Any]:
        """Who and when, as every action takes them; `minutes=5`: so much later than the cast's morning."""
        return {"by": self.actor(name), "now": self.now + timedelta(**later)}

    def fresh(self) -> Questionnaire:
        return Questionnaire.objects.select_related("case__organisation", "case__need").get(
            pk=self.questionnaire.pk
        )

    def inquiry(self, name: str) -> Inquiry:
        rows = Inquiry.objects.select_related(
            "questionnaire__case__organisation", "organisation", "candidate"
        )
        return rows.get(questionnaire=self.questionnaire, company_name=name)

    def question(self, text: str) -> str:
        return str(self.questionnaire.questions.get(text=text).public_id)


def kept(hall: Hall, name: str, organisation: Organisation | None = None, **more: Any) -> Candidate:
    """A candidate as it stands on the short list; how it came there is another part's matter."""
    return Candidate.objects.create(
        case=hall.case, company=organisation, company_name=name, state="kept", reason="fits", added_at=hall.now,
        added_by="x", decided_at=hall.now, decided_by="x", **more,
    )  # fmt: skip


def person_of(organisation: Organisation, name: str, *, now: datetime.datetime) -> User:
    user = User.objects.create_user(f"{name}@firma.example", None, name=name.capitalize())
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    grant_role("provider_editor", user=user, organisation=organisation, by=PROGRAM, now=now)
    return user


def a_cast(hall: Hall, *, today: bool = False) -> Cast:
    """A questionnaire in work: four questions, three companies to ask. `today`: deadlines by the hall's own day."""
    with_plan(hall)
    now, by = hall.now, {"by": hall.actor("lead"), "now": hall.now}
    rival = register("Konkurrenz AG", kind="large_company", by=PROGRAM, now=now)
    people = {
        "rival": person_of(rival, "rita", now=now),
        "second": person_of(hall.company, "sascha", now=now),
    }
    rival.refresh_from_db()
    kept(hall, "Beispiel GmbH", hall.company)
    kept(hall, "Konkurrenz AG", rival)
    outside = kept(hall, "Dorfsoftware Krause")
    questionnaire = questions.begin_questionnaire(hall.case, **by)
    for draft in (
        QuestionDraft(text="Gibt es ein Muster für den Vertrag?", kind="yes_no", is_required=True),
        QuestionDraft(text="Was kostet es im Jahr?", kind="money"),
        QuestionDraft(text="Wo liegen die Daten?", kind="choice", choices=("in Deutschland", "anderswo")),
        QuestionDraft(text="Was ist sonst wichtig?"),
    ):
        questions.add_question(questionnaire, draft, **by)
    questionnaire.refresh_from_db()
    begins = hall.now.date() if today else date(2026, 11, 23)
    questionnaire = questions.save_questionnaire(
        questionnaire,
        introduction="Wir möchten Meldungen aus der Bevölkerung besser beantworten.",
        deadline=deadlines.moment_of(begins + timedelta(days=21), NOON),
        questions_until=deadlines.moment_of(begins + timedelta(days=14), NOON),
        lock_version=questionnaire.lock_version,
        **by,
    )
    asking.plan_inquiry(questionnaire, outside, email="post@krause.example", size_class="micro", **by)
    return Cast(hall, questionnaire, rival, people)


def sent(cast: Cast) -> Cast:
    cast.questionnaire = asking.dispatch(
        cast.questionnaire, lock_version=cast.fresh().lock_version, **cast.by()
    )
    return cast


def letters_to(inquiry: Inquiry, kind: str = "asking") -> list[Letter]:
    """What the post has of the letters to a company; texts are there until they are delivered."""
    ids = InquiryLetter.objects.filter(inquiry=inquiry, kind=kind).values_list("letter", flat=True)
    return list(Letter.objects.filter(public_id__in=list(ids)).order_by("to"))


def token_in(letter: Letter) -> str:
    """What the personal link of a letter ends with."""
    return next(line.rpartition("/anfrage/")[2] for line in letter.text.splitlines() if "/anfrage/" in line)
