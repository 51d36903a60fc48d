"""How each action is tried: what has to be there before, and the act itself.

`TRIES` maps the name of an action, with a case behind a slash where there are several, to an act. Whatever belongs to a
person belongs to the `owner` of the house. An act raises `Refused` where it does nothing for the actor.
"""

import datetime
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django_tasks_db.models import DBTaskResult

from allmende.accounts import actions as accounts
from allmende.catalogue import actions as catalogue
from allmende.catalogue import drafts
from allmende.catalogue.actions import listings, notices
from allmende.catalogue.models import Contact, ErasureProposal, Listing, Notice
from allmende.federation import actions as federation
from allmende.federation.models import RawRecord, Source
from allmende.jobs.actions import enqueue
from allmende.journal.actions import erase_words, record
from allmende.journal.models import Entry
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require
from allmende.lib.workdays import after_working_days
from allmende.notifications import actions as notifications
from allmende.notifications.models import NewsItem
from allmende.operations import actions as operations
from allmende.operations.models import Disposal
from allmende.organisations import actions as organisations
from allmende.organisations.models import EmailDomain, Invitation, JoinRequest
from allmende.regions import actions as regions
from allmende.regions.drafts import InventedRegion, RegisterDraft
from allmende.regions.models import RegionSuccession
from allmende.search import actions as search
from allmende.search.models import Miss
from allmende.search.queries import Question
from allmende.vocabulary import actions as vocabulary
from allmende.vocabulary.drafts import TermDraft
from allmende.vocabulary.models import Term
from tests.catalogue import test_rights_of_offers as offers
from tests.factories.offering import a_solution
from tests.organisations import test_rights as people
from tests.organisations.conftest import TOWN_HALL, Cast
from tests.rights.house import PROGRAM, House, person
from tests.rights.tries_asking import ASKING
from tests.rights.tries_cases import CASES
from tests.rights.tries_needs import NEEDS
from tests.rights.tries_research import RESEARCH
from tests.rights.tries_rules import RULE_TRIES
from tests.rights.tries_together import TOGETHER
from tests.rights.trying import By, Prepare, Try

SECOND = "Reicht als Begründung für diese eine Sache."
WORDS = "Geheimfach: das geht sonst niemanden etwas an."
NOT_ALLOWED = "Dafür fehlt Ihnen die Berechtigung."


@contextmanager
def nothing_but_the_right() -> Any:
    """For acts whose end would cost too much here: whoever gets past the question of the right has done it."""
    try:
        yield
    except Refused as refused:
        if refused.message == NOT_ALLOWED:
            raise


def _done(count: int) -> None:
    """Some actions say how much of one's own they found, and refuse nobody."""
    require(count > 0)


# ------------------------------------------------------------------------------------------------------- accounts


def _session(house: House) -> UserSession:
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store.create()
    return UserSession.objects.create(
        user=house["owner"], session_key=store.session_key, ip="127.0.0.1", user_agent="", data={},
        created_at=house.now, last_seen_at=house.now,
    )  # fmt: skip


def _factor(house: House) -> Authenticator:
    return Authenticator.objects.create(user=house["owner"], type="totp", data={})


ACCOUNTS = {
    "accounts.rename": Try(lambda h, _, by: accounts.rename(h["owner"], "Kim", **by)),
    "accounts.end_session": Try(lambda h, s, by: accounts.end_session(h["owner"], s.pk, **by), _session),
    "accounts.end_sessions": Try(lambda h, _, by: accounts.end_sessions(h["owner"], **by), _session),
    "accounts.reset_second_factor": Try(
        lambda h, _, by: accounts.reset_second_factor(h["owner"], **by), _factor
    ),
    "accounts.hand_out": Try(lambda h, _, by: accounts.hand_out(h["owner"], **by)),
    "accounts.erase": Try(lambda h, _, by: accounts.erase(h["owner"], **by)),
}

# --------------------------------------------------------------------------------------------------- organisations

NAMES = {
    "boss": "administrator", "editor": "owner", "reader": "colleague", "neighbour": "competitor",
    "competitor": "competitor", "stranger": "account", "desk": "editor", "operator": "operator", "second": "second",
}  # fmt: skip


def _place(house: House) -> dict[str, Any]:
    """The place of tests/organisations/test_rights.py, in this house."""
    them = {name: house[ours] for name, ours in NAMES.items()}
    cast = Cast(them, house.town, house.rival, house.rival, house.region, house.free_region)
    waiting = person("waiting", "ahorn.example")
    made = {"proposed_at": house.now, "proposed_by": "person:x", "organisation": house.town}
    return {
        "cast": cast,
        "now": house.now,
        "waiting": waiting,
        "invitation": Invitation.objects.create(
            organisation=house.town, email="x@y.example", roles=["decision_maker"], token_hash="0" * 64,
            invited_by=house["administrator"], invited_at=house.now, expires_at=house.now + timedelta(days=1),
        ),
        "request": JoinRequest.objects.create(organisation=house.town, user=waiting, made_at=house.now),
        "domain": EmailDomain.objects.create(domain="ahorn.example", **made),
        "confirmed": EmailDomain.objects.create(
            domain="sure.example", confirmed_at=house.now, confirmed_by="person:y", **made
        ),
        "claim": organisations.claim_town(
            house.free_region, task="Digitales", by=Actor("person", waiting.public_id), now=house.now
        ),
    }  # fmt: skip


def _of_organisations(case: str) -> Try:
    """An act of tests/organisations/test_rights.py."""

    def prepare(house: House) -> Any:
        place = _place(house)
        return place, people.PREPARED[case](place) if case in people.PREPARED else None

    return Try(lambda h, found, by: people.ACTS[case](found[0], found[1], by), prepare)


def _invitation(house: House) -> Invitation:
    return Invitation.objects.create(
        organisation=house.rival, email=house["owner"].email, roles=["decision_maker"], token_hash="1" * 64,
        invited_by=house["competitor"], invited_at=house.now, expires_at=house.now + timedelta(days=1),
    )  # fmt: skip


def _claim_of(name: str) -> Prepare:
    return lambda house: organisations.claim_town(
        house.free_region, task="Digitales", by=house.actor(name), now=house.now
    )


def _code(house: House) -> Any:
    claim = _claim_of("owner")(house)
    letter = organisations.send_letter(claim, address=TOWN_HALL, domain_fits=False, by=PROGRAM, now=house.now)
    return claim, letter


def _domain(house: House) -> EmailDomain:
    """Of the town, confirmed, and that of whoever has an account and belongs nowhere."""
    return EmailDomain.objects.create(
        organisation=house.town, domain=house["account"].email.partition("@")[2], proposed_at=house.now,
        proposed_by="person:x", confirmed_at=house.now, confirmed_by="person:y",
    )  # fmt: skip


def _proposal(house: House) -> Any:
    return organisations.propose_role(
        "operator_admin", user=house["account"], reason=WORDS, by=house.actor("second"), now=house.now
    )


def _twins(house: House) -> Any:
    """The same company entered twice, and what the editor has proposed."""
    two = [organisations.register(name, kind="sme", by=PROGRAM, now=house.now) for name in ("Eins", "Zwei")]
    return organisations.propose_merge(
        two[0], into=two[1], reason=WORDS, by=house.actor("editor"), now=house.now
    )


def _merged(house: House) -> Any:
    return organisations.confirm_merge(_twins(house), by=PROGRAM, now=house.now)


def _propose_merge(house: House, found: Any, by: By) -> None:
    found.source.refresh_from_db()
    organisations.propose_merge(found.target, into=found.source, reason=WORDS, **by)


def _own_request(house: House) -> JoinRequest:
    return JoinRequest.objects.create(organisation=house.rival, user=house["owner"], made_at=house.now)


ORGANISATIONS = {
    "organisations.absences.report_absence": _of_organisations("report_absence_of_colleague"),
    "organisations.absences.end_absence": _of_organisations("end_absence_of_colleague"),
    "organisations.accreditation.register": _of_organisations("register"),
    "organisations.accreditation.suspend": _of_organisations("suspend"),
    "organisations.accreditation.restore": _of_organisations("restore"),
    "organisations.applying.claim_town": Try(
        lambda h, _, by: organisations.claim_town(h.free_region, task="Digitales", **by)
    ),
    "organisations.applying.take_over": Try(
        lambda h, entry, by: organisations.take_over(entry, people_draft(), **by),
        lambda house: organisations.register("Name", kind="sme", by=PROGRAM, now=house.now),
    ),
    "organisations.claims.note_returned_letter": Try(
        lambda h, found, by: organisations.note_returned_letter(found[0], **by), _code
    ),
    "organisations.applying.apply_for": Try(lambda h, _, by: organisations.apply_for(people_draft(), **by)),
    "organisations.claims.send_letter": _of_organisations("send_letter"),
    "organisations.claims.send_letter/of an editor": Try(
        lambda h, c, by: organisations.send_letter(c, address=TOWN_HALL, domain_fits=False, **by),
        _claim_of("editor"),
    ),
    "organisations.claims.accept_claim": _of_organisations("accept_claim"),
    "organisations.claims.refuse_claim": _of_organisations("refuse_claim"),
    "organisations.claims.refuse_claim/of an editor": Try(
        lambda h, claim, by: organisations.refuse_claim(claim, reason="Nein.", **by), _claim_of("editor")
    ),
    "organisations.claims.withdraw_claim": Try(
        lambda h, claim, by: organisations.withdraw_claim(claim, **by), _claim_of("owner")
    ),
    "organisations.claims.enter_code": Try(
        lambda h, found, by: organisations.enter_code(found[0], found[1], **by), _code
    ),
    "organisations.invitations.invite": _of_organisations("invite"),
    "organisations.invitations.accept_invitation": Try(
        lambda h, invitation, by: organisations.accept_invitation(invitation, **by), _invitation
    ),
    "organisations.invitations.withdraw_invitation": _of_organisations("withdraw_invitation"),
    "organisations.invitations.withdraw_invitation/to oneself": Try(
        lambda h, invitation, by: organisations.withdraw_invitation(invitation, **by), _invitation
    ),
    "organisations.joining.join": Try(
        lambda h, _, by: organisations.join(h.town, task="Digitales", **by), _domain
    ),
    "organisations.joining.accept_request": _of_organisations("accept_request"),
    "organisations.joining.refuse_request": _of_organisations("refuse_request"),
    "organisations.joining.withdraw_request": Try(
        lambda h, request, by: organisations.withdraw_request(request, **by), _own_request
    ),
    "organisations.joining.propose_domain": _of_organisations("propose_domain"),
    "organisations.joining.confirm_domain": _of_organisations("confirm_domain"),
    "organisations.joining.remove_domain": _of_organisations("remove_domain"),
    "organisations.joining.admit": _of_organisations("admit"),
    "organisations.leaving.leave": _of_organisations("end_membership_of_colleague"),
    "organisations.logos.set_logo": _of_organisations("set_logo"),
    "organisations.logos.remove_logo": _of_organisations("remove_logo"),
    "organisations.merging.propose_merge": Try(_propose_merge, _twins),
    "organisations.merging.confirm_merge": Try(
        lambda h, merge, by: organisations.confirm_merge(merge, **by), _twins
    ),
    "organisations.merging.refuse_merge": Try(
        lambda h, merge, by: organisations.refuse_merge(merge, **by), _twins
    ),
    "organisations.merging.undo_merge": Try(
        lambda h, merge, by: organisations.undo_merge(merge, reason=WORDS, **by), _merged
    ),
    "organisations.profiles.save_profile": _of_organisations("save_profile"),
    "organisations.proposals.propose_role": _of_organisations("propose_operator"),
    "organisations.proposals.confirm_proposal": Try(
        lambda h, proposal, by: organisations.confirm_proposal(proposal, **by), _proposal
    ),
    "organisations.proposals.refuse_proposal": Try(
        lambda h, proposal, by: organisations.refuse_proposal(proposal, **by), _proposal
    ),
    "organisations.roles.grant_role/in the organisation": _of_organisations("grant_organisation_role"),
    "organisations.roles.grant_role/its administration": _of_organisations("grant_organisation_admin"),
    "organisations.roles.grant_role/on the platform": _of_organisations("grant_platform_role"),
    "organisations.roles.grant_role/the operator": _of_organisations("grant_operator"),
    "organisations.roles.end_role": _of_organisations("end_role_of_colleague"),
    "organisations.roles.end_role/last administrator": _of_organisations("end_last_administrator"),
}


def people_draft() -> Any:
    from tests.organisations.test_claims import DRAFT

    return DRAFT


# ------------------------------------------------------------------------------------------------------- catalogue


def _stage(house: House) -> offers.Stage:
    return offers.Stage(house.solution, house.other, house.town, {"o": house.actor("owner")}, house.now)


def _of_offers(case: str) -> Try:
    """An act of tests/catalogue/test_rights_of_offers.py."""
    before, act = offers.ACTS[case]

    def prepare(house: House) -> Any:
        stage = _stage(house)
        return stage, before(stage)

    return Try(lambda h, found, by: act(found[0], found[1], by["by"]), prepare)


def _listing(house: House) -> Listing:
    return Listing.objects.filter(solution=house.solution).get()


def _second_listing(house: House) -> Listing:
    origin = catalogue.know_origin("bayern", label="Bayern", kind="harvest", by=PROGRAM, now=house.now)
    Listing.objects.filter(solution=house.other).update(solution=house.solution)
    found = Listing.objects.filter(solution=house.solution).latest("pk")
    found.origin = origin
    found.save()
    return found


def _contact(house: House) -> Contact:
    return Contact.objects.create(listing=_listing(house), name="Kim Beispiel", email="kim@beispiel.example")


def _erasure(house: House) -> ErasureProposal:
    by = house.actor("editor")
    return catalogue.propose_erasure(house.solution, ground="ordered", reason=SECOND, by=by, now=house.now)


def _typed(house: House) -> Entry:
    return record(
        "catalogue.solution_erased",
        subject=house.solution,
        by=PROGRAM,
        now=house.now,
        words={"reason": WORDS},
    )


def _suspicion(house: House) -> Any:
    return catalogue.suspect(house.solution, house.other, reason="Gleich.", by=PROGRAM, now=house.now)


def _merge(house: House) -> Any:
    return catalogue.merge(house.solution, into=house.other, reason="Gleich.", by=PROGRAM, now=house.now)


def _withdrawn(house: House) -> Any:
    catalogue.withdraw(house.solution, reason="Weg.", by=PROGRAM, now=house.now)
    house.solution.refresh_from_db()
    return house.solution


def _use(house: House) -> Any:
    return catalogue.confirm_use(
        house.solution, organisation=house.town, state="pilot", by=house.actor("owner"), now=house.now
    )


def _owned(house: House) -> None:
    made = catalogue.claim(
        house.solution, organisation=house.town, evidence=SECOND, by=house.actor("owner"), now=house.now
    )
    catalogue.grant_claim(made, by=PROGRAM, now=house.now)


def _missing(house: House) -> Any:
    return catalogue.name_missing(
        house.town, name=WORDS, purpose=WORDS, by=house.actor("owner"), now=house.now
    )


def _notice(house: House) -> Notice:
    """About an offer of the town."""
    offer = _stage(house).offer()
    draft = drafts.NoticeDraft(reason="wrong", what=SECOND)
    return notices.report(draft, subject=offer, by=Actor.anonymous(), now=house.now)


def _hearing(house: House) -> Notice:
    until = after_working_days(house.now.date(), 10)
    return notices.open_hearing(_notice(house), until=until, by=PROGRAM, now=house.now)


DECIDED = {"outcome": "rejected", "facts": SECOND, "basis": SECOND, "rationale": SECOND}


def _decided(house: House) -> Notice:
    return notices.decide(_notice(house), **DECIDED, by=PROGRAM, now=house.now)


def _appealed(house: House) -> Notice:
    return notices.appeal(_decided(house), side="party", text=SECOND, by=house.actor("owner"), now=house.now)


def _notice_contact(house: House) -> Any:
    draft = drafts.NoticeDraft(reason="wrong", what=SECOND, email="kim@beispiel.example")
    notice = notices.report(draft, subject=house.solution, by=Actor.anonymous(), now=house.now)
    return notice.contacts.get()


CATALOGUE = {
    "catalogue.checking.accept": _of_offers("accept"),
    "catalogue.checking.return_copy": _of_offers("return_copy"),
    "catalogue.checking.publish_change": _of_offers("publish_change"),
    "catalogue.claims.claim": Try(
        lambda h, _, by: catalogue.claim(h.solution, organisation=h.town, evidence=SECOND, **by)
    ),
    "catalogue.claims.grant_claim": _of_offers("grant_claim"),
    "catalogue.claims.refuse_claim": _of_offers("refuse_claim"),
    "catalogue.claims.end_claim": _of_offers("end_claim"),
    "catalogue.documents.add_document": _of_offers("add_document"),
    "catalogue.documents.prepare_document": _of_offers("prepare_document"),
    "catalogue.documents.remove_document": _of_offers("remove_document"),
    "catalogue.erasing.erase": Try(lambda h, _, by: catalogue.erase(h.solution, reason="Urteil", **by)),
    "catalogue.erasing.erase_contact": Try(
        lambda h, contact, by: catalogue.erase_contact(contact, reason="Art. 17 DSGVO", **by), _contact
    ),
    "catalogue.erasure_proposals.propose_erasure": Try(
        lambda h, _, by: catalogue.propose_erasure(h.solution, ground="ordered", reason=SECOND, **by)
    ),
    "catalogue.erasure_proposals.carry_out_erasure": Try(
        lambda h, found, by: catalogue.carry_out_erasure(found, **by), _erasure
    ),
    "catalogue.erasure_proposals.refuse_erasure": Try(
        lambda h, found, by: catalogue.refuse_erasure(found, reason=SECOND, **by), _erasure
    ),
    "catalogue.erasure_proposals.take_back_erasure": Try(
        lambda h, found, by: catalogue.take_back_erasure(found, **by), _erasure
    ),
    "journal.erase_words": Try(lambda h, entry, by: erase_words(entry, "reason", **by), _typed),
    "catalogue.giving_up.withdraw_own_entry": Try(
        lambda h, _, by: catalogue.withdraw_own_entry(h.solution, organisation=h.town, reason=SECOND, **by),
        _owned,
    ),
    "catalogue.identity.suspect": Try(
        lambda h, _, by: catalogue.suspect(h.solution, h.other, reason="Gleich.", **by)
    ),
    "catalogue.identity.decide_distinct": Try(
        lambda h, suspicion, by: catalogue.decide_distinct(suspicion, **by), _suspicion
    ),
    "catalogue.identity.merge": Try(
        lambda h, _, by: catalogue.merge(h.solution, into=h.other, reason="Gleich.", **by)
    ),
    "catalogue.identity.undo_merge": Try(lambda h, merge, by: catalogue.undo_merge(merge, **by), _merge),
    "catalogue.later_edits.acknowledge": _of_offers("acknowledge"),
    "catalogue.later_edits.ask_about": _of_offers("ask_about"),
    "catalogue.later_edits.answer": _of_offers("answer"),
    "catalogue.listings.mark_missing": Try(
        lambda h, listing, by: listings.mark_missing([listing], **by), _listing
    ),
    "catalogue.listings.mark_seen": Try(lambda h, listing, by: listings.mark_seen([listing], **by), _listing),
    "catalogue.listings.withdraw_listing": Try(
        lambda h, listing, by: listings.withdraw_listing(listing, **by), _second_listing
    ),
    "catalogue.notices.report": Try(
        lambda h, _, by: notices.report(
            drafts.NoticeDraft(reason="wrong", what=SECOND), subject=h.solution, **by
        )
    ),
    "catalogue.notices.hide_at_once": Try(
        lambda h, notice, by: notices.hide_at_once(notice, reason=SECOND, **by), _notice
    ),
    "catalogue.notices.open_hearing": Try(
        lambda h, notice, by: notices.open_hearing(notice, until=after_working_days(h.now.date(), 10), **by),
        _notice,
    ),
    "catalogue.notices.give_statement": Try(
        lambda h, notice, by: notices.give_statement(notice, text=SECOND, **by), _hearing
    ),
    "catalogue.notices.give_statement/with the link": Try(
        lambda h, notice, by: notices.give_statement(notice, text=SECOND, has_link=True, **by), _hearing
    ),
    "catalogue.notices.decide": Try(lambda h, notice, by: notices.decide(notice, **DECIDED, **by), _notice),
    "catalogue.notices.appeal": Try(
        lambda h, notice, by: notices.appeal(notice, side="party", text=SECOND, **by), _decided
    ),
    "catalogue.notices.appeal/for the other side": Try(
        lambda h, notice, by: notices.appeal(notice, side="reporter", text=SECOND, **by), _decided
    ),
    "catalogue.notices.decide_appeal": Try(
        lambda h, notice, by: notices.decide_appeal(notice, outcome="rejected", rationale=SECOND, **by),
        _appealed,
    ),
    "catalogue.notices.forget_contact": Try(
        lambda h, contact, by: notices.forget_contact(contact, **by), _notice_contact
    ),
    "catalogue.offers.publish_offer": _of_offers("publish_offer"),
    "catalogue.offers.change_offer": _of_offers("change_offer"),
    "catalogue.offers.withdraw_offer": _of_offers("withdraw_offer"),
    "catalogue.origins.know_origin": Try(
        lambda h, _, by: catalogue.know_origin("neu", label="Neu", kind="harvest", **by)
    ),
    "catalogue.receiving.receive": Try(
        lambda h, _, by: catalogue.receive(
            a_solution(),
            origin=_listing(h).origin,
            key="neu.yml",
            **by,
        )
    ),
    "catalogue.renewing.renew_offer": _of_offers("renew_offer"),
    "catalogue.solutions.withdraw": Try(lambda h, _, by: catalogue.withdraw(h.solution, reason="Weg.", **by)),
    "catalogue.solutions.restore": Try(lambda h, gone, by: catalogue.restore(gone, **by), _withdrawn),
    "catalogue.uses.confirm_use": Try(
        lambda h, _, by: catalogue.confirm_use(h.solution, organisation=h.town, state="pilot", **by)
    ),
    "catalogue.uses.end_use": Try(
        lambda h, use, by: catalogue.end_use(use, ended_on=h.now.date(), **by), _use
    ),
    "catalogue.missing.name_missing": Try(
        lambda h, _, by: catalogue.name_missing(h.town, name="Neu", purpose=SECOND, **by)
    ),
    "catalogue.missing.name_missing/with its use": Try(
        lambda h, _, by: catalogue.name_missing(h.town, name="Neu", purpose=SECOND, use_state="pilot", **by)
    ),
    "catalogue.missing.take_back_missing": Try(
        lambda h, missing, by: catalogue.take_back_missing(missing, **by), _missing
    ),
    "catalogue.missing.enter_missing": Try(
        lambda h, missing, by: catalogue.enter_missing(missing, a_solution(name="Neu"), **by), _missing
    ),
    "catalogue.missing.attach_missing": Try(
        lambda h, missing, by: catalogue.attach_missing(missing, solution=h.other, **by), _missing
    ),
    "catalogue.missing.decline_missing": Try(
        lambda h, missing, by: catalogue.decline_missing(missing, reason="Nein.", **by), _missing
    ),
    "catalogue.working_copies.begin_new_solution": _of_offers("begin_new_solution"),
    "catalogue.working_copies.begin_offer": _of_offers("begin_offer"),
    "catalogue.working_copies.begin_change": _of_offers("begin_change"),
    "catalogue.working_copies.begin_solution_change": _of_offers("begin_solution_change"),
    "catalogue.working_copies.save": _of_offers("save"),
    "catalogue.working_copies.submit": _of_offers("submit"),
    "catalogue.working_copies.take_back": _of_offers("take_back"),
    "catalogue.working_copies.drop": _of_offers("drop"),
}

# --------------------------------------------------------------------------- federation, regions, search, vocabulary


def _source(house: House) -> Source:
    return federation.add_source(
        "musterland", name="Musterland", kind="directory", location="/nirgendwo", format="publiccode",
        by=PROGRAM, now=house.now,
    )  # fmt: skip


def _record(house: House, **more: Any) -> RawRecord:
    made = {
        "source": _source(house), "key": "a.yml", "digest": "0" * 64, "size": 1, "content": b"x", "reader": "x",
        "decision": "quarantine", "first_seen_at": house.now, "reasons": ["Die Lizenz fehlt."], "changed_at": house.now,
    }  # fmt: skip
    return RawRecord.objects.create(**made | more)


def _term(house: House) -> Term:
    return Term.objects.filter(scheme__code="field_of_action").order_by("pk")[0]


OWN_TERM = TermDraft(code="eigenes", label="Eigenes", definition="Ein eigener Begriff.")


def _own_term(house: House) -> Term:
    return vocabulary.add_term(OWN_TERM, scheme="field_of_action", by=PROGRAM, now=house.now)


def _own_word(house: House) -> Term:
    term = _term(house)
    vocabulary.add_word(term, word="Eigenwort", by=PROGRAM, now=house.now)
    return term


def _succession(house: House) -> RegionSuccession:
    return RegionSuccession.objects.create(
        predecessor=house.gone_region, successor=house.free_region, origin="person", reason="Gesetz"
    )


def _register(house: House) -> RegisterDraft:
    return RegisterDraft(
        as_of=house.now.date(), source="gv100ad", digest="0" * 64, attribution="", regions=()
    )


def _import(house: House, draft: RegisterDraft, by: By) -> None:
    with nothing_but_the_right():
        regions.import_register(draft, dry_run=True, **by)


def _miss(house: House, **more: Any) -> Miss:
    day = house.now.date()
    return Miss.objects.create(text="einhorn", count=1, first_day=day, last_day=day, **more)


def _accept_missing(house: House, record: RawRecord, by: By) -> None:
    with nothing_but_the_right():
        federation.accept_missing(record.source, **by)


PLACE = InventedRegion(key="99001009", name="Neudorf", type_code="64", parent_key="99001", population=1)
DATA = {
    "federation.erasing.confirm_erasure": Try(
        lambda h, found, by: federation.confirm_erasure(found, **by), _erasure
    ),
    "federation.erasing.erase_everywhere": Try(
        lambda h, _, by: federation.erase_everywhere(h.solution, reason="Urteil", **by)
    ),
    "federation.looking.look_at": Try(
        lambda h, row, by: federation.look_at(row, note="Gesehen.", **by), _record
    ),
    "federation.running.run": Try(lambda h, source, by: federation.run(source, **by), _source),
    "federation.running.accept_missing": Try(_accept_missing, _record),
    "federation.trying.request_trial": Try(
        lambda h, source, by: federation.request_trial(source, **by), _source
    ),
    "federation.sources.add_source": Try(
        lambda h, _, by: federation.add_source(
            "neu",
            name="Neu",
            kind="file",
            location="https://code.example.org/p.yml",
            format="publiccode",
            **by,
        )
    ),
    "federation.sources.change_source": Try(
        lambda h, source, by: federation.change_source(
            source,
            kind="file",
            location="https://code.example.org/q.yml",
            format="publiccode",
            profile={},
            every_hours=None,
            **by,
        ),
        _source,
    ),
    "federation.sources.pause_source": Try(
        lambda h, source, by: federation.pause_source(source, **by), _source
    ),
    "federation.sources.resume_source": Try(
        lambda h, source, by: federation.resume_source(source, **by), _source
    ),
    "federation.sources.request_run": Try(
        lambda h, source, by: federation.request_run(source, **by), _source
    ),
    "regions.importing.import_register": Try(_import, _register),
    "regions.inventing.add_invented": Try(lambda h, _, by: regions.add_invented([PLACE], **by)),
    "regions.successions.confirm_succession": Try(
        lambda h, found, by: regions.confirm_succession(found, **by), _succession
    ),
    "regions.successions.reject_succession": Try(
        lambda h, found, by: regions.reject_succession(found, **by), _succession
    ),
    "regions.successions.propose_succession": Try(
        lambda h, _, by: regions.propose_succession(h.gone_region, h.free_region, reason="Gesetz", **by)
    ),
    "regions.types.set_size_class": Try(
        lambda h, _, by: regions.set_size_class(h.region, size_class=30, **by)
    ),
    "search.misses.settle": Try(
        lambda h, miss, by: search.settle(miss, outcome="not_ours", because=SECOND, **by), _miss
    ),
    "search.misses.reopen": Try(
        lambda h, miss, by: search.reopen(miss, **by), lambda h: _miss(h, state="not_ours", because=SECOND)
    ),
    "vocabulary.load": Try(lambda h, _, by: vocabulary.load(**by)),
    "vocabulary.add_term": Try(
        lambda h, _, by: vocabulary.add_term(OWN_TERM, scheme="field_of_action", **by)
    ),
    "vocabulary.end_term": Try(
        lambda h, _, by: vocabulary.end_term("field_of_action", "eigenes", **by), _own_term
    ),
    "vocabulary.add_word": Try(lambda h, term, by: vocabulary.add_word(term, word="Eigenwort", **by), _term),
    "vocabulary.remove_word": Try(
        lambda h, term, by: vocabulary.remove_word(term, word="Eigenwort", **by), _own_word
    ),
}

# ---------------------------------------------------------------------------------------- notifications, operations


def _news(house: House) -> NewsItem:
    return NewsItem.objects.create(
        user=house["owner"], kind="x", category="decisions", subject_type="offer", at=house.now,
        noted_at=house.now, rate="never",
    )  # fmt: skip


def _saved(house: House) -> Any:
    return notifications.save_search(
        house["owner"], title="Melder", address="/suche?q=melder", question=Question(text="melder"), rate="daily",
        by=house.actor("owner"), now=house.now,
    )  # fmt: skip


def _save_search(house: House, _: None, by: By) -> None:
    notifications.save_search(
        house["owner"], title="Melder", address="/suche?q=melder", question=Question(text="melder"),
        rate="daily", **by,
    )  # fmt: skip


def _failed_job(house: House) -> UUID:
    enqueue("allmende.jobs.tasks.tidy")
    row = DBTaskResult.objects.latest("enqueued_at")
    DBTaskResult.objects.filter(pk=row.pk).update(status="FAILED", finished_at=house.now)
    return row.pk


def _disposal(house: House) -> Disposal:
    """A notice that was closed long ago: the archive is asked before it goes."""
    long_ago = house.now - timedelta(days=4 * 365)
    Notice.objects.create(
        subject_type="solution", subject_id="abc", subject_name="x", reason="wrong", what="x", state="closed",
        received_at=long_ago, decided_at=long_ago, decided_by="x", outcome="rejected", rationale="x",
        closed_at=long_ago, closed_by="x",
    )  # fmt: skip
    operations.note_due(by=PROGRAM, now=house.now)
    return Disposal.objects.get()


def _offered(house: House) -> Disposal:
    return operations.offer(_disposal(house), by=house.actor("second"), now=house.now)


def _back_up(house: House, _: None, by: By) -> None:
    with nothing_but_the_right():
        operations.back_up(Path("/nirgendwo/sicherung.tar"), **by)


def _restore(house: House, _: None, by: By) -> None:
    with nothing_but_the_right():
        operations.restore(Path("/nirgendwo/sicherung.tar"), **by)


def _later(house: House) -> datetime.date:
    return house.now.date() + timedelta(days=90)


REST = {
    "notifications.preferring.prefer": Try(
        lambda h, _, by: notifications.prefer(h["owner"], {"decisions": "never"}, **by)
    ),
    "notifications.reading.read": Try(lambda h, item, by: _done(notifications.read(item, **by)), _news),
    "notifications.reading.read_all": Try(lambda h, _, by: _done(notifications.read_all(**by)), _news),
    "notifications.searching.save_search": Try(_save_search),
    "notifications.searching.change_search": Try(
        lambda h, saved, by: notifications.change_search(saved, rate="never", **by), _saved
    ),
    "notifications.searching.drop_search": Try(
        lambda h, saved, by: notifications.drop_search(saved, **by), _saved
    ),
    "operations.backups.back_up": Try(_back_up),
    "operations.backups.restore": Try(_restore),
    "operations.disposals.block": Try(
        lambda h, found, by: operations.block(found, until=_later(h), reason="Prozess", **by), _disposal
    ),
    "operations.disposals.offer": Try(lambda h, found, by: operations.offer(found, **by), _disposal),
    "operations.disposals.erase": Try(
        lambda h, found, by: operations.erase(found, reason="Archiv verzichtet", **by), _offered
    ),
    "operations.jobs.retry_job": Try(lambda h, job, by: operations.retry_job(job, **by), _failed_job),
    "operations.jobs.drop_job": Try(lambda h, job, by: operations.drop_job(job, **by), _failed_job),
}

TRIES: dict[str, Try] = (
    ACCOUNTS
    | ORGANISATIONS
    | CATALOGUE
    | DATA
    | REST
    | NEEDS
    | TOGETHER
    | RULE_TRIES
    | CASES
    | ASKING
    | RESEARCH
)
