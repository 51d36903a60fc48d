"""What a town sees of its questions to companies: sets, questionnaires, who is asked, the proof, and the numbers."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from allmende.accounts.models import User
from allmende.catalogue.editors import EDITORS
from allmende.catalogue.models import OfferContact
from allmende.exploration.deadlines import is_open, told
from allmende.exploration.models import (
    Candidate,
    Case,
    CompanyQuestion,
    Inquiry,
    InquiryLetter,
    Question,
    Questionnaire,
    QuestionSet,
)
from allmende.exploration.question_sets import QuestionDraft, SetDraft, shipped
from allmende.exploration.steps import StepState
from allmende.exploration.wording import NO_TENDER
from allmende.organisations.models import Membership, Organisation
from allmende.organisations.queries import standing_for
from allmende.organisations.roles import PUBLIC_ADMINISTRATION
from allmende.vocabulary.queries import current as vocabulary

# Kinds of organisations whose size class is plain; of a company nobody has asked yet it is not known.
_SIZES = {
    "large_company": "large",
    "public_it_provider": "public",
    "municipal_company": "public",
    "research": "civic",
    "community": "civic",
    "federation": "civic",
}
# Fewer than that and one has not looked at the market: several are to be asked.
ENOUGH = 3


# ------------------------------------------------------------------------------------------------------ question sets


def question_sets(*, with_ended: bool = False) -> dict[str, SetDraft]:
    """All sets that are offered, by code, in the order of their titles: the desk's latest version of each, else what
    comes with the software."""
    latest: dict[str, SetDraft | None] = dict(shipped())
    for row in QuestionSet.objects.order_by("version"):
        latest[row.code] = _draft(row) if row.is_current or with_ended else None
    found = [each for each in latest.values() if each is not None]
    return {each.code: each for each in sorted(found, key=lambda each: each.title.casefold())}


def _draft(row: QuestionSet) -> SetDraft:
    return SetDraft(
        code=row.code,
        title=row.title,
        about=row.about,
        version=row.version,
        questions=tuple(QuestionDraft.from_json(each) for each in row.questions),
        is_own=True,
    )


def is_offered(code: str) -> bool:
    """Whether towns may take questions of this set."""
    return code in question_sets()


# ----------------------------------------------------------------------------------------------------- questionnaires


def questionnaires_of(case: Case) -> QuerySet[Questionnaire]:
    """All of a case, the first round first."""
    return Questionnaire.objects.filter(case=case).order_by("round")


def questionnaire_of(case: Case, public_id: str) -> Questionnaire | None:
    return Questionnaire.objects.filter(case=case, public_id=public_id).select_related("case").first()


def questions_of(questionnaire: Questionnaire) -> list[Question]:
    return list(Question.objects.filter(questionnaire=questionnaire))


def content_of(questionnaire: Questionnaire, questions: Iterable[Question]) -> dict[str, object]:
    """What all companies get alike; its hash is kept when it is sent."""
    return {
        "introduction": questionnaire.introduction,
        "deadline": questionnaire.deadline_as_sent or questionnaire.deadline,
        "questions_until": questionnaire.questions_until,
        "fixed_sentence": NO_TENDER,
        "questions": [
            {
                "text": each.text,
                "hint": each.hint,
                "kind": each.kind,
                "choices": each.choices,
                "is_required": each.is_required,
            }
            for each in questions
        ],
    }


# ------------------------------------------------------------------------------------------------------ who is asked


@dataclass(frozen=True)
class Recipient:
    """One company of the short list: an organisation here, or a name; `email` where letters would go by a link."""

    candidates: tuple[Candidate, ...]
    organisation: Organisation | None
    name: str
    email: str
    size_class: str
    has_account: bool
    inquiry: Inquiry | None
    left_out: str

    @property
    def first(self) -> Candidate:
        return self.candidates[0]

    @property
    def shown_name(self) -> str:
        """The company's, or what was found of it where nobody knows whose it is."""
        return self.name or str(self.first)

    @property
    def is_ready(self) -> bool:
        """Whether it can be asked, or it is written down why it is not."""
        return bool(self.left_out or (self.name and (self.has_account or self.email)))


def recipients(questionnaire: Questionnaire) -> list[Recipient]:
    """Each company behind the candidates that were kept, once, in the order in which they came onto the list."""
    kept = Candidate.objects.filter(case=questionnaire.case_id, state="kept").order_by("pk")
    kept = kept.select_related("company__merged_into", "solution", "offer")
    groups: dict[object, list[Candidate]] = {}
    for each in kept:
        groups.setdefault(_key(each), []).append(each)
    by_candidate = {each.candidate_id: each for each in Inquiry.objects.filter(questionnaire=questionnaire)}
    bodies = [standing_for(group[0].company) for group in groups.values() if group[0].company]
    with_account, contacts = _with_account(bodies), _contacts(kept)
    return [_recipient(group, by_candidate, with_account, contacts) for group in groups.values()]


def _key(candidate: Candidate) -> object:
    if candidate.company is not None:
        return standing_for(candidate.company).pk
    return " ".join(candidate.company_name.split()).casefold() or ("candidate", candidate.pk)


def _recipient(
    group: Sequence[Candidate],
    by_candidate: dict[int | None, Inquiry],
    with_account: set[int],
    contacts: dict[int, str],
) -> Recipient:
    body = standing_for(group[0].company) if group[0].company else None
    inquiry = next((by_candidate[each.pk] for each in group if each.pk in by_candidate), None)
    written = next((contacts[each.offer_id] for each in group if each.offer_id in contacts), "")
    has_account = body is not None and body.pk in with_account
    left_out = "" if inquiry else next((each.not_asked_reason for each in group if each.not_asked_reason), "")
    return Recipient(
        candidates=tuple(group),
        organisation=body,
        name=inquiry.company_name if inquiry else body.name if body else group[0].company_name,
        email=inquiry.email if inquiry else "" if has_account else written,
        size_class=inquiry.size_class if inquiry else _size_of(body),
        has_account=has_account,
        inquiry=inquiry,
        left_out=left_out,
    )


def _size_of(body: Organisation | None) -> str:
    if body is None:
        return ""
    return _SIZES.get(body.kind, "public" if body.kind in PUBLIC_ADMINISTRATION else "")


def _with_account(bodies: Sequence[Organisation]) -> set[int]:
    """Keys of those that somebody speaks for here: they find the questionnaire in their inbox."""
    held = Membership.objects.filter(organisation__in=bodies, organisation__state="accredited", ended_at=None)
    return {
        key
        for key in held.filter(role__in=EDITORS, user__is_active=True).values_list(
            "organisation_id", flat=True
        )
        if key is not None
    }


def has_account(organisation: Organisation) -> bool:
    return bool(_with_account([organisation]))


def _contacts(candidates: Iterable[Candidate]) -> dict[int, str]:
    """Where to ask about the offers of the list, by key of the offer."""
    offers = [each.offer_id for each in candidates if each.offer_id]
    rows = OfferContact.objects.filter(offer__in=offers).exclude(email="")
    return dict(rows.values_list("offer_id", "email"))


def speakers_of(inquiry: Inquiry) -> list[str]:
    """Where a company with an account is written to: its people that answer, and the contact of its offer."""
    if inquiry.organisation is None:
        return []
    here = standing_for(inquiry.organisation)
    held = Membership.objects.filter(organisation=here, role__in=EDITORS, ended_at=None)
    people = User.objects.filter(pk__in=held.values("user"), is_active=True)
    offer = inquiry.candidate.offer_id if inquiry.candidate else None
    contact = (
        OfferContact.objects.filter(offer=offer).exclude(email="") if offer else OfferContact.objects.none()
    )
    addresses = [*people.values_list("email", flat=True), *contact.values_list("email", flat=True)]
    return sorted({each.lower() for each in addresses})


def without_speaker(inquiries: Sequence[Inquiry]) -> list[Inquiry]:
    """Those asked by account that nobody speaks for here any more: no letter reaches them."""
    by_account = [each for each in inquiries if not each.email and each.organisation]
    bodies = {each.pk: standing_for(each.organisation) for each in by_account if each.organisation}
    spoken_for = _with_account(list(bodies.values()))
    left = [each for each in by_account if bodies[each.pk].pk not in spoken_for]
    return [each for each in left if not speakers_of(each)]


# ------------------------------------------------------------------------------------------------- what came of it


def inquiries_of(questionnaire: Questionnaire) -> QuerySet[Inquiry]:
    """All that were asked or will be, with their letters, by name."""
    rows = Inquiry.objects.filter(questionnaire=questionnaire).select_related(
        "organisation__merged_into", "candidate"
    )
    return rows.prefetch_related("letters").order_by("company_name", "pk")


def inquiry_of(case: Case, public_id: str) -> Inquiry | None:
    rows = Inquiry.objects.filter(questionnaire__case=case, public_id=public_id)
    return rows.select_related("questionnaire__case", "organisation").first()


def answers_of(questionnaire: Questionnaire) -> dict[int, dict[int, object]]:
    """What companies have sent, by keys of inquiry and question. Drafts are none of the town's business."""
    found: dict[int, dict[int, object]] = {}
    rows = Inquiry.objects.filter(questionnaire=questionnaire, state="answered").prefetch_related("answers")
    for inquiry in rows:
        found[inquiry.pk] = {each.question_id: each for each in inquiry.answers.all()}
    return found


def asked_back(questionnaire: Questionnaire) -> QuerySet[CompanyQuestion]:
    """Questions of companies, with whoever asked, for the town alone."""
    return CompanyQuestion.objects.filter(questionnaire=questionnaire).select_related("inquiry")


@dataclass(frozen=True)
class SizeCount:
    """How many companies of a size class were asked, and what came back. `size_class` "" where it is not known."""

    size_class: str
    label: str
    asked: int
    answered: int
    declined: int
    silent: int
    bounced: int


_OUTCOMES = {"answered": "answered", "declined": "declined", "bounced": "bounced"}


def counts(case: Case) -> list[SizeCount]:
    """Asked and what came back, by size class, smallest first, the unknown ones last; one line for each that occurs.

    Of a company that was asked in several rounds, the round in which it did most counts.
    """
    rows = Inquiry.objects.filter(questionnaire__case=case).exclude(state="planned")
    best: dict[object, Inquiry] = {}
    for each in rows.order_by("pk"):
        key = each.organisation_id or each.company_name.casefold()
        if key not in best or _rank(each) > _rank(best[key]):
            best[key] = each
    tally = Counter((each.size_class, _OUTCOMES.get(each.state, "silent")) for each in best.values())
    labels = {**vocabulary().labels("company_size"), "": "Größe nicht bekannt"}
    return [
        _count(code, label, tally) for code, label in labels.items() if any(code == size for size, _ in tally)
    ]


def _rank(inquiry: Inquiry) -> int:
    order = ("bounced", "sent", "opened", "silent", "declined", "answered")
    return order.index(inquiry.state) if inquiry.state in order else 0


def _count(code: str, label: str, tally: Counter[tuple[str, str]]) -> SizeCount:
    numbers = {name: tally[code, name] for name in ("answered", "declined", "silent", "bounced")}
    return SizeCount(code, label, sum(numbers.values()), **numbers)


# --------------------------------------------------------------------------------------------------------- the step


def step_state(case: Case, now: datetime | None = None) -> StepState:
    """How far the approach of companies is. Done once the last questionnaire is closed and all were thanked."""
    last = questionnaires_of(case).last()
    if last is None:
        return _not_begun(case)
    if last.state == "draft":
        return StepState("begun", "Der Fragebogen ist noch nicht verschickt.")
    bounced = last.inquiries.filter(state="bounced").count()
    if last.state == "sent":
        assert last.deadline is not None  # noqa: S101  # the table keeps that
        over = now is not None and not is_open(last.deadline, now)
        return StepState(
            "begun", _waiting(bounced) or ("" if over else f"Antworten kommen bis {told(last.deadline)}.")
        )
    if last.inquiries.filter(thanked_at=None).exclude(state__in=("planned", "bounced")).exists():
        return StepState("begun", "Danken Sie den Unternehmen, sobald entschieden ist, wer bleibt.")
    return StepState("done")


def _not_begun(case: Case) -> StepState:
    kept = case.candidates.filter(state="kept")
    if not kept.exists():
        return StepState("open", "Entscheiden Sie zuerst, wer auf der kurzen Liste bleibt.")
    if not kept.filter(not_asked_reason="").exists():
        return StepState("done", "Niemand wird angesprochen; warum, steht bei jedem Eintrag.")
    return StepState("open")


def _waiting(bounced: int) -> str:
    if not bounced:
        return ""
    return (
        "Eine Anfrage kam nicht an. Berichtigen Sie die Adresse."
        if bounced == 1
        else f"{bounced} Anfragen kamen nicht an. Berichtigen Sie die Adressen."
    )


def waiting_letters() -> QuerySet[InquiryLetter]:
    """Letters of which it is not known yet what became of them, in cases that still run."""
    rows = InquiryLetter.objects.filter(
        state__in=("queued", "sent"), inquiry__questionnaire__case__state="running"
    )
    return rows.select_related("inquiry__questionnaire__case")
