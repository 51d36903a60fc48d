"""What is gone does not come back: one proposes, another carries it out, and nobody does both."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from allmende.catalogue.actions import (
    carry_out_erasure,
    claim,
    erase_contact,
    grant_claim,
    propose_erasure,
    receive,
    refuse_erasure,
    take_back_erasure,
)
from allmende.catalogue.drafts import ContactDraft
from allmende.catalogue.erasure_grounds import GROUNDS, WHATS, grounds_for
from allmende.catalogue.models import Contact, Edition, EntryClaim, ErasureProposal, Solution
from allmende.catalogue.queries import owner_of
from allmende.catalogue.queries.erasures import erasures_to_decide
from allmende.catalogue.states import ERASURE
from allmende.journal.models import Entry
from allmende.journal.queries import words_of
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused

HARVEST = Actor.program("harvest")
WHY = "Das Landgericht hat es verlangt."
EVIDENCE = "Wir haben die Lösung gebaut und pflegen sie seit 2021."


@pytest.fixture
def editor(member_of):
    return member_of("catalogue_editor")


@pytest.fixture
def operator(member_of):
    return member_of("operator_admin")


@pytest.fixture
def second(member_of):
    return member_of("operator_admin")


@pytest.fixture
def contact(draft, solution, hessen, now):
    named = ContactDraft(name="Kim Beispiel", email="kim@beispiel.example")
    receive(replace(draft, contacts=(named,)), origin=hessen, key="a.yml", by=HARVEST, now=now)
    return Contact.objects.get()


@pytest.fixture
def ownership(solution, provider, member_of, editor, now):
    made = claim(
        solution, organisation=provider, evidence=EVIDENCE, by=member_of("provider_editor", provider), now=now
    )
    return grant_claim(made, by=editor, now=now)


@pytest.fixture
def proposal(solution, editor, now):
    return propose_erasure(solution, ground="ordered", reason=WHY, by=editor, now=now)


def test_a_proposal_erases_nothing_and_stands_in_the_journal(proposal, solution, editor):
    solution.refresh_from_db()
    assert (solution.state, solution.name) == ("published", "Mängelmelder Musterstadt")
    told = Entry.objects.latest("pk")
    assert (told.kind, told.subject_id, told.actor_id) == (
        "catalogue.erasure_proposed", proposal.public_id, editor.id,
    )  # fmt: skip
    assert told.data == {"solution": solution.public_id, "what": "entry", "ground": "ordered"}


def test_the_second_person_makes_a_citable_tombstone(proposal, solution, operator, now):
    carry_out_erasure(proposal, by=operator, now=now + timedelta(days=1))
    solution.refresh_from_db()
    reason = f"Anordnung einer Behörde oder Urteil eines Gerichts. {WHY}"
    assert (solution.state, solution.name, solution.withdrawal_reason) == ("erased", "gelöscht", reason)
    edition = Edition.objects.get(subject_id=solution.public_id)
    assert (edition.content, edition.redaction_reason, len(edition.digest)) == (None, reason, 64)
    done = ErasureProposal.objects.get()
    assert (done.state, done.decided_by, done.decided_at) == ("done", operator.id, now + timedelta(days=1))
    kinds = list(Entry.objects.order_by("-pk").values_list("kind", flat=True)[:2])
    assert kinds == ["catalogue.erasure_done", "catalogue.solution_erased"]


def test_what_the_desk_typed_is_beside_the_journal_and_not_in_it(proposal, operator, now):
    carry_out_erasure(proposal, by=operator, now=now)
    erased = Entry.objects.get(kind="catalogue.solution_erased")
    assert set(erased.data) == {"words"}
    assert words_of([erased])[erased.pk, "reason"].text.endswith(WHY)


def test_whoever_proposed_neither_carries_out_nor_refuses(solution, operator, now):
    proposal = propose_erasure(solution, ground="ordered", reason=WHY, by=operator, now=now)
    for act in (
        lambda: carry_out_erasure(proposal, by=operator, now=now),
        lambda: refuse_erasure(proposal, reason="doch nicht", by=operator, now=now),
    ):
        with pytest.raises(Refused, match="zweite Person"):
            act()
    assert ErasureProposal.objects.get().state == "open"


def test_the_database_keeps_that_there_were_two(proposal, now):
    rows = ErasureProposal.objects.filter(pk=proposal.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state="done", decided_by=proposal.proposed_by, decided_at=now)


def test_an_editor_proposes_and_does_not_decide(proposal, member_of, now):
    other = member_of("catalogue_editor")
    for act in (
        lambda: carry_out_erasure(proposal, by=other, now=now),
        lambda: refuse_erasure(proposal, reason="nein danke", by=other, now=now),
    ):
        with pytest.raises(Refused, match="Berechtigung"):
            act()


def test_only_whoever_proposed_takes_it_back(proposal, editor, operator, solution, now):
    with pytest.raises(Refused):
        take_back_erasure(proposal, by=operator, now=now)
    take_back_erasure(proposal, by=editor, now=now)
    assert ErasureProposal.objects.get().state == "taken_back"
    propose_erasure(solution, ground="ordered", reason=WHY, by=editor, now=now)  # and can begin anew


def test_a_refusal_has_a_reason_and_leaves_everything(proposal, solution, operator, now):
    with pytest.raises(Refused, match="warum Sie ablehnen"):
        refuse_erasure(proposal, reason="  ", by=operator, now=now)
    refuse_erasure(proposal, reason="Zurückziehen genügt.", by=operator, now=now)
    done = ErasureProposal.objects.get()
    assert (done.state, done.decision_reason, Solution.objects.get().state) == (
        "refused", "Zurückziehen genügt.", "published",
    )  # fmt: skip


@pytest.mark.parametrize("state", [state for state in ERASURE.labels if state != "open"])
def test_what_is_decided_stays_decided(proposal, operator, editor, now, state):
    ErasureProposal.objects.filter(pk=proposal.pk).update(
        state=state, decided_at=now, decided_by="x", decision_reason="x"
    )
    for act in (
        lambda: carry_out_erasure(proposal, by=operator, now=now),
        lambda: refuse_erasure(proposal, reason="nein", by=operator, now=now),
        lambda: take_back_erasure(proposal, by=editor, now=now),
    ):
        with pytest.raises(Refused):
            act()
    assert Solution.objects.get().state == "published"


def test_the_lifecycle_has_one_beginning_and_three_ends():
    moves = {pair for pair in itertools.product(ERASURE.labels, repeat=2) if ERASURE.can_become(*pair)}
    assert moves == {("open", "done"), ("open", "refused"), ("open", "taken_back")}


def test_the_same_is_proposed_once(proposal, solution, operator, now):
    with pytest.raises(Refused, match="schon vorgeschlagen"):
        propose_erasure(solution, ground="copyright", reason=WHY, by=operator, now=now)


@pytest.mark.parametrize(
    ("ground", "reason", "told"),
    [
        ("", WHY, "worauf sich die Löschung stützt"),
        ("rights_gone", WHY, "worauf sich die Löschung stützt"),  # of an ownership
        ("gibt es nicht", WHY, "worauf sich die Löschung stützt"),
        ("ordered", " Urteil ", "warum das hier gilt"),
    ],
)
def test_a_proposal_needs_a_ground_that_fits_and_a_reason(solution, editor, now, ground, reason, told):
    with pytest.raises(Refused, match=told):
        propose_erasure(solution, ground=ground, reason=reason, by=editor, now=now)


def test_every_thing_has_grounds_and_every_ground_a_thing():
    assert all(len(grounds_for(what)) >= 3 for what in WHATS)
    assert all(ground.whats and ground.whats <= set(WHATS) for ground in GROUNDS.values())


def test_a_contact_goes_everywhere_and_does_not_come_back(contact, draft, hessen, editor, operator, now):
    proposal = propose_erasure(
        contact, ground="person_asks", reason="Kim Beispiel hat es verlangt.", by=editor, now=now
    )
    carry_out_erasure(proposal, by=operator, now=now)
    named = ContactDraft(name="Kim Beispiel", email="kim@beispiel.example", phone="0")
    receive(replace(draft, contacts=(named,)), origin=hessen, key="a.yml", by=HARVEST, now=now)
    assert (Contact.objects.count(), Solution.objects.get().state) == (0, "published")
    done = ErasureProposal.objects.get()
    assert (done.contact, done.reason) == (None, "gelöscht")
    told = Entry.objects.get(kind="catalogue.contact_erased")
    assert words_of([told])[told.pk, "reason"].text == GROUNDS["person_asks"].label


def test_a_proposal_about_a_contact_keeps_no_words_whatever_becomes_of_it(contact, editor, operator, now):
    words = "Kim Beispiel hat es verlangt."
    for end in (
        lambda made: refuse_erasure(made, reason="Die Anfrage war nicht echt.", by=operator, now=now),
        lambda made: take_back_erasure(made, by=editor, now=now),
    ):
        made = propose_erasure(contact, ground="person_asks", reason=words, by=editor, now=now)
        end(made)
        assert ErasureProposal.objects.get(pk=made.pk).reason == "gelöscht"
    assert Contact.objects.get() == contact
    why = list(ErasureProposal.objects.order_by("pk").values_list("state", "decision_reason"))
    assert why == [("refused", "Die Anfrage war nicht echt."), ("taken_back", "")]


def test_the_words_about_an_entry_stay_where_they_are_refused(proposal, operator, now):
    refuse_erasure(proposal, reason="Zurückziehen genügt.", by=operator, now=now)
    assert ErasureProposal.objects.get().reason == WHY


def test_a_contact_is_erased_by_nobody_alone(contact, editor, operator, now):
    for one in (editor, operator):
        with pytest.raises(Refused, match="Berechtigung"):
            erase_contact(contact, reason="Art. 17 DSGVO", by=one, now=now)
    assert Contact.objects.get() == contact


def test_a_contact_that_its_source_has_changed_meanwhile_is_not_erased_by_mistake(
    contact, draft, hessen, editor, operator, now
):
    proposal = propose_erasure(
        contact, ground="person_asks", reason="Auf eigenen Wunsch.", by=editor, now=now
    )
    other = ContactDraft(name="Amt für Digitales", is_team=True)
    receive(replace(draft, contacts=(other,)), origin=hessen, key="a.yml", by=HARVEST, now=now)
    with pytest.raises(Refused, match="gibt es nicht mehr"):
        carry_out_erasure(proposal, by=operator, now=now)
    assert Contact.objects.get().name == "Amt für Digitales"


def test_an_ownership_ends_and_the_entry_stays(ownership, solution, editor, operator, now):
    proposal = propose_erasure(
        ownership, ground="rights_gone", reason="Die Rechte sind verkauft.", by=editor, now=now
    )
    assert owner_of(solution) is not None
    carry_out_erasure(proposal, by=operator, now=now)
    ended = EntryClaim.objects.get()
    assert (owner_of(solution), ended.state, Solution.objects.get().state) == (None, "ended", "published")
    assert ended.decision_reason.endswith("mehr. Die Rechte sind verkauft.")


def test_an_ownership_that_has_ended_is_not_proposed(ownership, editor, now):
    EntryClaim.objects.update(state="ended", decision_reason="vorbei")
    ownership.refresh_from_db()
    with pytest.raises(Refused, match="gilt nicht mehr"):
        propose_erasure(ownership, ground="rights_gone", reason=WHY, by=editor, now=now)


def test_each_sees_what_waits_for_them(proposal, editor, operator, second, other_solution, now):
    own = propose_erasure(other_solution, ground="ordered", reason=WHY, by=operator, now=now)
    seen = [list(erasures_to_decide(each).order_by("pk")) for each in (editor, operator, second)]
    assert seen == [[], [proposal], [proposal, own]]
    assert list(erasures_to_decide(Actor.anonymous())) == []
