"""One of everything that has an address, in the house. What is nobody else's business carries a word to look for."""

from datetime import timedelta

from django.core.signing import Signer

from allmende.catalogue import actions as catalogue
from allmende.catalogue import notice_links
from allmende.catalogue.actions import notices
from allmende.catalogue.contents import Content
from allmende.catalogue.drafts import NoticeDraft
from allmende.catalogue.models import LaterEdit
from allmende.demand.actions import joint as joints
from allmende.demand.actions.responses import give_contact, respond
from allmende.demand.models import NeedCriterion
from allmende.exploration.actions import cases, members
from allmende.exploration.actions.attachments import attach
from allmende.exploration.actions.auditing import give_access
from allmende.exploration.actions.conclusions import note_involvement
from allmende.exploration.models import (
    Candidate,
    Case,
    Inquiry,
    LoggedSearch,
    Question,
    Questionnaire,
    Snapshot,
    Talk,
)
from allmende.files.actions import store_document
from allmende.files.models import StoredFile
from allmende.lib.actors import Actor
from allmende.lib.canonical import canonical_json, digest
from allmende.lib.workdays import after_working_days
from allmende.notifications.models import NewsItem, SavedSearch
from allmende.notifications.unsubscribing import ticket_path
from allmende.organisations import actions as organisations
from allmende.organisations.actions import for_region
from allmende.organisations.drafts import ProfileDraft
from allmende.organisations.models import Absence, EmailDomain, Invitation, JoinRequest, Membership
from allmende.search.models import Miss
from tests.demand.towns import a_need
from tests.factories.needs import a_draft, a_published_need
from tests.factories.offering import an_offer, filled, published_offer
from tests.files.making import pdf
from tests.rights import tries, tries_rules
from tests.rights.house import PROGRAM, House, person

SECRET = "Geheimfach"
WORDS = f"{SECRET}: das geht sonst niemanden etwas an."
TOKEN = "t" * 43


def furnish(house: House) -> dict[str, str]:
    """Name of a thing → its id in an address."""
    return (
        _offers(house)
        | _needs(house)
        | _case(house)
        | _town(house)
        | _notice(house)
        | _personal(house)
        | _platform(house)
    )


def _offers(house: House) -> dict[str, str]:
    by, now, town = house.actor("owner"), house.now, house.town
    offer = published_offer(house.solution, town, by=by, desk=PROGRAM, now=now)
    catalogue.change_offer(offer, an_offer(town, title="Anders"), by=by, now=now)
    edit = catalogue.ask_about(LaterEdit.objects.get(), question=WORDS, by=PROGRAM, now=now)
    copy = catalogue.begin_offer(house.other, organisation=town, by=by, now=now)
    copy = filled(copy, Content(offer=an_offer(town, title=SECRET)), by=by, now=now)
    paper = store_document(
        pdf(),
        "Preise.pdf",
        about=("working_copy", copy.public_id),
        owner=town.public_id,
        by=by,
        now=now,
    )
    StoredFile.objects.filter(pk=paper.pk).update(state="unscanned")
    waiting = catalogue.begin_new_solution(town, draft=tries.a_solution(name=SECRET), by=by, now=now)
    content = Content(solution=tries.a_solution(name=SECRET), offer=an_offer(town))
    waiting = filled(waiting, content, by=by, now=now)
    waiting = catalogue.submit(waiting, lock_version=waiting.lock_version, by=by, now=now)
    claim = catalogue.claim(house.other, organisation=town, evidence=WORDS, by=by, now=now)
    missing = catalogue.name_missing(town, name=SECRET, purpose=WORDS, by=by, now=now)
    catalogue.confirm_use(house.solution, organisation=town, state="pilot", by=by, now=now)
    return {
        "solution": house.solution.public_id, "other": house.other.public_id, "offer": offer.public_id,
        "copy": copy.public_id, "submitted": waiting.public_id, "edit": edit.public_id,
        "entry_claim": claim.public_id, "paper": paper.public_id,
        "missing": missing.public_id,
    }  # fmt: skip


def _needs(house: House) -> dict[str, str]:
    """A draft that only the town sees, and what a company answered to a need of the town, with a contact for it."""
    by, now = house.actor("owner"), house.now
    draft = a_draft(house.town, by=by, now=now, title=SECRET, problem=WORDS, visibility="own")
    need = a_published_need(house.town, by=by, now=now)
    answer = respond(need, organisation=house.company, text=WORDS, by=house.actor("vendor"), now=now)
    give_contact(answer, contact=WORDS, by=by, now=now)
    joint = joints.begin_joint(need, title=SECRET, purpose=WORDS, join_until=now.date(), by=by, now=now)
    other = a_need(for_region(house.free_region, by=PROGRAM, now=now), now=now, visibility="public")
    joining = joints.invite(joint, need=other, by=by, now=now)
    return {
        "need": draft.public_id, "public_need": need.public_id, "response": answer.public_id,
        "joint": joint.public_id, "joining": joining.public_id,
    }  # fmt: skip


def _case(house: House) -> dict[str, str]:
    """A market exploration that the owner leads and the administrator approves."""
    by = {"by": house.actor("owner"), "now": house.now}
    case = cases.begin_without_need(house.town, title=SECRET, **by)
    members.add_member(case, person=house["administrator"], role="approver", **by)
    file = attach(case, pdf(), f"{SECRET}.pdf", **by)
    access = give_access(
        case, email="pruefung@kreis.example", body=SECRET, purpose=WORDS, until=house.now.date(), **by
    )
    found = _research(case, house) | _asking(case, house)
    row = note_involvement(case, company_name=SECRET, how=WORDS, measures=WORDS, **by)
    return {
        "case": case.public_id, "case_need": case.need.public_id, "case_file": file.public_id,
        "case_member": house["administrator"].public_id, "case_involvement": str(row.pk),
        "case_access": access.public_id, **found,
    }  # fmt: skip


def _research(case: Case, house: House) -> dict[str, str]:
    """A search with its snapshot, a candidate and a talk, as they lie in the tables."""
    told = {"case": case, "searched_at": house.now, "searched_by": house["owner"].public_id}
    search = LoggedSearch.objects.create(source_name=SECRET, query=WORDS, **told)
    content = {"about": {}, "program": "0", "entries": []}
    Snapshot.objects.create(
        search=search, content=canonical_json(content), digest=digest(content), made_at=house.now
    )
    candidate = Candidate.objects.create(
        case=case, company_name=SECRET, reason_text=WORDS, added_at=house.now, added_by="x"
    )
    talk = Talk.objects.create(
        case=case, company_name=SECRET, content=WORDS, participants=WORDS, held_at=house.now, minutes_long=30,
        written_at=house.now, written_by="x",
    )  # fmt: skip
    criterion = NeedCriterion.objects.create(need=case.need, position=99, weight="must", text=SECRET)
    return {
        "case_search": search.public_id, "case_candidate": candidate.public_id, "case_talk": talk.public_id,
        "case_criterion": criterion.public_id,
    }  # fmt: skip


def _asking(case: Case, house: House) -> dict[str, str]:
    """A questionnaire that went to a company, which answered, and one in work."""
    now = house.now
    asked = Questionnaire.objects.create(
        case=case,
        state="sent",
        introduction=WORDS,
        deadline=now + timedelta(days=20),
        digest="0" * 64,
        sent_at=now,
    )
    work = Questionnaire.objects.create(case=case, round=2, introduction=WORDS)
    question, _ = (
        Question.objects.create(questionnaire=each, position=1, text=SECRET) for each in (work, asked)
    )
    inquiry = Inquiry.objects.create(
        questionnaire=asked, organisation=house.company, company_name=SECRET, state="sent", sent_at=now
    )
    return {
        "asked": asked.public_id, "questionnaire": work.public_id, "question": question.public_id,
        "inquiry": inquiry.public_id,
    }  # fmt: skip


def _town(house: House) -> dict[str, str]:
    now, town = house.now, house.town
    waiting = person("waiting", "ahorn.example")
    held = {"organisation": town}
    invitation = Invitation.objects.create(
        email=f"{SECRET.lower()}@y.example", roles=["decision_maker"], token_hash="0" * 64,
        invited_by=house["administrator"], invited_at=now, expires_at=now + timedelta(days=1), **held,
    )  # fmt: skip
    request = JoinRequest.objects.create(user=waiting, task=WORDS, made_at=now, **held)
    domain = EmailDomain.objects.create(
        domain=f"{SECRET.lower()}.example", proposed_at=now, proposed_by="person:x", **held
    )
    organisations.save_profile(
        ProfileDraft(existing_systems=(SECRET,)), lock_version=0, by=house.actor("owner"), now=now, **held
    )
    claim = organisations.claim_town(house.free_region, task=WORDS, by=house.actor("account"), now=now)
    twins = [organisations.register(name, kind="sme", by=PROGRAM, now=now) for name in ("Eins", "Zwei")]
    merge = organisations.propose_merge(twins[0], into=twins[1], reason=WORDS, by=PROGRAM, now=now)
    person_row = house["owner"]
    person_row.name = SECRET
    person_row.save()
    return {
        "town": town.public_id, "key": house.region.key, "free_key": house.free_region.key,
        "member": house["owner"].public_id, "invitation": invitation.public_id, "request": request.public_id,
        "domain": domain.public_id, "registration": claim.public_id,
        "organisation_merge": merge.public_id, "twin": twins[0].public_id,
        "absence": str(Absence.objects.get().public_id),
        "membership": str(Membership.objects.filter(role="quality_reviewer").get().pk),
    }  # fmt: skip


def _notice(house: House) -> dict[str, str]:
    offer = LaterEdit.objects.get().offer
    draft = NoticeDraft(reason="wrong", what=WORDS, email="kim@beispiel.example")
    notice = notices.report(draft, subject=offer, by=Actor.anonymous(), now=house.now)
    until = after_working_days(house.now.date(), 10)
    notice = notices.open_hearing(notice, until=until, by=PROGRAM, now=house.now)
    return {
        "notice": notice.public_id,
        "wrong_key": notice_links.key(replace_id(notice), "party"),
    }


def replace_id(notice: object) -> object:
    """The key of another notice opens nothing."""
    return type("Other", (), {"public_id": "0000000000"})()


def _personal(house: House) -> dict[str, str]:
    owner, now = house["owner"], house.now
    news = NewsItem.objects.create(
        user=owner, kind="x", category="decisions", subject_type="offer", subject_id="x", at=now, noted_at=now,
        rate="never",
    )  # fmt: skip
    saved = SavedSearch.objects.create(
        user=owner, title=SECRET, address="/suche?q=x", text="x", choices={}, rate="daily", seen=[], made_at=now,
        looked_at=now, looked_in="",
    )  # fmt: skip
    ticket = ticket_path(owner, ["decisions"]).rpartition("/")[2]
    forged = Signer(salt="something.else").sign(ticket.rpartition(":")[0])
    return {"news": news.public_id, "saved": saved.public_id, "forged_ticket": forged, "token": TOKEN}


def _platform(house: House) -> dict[str, str]:
    record = tries._record(house)
    miss = Miss.objects.create(
        text=SECRET.lower(), count=1, first_day=house.now.date(), last_day=house.now.date()
    )
    return {
        "source": record.source.code,
        "record": record.public_id,
        "miss": miss.public_id,
        "suspicion": tries._suspicion(house).public_id,
        "erasure": tries._erasure(house).public_id,
        "typed": str(tries._typed(house).pk),
        "succession": tries._succession(house).public_id,
        "job": str(tries._failed_job(house)),
        "disposal": tries._disposal(house).public_id,
        "proposal": tries._proposal(house).public_id,
        "rule": tries_rules._released(house).public_id,
        "own_rule": tries_rules._own(house).public_id,
    }
