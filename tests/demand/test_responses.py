"""What providers answer to a need: who may, what of theirs they name, and who ever sees a contact of the town."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.catalogue.models import EntryClaim
from allmende.demand import rules
from allmende.demand.actions.needs import close
from allmende.demand.actions.responses import give_contact, note, respond, take_back, thank
from allmende.demand.models import NeedResponse
from allmende.demand.queries.needs import own_responses, responses_to
from allmende.demand.states import RESPONSE
from allmende.journal.models import Entry
from allmende.lib.refusals import Refused
from allmende.organisations.models import Organisation
from allmende.organisations.queries import actor_for
from tests.factories.market import Market
from tests.factories.needs import a_published_need
from tests.factories.people import somebody

CONTACT = "Digitalbüro, digital@ahornstadt.example"


class Side:
    """Both sides of a need, and those around them."""

    def __init__(self, market: Market, now) -> None:
        self.market, self.now = market, now
        self.town = self.person("municipality_editor", market.town)
        self.reader = self.person("decision_maker", market.town)
        self.neighbour = self.person("municipality_editor", market.neighbour)
        self.provider = self.person("provider_editor", market.provider)
        self.other = self.person("provider_editor", market.other_provider)
        self.desk = self.person("catalogue_editor", None)
        self.need = a_published_need(market.town, by=self.town, now=now)

    def person(self, role, organisation):
        return actor_for(somebody(role, organisation, now=self.now), on=self.now.date())

    def answer(self, **more):
        said = {
            "organisation": self.market.provider,
            "text": "Das passt.",
            "by": self.provider,
            "now": self.now,
        }
        return respond(self.need, **{**said, **more})


@pytest.fixture
def side(market, now):
    return Side(market, now)


def fresh(response):
    return NeedResponse.objects.get(pk=response.pk)


ACTS = {
    "noted": lambda side, each: note(each, by=side.town, now=side.now),
    "thanked": lambda side, each: thank(each, answer="Danke.", by=side.town, now=side.now),
    "taken_back": lambda side, each: take_back(each, by=side.provider, now=side.now),
}


@pytest.mark.parametrize("first", ["sent", *ACTS])
@pytest.mark.parametrize("then", ACTS)
def test_the_table_says_what_becomes_of_an_answer(side, first, then):
    each = side.answer()
    if first != "sent":
        ACTS[first](side, each)
    if then in RESPONSE.moves[first]:
        ACTS[then](side, each)
        assert fresh(each).state == then
    else:
        with pytest.raises(Refused):
            ACTS[then](side, each)
        assert fresh(each).state == first


def test_an_answer_names_what_is_ones_own(side):
    offer = side.market.melder.offers.get()
    each = side.answer(offer=offer)
    assert (each.offer, each.solution, each.edition_number) == (offer, side.market.melder, 1)


def test_nobody_answers_with_what_belongs_to_others(side):
    with pytest.raises(Refused, match="deren Eintrag ihr gehört"):
        side.answer(solution=side.market.raum)
    rival = side.person("provider_editor", side.market.neighbour)
    with pytest.raises(Refused, match="Ihrer eigenen Organisation"):
        side.answer(organisation=side.market.neighbour, offer=side.market.melder.offers.get(), by=rival)


def test_an_entry_taken_over_is_ones_own(side):
    EntryClaim.objects.create(
        solution=side.market.raum, organisation=side.market.provider, state="granted", evidence="x",
        claimed_at=side.now, claimed_by="x", decided_at=side.now, decided_by="y",
    )  # fmt: skip
    assert side.answer(solution=side.market.raum).solution == side.market.raum


def test_each_provider_answers_once_until_it_takes_back(side):
    first = side.answer()
    with pytest.raises(Refused, match="hat auf diesen Bedarf schon geantwortet"):
        side.answer()
    take_back(first, by=side.provider, now=side.now)
    side.answer(text="Neu.")
    assert [each.text for each in responses_to(side.need)] == ["Neu."]


@pytest.mark.parametrize("state", ["suspended", "applied", "named"])
def test_a_provider_that_is_not_confirmed_is_refused(side, state):
    Organisation.objects.filter(pk=side.market.provider.pk).update(
        state=state, accredited_at=side.now if state == "suspended" else None
    )
    with pytest.raises(Refused, match="in einer bestätigten Organisation"):
        side.answer()


def test_a_suspended_provider_gets_no_contact_and_may_still_take_back(side):
    each = side.answer()
    Organisation.objects.filter(pk=side.market.provider.pk).update(state="suspended")
    with pytest.raises(Refused, match="Deshalb bekommt sie keinen Kontakt"):
        give_contact(each, contact=CONTACT, by=side.town, now=side.now)
    take_back(each, by=side.provider, now=side.now)


def test_nobody_answers_where_the_need_is_not_to_be_seen(side):
    for visibility in ("own", "administration"):
        side.need.visibility = visibility
        side.need.save()
        with pytest.raises(Refused, match="kann niemand mehr antworten"):
            side.answer()
    # A municipal provider belongs to the administration only where its kind does.
    with pytest.raises(Refused, match="kann niemand mehr antworten"):
        side.answer(organisation=side.market.other_provider, by=side.other)


def test_nobody_answers_to_what_has_ended_or_is_their_own(side):
    with pytest.raises(Refused, match="Bedarf Ihrer eigenen Organisation"):
        side.answer(organisation=side.market.town, by=side.town)
    close(side.need, reason="Gelöst.", by=side.town, now=side.now)
    with pytest.raises(Refused, match="kann niemand mehr antworten"):
        side.answer()


def test_a_need_that_has_ended_gives_no_contact_any_more(side):
    each = side.answer()
    close(side.need, reason="Gelöst.", by=side.town, now=side.now)
    with pytest.raises(Refused, match="Dieser Bedarf ist beendet"):
        give_contact(each, contact=CONTACT, by=side.town, now=side.now)
    assert fresh(each).contact is None


def test_the_contact_is_given_once_by_the_town_and_stands_in_no_journal(side):
    each = side.answer()
    with pytest.raises(Refused):
        give_contact(each, contact=CONTACT, by=side.reader, now=side.now)
    give_contact(each, contact=f" {CONTACT} ", by=side.town, now=side.now)
    assert (fresh(each).contact, fresh(each).contact_given_at) == (CONTACT, side.now)
    with pytest.raises(Refused, match="haben Sie schon einen Kontakt genannt"):
        give_contact(each, contact="anders", by=side.town, now=side.now)
    told = Entry.objects.latest("pk")
    assert (told.kind, told.data) == (
        "demand.contact_given",
        {"need": side.need.public_id, "provider": side.market.provider.public_id},
    )
    assert not any("ahornstadt" in str(entry.data) for entry in Entry.objects.all())


def test_who_took_its_answer_back_gets_no_contact(side):
    each = side.answer()
    take_back(each, by=side.provider, now=side.now)
    with pytest.raises(Refused, match="geht deshalb an niemanden"):
        give_contact(each, contact=CONTACT, by=side.town, now=side.now)


def test_only_the_two_sides_read_an_answer(side):
    each = side.answer()
    readers = {
        name for name in ("town", "reader", "provider", "neighbour", "other", "desk")
        if rules.may_read_response(getattr(side, name), each)
    }  # fmt: skip
    assert readers == {"town", "reader", "provider"}
    assert list(own_responses(side.provider)) == [each]
    assert not own_responses(side.other).exists()


@pytest.mark.parametrize("text", ["", "  ", "\x00"])
def test_empty_words_are_refused(side, text):
    with pytest.raises(Refused, match="Schreiben Sie, was passt und warum"):
        side.answer(text=text)


@given(length=st.sampled_from([4_000, 4_001, 100_000]))
@settings(max_examples=3)
def test_how_long_an_answer_may_be(length):
    from allmende.demand.actions.responses import LONGEST_TEXT, _said

    if length <= LONGEST_TEXT:
        assert len(_said("x" * length, LONGEST_TEXT, "")) == length
    else:
        with pytest.raises(Refused, match=r"höchstens 4\.000 Zeichen"):
            _said("x" * length, LONGEST_TEXT, "")
