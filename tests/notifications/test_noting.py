"""Who is told what: by the written rules, each once, and nobody of their own act."""

import datetime
import re
from string import Formatter
from typing import Any

import pytest
from django.db import transaction
from django.urls import resolve

from allmende.accounts.models import User
from allmende.catalogue.actions import confirm_use, name_missing, restore, withdraw, withdraw_offer
from allmende.catalogue.models import EntryClaim, LaterEdit, Notice, NoticeContact, WorkingCopy
from allmende.jobs.actions import run_all
from allmende.journal.actions import record
from allmende.journal.queries import followers_of, known_kinds
from allmende.lib.actors import Actor
from allmende.mail.actions import receive, send
from allmende.mail.models import UndeliverableAddress
from allmende.notifications.actions import note
from allmende.notifications.categories import CATEGORIES, RATES
from allmende.notifications.models import NewsItem, SavedSearch
from allmende.notifications.rules import PAGES, RULES, SEARCH_NEWS, SENTENCES
from allmende.notifications.telling import GONE, told
from allmende.notifications.things import THINGS, seen
from allmende.organisations.actions import grant_role
from allmende.organisations.models import Absence
from allmende.organisations.queries import actor_for
from tests.factories.market import Market
from tests.notifications.conftest import Cast, Tell, person

MAIL = Actor.program("mail")
DAY = datetime.timedelta(days=1)
WORDS = {
    "thing",
    "town",
    "role",
    "offer",
    "then",
    "provider",
    "lead",
    "day",
    "task",
    "step",
    "company",
}


def sentences(user: User) -> list[str]:
    return [each.sentence for each in told(list(NewsItem.objects.filter(user=user)), actor_for(user))]


# ------------------------------------------------------------------------------------------------------- the registry


def test_every_rule_is_about_a_kind_that_exists_and_that_the_follower_hears() -> None:
    heard = {
        rule.kind
        for rule in RULES
        if rule.kind in known_kinds() and "allmende.notifications.follow.note" in followers_of(rule.kind)
    }
    assert {rule.kind for rule in RULES} - heard == set()


def test_harvests_are_nobodys_news() -> None:
    """A hundred thousand entries of a harvest must not go through this follower for nothing."""
    busy = ("catalogue.solution_published", "catalogue.solution_changed", "catalogue.listing_missing")
    assert [path for kind in busy for path in followers_of(kind) if "notifications" in path] == []


def test_every_rule_has_a_category_and_a_whole_sentence() -> None:
    for rule in RULES:
        assert rule.category in CATEGORIES
        assert re.fullmatch(r"[A-ZÄÖÜ„{].*[.]", rule.sentence), rule.sentence
        words = {name for _, name, _, _ in Formatter().parse(rule.sentence) if name}
        assert words - WORDS == set()


def test_names_of_rules_say_one_sentence_each() -> None:
    by_name: dict[str, set[str]] = {}
    for rule in RULES:
        by_name.setdefault(rule.name, set()).add(rule.sentence)
    assert [name for name, said in by_name.items() if len(said) > 1] == []
    assert set(by_name) < set(SENTENCES)


def test_every_category_has_a_rate_and_mail_is_sent_only_where_it_is_said() -> None:
    assert [category.code for category in CATEGORIES.values() if category.usual not in RATES] == []
    assert [category.code for category in CATEGORIES.values() if not category.by_mail] == ["post"]


# ------------------------------------------------------------------------------------------------------- who is told


def test_who_offers_a_solution_hears_that_a_town_uses_it(
    market: Market, cast: Cast, now: datetime.datetime
) -> None:
    confirm_use(
        market.melder, organisation=market.neighbour, state="pilot", by=actor_of_town(market, now), now=now
    )
    run_all()
    said = "Birkenmarkt bestätigt die Nutzung von „Mängelmelder“."
    ours = [
        each.sentence for each in told(list(news_of_kind(cast.owner, "use_confirmed")), cast.actor("owner"))
    ]
    assert said in ours
    # The competitor operates the same offer: it is theirs as well.
    assert said in sentences(cast.competitor)
    assert sentences(cast.town) == [
        "Sie haben jetzt eine Rolle bei Ahornstadt: „Digitalisierung der Kommune“."
    ]


def actor_of_town(market: Market, now: datetime.datetime) -> Actor:
    return actor_for(person("municipality_editor", market.neighbour, now))


def news_of_kind(user: User, end: str) -> Any:
    return NewsItem.objects.filter(user=user, kind__endswith=end)


def test_nobody_is_told_of_their_own_act(market: Market, now: datetime.datetime, tell: Tell) -> None:
    both = person("municipality_editor", market.town, now)
    grant_role("provider_editor", user=both, organisation=market.provider, by=Actor.program("setup"), now=now)
    other = person("provider_editor", market.provider, now)
    confirm_use(market.raum, organisation=market.town, state="pilot", by=actor_for(both), now=now)
    confirm_use(market.melder, organisation=market.town, state="productive", by=actor_for(both), now=now)
    items = [item for item in tell("catalogue.use_confirmed") if item.data["town"] == "Ahornstadt"]
    # Once by the opening of the market, by a program, and once by the person themselves.
    assert [item.user for item in items] == [both, other, other]


def test_told_twice_it_is_noted_once(market: Market, cast: Cast, tell: Tell) -> None:
    first = tell("catalogue.use_confirmed", "organisations.role_granted")
    assert tell("catalogue.use_confirmed", "organisations.role_granted") == first
    assert len(first) > 4


def test_a_kind_without_a_rule_is_nobodys_news(market: Market, cast: Cast, tell: Tell) -> None:
    assert tell("organisations.registered", "catalogue.solution_published") == []


def test_who_gets_or_loses_a_role_hears_it(market: Market, cast: Cast, now: datetime.datetime) -> None:
    run_all()
    assert sorted(sentences(cast.owner)) == [
        "Ahornstadt bestätigt die Nutzung von „Mängelmelder“.",
        "Sie haben jetzt eine Rolle bei Beispiel-Software GmbH: „Angebote der Organisation“.",
    ]
    assert sentences(cast.staff) == ["Sie haben jetzt eine Rolle bei Allmende: „Redaktion“."]


def test_who_stands_in_for_somebody_is_told_in_their_place(
    market: Market, cast: Cast, now: datetime.datetime, tell: Tell
) -> None:
    deputy = person("decision_maker", market.provider, now)
    Absence.objects.create(
        organisation=market.provider,
        person=cast.owner,
        deputy=deputy,
        starts_on=now.date() - DAY,
        ends_on=now.date() + DAY,
        reported_at=now,
    )
    told_of_use = {item.user for item in tell("catalogue.use_confirmed")}
    assert told_of_use == {cast.owner, cast.colleague, cast.competitor, deputy}


# ---------------------------------------------------------------------------------------- offers, claims, later edits


@pytest.fixture
def copy(market: Market, now: datetime.datetime) -> WorkingCopy:
    return WorkingCopy.objects.create(
        organisation=market.provider,
        kind="new_offer",
        solution=market.raum,
        content="{}",
        begun_at=now,
        autosaved_at=now,
    )


def decided(
    kind: str, subject: Any, organisation: str, now: datetime.datetime, by: Actor, **data: str
) -> None:
    with transaction.atomic():
        record(kind, subject=subject, by=by, now=now, organisation=organisation, data=data)


def test_a_returned_submission_waits_for_whoever_keeps_the_offers(
    market: Market, cast: Cast, copy: WorkingCopy, now: datetime.datetime, tell: Tell
) -> None:
    decided(
        "catalogue.working_copy_returned",
        copy,
        market.provider.public_id,
        now,
        cast.actor("staff"),
        what=copy.kind,
    )
    items = tell("catalogue.working_copy_returned")
    assert [(item.user, item.category, item.rate) for item in items] == [
        (cast.owner, "tasks", "at_once"),
        (cast.colleague, "tasks", "at_once"),
    ]
    assert sentences(cast.owner) == [
        "Die Redaktion hat „Raumbuchung“ zurückgegeben. Lesen Sie die Gründe und ändern Sie, was nötig ist."
    ]


@pytest.mark.parametrize(("what", "number"), [("new_offer", 2), ("change_offer", 0)])
def test_a_change_that_nobody_had_to_check_is_no_decision(
    market: Market, cast: Cast, copy: WorkingCopy, now: datetime.datetime, tell: Tell, what: str, number: int
) -> None:
    decided(
        "catalogue.working_copy_accepted",
        copy,
        market.provider.public_id,
        now,
        cast.actor("staff"),
        what=what,
    )
    assert len(tell("catalogue.working_copy_accepted")) == number


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("catalogue.entry_claim_granted", "gehört jetzt Ihrer Organisation"),
        ("catalogue.entry_claim_refused", "nicht bestätigt"),
        ("catalogue.entry_claim_ended", "gehört nicht mehr Ihrer Organisation"),
    ],
)
def test_who_claimed_an_entry_hears_what_became_of_it(
    market: Market, cast: Cast, now: datetime.datetime, tell: Tell, kind: str, words: str
) -> None:
    claim = EntryClaim.objects.create(
        solution=market.raum,
        organisation=market.provider,
        evidence="Wir haben sie gebaut.",
        claimed_at=now,
        claimed_by=cast.owner.public_id,
    )
    decided(kind, claim, market.provider.public_id, now, cast.actor("staff"))
    assert {item.user for item in tell(kind)} == {cast.owner, cast.colleague}
    assert words in sentences(cast.owner)[0]
    assert "„Raumbuchung“" in sentences(cast.owner)[0]


def test_a_question_of_the_desk_is_a_task(
    market: Market, cast: Cast, now: datetime.datetime, tell: Tell
) -> None:
    edit = LaterEdit.objects.create(
        solution=market.raum,
        organisation=market.provider,
        edition_before=1,
        edition_after=2,
        made_at=now,
        made_by=cast.owner.public_id,
    )
    decided("catalogue.later_edit_asked", edit, market.provider.public_id, now, cast.actor("staff"))
    assert [item.category for item in tell("catalogue.later_edit_asked")] == ["tasks", "tasks"]
    assert sentences(cast.owner) == [
        "Die Redaktion hat eine Frage zu Ihrer Änderung an „Raumbuchung“. Bitte antworten Sie."
    ]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("entered", "hat „Grünbuch“ aufgenommen"),
        ("known", "stand schon hier"),
        ("declined", "Lesen Sie, warum."),
    ],
)
def test_a_town_hears_what_became_of_what_it_named(
    market: Market, cast: Cast, now: datetime.datetime, tell: Tell, kind: str, words: str
) -> None:
    reader = person("decision_maker", market.town, now)
    person("decision_maker", market.town, now)
    missing = name_missing(
        market.town, name="Grünbuch", purpose="Bäume und ihre Pflege.", by=actor_for(reader), now=now
    )
    decided(f"catalogue.missing_solution_{kind}", missing, market.town.public_id, now, cast.actor("staff"))
    assert {item.user for item in tell(f"catalogue.missing_solution_{kind}")} == {cast.town, reader}
    assert words in sentences(reader)[0]


@pytest.mark.parametrize("kind", ["catalogue.offer_renewal_due", "catalogue.offer_lapsed"])
def test_every_party_of_an_offer_hears_what_becomes_of_it(
    market: Market, cast: Cast, now: datetime.datetime, tell: Tell, kind: str
) -> None:
    offer = market.melder.offers.get()
    decided(kind, offer, "", now, Actor.program("renewal"))
    assert {item.user for item in tell(kind)} == {cast.owner, cast.colleague, cast.competitor}
    assert "„Als Dienst“" in sentences(cast.owner)[0]


def test_every_party_of_an_offer_hears_that_it_was_withdrawn(
    market: Market, cast: Cast, now: datetime.datetime, tell: Tell
) -> None:
    offer = market.melder.offers.get()
    withdraw_offer(offer, reason="Wir hören auf.", by=cast.actor("owner"), now=now)
    told_of_it = {item.user for item in tell("catalogue.offer_withdrawn")}
    assert told_of_it == {cast.colleague, cast.competitor, cast.town}
    assert sentences(cast.colleague) == ["Das Angebot „Als Dienst“ wurde zurückgezogen."]


def test_a_town_that_uses_a_solution_hears_that_an_offer_for_it_was_withdrawn(
    market: Market, cast: Cast, now: datetime.datetime, tell: Tell
) -> None:
    neighbour = person("municipality_editor", market.neighbour, now)
    offer = market.melder.offers.get()
    withdraw_offer(offer, reason="Wir hören auf", by=cast.actor("owner"), now=now)
    items = tell("catalogue.offer_withdrawn")
    assert {item.user for item in items} == {cast.colleague, cast.competitor, cast.town}
    assert sentences(cast.town) == [
        "Ihre Kommune nutzt „Mängelmelder“. Das Angebot „Als Dienst“ dazu wurde zurückgezogen. Der Grund: Wir hören "
        "auf. Frühere Ausgaben bleiben lesbar."
    ]
    # The reason is for those whom it concerns.
    theirs = [item for item in items if item.user == cast.town]
    for stranger in (actor_for(neighbour), Actor.anonymous()):
        assert [each.sentence for each in told(theirs, stranger)] == [GONE]


# ------------------------------------------------------------------------------------------------- what is withdrawn


def test_towns_and_providers_hear_that_a_solution_is_withdrawn_with_the_reason(
    market: Market, cast: Cast, now: datetime.datetime, tell: Tell
) -> None:
    person("municipality_editor", market.neighbour, now)
    person("decision_maker", market.town, now)
    withdraw(market.melder, reason="Wird nicht\nmehr gepflegt.", by=cast.actor("staff"), now=now)
    items = tell("catalogue.solution_withdrawn")
    assert [item.user for item in items] == [cast.owner, cast.colleague, cast.competitor, cast.town]
    assert {(item.category, item.rate) for item in items} == {("decisions", "at_once")}
    left = "Der Grund: Wird nicht mehr gepflegt. Frühere Ausgaben bleiben lesbar."
    assert sentences(cast.town) == [
        f"Ihre Kommune nutzt „Mängelmelder“. Der Eintrag wurde zurückgezogen, mit allen Angeboten dazu. {left}"
    ]
    assert sentences(cast.owner) == [
        f"Der Eintrag „Mängelmelder“ wurde zurückgezogen, und mit ihm Ihr Angebot dazu. {left}"
    ]
    assert [each.href for each in told(items, cast.actor("town"))] == [
        f"/loesungen/{market.melder.public_id}"
    ] * 2


def test_a_town_that_has_stopped_using_it_hears_nothing(
    market: Market, cast: Cast, now: datetime.datetime, tell: Tell
) -> None:
    market.melder.confirmed_uses.update(state="ended")
    withdraw(market.melder, reason="Wird nicht mehr gepflegt.", by=cast.actor("staff"), now=now)
    assert cast.town not in {item.user for item in tell("catalogue.solution_withdrawn")}


def test_news_of_a_withdrawal_say_what_is_true_when_they_are_read(
    market: Market, cast: Cast, now: datetime.datetime, tell: Tell
) -> None:
    withdraw(market.melder, reason="x" * 400, by=cast.actor("staff"), now=now)
    tell("catalogue.solution_withdrawn")
    assert sentences(cast.town)[0].endswith(f"Der Grund: {'x' * 299}… Frühere Ausgaben bleiben lesbar.")
    Notice.objects.create(
        subject_type="solution", subject_id=market.melder.public_id, subject_name="M", reason="wrong", what="x",
        received_at=now, hidden_at=now, hidden_by="x", hidden_reason="x",
    )  # fmt: skip
    assert sentences(cast.town)[0].endswith("… Auch frühere Ausgaben sind bis dahin nicht lesbar.")
    restore(market.melder, by=cast.actor("staff"), now=now)
    assert sentences(cast.town)[0].endswith("Inzwischen steht er wieder hier.")
    type(market.melder).objects.filter(pk=market.melder.pk).update(state="erased")
    assert sentences(cast.town) == [GONE]


# ------------------------------------------------------------------------------------------------------------- notices


@pytest.mark.parametrize(
    ("kind", "told_of_it"),
    [
        ("catalogue.notice_received", []),
        ("catalogue.notice_hidden", ["owner", "colleague", "competitor"]),
        ("catalogue.notice_hearing", ["owner", "colleague", "competitor"]),
        ("catalogue.notice_decided", ["owner", "colleague", "competitor", "town"]),
        ("catalogue.notice_closed", ["owner", "colleague", "competitor", "town"]),
    ],
)
def test_both_sides_of_a_notice_are_told_in_the_site(
    market: Market, cast: Cast, now: datetime.datetime, tell: Tell, kind: str, told_of_it: list[str]
) -> None:
    notice = Notice.objects.create(
        subject_type="offer",
        subject_id=market.melder.offers.get().public_id,
        subject_name="Als Dienst",
        reason="wrong",
        what="Der Preis stimmt nicht.",
        received_at=now,
        heard_at=now,
        heard_by=cast.staff.public_id,
        heard_until=now.date() + DAY,
        state="hearing",
    )
    NoticeContact.objects.create(notice=notice, side="reporter", account=cast.town.public_id)
    decided(kind, notice, "", now, cast.actor("staff"))
    items = tell(kind)
    assert [(item.user, item.rate) for item in items] == [
        (getattr(cast, name), "never") for name in told_of_it
    ]
    for item in items:
        [said] = told([item], actor_for(item.user))
        assert "„Als Dienst“" in said.sentence
        assert resolve(said.href).func.__module__.startswith("allmende.web.notices")


# ---------------------------------------------------------------------------------------------------------------- post


def bounce(address: str, by: Actor, now: datetime.datetime, about: Any = ("organisation", "x")) -> None:
    letter = send(
        to=address, subject="Einladung: Ahornstadt", text="…", kind="tests.x", about=about, by=by, now=now
    )
    run_all()
    report = (
        f"To: bounces+{letter.bounce_token}@a.example\r\nContent-Type: multipart/report; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nX: y\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--"
    )
    assert receive(report.encode(), by=MAIL, now=now) == letter


def test_who_wrote_to_an_address_that_does_not_exist_hears_it_in_the_site(
    market: Market, cast: Cast, now: datetime.datetime, tell: Tell
) -> None:
    bounce("nobody@stadt.example", cast.actor("owner"), now)
    NewsItem.objects.all().delete()
    [item] = tell("mail.bounced")
    assert (item.user, item.category, item.rate) == (cast.owner, "post", "never")
    assert sentences(cast.owner) == [
        "Eine E-Mail, die Sie ausgelöst haben, ist nicht angekommen: „Einladung: Ahornstadt“. Prüfen Sie die Adresse."
    ]


def test_who_no_longer_gets_mail_hears_it_in_the_site_once(
    market: Market, cast: Cast, now: datetime.datetime, tell: Tell
) -> None:
    for _ in range(3):
        bounce(cast.owner.email, MAIL, now)
    assert UndeliverableAddress.objects.get().bounces == 3
    NewsItem.objects.all().delete()
    [item] = tell("mail.bounced")
    assert (item.user, item.kind, item.rate) == (cast.owner, "mail.undeliverable", "never")
    assert sentences(cast.owner)[0].startswith("E-Mails an Ihre Adresse kommen zurück.")


# ------------------------------------------------------------------------------------------------------- what is shown


def test_what_may_no_longer_be_seen_is_not_named(
    market: Market, cast: Cast, tell: Tell, now: datetime.datetime
) -> None:
    tell("catalogue.use_confirmed")
    items = list(NewsItem.objects.filter(user=cast.owner))
    assert "Mängelmelder" in told(items, cast.actor("owner"))[0].sentence
    withdraw(market.melder, reason="Wird nicht mehr gepflegt.", by=cast.actor("staff"), now=now)
    [said] = told(items, cast.actor("owner"))
    assert (said.sentence, said.href, said.is_gone) == (GONE, "", True)


def test_a_submission_of_others_is_not_named(
    market: Market, cast: Cast, copy: WorkingCopy, now: datetime.datetime, tell: Tell
) -> None:
    decided("catalogue.working_copy_returned", copy, market.provider.public_id, now, cast.actor("staff"))
    items = tell("catalogue.working_copy_returned")
    for stranger in ("competitor", "town"):
        assert told(items, cast.actor(stranger))[0].is_gone is True
    assert told(items, Actor.anonymous())[0].is_gone is True


def test_a_burst_that_says_the_same_is_one_sentence(
    market: Market, cast: Cast, copy: WorkingCopy, now: datetime.datetime, tell: Tell
) -> None:
    for minute in range(5):
        at = now + datetime.timedelta(minutes=minute)
        decided("catalogue.working_copy_returned", copy, market.provider.public_id, at, cast.actor("staff"))
    tell("catalogue.working_copy_returned")
    [said] = told(list(NewsItem.objects.filter(user=cast.owner)), cast.actor("owner"))
    assert (said.times, said.at) == (5, now + datetime.timedelta(minutes=4))


def test_a_list_of_news_costs_the_same_number_of_queries_with_one_and_with_three(
    market: Market, cast: Cast, now: datetime.datetime, django_assert_num_queries: Any
) -> None:
    items = [
        NewsItem(kind="catalogue.use_confirmed", subject_type="solution", subject_id=each.public_id, at=now,
                 category="use", data={"town": "Ahornstadt"})
        for each in (market.melder, market.raum, market.foreign)
    ]  # fmt: skip
    actor = cast.actor("owner")
    for some in (items[:1], items):
        with django_assert_num_queries(1):
            assert len(told(some, actor)) == len(some)


def test_every_thing_leads_to_a_page_that_exists(
    market: Market, cast: Cast, copy: WorkingCopy, now: datetime.datetime
) -> None:
    offer = market.melder.offers.get()
    subjects = [
        ("solution", market.melder.public_id),
        ("offer", offer.public_id),
        ("working_copy", copy.public_id),
        ("organisation", market.provider.public_id),
        ("organisation", market.town.public_id),
        ("organisation", market.other_provider.public_id),
        ("account", cast.owner.public_id),
        ("platform", "allmende"),
    ]
    found = seen(subjects, cast.actor("owner"))
    assert set(found) == set(subjects)
    for thing in found.values():
        assert resolve(thing.href)
    assert {kind for kind, _ in subjects} <= set(THINGS)


def test_pages_of_tasks_exist_and_braces_in_an_address_do_no_harm(
    market: Market, cast: Cast, now: datetime.datetime
) -> None:
    assert [bool(resolve(page.format(id="0000000000"))) for page in PAGES.values()] == [True] * len(PAGES)
    saved = SavedSearch.objects.create(
        user=cast.owner, title="{thing}", address="/suche?q={x}", rate="daily", made_at=now, looked_at=now
    )
    item = NewsItem(
        kind=SEARCH_NEWS,
        subject_type="saved_search",
        subject_id=saved.public_id,
        category="searches",
        at=now,
        data={"news": "eine neue Lösung", "solutions": [market.raum.public_id]},
    )
    [said] = told([item], cast.actor("owner"))
    assert (said.href, said.sentence) == (
        "/suche?q={x}",
        "Ihre gespeicherte Suche „{thing}“ findet eine neue Lösung.",
    )


def test_noting_nothing_is_nothing(db: None, now: datetime.datetime) -> None:
    assert note([], now=now) == 0
