"""Notice and correct: from a stranger's word to the last decision, with everybody heard who has to be."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from allmende.accounts.models import User
from allmende.catalogue import notice_links, notice_personal
from allmende.catalogue.actions.notices import (
    HIDDEN,
    appeal,
    close_settled,
    confirm_address,
    decide,
    decide_appeal,
    due,
    forget_contact,
    forget_old,
    give_statement,
    hide_at_once,
    open_hearing,
    report,
)
from allmende.catalogue.drafts import NoticeDraft
from allmende.catalogue.models import EntryClaim, Notice, NoticeContact, Offer, Solution
from allmende.catalogue.models.notices import OUTCOMES, REASONS, SUBJECTS
from allmende.catalogue.queries.notices import (
    CONTACTS_KEPT,
    is_hidden,
    notice_for_party,
    notices,
    notices_about,
    reportable,
    to_decide,
)
from allmende.catalogue.states import NOTICE
from allmende.catalogue.tasks import settle_notices
from allmende.journal.queries import history
from allmende.lib.actors import Actor
from allmende.lib.refusals import OutOfDate, Refused
from allmende.lib.workdays import after_working_days
from allmende.mail.models import Letter
from allmende.organisations.queries import actor_for
from tests.factories.market import Market, open_market
from tests.factories.people import somebody

pytestmark = pytest.mark.django_db

STRANGER = Actor.anonymous()
WHAT = "Der Preis im Angebot ist seit einem Jahr doppelt so hoch."
REASONED = {
    "facts": "Auf der Seite des Anbieters steht ein anderer Preis.",
    "basis": "Nutzungsbedingungen Nr. 4: Angaben müssen stimmen.",
    "rationale": "Der Preis im Eintrag führt andere in die Irre.",
}

NEW_TITLE = {"title": "Als Dienst, Preis auf Anfrage"}


@pytest.fixture
def market(db: None, settings: Any, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Market:
    settings.DEMO = True
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    return open_market(now)


@pytest.fixture
def offer(market: Market) -> Offer:
    return Offer.objects.get(solution=market.melder)


@pytest.fixture
def editor(now: datetime) -> Actor:
    return actor_for(somebody("catalogue_editor", now=now))


@pytest.fixture
def second(now: datetime) -> Actor:
    return actor_for(somebody("catalogue_editor", now=now))


@pytest.fixture
def provider_user(market: Market, now: datetime) -> User:
    return somebody("provider_editor", market.provider, now=now)


@pytest.fixture
def provider(provider_user: User) -> Actor:
    return actor_for(provider_user)


@pytest.fixture
def competitor(market: Market, now: datetime) -> Actor:
    return actor_for(somebody("provider_editor", market.town, now=now))


def draft(**changed: Any) -> NoticeDraft:
    return NoticeDraft(**{"reason": "wrong", "what": WHAT, **changed})


@pytest.fixture
def notice(offer: Offer, provider: Actor, now: datetime) -> Notice:
    """About the offer, by somebody whose address is confirmed."""
    made = report(draft(email="kim@stadt.example"), subject=offer, by=STRANGER, now=now)
    confirm_address(made, now=now)
    Letter.objects.all().delete()
    return made


@pytest.fixture
def about_entry(market: Market, now: datetime) -> Notice:
    """About a harvested entry that belongs to nobody here."""
    return report(draft(), subject=market.raum, by=STRANGER, now=now)


def usual(now: datetime) -> date:
    return after_working_days(now.date(), 10)


def heard(notice: Notice, editor: Actor, now: datetime) -> Notice:
    return open_hearing(notice, until=usual(now), by=editor, now=now)


def after_hearing(now: datetime) -> datetime:
    return now + timedelta(days=20)


def decided(notice: Notice, editor: Actor, now: datetime, outcome: str = "withdrawn") -> Notice:
    heard(notice, editor, now)
    return decide(notice, outcome=outcome, **REASONED, changes=NEW_TITLE, by=editor, now=after_hearing(now))


def letters(to: str = "") -> list[str]:
    found = Letter.objects.order_by("pk")
    return list((found.filter(to=to) if to else found).values_list("subject", flat=True))


def kinds(notice: Notice) -> list[str]:
    return [entry.kind.removeprefix("catalogue.notice_") for entry in history("notice", notice.public_id)][
        ::-1
    ]


# ------------------------------------------------------------------------------------------------------- reporting


def test_anybody_can_report_without_a_word_about_themselves(offer: Offer, now: datetime) -> None:
    made = report(draft(source="https://anbieter.example/preise"), subject=offer, by=STRANGER, now=now)
    assert (made.state, made.subject_type, made.subject_id, made.subject_name) == (
        "open", "offer", offer.public_id, "Als Dienst",
    )  # fmt: skip
    assert made.number == f"M-{made.public_id}"
    assert due(made) == date(2026, 11, 30)
    assert (letters(), NoticeContact.objects.count()) == ([], 0)
    (entry,) = history("notice", made.public_id)
    assert (entry.actor_kind, entry.actor_id) == ("anonymous", "")


@pytest.mark.parametrize("what", ["", "  ", "Falsch.", "x" * 4001])
def test_a_report_says_in_whole_sentences_what_is_wrong(offer: Offer, now: datetime, what: str) -> None:
    with pytest.raises(Refused, match="Was nicht stimmt"):
        report(draft(what=what), subject=offer, by=STRANGER, now=now)
    assert Notice.objects.count() == 0


def test_a_report_has_one_of_the_written_reasons(offer: Offer, now: datetime) -> None:
    with pytest.raises(Refused, match="Wählen Sie, worum es geht"):
        report(draft(reason="other"), subject=offer, by=STRANGER, now=now)


def test_an_address_nobody_can_write_to_is_refused_and_nothing_is_kept(offer: Offer, now: datetime) -> None:
    with pytest.raises(Refused):
        report(draft(email="kim at stadt"), subject=offer, by=STRANGER, now=now)
    assert Notice.objects.count() == 0


def test_an_unconfirmed_address_gets_one_letter_that_quotes_nothing(offer: Offer, now: datetime) -> None:
    """Nobody can have us send their words to others."""
    made = report(
        draft(email="kim@stadt.example", name="Kaufen Sie Uhren", what="Kaufen Sie Uhren bei uhren.example!"),
        subject=offer, by=STRANGER, now=now,
    )  # fmt: skip
    letter = Letter.objects.get()
    assert letter.to == "kim@stadt.example"
    assert "Uhren" not in letter.text + letter.subject
    assert notice_links.confirm_page(made, "kim@stadt.example") in letter.text
    assert notice_links.reporter_page(made) not in letter.text


def test_once_confirmed_the_number_and_the_day_are_told_and_only_once(offer: Offer, now: datetime) -> None:
    made = report(draft(email="kim@stadt.example"), subject=offer, by=STRANGER, now=now)
    confirm_address(made, now=now)
    confirm_address(made, now=now)
    subject, text = Letter.objects.order_by("pk").values_list("subject", "text").last() or ("", "")
    assert subject == f"Ihre Meldung ist eingegangen ({made.number})"
    assert "bis zum 30.11.2026" in text
    assert notice_links.reporter_page(made) in text
    assert len(letters()) == 2


def test_somebody_who_is_signed_in_has_confirmed_that_address_already(offer: Offer, now: datetime) -> None:
    user = somebody("municipality_editor", offer.supplier, now=now)
    report(
        draft(email=user.email.upper(), confirmed_email=user.email), subject=offer, by=actor_for(user), now=now
    )  # fmt: skip
    assert [each.partition(" (")[0] for each in letters()] == ["Ihre Meldung ist eingegangen"]
    contact = NoticeContact.objects.get()
    assert (contact.account, contact.confirmed_at) == (user.public_id, now)


def test_what_is_not_public_cannot_be_reported(
    market: Market, offer: Offer, editor: Actor, now: datetime
) -> None:
    Offer.objects.filter(pk=offer.pk).update(state="withdrawn", withdrawal_reason="x", withdrawn_at=now)
    Solution.objects.filter(pk=market.raum.pk).update(state="draft")
    assert reportable("offer", offer.public_id) is None
    assert reportable("solution", market.raum.public_id) is None
    assert reportable("solution", market.melder.public_id) == market.melder
    assert reportable("organisation", market.provider.public_id) == market.provider
    assert reportable("use", market.provider.public_id) is None


# ------------------------------------------------------------------------------------------------------- the hearing


def test_the_side_concerned_is_asked_by_letter_with_a_link_and_a_day(
    notice: Notice, editor: Actor, provider_user: User, now: datetime
) -> None:
    made = open_hearing(notice, until=usual(now), question="Stimmt der Preis noch?", by=editor, now=now)
    assert (made.state, made.heard_until, made.heard_by) == ("hearing", date(2026, 12, 7), editor.id)
    letter = Letter.objects.get()
    assert (letter.to, letter.kind) == (provider_user.email, "catalogue.notice_party")
    assert "antworten Sie bis zum 07.12.2026" in letter.text
    assert "Stimmt der Preis noch?" in letter.text
    assert notice_links.party_page(notice) in letter.text
    assert "kim@stadt.example" not in letter.text
    assert notice_links.reporter_page(notice) not in letter.text


@pytest.mark.parametrize("days", [0, 4, 41, 200])
def test_a_hearing_lasts_long_enough_and_not_for_ever(
    notice: Notice, editor: Actor, now: datetime, days: int
) -> None:
    with pytest.raises(Refused, match=r"zwischen dem 30\.11\.2026 und dem"):
        open_hearing(notice, until=after_working_days(now.date(), days), by=editor, now=now)


@pytest.mark.parametrize("days", [5, 10, 40])
def test_a_day_within_the_bounds_is_taken(notice: Notice, editor: Actor, now: datetime, days: int) -> None:
    until = after_working_days(now.date(), days)
    assert open_hearing(notice, until=until, by=editor, now=now).heard_until == until


def test_where_nobody_is_known_an_address_has_to_be_named(
    about_entry: Notice, editor: Actor, now: datetime
) -> None:
    with pytest.raises(Refused, match="kennen wir niemanden"):
        heard(about_entry, editor, now)
    open_hearing(about_entry, until=usual(now), also=["info@projekt.example"], by=editor, now=now)
    assert Letter.objects.get().to == "info@projekt.example"


def test_the_owner_of_an_entry_is_heard_once_the_entry_is_theirs(
    market: Market, about_entry: Notice, provider_user: User, editor: Actor, now: datetime
) -> None:
    EntryClaim.objects.create(
        solution=market.raum, organisation=market.provider, state="granted", evidence="Wir haben sie gemacht.",
        claimed_at=now, claimed_by="x", decided_at=now, decided_by="y",
    )  # fmt: skip
    heard(about_entry, editor, now)
    assert letters() == [f"Bitte nehmen Sie Stellung bis zum 07.12.2026 ({about_entry.number})"]
    assert Letter.objects.get().to == provider_user.email


def test_the_side_concerned_answers_with_its_account(
    notice: Notice, editor: Actor, provider: Actor, competitor: Actor, now: datetime
) -> None:
    heard(notice, editor, now)
    for other in (competitor, STRANGER, editor):
        with pytest.raises(Refused, match="Berechtigung"):
            give_statement(notice, text="Der Preis stimmt so, wie er da steht.", by=other, now=now)
    made = give_statement(notice, text="Der Preis stimmt so, wie er da steht.", by=provider, now=now)
    assert (made.state, made.stated_by) == ("answered", provider.id)
    entry = history("notice", notice.public_id)[0]
    assert (entry.kind, entry.organisation) == (
        "catalogue.notice_answered", Offer.objects.get(public_id=notice.subject_id).supplier.public_id,
    )  # fmt: skip


def test_with_the_link_no_account_is_needed_and_a_second_word_is_added(
    notice: Notice, editor: Actor, now: datetime
) -> None:
    heard(notice, editor, now)
    give_statement(notice, text="Der Preis stimmt so, wie er da steht.", by=STRANGER, now=now, has_link=True)
    heard(notice, editor, now)  # one more question
    made = give_statement(
        notice, text="Noch etwas: Wir senken ihn bald.", by=STRANGER, now=now, has_link=True
    )
    assert made.statement == "Der Preis stimmt so, wie er da steht.\n\nNoch etwas: Wir senken ihn bald."


@pytest.mark.parametrize("stage", ["open", "decided"])
def test_nobody_answers_before_being_asked_or_after_the_decision(
    notice: Notice, editor: Actor, provider: Actor, now: datetime, stage: str
) -> None:
    if stage == "decided":
        decided(notice, editor, now)
    with pytest.raises(Refused, match="schon entschieden, oder es fragt noch niemand"):
        give_statement(notice, text="Der Preis stimmt so, wie er da steht.", by=provider, now=now)


# ------------------------------------------------------------------------------------------------------- the decision


@pytest.mark.parametrize("outcome", ["corrected", "withdrawn"])
def test_nobody_loses_an_entry_unheard(notice: Notice, editor: Actor, now: datetime, outcome: str) -> None:
    with pytest.raises(Refused, match="Hören Sie zuerst die betroffene Seite"):
        decide(notice, outcome=outcome, **REASONED, changes=NEW_TITLE, by=editor, now=now)
    heard(notice, editor, now)
    with pytest.raises(Refused, match=r"läuft noch bis zum 07\.12\.2026"):
        decide(
            notice, outcome=outcome, **REASONED, by=editor, now=datetime(2026, 12, 7, 20, tzinfo=now.tzinfo)
        )
    made = decide(
        notice, outcome=outcome, **REASONED, changes=NEW_TITLE, by=editor,
        now=datetime(2026, 12, 8, 9, tzinfo=now.tzinfo),
    )  # fmt: skip
    assert (made.state, made.outcome, made.decided_by) == ("decided", outcome, editor.id)


def test_an_answer_ends_the_waiting(notice: Notice, editor: Actor, provider: Actor, now: datetime) -> None:
    heard(notice, editor, now)
    give_statement(notice, text="Sie haben recht, nehmen Sie es heraus.", by=provider, now=now)
    assert decide(notice, outcome="withdrawn", **REASONED, by=editor, now=now).state == "decided"


def test_what_changes_nothing_for_anybody_needs_no_hearing(
    notice: Notice, editor: Actor, now: datetime
) -> None:
    decide(notice, outcome="rejected", **REASONED, by=editor, now=now)
    assert [each.to for each in Letter.objects.all()] == ["kim@stadt.example"]  # the other side never knew


def test_where_there_is_nobody_to_hear_the_desk_decides_at_once(
    about_entry: Notice, market: Market, editor: Actor, now: datetime
) -> None:
    decide(about_entry, outcome="withdrawn", **REASONED, by=editor, now=now)
    market.raum.refresh_from_db()
    assert (market.raum.state, market.raum.withdrawal_reason) == (
        "withdrawn", f"Nach einem Hinweis ({about_entry.number}): {REASONED['rationale']}",
    )  # fmt: skip


@pytest.mark.parametrize("missing", ["facts", "basis", "rationale"])
def test_a_decision_has_facts_a_basis_and_reasons(
    about_entry: Notice, editor: Actor, now: datetime, missing: str
) -> None:
    with pytest.raises(Refused, match="Schreiben Sie bei"):
        decide(about_entry, outcome="withdrawn", **{**REASONED, missing: " "}, by=editor, now=now)
    about_entry.refresh_from_db()
    assert about_entry.state == "open"


def test_a_decision_is_one_of_three(about_entry: Notice, editor: Actor, now: datetime) -> None:
    with pytest.raises(Refused, match="Wählen Sie, wie Sie entscheiden"):
        decide(about_entry, outcome="deleted", **REASONED, by=editor, now=now)


def test_both_sides_read_the_same_reasons_and_how_to_appeal(
    notice: Notice, editor: Actor, provider_user: User, now: datetime
) -> None:
    decided(notice, editor, now)
    told = Letter.objects.filter(subject__startswith="Wir haben entschieden").order_by("to")
    assert [each.to for each in told] == sorted(["kim@stadt.example", provider_user.email])
    for each in told:
        for words in REASONED.values():
            assert words in each.text
        assert "Entschieden hat ein Mensch, kein Programm." in each.text
        assert "bis zum 13.01.2027" in each.text
        assert "Ihre Rechte vor Gericht" in each.text


def test_withdrawing_takes_the_offer_away_and_leaves_the_solution(
    notice: Notice, offer: Offer, editor: Actor, now: datetime
) -> None:
    decided(notice, editor, now)
    offer.refresh_from_db()
    assert (offer.state, offer.solution.state) == ("withdrawn", "published")


def test_an_organisations_page_is_neither_hidden_nor_withdrawn_by_a_notice(
    market: Market, editor: Actor, now: datetime
) -> None:
    made = report(draft(), subject=market.other_provider, by=STRANGER, now=now)
    with pytest.raises(Refused, match="lässt sich nicht ausblenden"):
        hide_at_once(made, reason="Steht unter Verdacht, gefälscht zu sein.", by=editor, now=now)
    open_hearing(made, until=usual(now), also=["info@amt.example"], by=editor, now=now)
    with pytest.raises(Refused, match="lässt sich nicht zurückziehen"):
        decide(made, outcome="withdrawn", **REASONED, by=editor, now=after_hearing(now))
    corrected = {"outcome": "corrected", **REASONED, "by": editor, "now": after_hearing(now)}
    with pytest.raises(Refused, match="Noch ist nichts berichtigt"):
        decide(made, **corrected)
    done = decide(made, **corrected, changes={"page": "Die Anschrift ist aktuell."})
    assert done.corrections == [
        {"label": "Seite der Organisation", "old": "", "new": "Die Anschrift ist aktuell."}
    ]


# ------------------------------------------------------------------------------------------------------ hiding at once


REASON = "Der Eintrag nennt eine Privatanschrift. Jeder Tag länger schadet."


def test_what_does_harm_is_hidden_at_once_and_the_side_concerned_is_told(
    notice: Notice, offer: Offer, editor: Actor, provider_user: User, now: datetime
) -> None:
    hide_at_once(notice, reason=REASON, by=editor, now=now)
    offer.refresh_from_db()
    assert (offer.state, offer.withdrawal_reason) == ("withdrawn", HIDDEN)
    assert is_hidden("offer", offer.public_id)
    letter = Letter.objects.get()
    assert (letter.to, REASON in letter.text) == (provider_user.email, True)
    assert notice_links.party_page(notice) in letter.text


def test_hiding_needs_a_reason_happens_once_and_before_the_decision(
    notice: Notice, editor: Actor, now: datetime
) -> None:
    with pytest.raises(Refused, match="Grund"):
        hide_at_once(notice, reason="weg", by=editor, now=now)
    hide_at_once(notice, reason=REASON, by=editor, now=now)
    with pytest.raises(Refused, match="nur einmal"):
        hide_at_once(notice, reason=REASON, by=editor, now=now)
    decided(notice, editor, now)
    notice.refresh_from_db()
    with pytest.raises(Refused, match="noch nicht entschieden"):
        hide_at_once(notice, reason=REASON, by=editor, now=now)


def test_hiding_does_not_replace_the_hearing(notice: Notice, editor: Actor, now: datetime) -> None:
    hide_at_once(notice, reason=REASON, by=editor, now=now)
    with pytest.raises(Refused, match="Hören Sie zuerst"):
        decide(notice, outcome="withdrawn", **REASONED, by=editor, now=now)


@pytest.mark.parametrize(
    ("outcome", "state"), [("rejected", "published"), ("corrected", "published"), ("withdrawn", "withdrawn")]
)
@pytest.mark.parametrize("about", ["offer", "solution"])
def test_what_was_hidden_comes_back_unless_it_is_withdrawn(
    market: Market, offer: Offer, editor: Actor, now: datetime, outcome: str, state: str, about: str
) -> None:
    subject = offer if about == "offer" else market.raum
    made = report(draft(), subject=subject, by=STRANGER, now=now)
    hide_at_once(made, reason=REASON, by=editor, now=now)
    open_hearing(made, until=usual(now), also=["info@projekt.example"], by=editor, now=now)
    changes = NEW_TITLE if about == "offer" else {"name": "Raumbuchung neu"}
    decide(made, outcome=outcome, **REASONED, changes=changes, by=editor, now=after_hearing(now))
    subject.refresh_from_db()
    assert subject.state == state
    assert is_hidden(about, subject.public_id) == (outcome == "withdrawn")


def test_an_entry_that_somebody_has_restored_meanwhile_stays(
    market: Market, about_entry: Notice, editor: Actor, now: datetime
) -> None:
    from allmende.catalogue.actions import restore

    hide_at_once(about_entry, reason=REASON, by=editor, now=now)
    restore(market.raum, by=editor, now=now)
    decide(about_entry, outcome="rejected", **REASONED, by=editor, now=now)
    market.raum.refresh_from_db()
    assert market.raum.state == "published"


# ------------------------------------------------------------------------------------------------------------ appeals


OBJECTION = "Die Quelle, auf die Sie sich stützen, ist von 2019."


def test_either_side_may_appeal_once_within_a_month(
    notice: Notice, editor: Actor, provider: Actor, now: datetime
) -> None:
    made = decided(notice, editor, now)
    assert made.appeal_until == date(2027, 1, 13)
    made = appeal(notice, side="party", text=OBJECTION, by=provider, now=after_hearing(now))
    assert (made.state, made.appeal_side, made.appeal_by) == ("appealed", "party", provider.id)
    with pytest.raises(Refused, match="schon Einspruch eingelegt"):
        appeal(notice, side="reporter", text=OBJECTION, by=STRANGER, now=after_hearing(now), has_link=True)


def test_after_a_month_it_is_too_late(notice: Notice, editor: Actor, provider: Actor, now: datetime) -> None:
    decided(notice, editor, now)
    on_time, late = datetime(2027, 1, 13, 20, tzinfo=now.tzinfo), datetime(2027, 1, 14, 8, tzinfo=now.tzinfo)
    with pytest.raises(Refused, match=r"am 13\.01\.2027 abgelaufen"):
        appeal(notice, side="party", text=OBJECTION, by=provider, now=late)
    assert appeal(notice, side="party", text=OBJECTION, by=provider, now=on_time).state == "appealed"


def test_nobody_else_may_appeal_and_not_before_the_decision(
    notice: Notice, editor: Actor, provider: Actor, competitor: Actor, now: datetime
) -> None:
    with pytest.raises(Refused):
        appeal(notice, side="party", text=OBJECTION, by=provider, now=now)
    decided(notice, editor, now)
    for actor, side in ((competitor, "party"), (STRANGER, "party"), (provider, "reporter")):
        with pytest.raises(Refused, match="Berechtigung"):
            appeal(notice, side=side, text=OBJECTION, by=actor, now=after_hearing(now))


def test_another_person_decides_about_the_appeal_and_it_ends_there(
    notice: Notice, offer: Offer, editor: Actor, second: Actor, provider: Actor, now: datetime
) -> None:
    decided(notice, editor, now)
    appeal(notice, side="party", text=OBJECTION, by=provider, now=after_hearing(now))
    later = after_hearing(now) + timedelta(days=2)
    said = {"outcome": "rejected", "rationale": "Die neuere Quelle bestätigt den Preis."}
    with pytest.raises(Refused, match="entscheidet eine andere Person"):
        decide_appeal(notice, **said, by=editor, now=later)
    made = decide_appeal(notice, **said, by=second, now=later)
    assert (made.state, made.holds, made.closed_by) == ("closed", "rejected", second.id)
    offer.refresh_from_db()
    assert offer.state == "published"  # withdrawn by the first decision, back by the second
    assert kinds(notice) == ["received", "hearing", "decided", "appealed", "closed"]
    ends = Letter.objects.filter(subject__startswith="Über den Einspruch ist entschieden")
    assert ends.count() == 2
    with pytest.raises(Refused, match="keinen offenen Einspruch"):
        decide_appeal(notice, **said, by=second, now=later)


def test_an_appeal_against_doing_nothing_may_end_in_withdrawing(
    notice: Notice, offer: Offer, editor: Actor, second: Actor, provider_user: User, now: datetime
) -> None:
    decided(notice, editor, now, outcome="rejected")
    appeal(notice, side="reporter", text=OBJECTION, by=STRANGER, now=after_hearing(now), has_link=True)
    decide_appeal(
        notice,
        outcome="withdrawn",
        rationale=REASONED["rationale"],
        basis=REASONED["basis"],
        by=second,
        now=after_hearing(now),
    )
    offer.refresh_from_db()
    assert offer.state == "withdrawn"
    assert f"Über den Einspruch ist entschieden ({notice.number})" in letters(provider_user.email)


def test_the_database_itself_keeps_the_second_person(notice: Notice, editor: Actor, now: datetime) -> None:
    decided(notice, editor, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.filter(pk=notice.pk).update(
            final_outcome="rejected", final_rationale="x", closed_by=editor.id, state="closed"
        )


def test_what_nobody_appeals_against_is_closed_by_the_daily_job(
    notice: Notice, editor: Actor, now: datetime
) -> None:
    decided(notice, editor, now)
    program = Actor.program("catalogue")
    assert close_settled(by=program, now=datetime(2027, 1, 13, 20, tzinfo=now.tzinfo)) == 0
    assert close_settled(by=program, now=datetime(2027, 1, 14, 8, tzinfo=now.tzinfo)) == 1
    notice.refresh_from_db()
    assert (notice.state, notice.holds) == ("closed", "withdrawn")
    settle_notices.func()


# -------------------------------------------------------------------------------------------------- who may, who sees


def test_nobody_handles_what_they_have_reported_or_what_concerns_their_own_house(
    market: Market, offer: Offer, provider_user: User, editor: Actor, now: datetime
) -> None:
    from allmende.organisations.actions import grant_role

    grant_role("catalogue_editor", user=provider_user, organisation=None, by=Actor.program("setup"), now=now)
    both = actor_for(provider_user)
    theirs = report(draft(), subject=offer, by=STRANGER, now=now)
    own = report(draft(), subject=market.raum, by=editor, now=now)
    for made, actor in ((theirs, both), (own, editor)):
        for act in _acts(made, actor, now):
            with pytest.raises(Refused, match="bearbeitet jemand anderes"):
                act()


@pytest.mark.parametrize("who", ["stranger", "provider", "competitor"])
def test_only_the_staff_handles_notices(
    notice: Notice, provider: Actor, competitor: Actor, now: datetime, who: str
) -> None:
    actor = {"stranger": STRANGER, "provider": provider, "competitor": competitor}[who]
    for act in _acts(notice, actor, now):
        with pytest.raises(Refused):
            act()
    notice.refresh_from_db()
    assert (notice.state, notice.lock_version) == ("open", 0)


def _acts(notice: Notice, by: Actor, now: datetime) -> list[Callable[[], object]]:
    return [
        lambda: hide_at_once(notice, reason=REASON, by=by, now=now),
        lambda: open_hearing(notice, until=usual(now), by=by, now=now),
        lambda: decide(notice, outcome="rejected", **REASONED, by=by, now=now),
        lambda: decide_appeal(notice, outcome="rejected", rationale=WHAT, by=by, now=now),
    ]


def test_two_of_the_staff_at_once_and_the_second_is_told(
    about_entry: Notice, editor: Actor, second: Actor, now: datetime
) -> None:
    seen = about_entry.lock_version
    hide_at_once(about_entry, reason=REASON, by=editor, now=now, lock_version=seen)
    for act in (
        lambda: decide(about_entry, outcome="rejected", **REASONED, by=second, now=now, lock_version=seen),
        lambda: hide_at_once(about_entry, reason=REASON, by=second, now=now, lock_version=seen),
    ):
        with pytest.raises(OutOfDate):
            act()


def test_the_queue_holds_what_waits_for_the_staff_the_longest_waiting_first(
    market: Market, offer: Offer, editor: Actor, second: Actor, provider: Actor, now: datetime
) -> None:
    later = report(draft(), subject=market.melder, by=STRANGER, now=now + timedelta(hours=1))
    first = report(draft(), subject=offer, by=STRANGER, now=now)
    assert to_decide(editor, now) == [first, later]
    heard(first, editor, now)
    assert to_decide(editor, now) == [later]
    assert to_decide(editor, after_hearing(now)) == [first, later]  # nobody answered in time
    decide(first, outcome="withdrawn", **REASONED, by=editor, now=after_hearing(now))
    appeal(first, side="party", text=OBJECTION, by=provider, now=after_hearing(now))
    assert to_decide(editor, after_hearing(now)) == [later]
    assert to_decide(second, after_hearing(now)) == [first, later]
    assert to_decide(provider, now) == []
    assert list(notices(provider)) == []


def test_the_side_concerned_sees_a_notice_once_it_is_told_of_it(
    notice: Notice, editor: Actor, provider: Actor, competitor: Actor, now: datetime
) -> None:
    assert notice_for_party(provider, notice.public_id) is None
    assert list(notices_about(provider)) == []
    heard(notice, editor, now)
    assert notice_for_party(provider, notice.public_id) == notice
    assert list(notices_about(provider)) == [notice]
    for other in (competitor, STRANGER, editor):
        assert notice_for_party(other, notice.public_id) is None
        assert list(notices_about(other)) == []
    assert notice_for_party(provider, "0000000000") is None


# --------------------------------------------------------------------------------------------------------- the links


def test_each_link_opens_one_page_and_no_other(notice: Notice, about_entry: Notice) -> None:
    keys = {
        (use, each.public_id): notice_links.key(each, use)
        for use in ("reporter", "party")
        for each in (notice, about_entry)
    }
    keys["confirm", notice.public_id] = notice_links.key(notice, "confirm", address="a@b.example")
    assert len(set(keys.values())) == 5
    for (use, public_id), given_key in keys.items():
        for each in (notice, about_entry):
            for wanted in ("reporter", "party"):
                assert notice_links.fits(given_key, each, wanted) == (
                    (use, public_id) == (wanted, each.public_id)
                )
    assert notice_links.fits(keys["confirm", notice.public_id], notice, "confirm", address="A@b.example")
    assert not notice_links.fits(keys["confirm", notice.public_id], notice, "confirm", address="c@b.example")


@given(st.text(max_size=50))
def test_no_other_text_opens_a_page(text: str) -> None:
    made = Notice(public_id="abc0123456")
    assert not notice_links.fits(text, made, "reporter")


# ------------------------------------------------------------------------------------------------------------ erasing


def test_contacts_are_erased_on_request_and_the_notice_goes_on_in_silence(
    notice: Notice, editor: Actor, now: datetime
) -> None:
    forget_contact(NoticeContact.objects.get(), by=STRANGER, now=now, has_link=True)
    assert kinds(notice)[-1] == "contact_erased"
    decide(notice, outcome="rejected", **REASONED, by=editor, now=now)
    assert letters() == []
    with pytest.raises(Refused, match="schon gelöscht"):
        confirm_address(notice, now=now)


def test_what_was_written_to_a_contact_goes_with_it(
    offer: Offer, provider: Actor, editor: Actor, now: datetime
) -> None:
    for email in ("kim@stadt.example", "andere@stadt.example"):
        report(draft(email=email), subject=offer, by=STRANGER, now=now)
    about = Notice.objects.order_by("pk").first()
    assert about is not None
    assert Letter.objects.filter(to="kim@stadt.example", state="queued").count() == 1
    forget_contact(about.contacts.get(), by=STRANGER, now=now, has_link=True)
    assert list(Letter.objects.values_list("to", flat=True)) == ["andere@stadt.example"]


def test_contacts_vanish_half_a_year_after_the_end(notice: Notice, editor: Actor, now: datetime) -> None:
    decided(notice, editor, now)
    closed = now + timedelta(days=90)
    close_settled(by=Actor.program("catalogue"), now=closed)
    assert forget_old(by=Actor.program("catalogue"), now=closed + CONTACTS_KEPT) == 0
    assert forget_old(by=Actor.program("catalogue"), now=closed + CONTACTS_KEPT + timedelta(seconds=1)) == 1
    assert NoticeContact.objects.count() == 0


def test_no_row_of_the_journal_names_anybody(
    notice: Notice, editor: Actor, second: Actor, provider: Actor, now: datetime
) -> None:
    decided(notice, editor, now)
    appeal(notice, side="reporter", text=OBJECTION, by=STRANGER, now=after_hearing(now), has_link=True)
    decide_appeal(notice, outcome="withdrawn", rationale=WHAT, by=second, now=after_hearing(now))
    for entry in history("notice", notice.public_id):
        assert "kim@stadt.example" not in str(entry.data)
        assert WHAT not in str(entry.data)


def test_whoever_reported_with_an_account_takes_it_along_and_is_forgotten_with_it(
    market: Market, provider_user: User, now: datetime
) -> None:
    made = report(draft(), subject=market.raum, by=actor_for(provider_user), now=now)
    (part,) = notice_personal.export(provider_user)
    assert [(row["Nummer"], row["Was nicht stimmt"]) for row in part.rows] == [(made.number, WHAT)]
    with transaction.atomic():
        notice_personal.erase(provider_user, by=Actor.program("accounts"), now=now)
    assert [each.rows for each in notice_personal.export(provider_user)] == [[]]
    assert Notice.objects.get().what == WHAT


def test_whoever_reported_without_signing_in_is_forgotten_with_the_account_of_that_address(
    market: Market, provider_user: User, now: datetime
) -> None:
    report(draft(email=provider_user.email.upper()), subject=market.raum, by=STRANGER, now=now)
    others = report(draft(email="kim@stadt.example"), subject=market.raum, by=STRANGER, now=now)
    with transaction.atomic():
        notice_personal.erase(provider_user, by=Actor.program("accounts"), now=now)
    assert {each.notice for each in NoticeContact.objects.all()} == {others}


# ---------------------------------------------------------------------------------------------------------- the table


@given(
    st.lists(st.sampled_from(["hearing", "answered", "decided", "appealed", "closed", "open"]), max_size=12)
)
def test_whatever_is_tried_in_whatever_order_a_notice_only_moves_forward(moves: list[str]) -> None:
    state, decisions = "open", 0
    for move in moves:
        if NOTICE.can_become(state, move):
            state = move
            decisions += move == "decided"
    assert decisions <= 1
    assert NOTICE.moves["closed"] == frozenset()


def test_the_written_lists_are_those_that_pages_and_handbook_know() -> None:
    assert [code for code, _ in SUBJECTS] == ["solution", "offer", "organisation"]
    assert [code for code, _ in REASONS] == ["wrong", "personal", "rights", "unlawful"]
    assert [code for code, _ in OUTCOMES] == ["corrected", "withdrawn", "rejected"]
