"""The story as `make demo` tells it, in an empty database and without the real files beside the checkout.

It is told once for the module, in a transaction that is rolled back at its end.
"""

import csv
import datetime
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from allmende.accounts.models import User
from allmende.catalogue.models import (
    ClaimedUse,
    ConfirmedUse,
    Contact,
    Edition,
    Listing,
    Notice,
    Offer,
    Origin,
    Solution,
    SolutionTerm,
)
from allmende.demand.models import JointNeed, Outcome
from allmende.demo.actions import EDITORS, PASSWORD, logins, tell
from allmende.demo.story import software_additions, story
from allmende.exploration.checklist import checklist
from allmende.exploration.models import Answer, Case, InquiryLetter
from allmende.exploration.queries.answering import inquiries_for
from allmende.exploration.queries.auditing import auditable_by
from allmende.exploration.record.comparison import faults_of
from allmende.exploration.record.exports import Record
from allmende.federation.models import Run, Source
from allmende.files.models import StoredFile
from allmende.lib.refusals import Refused
from allmende.organisations.models import Membership, Organisation
from allmende.organisations.queries import actor_for
from allmende.procurement.models import RuleSet
from allmende.records.keys import known_keys
from allmende.records.verification import verify
from allmende.regions.models import Region
from tests.factories.words import load
from tests.federation.conftest import OPERATOR

NOW = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=datetime.UTC)
NEXT_DAY = NOW + datetime.timedelta(days=1)
EXAMPLE = re.compile(r"Beispiel|\(Beispiel\)")
TOWNS = {
    "99001001": "Ahornstadt (Beispiel)",
    "99001002": "Birkenmarkt (Beispiel)",
    "99001003": "Espenfurt (Beispiel)",
    "99001004": "Ginsterhausen (Beispiel)",
    "99001005": "Holunderbach (Beispiel)",
    "99001006": "Kieferndorf (Beispiel)",
    "99001007": "Lärchenau (Beispiel)",
    "99001008": "Ulmenried (Beispiel)",
}


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the story keeps the key that signs its record."""
    return tmp_path_factory.mktemp("record-keys")


@pytest.fixture(scope="module")
def said(django_db_setup: None, django_db_blocker: DjangoDbBlocker, keys: Path) -> Iterator[list[str]]:
    """The story, told once; what it said."""
    lines: list[str] = []
    with django_db_blocker.unblock(), override_settings(DEMO=True, RECORD_KEYS_DIR=keys):
        around = transaction.atomic()
        around.__enter__()
        load(by=OPERATOR, now=NOW)
        tell(now=NOW, say=lines.append, shared=None)
    yield lines
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def told(said: list[str], db: None, settings: Any) -> list[str]:
    """The story in a savepoint of the test's own."""
    settings.DEMO = True
    return said


def counts() -> dict[str, int]:
    """Rows by table, but for runs and the jobs of the queue: a second harvest is a run of its own."""
    models = (
        model for model in apps.get_models() if model._meta.app_label != "sessions" and model is not Run
    )
    return {model._meta.label: model._default_manager.count() for model in models}


def solution_of(entry: str) -> Solution:
    return Listing.objects.get(origin__code=EDITORS, key=f"{entry}/publiccode.yml").solution


def terms(solution: Solution, scheme: str) -> list[str]:
    found = SolutionTerm.objects.filter(solution=solution, scheme=scheme).order_by("position")
    return list(found.values_list("code", flat=True))


# The district


def test_the_story_says_what_it_did(told: list[str]) -> None:
    entries = len(software_additions())
    assert told == [
        f"10 erfundene Regionen, 4 erfundene Organisationen, {len(story()['people'])} Konten.",
        f"Ernte redaktion: {entries} gesehen, {entries} neu, 0 zurückgestellt.",
        f"{entries + 4} Lösungen, {len(story()['offers'])} Angebote.",
    ]


def test_the_invented_district_lies_in_land_99_and_says_that_it_is_invented(told: list[str]) -> None:
    regions = Region.objects.order_by("key")
    assert [region.key for region in regions] == ["99", "99001", *TOWNS]
    assert {region.is_invented for region in regions} == {True}
    assert {region.land_key for region in regions} == {"99"}
    assert {region.key: region.name for region in regions if region.ags} == TOWNS
    assert [region.name for region in regions if not EXAMPLE.search(region.name)] == []


def test_the_land_of_the_story_is_none_of_the_register(checkout: Path) -> None:
    assert [row["ars"] for row in register(checkout) if row["ars"].startswith("99")] == []


def register(checkout: Path) -> list[dict[str, str]]:
    path = checkout / "src" / "allmende" / "regions" / "data" / "regions.csv"
    with path.open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, delimiter=";"))


def plain(name: str) -> str:
    """The bare name: `Kiel` of `Kiel, Landeshauptstadt`, `Espenfurt` of `Espenfurt (Beispiel)`."""
    return re.split(r"[,(]", name)[0].strip().casefold()


def test_no_invented_name_is_that_of_a_real_place(told: list[str], checkout: Path) -> None:
    real = {plain(row["name"]) for row in register(checkout)}
    assert len(real) > 10_000
    invented = {plain(region.name) for region in Region.objects.filter(is_invented=True)}
    invented |= {plain(region.name.removeprefix("Beispielkreis ")) for region in Region.objects.all()}
    assert invented & real == set()


def test_every_town_is_an_organisation_and_every_organisation_invented(told: list[str]) -> None:
    towns = Organisation.objects.filter(region__isnull=False)
    assert sorted(town.region.key for town in towns if town.region.ags) == sorted(TOWNS)
    assert set(Organisation.objects.values_list("is_invented", flat=True)) == {True}


def test_every_invented_company_says_so_in_its_name(told: list[str]) -> None:
    names = Organisation.objects.filter(region=None).values_list("name", flat=True)
    assert sorted(names) == sorted(row["name"] for row in story()["organisations"])
    assert [name for name in names if not name.startswith("Beispiel-")] == []


# Solutions, offers, uses


def test_what_is_invented_is_flagged_and_named_so_and_the_rest_is_not(told: list[str]) -> None:
    invented = Solution.objects.filter(is_invented=True)
    assert sorted(invented.values_list("name", flat=True)) == sorted(
        row["name"] for row in story()["solutions"]
    )
    assert [solution.name for solution in invented if not solution.name.endswith("(Beispiel)")] == []
    assert [solution.name for solution in invented if not solution.website_url.endswith(".example")] == []
    assert Solution.objects.filter(is_invented=False).count() == len(software_additions())
    assert set(Solution.objects.values_list("state", flat=True)) == {"published"}


def test_every_offer_is_invented_and_names_only_invented_parties(told: list[str]) -> None:
    offers = Offer.objects.select_related("supplier", "operator", "seller")
    assert sorted(offer.title for offer in offers) == sorted(row["title"] for row in story()["offers"])
    assert {(offer.state, offer.is_invented) for offer in offers} == {("published", True)}
    assert [offer.title for offer in offers if not offer.title.endswith("(Beispiel)")] == []
    parties = [party for offer in offers for party in (offer.supplier, offer.operator, offer.seller) if party]
    assert {party.is_invented for party in parties} == {True}


def test_prices_are_those_of_the_story(told: list[str]) -> None:
    for row in story()["offers"]:
        offer = Offer.objects.get(title=row["title"])
        written = [(price["kind"], price["amount"]) for price in row.get("prices", [])]
        assert [(price.kind, f"{price.amount:.2f}") for price in offer.prices.all()] == written
        assert offer.on_request is row.get("on_request", False)


def test_uses_are_as_written(told: list[str]) -> None:
    def key_of(solution: Solution) -> str:
        listing = solution.listings.select_related("origin").get()
        key = listing.key.removesuffix("/publiccode.yml")
        return f"{EDITORS}:{key}" if listing.origin.code == EDITORS else key

    found = [
        (key_of(use.solution), use.organisation.region.key, use.state, use.since, use.ended_on, use.note)
        for use in ConfirmedUse.objects.select_related("organisation__region", "solution")
    ]
    written = [
        (
            row["solution"],
            row["region"],
            row["state"],
            row["since"],
            row.get("ended_on"),
            row.get("note", ""),
        )
        for row in story()["uses"]
    ]
    assert sorted(found, key=repr) == sorted(written, key=repr)


def test_nothing_is_said_about_what_a_real_town_uses(told: list[str]) -> None:
    assert set(ConfirmedUse.objects.values_list("organisation__is_invented", flat=True)) == {True}
    assert ClaimedUse.objects.count() == 0


@pytest.mark.parametrize(
    ("entry", "fields"),
    [
        ("3dcitydb", ["stadtplanung", "daten_infrastruktur"]),
        ("adhocracy-plus", ["beteiligung", "stadtplanung"]),
        ("bigbluebutton", ["bildung", "beteiligung"]),
    ],
)
def test_our_own_terms_reach_the_solutions(told: list[str], entry: str, fields: list[str]) -> None:
    solution, additions = solution_of(entry), software_additions()[f"{entry}/publiccode.yml"]
    assert terms(solution, "field_of_action") == fields == additions["fields_of_action"]
    assert solution.primary_field == fields[0]
    assert terms(solution, "solution_type") == additions["solution_types"]
    assert terms(solution, "delivery_model") == additions["delivery_models"]
    assert solution.boundary == additions["boundary"]


def test_entries_about_real_software_are_the_words_of_the_editors(told: list[str]) -> None:
    origin = Origin.objects.get(code=EDITORS)
    assert (origin.kind, origin.licence) == ("editorial", "CC0-1.0")
    assert origin.listings.count() == len(software_additions())
    assert set(origin.listings.values_list("record_licence", flat=True)) == {"CC0-1.0"}
    assert set(Contact.objects.values_list("is_team", "email", "phone")) == {(True, "", "")}


# Accounts


@pytest.mark.parametrize(
    ("email", "role", "body", "is_staff"),
    [
        ("betrieb@demo.example", "operator_admin", None, True),
        ("redaktion@demo.example", "catalogue_editor", None, True),
        ("stadt@demo.example", "municipality_editor", "Espenfurt (Beispiel)", False),
        ("anbieter@demo.example", "provider_editor", "Beispiel-Software Ahorn GmbH", False),
    ],
)
def test_each_account_holds_its_one_role_and_can_sign_in(
    told: list[str], client: Any, email: str, role: str, body: str | None, is_staff: bool
) -> None:
    user = User.objects.get(email=email)
    membership = Membership.objects.get(user=user)
    organisation = membership.organisation
    assert (membership.role, organisation and body_name(organisation), user.is_staff, user.is_superuser) == (
        role,
        body,
        is_staff,
        False,
    )
    assert client.login(username=email, password=PASSWORD)


def body_name(organisation: Organisation) -> str:
    return organisation.region.name if organisation.region else organisation.name


def test_the_logins_name_every_account_and_the_password() -> None:
    first, *rows = logins()
    assert PASSWORD in first
    assert [row.split()[0] for row in rows] == [person["email"] for person in story()["people"]]


# Told again, told elsewhere


def test_told_twice_it_changes_nothing(told: list[str]) -> None:
    before = counts(), list(Edition.objects.order_by("pk").values())
    changed_at = list(Solution.objects.order_by("pk").values_list("pk", "changed_at", "lock_version"))
    tell(now=NEXT_DAY, say=[].append, shared=None)
    assert (counts(), list(Edition.objects.order_by("pk").values())) == before
    assert list(Solution.objects.order_by("pk").values_list("pk", "changed_at", "lock_version")) == changed_at
    last = Source.objects.get(code=EDITORS).runs.first()
    assert last is not None
    assert (last.same, last.new, last.changed) == (len(software_additions()), 0, 0)


def test_a_folder_of_real_files_that_is_empty_adds_no_source(told: list[str], tmp_path: Path) -> None:
    tell(now=NEXT_DAY, say=[].append, shared=tmp_path)
    tell(now=NEXT_DAY, say=[].append, shared=tmp_path / "gibt-es-nicht")
    assert list(Source.objects.values_list("code", flat=True)) == [EDITORS]


def test_real_files_beside_the_checkout_are_sources_of_their_own(told: list[str], tmp_path: Path) -> None:
    page = tmp_path / "catalogues" / "codefor.de" / "content" / "projekte" / "2026-01-02-werkzeug.md"
    page.parent.mkdir(parents=True)
    page.write_text(
        "---\nlayout: project\ntitle: Werkzeug\nwebsite: https://werkzeug.invalid\n---\nEin Werkzeug.\n"
    )
    lines: list[str] = []
    tell(now=NEXT_DAY, say=lines.append, shared=tmp_path)
    assert lines[2] == "Ernte codefor-de: 1 gesehen, 1 neu, 0 zurückgestellt."
    listing = Listing.objects.get(origin__code="codefor-de")
    assert (listing.record_url, listing.record_licence, listing.solution.is_invented) == (
        "https://codefor.de/projekte/werkzeug/",
        "MIT",
        False,
    )


def test_outside_of_the_demo_it_is_refused_and_nothing_is_written(db: None, settings: Any) -> None:
    settings.DEMO = False
    before = counts()
    with pytest.raises(Refused, match="ALLMENDE_DEMO=1"):
        tell(now=NOW, say=[].append, shared=None)
    with pytest.raises(CommandError, match="ALLMENDE_DEMO=1"):
        call_command("demo")
    assert counts() == before


def test_the_story_shows_a_logo_a_document_in_an_edition_and_a_notice(told: list[str]) -> None:
    logo, document = (StoredFile.objects.get(kind=kind) for kind in ("logo", "document"))
    owners = Organisation.objects.filter(public_id__in=[logo.owner, document.owner])
    assert set(owners.values_list("is_invented", flat=True)) == {True}
    assert document.name == "Preisliste Pegelblick (Beispiel).pdf"
    assert Edition.objects.filter(content__contains=document.digest).exists()
    assert [(notice.state, notice.reason) for notice in Notice.objects.all()] == [("open", "wrong")]


def case_about(word: str) -> Case:
    return Case.objects.select_related("need").get(title__contains=word)


def done(case: Case) -> list[int]:
    return [line.step.number for line in checklist(case) if line.state.state == "done"]


@pytest.mark.usefixtures("told")
def test_a_market_exploration_is_in_its_middle() -> None:
    """Its plan is fixed, one look is logged, and the next step is to look here."""
    case = case_about("Schäden")
    lines = {line.step.number: line.state.state for line in checklist(case)}
    assert done(case) == [1, 2, 3, 4, 5]
    assert (lines[6], case.is_invented, case.need.is_invented) == ("open", True, True)


@pytest.mark.usefixtures("told")
def test_another_waits_for_answers_and_a_person_of_a_company_has_it_in_the_inbox() -> None:
    case = case_about("Hallen")
    sent = case.questionnaires.get()
    asked = {each.company_name: (each.state, bool(each.email)) for each in sent.inquiries.all()}
    assert (case.state, sent.state, asked) == (
        "running",
        "sent",
        {
            "Beispiel-Rechenzentrum Ahornland": ("sent", False),
            "Beispiel-Buchungsdienst Erlenau": ("sent", True),
            "Beispiel-Genossenschaft Offene Dienste eG": ("sent", True),
        },
    )
    person = actor_for(User.objects.get(email="rechenzentrum@demo.example"))
    inbox = inquiries_for(person)
    assert [each.questionnaire.case for each in inbox] == [case]


@pytest.mark.usefixtures("told")
def test_a_third_is_frozen_with_all_that_belongs_to_it_and_still_is_what_was_signed() -> None:
    case = case_about("Bäche")
    listed = Counter(case.candidates.values_list("state", "reason"))
    assert listed == {
        ("kept", "fits"): 1,
        ("kept", "to_be_asked"): 1,
        ("dropped", "out_of_scope"): 2,
        ("dropped", "must_unmet"): 1,
        ("dropped", "no_answer"): 1,
    }
    asked = case.questionnaires.get().inquiries
    assert Counter(asked.values_list("state", flat=True)) == {"answered": 2, "silent": 1}
    assert set(InquiryLetter.objects.filter(inquiry__in=asked.all()).values_list("state", flat=True)) == {
        "sent"
    }
    assert Answer.objects.filter(inquiry__questionnaire__case=case, value__isnull=True).count() == 1
    assert (case.talks.get().shared_at is not None, str(case.estimates.get().total)) == (True, "14240.00")
    record = case.record
    assert (record.approved_by, case.state) == (
        User.objects.get(email="vergabe@demo.example").public_id,
        "frozen",
    )
    assert done(case) == [*range(1, 15)]


def test_the_frozen_case_proves_itself_and_its_files_can_be_made(
    told: list[str], keys: Path, settings: Any
) -> None:
    settings.RECORD_KEYS_DIR = keys
    case = case_about("Bäche")
    assert faults_of(case.record, dict(known_keys())) == []
    made = Record(case, without_confidential=False, now=NOW)
    assert verify(made.file("json"), made.file("sig"), known_keys()).is_proven is True


@pytest.mark.usefixtures("told")
def test_auditors_have_the_frozen_case_on_their_page() -> None:
    auditor = actor_for(User.objects.get(email="rechnungspruefung@demo.example"))
    assert [each.case.title for each in auditable_by(auditor, NOW)] == [case_about("Bäche").title]


@pytest.mark.usefixtures("told")
def test_two_towns_go_together_one_says_what_came_of_it_and_has_limits_of_its_own() -> None:
    joint = JointNeed.objects.get()
    towns = joint.joinings.filter(state="joined").values_list("need__organisation__name", flat=True)
    assert sorted(towns) == ["Espenfurt (Beispiel)", "Ginsterhausen (Beispiel)"]
    outcome = Outcome.objects.select_related("need", "solution").get()
    assert (outcome.kind, outcome.solution.name, outcome.need.state) == (
        "bought",
        "Pegelblick (Beispiel)",
        "closed",
    )
    rules = RuleSet.objects.get(scope="own")
    assert (rules.state, rules.organisation.name, rules.limits.count()) == (
        "released",
        "Espenfurt (Beispiel)",
        3,
    )
