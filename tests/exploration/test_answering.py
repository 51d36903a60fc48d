"""A company answers: by its people or by a link, until the deadline and not a second longer, and sees only its own."""

from datetime import timedelta

import pytest

from allmende.exploration.actions import answering, asking, sharing
from allmende.exploration.answer_values import Given
from allmende.exploration.models import Answer, Inquiry
from allmende.exploration.queries import answering as company
from allmende.exploration.queries.asking import answers_of, counts
from allmende.lib.actors import Actor
from allmende.lib.refusals import OutOfDate, Refused
from allmende.mail.models import Letter
from allmende.organisations.actions import suspend
from tests.exploration.cast import Cast, letters_to, token_in
from tests.exploration.hall import PROGRAM

NOBODY = Actor.anonymous()
YES = "Gibt es ein Muster für den Vertrag?"
MONEY = "Was kostet es im Jahr?"
PLACE = "Wo liegen die Daten?"
MORE = "Was ist sonst wichtig?"


@pytest.fixture
def cast(sent_cast: Cast) -> Cast:
    return sent_cast


def told(cast: Cast, **more: Given) -> dict[str, Given]:
    return {cast.question(YES): Given("ja"), cast.question(MONEY): Given("1.200,00 €"), **more}


def answer(cast: Cast, name: str = "company", *, at=None, given=None, **more):
    inquiry = more.pop("inquiry", None) or cast.inquiry("Beispiel GmbH")
    return answering.hand_in(
        inquiry,
        given if given is not None else told(cast),
        lock_version=more.pop("lock_version", inquiry.lock_version),
        by=NOBODY if "token" in more else cast.actor(name),
        now=at or cast.now + timedelta(hours=1),
        **more,
    )


def values(cast: Cast, name: str = "Beispiel GmbH") -> dict[str, object]:
    return {each.question.text: each.value for each in Answer.objects.filter(inquiry=cast.inquiry(name))}


# ---------------------------------------------------------------------------------------------------------- answering


def test_an_answer_is_kept_by_its_kind_and_no_answer_is_no_no(cast: Cast) -> None:
    answer(cast, given=told(cast) | {cast.question(PLACE): Given("in Deutschland", "Rechenzentrum", True)})
    assert values(cast) == {YES: True, MONEY: "1200.00", PLACE: "in Deutschland", MORE: None}
    kept = Answer.objects.get(question__text=PLACE)
    assert (kept.remark, kept.is_confidential) == ("Rechenzentrum", True)
    inquiry = cast.inquiry("Beispiel GmbH")
    assert (inquiry.state, inquiry.answered_by) == ("answered", cast.actor("company").id)


def test_what_cannot_be_read_is_named_question_by_question_and_nothing_is_kept(cast: Cast) -> None:
    wrong = {cast.question(MONEY): Given("viel"), cast.question(PLACE): Given("auf dem Mond")}
    with pytest.raises(answering.Unanswered) as refusal:
        answer(cast, given=wrong)
    assert refusal.value.faults == {
        cast.question(
            YES
        ): "Beantworten Sie diese Frage, oder schreiben Sie in die Erläuterung, warum Sie nichts angeben.",
        cast.question(MONEY): "Geben Sie einen Betrag ein, zum Beispiel 1.200,00.",
        cast.question(PLACE): "Wählen Sie eine der Antworten aus.",
    }
    assert refusal.value.message == "3 Antworten fehlen oder sind unklar."
    assert not Answer.objects.exists()


def test_a_required_question_may_stay_open_with_a_reason(cast: Cast) -> None:
    answer(cast, given={cast.question(YES): Given("", "Das Muster entsteht gerade.")})
    assert values(cast)[YES] is None


def test_the_moment_of_the_deadline_counts_and_the_second_after_does_not(cast: Cast) -> None:
    answer(cast, at=cast.deadline)
    later = cast.deadline + timedelta(seconds=1)
    with pytest.raises(
        answering.TooLate, match=r"Die Frist ist vorbei\. Ihre Antworten sind nicht angekommen"
    ):
        answer(cast, "rival", at=later, inquiry=cast.inquiry("Konkurrenz AG"))
    assert cast.inquiry("Konkurrenz AG").state == "sent"
    assert company.why_closed(cast.fresh(), later).startswith("Die Frist ist vorbei.")


def test_answers_may_be_changed_until_the_deadline(cast: Cast) -> None:
    answer(cast)
    answer(cast, given={cast.question(YES): Given("nein")}, at=cast.deadline)
    assert values(cast) == {YES: False, MONEY: None, PLACE: None, MORE: None}


def test_a_longer_deadline_is_for_all_and_opens_what_was_closed(cast: Cast) -> None:
    late = cast.deadline + timedelta(seconds=1)
    assert asking.remind_and_close(by=PROGRAM, now=late) == (0, 1)
    assert {each.state for each in Inquiry.objects.all()} == {"silent"}
    more = cast.deadline + timedelta(days=7)
    asking.extend_deadline(
        cast.fresh(), deadline=more, reason="Ein Ausfall.", by=cast.actor("lead"), now=late
    )
    assert {each.state for each in Inquiry.objects.all()} == {"sent"}
    assert Letter.objects.filter(kind="exploration.deadline").count() == 4
    answer(cast, at=more)
    (deviation,) = cast.hall.case.deviations.all()
    assert deviation.what == (
        "Die Antwortfrist wurde für alle verlängert: von Montag, 14.12.2026, 12:00 Uhr auf Montag, 21.12.2026, "
        "12:00 Uhr."
    )


def test_a_shorter_deadline_and_one_without_a_reason_are_refused(cast: Cast) -> None:
    for deadline, reason in (
        (cast.deadline - timedelta(days=1), "Eile."),
        (cast.deadline + timedelta(days=1), " "),
    ):
        with pytest.raises(Refused):
            asking.extend_deadline(cast.fresh(), deadline=deadline, reason=reason, **cast.by())


def test_nothing_is_handed_in_once_the_case_is_stopped(cast: Cast) -> None:
    cast.hall.case.__class__.objects.filter(pk=cast.hall.case.pk).update(
        state="stopped", stopped_reason="Kein Geld.", ended_at=cast.now
    )
    with pytest.raises(answering.TooLate, match="Diese Markterkundung ist beendet"):
        answer(cast)


# --------------------------------------------------------------------------------------------------------- two people


def test_what_is_typed_is_kept_and_the_town_does_not_see_it(cast: Cast) -> None:
    inquiry = cast.inquiry("Beispiel GmbH")
    typed = {cast.question(MONEY): Given("unge"), "fremd": Given("x")}
    saved = answering.save_draft(inquiry, typed, lock_version=0, page="a", **cast.by("company"))
    assert saved.draft == {cast.question(MONEY): {"typed": "unge", "remark": "", "confidential": False}}
    assert (saved.state, answers_of(cast.questionnaire)) == ("opened", {})
    line = company.view_of(cast.inquiry("Beispiel GmbH"), cast.actor("company"), cast.now).lines[1]
    assert (line.given, line.was_sent) == (Given("unge"), False)


def test_the_second_of_two_people_is_told_and_whoever_saves_again_is_not(cast: Cast) -> None:
    inquiry = cast.inquiry("Beispiel GmbH")
    answering.save_draft(inquiry, {}, lock_version=0, page="a", **cast.by("company"))
    with pytest.raises(OutOfDate):
        answering.save_draft(inquiry, {}, lock_version=0, page="b", **cast.by("second"))
    answering.save_draft(inquiry, {}, lock_version=0, page="a", **cast.by("company"))
    with pytest.raises(OutOfDate):
        answer(cast, "second", lock_version=0)
    answer(cast, "second")


# ------------------------------------------------------------------------------------------------------ personal links


def test_a_personal_link_answers_without_an_account(cast: Cast) -> None:
    inquiry = cast.inquiry("Dorfsoftware Krause")
    token = token_in(letters_to(inquiry)[0])
    assert company.inquiry_by_token(token) == inquiry
    answer(cast, inquiry=inquiry, token=token, size_class="small")
    done = cast.inquiry("Dorfsoftware Krause")
    assert (done.state, done.answered_by, done.size_class) == ("answered", "link", "small")


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "\x00", "ä" * 43, "x" * 1_000_000, "\ud800"])
def test_a_token_that_is_none_opens_nothing(cast: Cast, token: str) -> None:
    assert company.inquiry_by_token(token) is None
    with pytest.raises(Refused, match="Diese Anfrage ging nicht an Sie"):
        answer(cast, inquiry=cast.inquiry("Dorfsoftware Krause"), token=token)


def test_a_link_of_one_company_opens_no_other(cast: Cast) -> None:
    token = token_in(letters_to(cast.inquiry("Dorfsoftware Krause"))[0])
    with pytest.raises(Refused, match="ging nicht an Sie"):
        answer(cast, inquiry=cast.inquiry("Konkurrenz AG"), token=token)


def test_looking_at_a_link_changes_nothing(cast: Cast) -> None:
    token = token_in(letters_to(cast.inquiry("Dorfsoftware Krause"))[0])
    before = list(Inquiry.objects.values())
    found = company.inquiry_by_token(token)
    assert found is not None
    company.view_of(found, NOBODY, cast.now)
    assert list(Inquiry.objects.values()) == before
    answering.open_inquiry(found, token=token, by=NOBODY, now=cast.now)
    assert cast.inquiry("Dorfsoftware Krause").state == "opened"


def test_a_corrected_address_gets_the_same_words_and_the_old_link_ends(cast: Cast) -> None:
    inquiry = cast.inquiry("Dorfsoftware Krause")
    (old,) = letters_to(inquiry)
    asking.correct_address(inquiry, email="neu@krause.example", **cast.by())
    (new,) = letters_to(inquiry, "again")
    assert (new.to, company.inquiry_by_token(token_in(old))) == ("neu@krause.example", None)
    assert new.text.replace(token_in(new), "") == old.text.replace(token_in(old), "")
    assert company.inquiry_by_token(token_in(new)) == inquiry


def test_each_later_letter_carries_a_link_that_works(cast: Cast) -> None:
    inquiry = cast.inquiry("Dorfsoftware Krause")
    sharing.tell_all(cast.questionnaire, text="Die Sitzung ist verschoben.", **cast.by())
    tokens = [token_in(letters_to(inquiry, kind)[0]) for kind in ("asking", "news")]
    assert len(set(tokens)) == 2
    assert [company.inquiry_by_token(each) for each in tokens] == [inquiry, inquiry]


# ------------------------------------------------------------------------------------------------------- who sees what


@pytest.mark.parametrize("name", ["lead", "buyer", "neighbour", "desk", "stranger", "anonymous"])
def test_only_the_company_reads_its_inquiry(cast: Cast, name: str) -> None:
    inquiry = cast.inquiry("Beispiel GmbH")
    assert company.inquiry_for(cast.actor(name), inquiry.public_id) is None
    assert company.inbox(cast.actor(name)) == []
    with pytest.raises(Refused, match="ging nicht an Sie"):
        answer(cast, name)


def test_a_provider_sees_nothing_of_others_their_answers_or_how_many_there_are(cast: Cast) -> None:
    """Case 12 of the domain: nobody but the town sees another provider's confidential answer."""
    secret = {cast.question(MORE): Given("Streng geheim: 42", "Nur für die Kommune", True)}
    answer(cast, given=told(cast) | secret)
    outside = cast.inquiry("Dorfsoftware Krause")
    token = token_in(letters_to(outside)[0])
    answering.ask_back(
        outside, text="Wir von Dorfsoftware Krause fragen: bis wann?", token=token, by=NOBODY, now=cast.now
    )
    question = cast.questionnaire.asked_back.get()
    sharing.answer_question(question, shared_text="Bis wann?", answer="Bis Mai.", **cast.by())

    rival = company.inbox(cast.actor("rival"))
    assert [each.company_name for each in rival] == ["Konkurrenz AG"]
    view = company.view_of(rival[0], cast.actor("rival"), cast.now)
    assert [(each.given, each.sent) for each in view.lines] == [(Given(), "")] * 4
    assert [(each.shared_text, each.answer) for each in view.shared] == [("Bis wann?", "Bis Mai.")]
    assert view.own_open == []
    seen = repr([(each.shared_text, each.answer) for each in view.shared]) + repr(view.lines) + view.town
    assert not any(word in seen for word in ("geheim", "Krause", "Beispiel GmbH"))
    # The town reads all of it.
    assert len(answers_of(cast.questionnaire)[cast.inquiry("Beispiel GmbH").pk]) == 4


def test_an_answer_for_all_does_not_name_who_asked(cast: Cast) -> None:
    answering.ask_back(cast.inquiry("Beispiel GmbH"), text="Wie viele?", **cast.by("company"))
    question = cast.questionnaire.asked_back.get()
    with pytest.raises(Refused, match="Im Text steht der Name des Unternehmens"):
        sharing.answer_question(question, shared_text="Die beispiel  GmbH fragt", answer="Ja.", **cast.by())
    sharing.answer_question(question, shared_text="Wie viele?", answer="6.000.", **cast.by())
    texts = {letter.text.split("\n\n")[2:4][0] for letter in Letter.objects.filter(kind="exploration.news")}
    assert texts == {"Frage: Wie viele?"}
    assert Letter.objects.filter(kind="exploration.news").count() == 4


def test_questions_end_before_answers_do(cast: Cast) -> None:
    until = cast.fresh().questions_until
    assert until is not None
    answering.ask_back(cast.inquiry("Beispiel GmbH"), text="Jetzt?", by=cast.actor("company"), now=until)
    with pytest.raises(Refused, match="Die Frist für Fragen ist vorbei"):
        late = until + timedelta(seconds=1)
        answering.ask_back(cast.inquiry("Beispiel GmbH"), text="Jetzt?", by=cast.actor("company"), now=late)


def test_a_suspended_company_reads_and_answers_nothing(cast: Cast) -> None:
    suspend(cast.hall.company, reason="Prüfung", by=PROGRAM, now=cast.now)
    assert company.inbox(cast.actor("company")) == []
    with pytest.raises(Refused, match="ging nicht an Sie"):
        answer(cast)


# --------------------------------------------------------------------------------------------- how it goes on and ends


def test_a_company_declines_with_a_reason_and_may_answer_after_all(cast: Cast) -> None:
    inquiry = cast.inquiry("Beispiel GmbH")
    with pytest.raises(Refused, match="warum Sie nicht antworten"):
        answering.decline(inquiry, reason="  ", **cast.by("company"))
    answering.decline(inquiry, reason="Keine Zeit.", **cast.by("company"))
    assert cast.inquiry("Beispiel GmbH").state == "declined"
    answer(cast)
    done = cast.inquiry("Beispiel GmbH")
    assert (done.state, done.declined_reason) == ("answered", "")


def test_those_who_are_silent_are_reminded_once_with_the_same_words(cast: Cast) -> None:
    answer(cast)
    early = cast.deadline - timedelta(days=6)
    assert asking.remind_and_close(by=PROGRAM, now=early) == (0, 0)
    near = cast.deadline - timedelta(days=4)
    assert [asking.remind_and_close(by=PROGRAM, now=near) for _ in range(2)] == [(1, 0), (0, 0)]
    sent_to = Letter.objects.filter(kind="exploration.reminder").order_by("to")
    assert [each.to for each in sent_to] == ["post@krause.example", "rita@firma.example"]
    assert len({each.text.split("\n\n")[1] for each in sent_to}) == 1


def test_silence_is_noted_after_the_deadline_and_counted_by_size(cast: Cast) -> None:
    answer(cast)
    answering.decline(cast.inquiry("Konkurrenz AG"), reason="Nein.", **cast.by("rival"))
    assert asking.remind_and_close(by=PROGRAM, now=cast.deadline) == (1, 0)
    assert asking.remind_and_close(by=PROGRAM, now=cast.deadline + timedelta(seconds=1)) == (0, 1)
    assert cast.inquiry("Dorfsoftware Krause").state == "silent"
    assert [
        (each.label, each.asked, each.answered, each.declined, each.silent) for each in counts(cast.hall.case)
    ] == [
        ("Kleinstunternehmen", 1, 0, 0, 1),
        ("Großes Unternehmen", 1, 0, 1, 0),
        ("Größe nicht bekannt", 1, 1, 0, 0),
    ]


def test_thanks_go_to_all_in_one_act_with_their_own_result_and_no_name_of_others(cast: Cast) -> None:
    answer(cast)
    case = cast.hall.case
    with pytest.raises(Refused, match="Die Frist läuft noch"):
        sharing.thank_all(cast.questionnaire, **cast.by())
    end = cast.deadline + timedelta(seconds=1)
    asking.remind_and_close(by=PROGRAM, now=end)
    case.candidates.filter(company_name="Konkurrenz AG").update(
        state="dropped", reason="too_expensive", reason_text="Viel teurer als die Beispiel GmbH."
    )
    lead = {"by": cast.actor("lead"), "now": end}
    assert sharing.thank_all(cast.questionnaire, words="Bis bald.", **lead) == 3
    (rival,) = letters_to(cast.inquiry("Konkurrenz AG"), "thanks")
    assert rival.text.split("\n\n")[1:5] == [
        "Ahorn hat die Antworten der Markterkundung ausgewertet und dankt Ihnen.",
        "Ihre Lösung steht nicht mehr auf der kurzen Liste.",
        "Der Grund: Zu teuer.",
        "Bis bald.",
    ]
    others = ("Beispiel GmbH", "Krause", "teurer")
    assert not any(word in rival.text for word in others)
    with pytest.raises(Refused, match="Sie haben schon allen gedankt"):
        sharing.thank_all(cast.questionnaire, **lead)


def test_thanks_wait_until_every_candidate_is_decided(cast: Cast) -> None:
    end = cast.deadline + timedelta(seconds=1)
    asking.remind_and_close(by=PROGRAM, now=end)
    cast.hall.case.candidates.filter(company_name="Konkurrenz AG").update(state="open")
    with pytest.raises(Refused, match="noch nicht über alle entschieden"):
        sharing.thank_all(cast.questionnaire, by=cast.actor("lead"), now=end)
