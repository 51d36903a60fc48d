"""From a first word to a published offer: prepared, submitted, returned, published, given up."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from allmende.catalogue.actions import (
    accept,
    begin_change,
    begin_new_solution,
    begin_offer,
    begin_solution_change,
    change_offer,
    claim,
    drop,
    grant_claim,
    publish_change,
    receive,
    renew_offer,
    return_copy,
    save,
    submit,
    take_back,
    withdraw,
    withdraw_offer,
)
from allmende.catalogue.contents import Content, read
from allmende.catalogue.drafts import ContactDraft, OfferDraft
from allmende.catalogue.models import EntryClaim, LaterEdit, Listing, Offer, Solution, WorkingCopy
from allmende.catalogue.queries import copies_of, copies_to_check, copy_for, owner_of, sheet
from allmende.journal.queries import history
from allmende.lib.actors import Actor
from allmende.lib.refusals import OutOfDate, Refused
from allmende.organisations.models import Organisation
from tests.factories.offering import (
    a_solution,
    an_offer,
    filled,
    fresh,
    published_offer,
    submitted_offer,
    submitted_solution,
)

HARVEST = Actor.program("harvest")


@pytest.fixture
def editor(provider, member_of):
    return member_of("provider_editor", provider)


@pytest.fixture
def colleague(provider, member_of):
    return member_of("organisation_admin", provider)


@pytest.fixture
def desk(member_of):
    return member_of("catalogue_editor")


def kinds(copy):
    return [
        entry.kind.removeprefix("catalogue.working_copy_")
        for entry in history("working_copy", copy.public_id)
    ]


def test_an_offer_for_a_known_solution_goes_through_the_desk(solution, provider, editor, desk, now):
    copy = submitted_offer(solution, provider, by=editor, now=now)
    assert [each.pk for each in copies_to_check(desk)] == [copy.pk]
    assert Offer.objects.count() == 0

    done = accept(copy, lock_version=copy.lock_version, by=desk, now=now)

    offer = Offer.objects.get()
    assert (offer.title, offer.state, offer.solution, offer.supplier) == (
        "Betrieb im Land", "published", solution, provider,
    )  # fmt: skip
    assert offer.contact.email == "angebot@beispiel.example"
    assert (done.state, done.offer, done.decided_by) == ("accepted", offer, desk.id)
    assert kinds(copy) == ["accepted", "submitted", "begun"]
    assert list(copies_to_check(desk)) == []


def test_a_new_solution_is_its_owners_from_the_start(vocabulary, provider, editor, desk, now):
    copy = submitted_solution(provider, by=editor, now=now)
    assert Solution.objects.count() == 0

    accept(copy, lock_version=copy.lock_version, by=desk, now=now)

    solution = Solution.objects.get()
    assert (solution.name, solution.state) == ("Baumkataster Beispiel", "published")
    assert owner_of(solution) == provider
    listing = Listing.objects.select_related("origin").get()
    assert (listing.origin.code, listing.origin.kind, listing.origin.rank) == (
        f"eigen-{provider.public_id}", "owner", 10,
    )  # fmt: skip
    assert [offer.title for offer in solution.offers.all()] == ["Betrieb im Land"]


def test_what_is_begun_twice_is_one(solution, provider, editor, colleague, now):
    first = begin_offer(solution, organisation=provider, by=editor, now=now)
    assert begin_offer(solution, organisation=provider, by=colleague, now=now) == first
    assert kinds(first) == ["begun"]


def test_two_companies_prepare_offers_for_the_same_solution(
    solution, provider, competitor, editor, member_of, now
):
    theirs = member_of("provider_editor", competitor)
    mine = begin_offer(solution, organisation=provider, by=editor, now=now)
    other = begin_offer(solution, organisation=competitor, by=theirs, now=now)
    assert mine != other
    assert [each.pk for each in copies_of(editor)] == [mine.pk]
    assert copy_for(editor, other.public_id) is None


def test_the_database_keeps_a_second_copy_of_the_same_out(solution, provider, editor, now):
    copy = begin_offer(solution, organisation=provider, by=editor, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkingCopy.objects.create(
            organisation=provider, kind="new_offer", solution=solution, content="{}", begun_at=now, autosaved_at=now
        )  # fmt: skip
    drop(copy, lock_version=0, by=editor, now=now)
    assert begin_offer(solution, organisation=provider, by=editor, now=now) != copy


def test_an_incomplete_copy_is_kept_and_not_submitted(solution, provider, editor, now):
    copy = begin_offer(solution, organisation=provider, by=editor, now=now)
    copy = filled(copy, Content(offer=OfferDraft(title="Betrieb")), by=editor, now=now)

    with pytest.raises(Refused) as refusal:
        submit(copy, lock_version=copy.lock_version, by=editor, now=now)

    assert refusal.value.message == (
        "Nennen Sie, wer liefert, wer betreibt oder wer verkauft. Wählen Sie, wer die Lösung wo betreibt. "
        "Nennen Sie einen Preis, oder kreuzen Sie „Preis auf Anfrage“ an. "
        "Geben Sie die E-Mail-Adresse einer Stelle ein, die Fragen beantwortet."
    )
    assert read(fresh(copy).content).offer.title == "Betrieb"


def test_what_somebody_else_has_saved_is_not_overwritten(solution, provider, editor, colleague, now):
    copy = begin_offer(solution, organisation=provider, by=editor, now=now)
    save(
        copy, Content(offer=OfferDraft(title="Meine Fassung")), step="betrieb", is_done=False, lock_version=0,
        page="eins", by=editor, now=now,
    )  # fmt: skip
    for page in ("", "zwei"):
        with pytest.raises(OutOfDate):
            save(
                copy, Content(offer=OfferDraft(title="Deine Fassung")), step="betrieb", is_done=False,
                lock_version=0, page=page, by=colleague, now=now,
            )  # fmt: skip
    assert read(fresh(copy).content).offer.title == "Meine Fassung"


def test_two_saves_of_one_open_page_that_cross_are_no_conflict(solution, provider, editor, now):
    copy = begin_offer(solution, organisation=provider, by=editor, now=now)
    for title in ("Betr", "Betrieb"):
        save(
            copy, Content(offer=OfferDraft(title=title)), step="betrieb", is_done=False, lock_version=0,
            page="eins", by=editor, now=now,
        )  # fmt: skip
    assert read(fresh(copy).content).offer.title == "Betrieb"
    assert fresh(copy).lock_version == 2


def test_an_open_page_that_was_overtaken_does_not_win_back(solution, provider, editor, colleague, now):
    copy = begin_offer(solution, organisation=provider, by=editor, now=now)

    def write(title, version, page, by):
        content = Content(offer=OfferDraft(title=title))
        save(copy, content, step="betrieb", is_done=False, lock_version=version, page=page, by=by, now=now)

    write("A", 0, "eins", editor)
    write("B", 1, "zwei", colleague)
    with pytest.raises(OutOfDate):
        write("C", 1, "eins", editor)
    assert read(fresh(copy).content).offer.title == "B"


def test_saves_of_two_pages_that_cross_keep_each_others_words(solution, provider, editor, now):
    copy = begin_offer(solution, organisation=provider, by=editor, now=now)
    for step, words in (("betrieb", {"title": "Betrieb"}), ("preise", {"on_request": True})):
        save(
            copy,
            lambda content, words=words: replace(content, offer=replace(content.offer, **words)),
            step=step, is_done=False, lock_version=0, page="ein Browser", by=editor, now=now,
        )  # fmt: skip
    offer = read(fresh(copy).content).offer
    assert (offer.title, offer.on_request) == ("Betrieb", True)


def test_saving_is_not_in_the_journal_and_tells_when(solution, provider, editor, now):
    copy = begin_offer(solution, organisation=provider, by=editor, now=now)
    later = now + timedelta(minutes=30)
    copy = filled(copy, Content(offer=OfferDraft(title="Betrieb")), by=editor, now=later)
    assert copy.autosaved_at == later
    assert kinds(copy) == ["begun"]


def test_a_page_of_another_form_is_refused(solution, provider, editor, now):
    copy = begin_offer(solution, organisation=provider, by=editor, now=now)
    with pytest.raises(Refused, match="gehört nicht zum Formular"):
        save(copy, Content(), step="was", is_done=False, lock_version=0, by=editor, now=now)


def test_while_the_desk_looks_nothing_moves_and_it_can_be_taken_back(solution, provider, editor, now):
    copy = submitted_offer(solution, provider, by=editor, now=now)
    with pytest.raises(Refused, match="Die Redaktion prüft das gerade"):
        filled(copy, Content(offer=an_offer(provider, title="Anders")), by=editor, now=now)

    copy = take_back(copy, lock_version=copy.lock_version, by=editor, now=now)

    assert copy.state == "draft"
    assert kinds(copy)[0] == "reopened"
    assert (
        filled(copy, Content(offer=an_offer(provider, title="Anders")), by=editor, now=now).state == "draft"
    )


def test_a_submission_comes_back_with_reasons_and_goes_in_again(solution, provider, editor, desk, now):
    copy = submitted_offer(solution, provider, by=editor, now=now)

    back = return_copy(
        copy, reasons={"preise": " Je Jahr oder Monat? ", "betrieb": "", "": "Fast fertig."},
        lock_version=copy.lock_version, by=desk, now=now,
    )  # fmt: skip

    assert (back.state, back.reasons) == ("returned", {"preise": "Je Jahr oder Monat?", "": "Fast fertig."})
    assert back.steps["preise"] == "begun"
    again = filled(back, Content(offer=an_offer(provider, title="Besser")), by=editor, now=now)
    again = submit(again, lock_version=again.lock_version, by=editor, now=now)
    accept(again, lock_version=again.lock_version, by=desk, now=now)
    assert Offer.objects.get().title == "Besser"
    assert fresh(copy).reasons == {}


@pytest.mark.parametrize(
    ("reasons", "sentence"),
    [
        ({}, "Nennen Sie mindestens einen Grund"),
        ({"preise": "  "}, "Nennen Sie mindestens einen Grund"),
        ({"was": "gehört nicht dazu"}, "gehört zu keiner Seite"),
    ],
)
def test_nothing_is_returned_without_a_reason(solution, provider, editor, desk, now, reasons, sentence):
    copy = submitted_offer(solution, provider, by=editor, now=now)
    with pytest.raises(Refused, match=sentence):
        return_copy(copy, reasons=reasons, lock_version=copy.lock_version, by=desk, now=now)
    assert fresh(copy).state == "submitted"


def test_the_desk_decides_what_it_has_seen(solution, provider, editor, desk, now):
    copy = submitted_offer(solution, provider, by=editor, now=now)
    seen = copy.lock_version
    take_back(copy, lock_version=seen, by=editor, now=now)
    for act in (
        lambda: accept(copy, lock_version=seen, by=desk, now=now),
        lambda: return_copy(copy, reasons={"": "x"}, lock_version=seen, by=desk, now=now),
    ):
        with pytest.raises(OutOfDate):
            act()
    with pytest.raises(Refused, match="nur, was eingereicht ist"):
        accept(copy, lock_version=seen + 1, by=desk, now=now)
    assert Offer.objects.count() == 0


def test_what_is_dropped_is_gone(solution, provider, editor, now):
    copy = begin_offer(solution, organisation=provider, by=editor, now=now)
    copy = filled(copy, Content(offer=an_offer(provider)), by=editor, now=now)
    copy = drop(copy, lock_version=copy.lock_version, by=editor, now=now)
    assert (copy.state, copy.content) == ("dropped", "{}")
    with pytest.raises(Refused, match="kann nicht"):
        drop(copy, lock_version=copy.lock_version, by=editor, now=now)


def test_a_solution_that_went_away_meanwhile_gets_no_offer(solution, provider, editor, desk, now):
    copy = submitted_offer(solution, provider, by=editor, now=now)
    withdraw(solution, reason="doppelt", by=HARVEST, now=now)
    with pytest.raises(Refused, match="nicht veröffentlicht"):
        accept(copy, lock_version=copy.lock_version, by=desk, now=now)
    assert fresh(copy).state == "submitted"


def test_a_solution_that_came_in_meanwhile_is_not_taken_over_by_a_submission(
    draft, hessen, provider, editor, desk, now
):
    copy = submitted_solution(provider, by=editor, now=now)
    twin = replace(
        draft, name="Baumkataster Beispiel", repository_url="https://code.example.org/baum/kataster"
    )
    receive(twin, origin=hessen, key="baum.yml", by=HARVEST, now=now)

    with pytest.raises(Refused, match="Diese Lösung gibt es schon: „Baumkataster Beispiel“"):
        accept(copy, lock_version=copy.lock_version, by=desk, now=now)

    assert (Solution.objects.count(), EntryClaim.objects.count(), fresh(copy).state) == (1, 0, "submitted")


def test_persons_in_a_file_stay_out_of_a_working_copy(vocabulary, provider, editor, now):
    named = a_solution(
        contacts=(
            ContactDraft(name="Erika Muster", email="erika@beispiel.example"),
            ContactDraft(name="Fachstelle", email="stelle@beispiel.example", is_team=True),
        )
    )
    copy = begin_new_solution(provider, draft=named, by=editor, now=now)
    assert "rika" not in copy.content
    content = read(copy.content)
    assert [each.name for each in content.solution.contacts] == ["Fachstelle"]
    assert content.offer.contact.email == "stelle@beispiel.example"


def test_a_change_of_a_published_offer_is_live_at_once_and_waits_to_be_seen(
    solution, provider, editor, desk, now
):
    offer = published_offer(solution, provider, by=editor, desk=desk, now=now)
    solution.refresh_from_db()
    before = solution.edition_number
    copy = begin_change(offer, organisation=provider, by=editor, now=now)
    assert read(copy.content).offer == replace(an_offer(provider), contact=read(copy.content).offer.contact)
    content = Content(offer=replace(read(copy.content).offer, title="Betrieb überall"))
    copy = filled(copy, content, by=editor, now=now)
    assert Offer.objects.get().title == "Betrieb im Land"

    publish_change(copy, lock_version=copy.lock_version, by=editor, now=now)

    assert Offer.objects.get().title == "Betrieb überall"
    edit = LaterEdit.objects.get()
    assert (edit.offer, edit.organisation, edit.state) == (offer, provider, "open")
    assert (edit.edition_before, edit.edition_after) == (before, before + 1)


def test_a_change_is_not_submitted_and_something_new_is_not_published_by_oneself(
    solution, provider, editor, desk, now
):
    new = begin_offer(solution, organisation=provider, by=editor, now=now)
    new = filled(new, Content(offer=an_offer(provider)), by=editor, now=now)
    with pytest.raises(Refused, match="prüft zuerst die Redaktion"):
        publish_change(new, lock_version=new.lock_version, by=editor, now=now)
    drop(new, lock_version=new.lock_version, by=editor, now=now)
    offer = published_offer(solution, provider, by=editor, desk=desk, now=now)
    change = begin_change(offer, organisation=provider, by=editor, now=now)
    with pytest.raises(Refused, match="reichen Sie nicht ein"):
        submit(change, lock_version=change.lock_version, by=editor, now=now)


def test_a_live_change_names_no_other_company_without_a_check(
    solution, provider, competitor, editor, desk, now
):
    offer = published_offer(solution, provider, by=editor, desk=desk, now=now)
    copy = begin_change(offer, organisation=provider, by=editor, now=now)
    for parties in (
        {"operator": competitor.public_id},
        {"supplier": competitor.public_id},
    ):
        content = Content(offer=replace(read(copy.content).offer, **parties))
        copy = filled(copy, content, by=editor, now=now)
        with pytest.raises(Refused, match="keine andere Organisation neu"):
            publish_change(copy, lock_version=copy.lock_version, by=editor, now=now)
    offer.refresh_from_db()
    assert (offer.supplier, offer.operator) == (provider, None)


def test_an_owner_says_what_holds_field_by_field_and_the_source_stays_beside(
    solution, provider, editor, desk, now
):
    words = "Der Quellcode gehört uns, siehe Impressum."
    made = claim(solution, organisation=provider, evidence=words, by=editor, now=now)
    with pytest.raises(Refused, match="Übernehmen Sie den Eintrag zuerst"):
        begin_solution_change(solution, organisation=provider, by=editor, now=now)
    grant_claim(made, by=desk, now=now)
    copy = begin_solution_change(solution, organisation=provider, by=editor, now=now)
    draft = read(copy.content).solution
    assert (draft.name, draft.repository_url, draft.licence) == (solution.name, solution.repository_url, None)
    copy = filled(copy, Content(solution=replace(draft, licence="MIT")), by=editor, now=now)

    publish_change(copy, lock_version=copy.lock_version, by=editor, now=now)

    shown = sheet(Solution.objects.get())
    assert (shown.solution.licence, shown.solution.maturity) == ("MIT", "productive")
    assert shown.effective["licence"].listing.origin.kind == "owner"
    assert shown.effective["maturity"].listing.origin.kind == "harvest"
    assert [each.value for each in shown.other_values["licence"]] == ["EUPL-1.2"]
    assert shown.owner == provider
    assert LaterEdit.objects.get().offer is None


def test_an_owner_goes_on_from_what_it_has_said_before(vocabulary, provider, editor, desk, now):
    copy = submitted_solution(provider, by=editor, now=now, licence="EUPL-1.2", topics=("Bäume",))
    accept(copy, lock_version=copy.lock_version, by=desk, now=now)
    solution = Solution.objects.get()
    change = begin_solution_change(solution, organisation=provider, by=editor, now=now)
    assert read(change.content).solution == a_solution(licence="EUPL-1.2", topics=("Bäume",))
    content = Content(solution=replace(read(change.content).solution, licence=None))
    change = filled(change, content, by=editor, now=now)
    publish_change(change, lock_version=change.lock_version, by=editor, now=now)
    solution.refresh_from_db()
    assert (solution.licence, solution.topics) == ("", ["Bäume"])


def test_an_organisation_that_is_not_accredited_prepares_and_is_told_why_it_cannot_submit(
    solution, provider, editor, desk, now
):
    Organisation.objects.filter(pk=provider.pk).update(state="applied", accredited_at=None)
    copy = begin_offer(solution, organisation=provider, by=editor, now=now)
    copy = filled(copy, Content(offer=an_offer(provider)), by=editor, now=now)
    with pytest.raises(Refused, match=r"noch nicht bestätigt\. Deshalb können Sie das Angebot vorbereiten"):
        submit(copy, lock_version=copy.lock_version, by=editor, now=now)


def test_an_accreditation_that_ended_meanwhile_stops_the_publishing(solution, provider, editor, desk, now):
    copy = submitted_offer(solution, provider, by=editor, now=now)
    Organisation.objects.filter(pk=provider.pk).update(state="suspended", accredited_at=now)
    with pytest.raises(Refused, match="ist noch nicht bestätigt"):
        accept(copy, lock_version=copy.lock_version, by=desk, now=now)


def test_nobody_at_the_desk_checks_their_own_house(solution, provider, editor, member_of, now):
    from allmende.accounts.models import User
    from allmende.organisations.actions import grant_role
    from allmende.organisations.queries import actor_for

    user = User.objects.get(public_id=editor.id)
    grant_role("catalogue_editor", user=user, organisation=None, by=HARVEST, now=now)
    both = actor_for(user)
    copy = submitted_offer(solution, provider, by=both, now=now)
    assert list(copies_to_check(both)) == []
    for act in (
        lambda: accept(copy, lock_version=copy.lock_version, by=both, now=now),
        lambda: return_copy(copy, reasons={"": "x"}, lock_version=copy.lock_version, by=both, now=now),
    ):
        with pytest.raises(Refused, match="entscheidet jemand anderes"):
            act()


@pytest.fixture
def shared(solution, provider, competitor, editor, desk, now):
    """An offer of two organisations: one supplies, the other operates."""
    told = {"operator": competitor.public_id}
    return published_offer(solution, provider, by=editor, desk=desk, now=now, **told)


def changing(offer, organisation, title, *, by, now):
    copy = begin_change(offer, organisation=organisation, by=by, now=now)
    content = read(copy.content)
    return filled(copy, replace(content, offer=replace(content.offer, title=title)), by=by, now=now)


def test_of_two_organisations_that_change_one_offer_the_second_looks_first(
    shared, provider, competitor, editor, member_of, now
):
    theirs = member_of("provider_editor", competitor)
    first = changing(shared, provider, "Von der Ersten", by=editor, now=now)
    second = changing(shared, competitor, "Von der Zweiten", by=theirs, now=now)
    publish_change(first, lock_version=first.lock_version, by=editor, now=now)
    with pytest.raises(OutOfDate):
        publish_change(second, lock_version=second.lock_version, by=theirs, now=now)
    shared.refresh_from_db()
    assert (shared.title, fresh(second).state) == ("Von der Ersten", "draft")

    seen = save(
        second,
        read(second.content),
        step="betrieb",
        is_done=True,
        lock_version=second.lock_version,
        offer_version=shared.lock_version,
        by=theirs,
        now=now,
    )
    publish_change(seen, lock_version=seen.lock_version, by=theirs, now=now)
    shared.refresh_from_db()
    assert shared.title == "Von der Zweiten"


def test_going_on_with_a_change_does_not_make_it_newer(shared, provider, competitor, editor, member_of, now):
    theirs = member_of("provider_editor", competitor)
    copy = changing(shared, provider, "Von der Ersten", by=editor, now=now)
    change_offer(shared, an_offer(provider, operator=competitor.public_id, title="Neu"), by=theirs, now=now)
    again = begin_change(shared, organisation=provider, by=editor, now=now)
    assert (again.pk, again.offer_version) == (copy.pk, copy.offer_version)
    with pytest.raises(OutOfDate):
        publish_change(again, lock_version=again.lock_version, by=editor, now=now)


def test_a_renewal_is_no_change_of_what_the_offer_says(shared, provider, editor, now):
    copy = changing(shared, provider, "Neuer Titel", by=editor, now=now)
    renew_offer(shared, lock_version=shared.lock_version, by=editor, now=now + timedelta(days=330))
    publish_change(copy, lock_version=copy.lock_version, by=editor, now=now)
    shared.refresh_from_db()
    assert shared.title == "Neuer Titel"


def test_what_is_withdrawn_cannot_be_changed(shared, provider, editor, now):
    copy = changing(shared, provider, "Neuer Titel", by=editor, now=now)
    withdraw_offer(shared, reason="Wir hören auf.", by=editor, now=now)
    with pytest.raises(Refused, match="nicht mehr veröffentlicht"):
        publish_change(copy, lock_version=copy.lock_version, by=editor, now=now)
    with pytest.raises(Refused, match="nicht mehr veröffentlicht"):
        change_offer(shared, an_offer(provider, title="Neuer Titel"), by=editor, now=now)
    shared.refresh_from_db()
    assert (shared.title, fresh(copy).state) == ("Betrieb im Land", "draft")
