"""Rules are entered, looked at by a second person, ended and withdrawn; never edited."""

import datetime
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from allmende.accounts.models import User
from allmende.journal.queries import history
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.organisations.actions import grant_role
from allmende.organisations.models import Organisation
from allmende.organisations.queries import actor_for
from allmende.procurement import actions, files
from allmende.procurement.drafts import FaultyRules, LimitDraft, RuleSetDraft
from allmende.procurement.models import RuleSet
from allmende.procurement.queries import known_by_land, own_rules, rules_for, waiting
from tests.procurement.conftest import PROGRAM, Towns

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 2, 1)
ONE = Actor("person", "0000000001", frozenset({("catalogue_editor", None)}))
TWO = Actor("person", "0000000002", frozenset({("operator_admin", None)}))
HESSE = RuleSetDraft(
    scope="state",
    land="06",
    title="Wertgrenzen in Hessen",
    legal_basis="state_rule",
    legal_text="Erlass, erfunden für diesen Test",
    source_title="Staatsanzeiger, erfunden",
    as_of=DAY,
    valid_from=datetime.date(2026, 1, 1),
    limits=(LimitDraft(procedure="direct_award", value=Decimal(10000)),),
)
OWN = replace(
    HESSE, title="Vergabesatzung", limits=(LimitDraft(procedure="direct_award", value=Decimal(25000)),)
)


def kinds(rule_set: RuleSet) -> list[str]:
    return [entry.kind for entry in history("rule_set", rule_set.public_id).order_by("pk")]


def released(draft: RuleSetDraft, now: datetime.datetime) -> RuleSet:
    made = actions.propose_rule_set(draft, by=ONE, now=now)
    return actions.release_rule_set(made, by=TWO, now=now)


def clerk(town: Organisation, role: str, now: datetime.datetime) -> Actor:
    user = User.objects.create_user(f"{role}@beispiel.example", None)
    grant_role(role, user=user, organisation=town, by=PROGRAM, now=now)
    return actor_for(user)


# ------------------------------------------------------------------------------------------------ second look


def test_a_rule_holds_once_somebody_else_has_looked(towns: Towns, now: datetime.datetime) -> None:
    made = actions.propose_rule_set(HESSE, by=ONE, now=now)
    assert (rules_for(towns.he, DAY).regime, list(waiting())) == ("unknown", [made])
    with pytest.raises(Refused, match="nicht selbst eingetragen"):
        actions.release_rule_set(made, by=ONE, now=now)
    actions.release_rule_set(made, by=TWO, now=now)
    found = rules_for(towns.he, DAY)
    assert (found.regime, [limit.value for limit in found.limits], list(waiting())) == (
        "limits",
        [Decimal(10000)],
        [],
    )
    assert kinds(made) == ["procurement.rule_set_proposed", "procurement.rule_set_released"]


def test_the_one_before_ends_on_the_day_before(towns: Towns, now: datetime.datetime) -> None:
    old = released(HESSE, now)
    more = (LimitDraft(procedure="direct_award", value=Decimal(20000)),)
    new = released(replace(HESSE, valid_from=datetime.date(2028, 3, 1), limits=more), now)
    old.refresh_from_db()
    # 2028 is a leap year.
    assert old.valid_to == datetime.date(2028, 2, 29)
    assert [
        rules_for(towns.he, day).limits[0].value
        for day in (datetime.date(2028, 2, 28), datetime.date(2028, 2, 29), datetime.date(2028, 3, 1))
    ] == [Decimal(10000), Decimal(10000), Decimal(20000)]
    assert kinds(old)[-1] == "procurement.rule_set_ended"
    assert rules_for(towns.he, datetime.date(2028, 3, 1)).state.id == new.public_id  # type: ignore[union-attr]


def test_two_never_hold_on_the_same_day(towns: Towns, now: datetime.datetime) -> None:
    released(replace(HESSE, valid_to=datetime.date(2026, 12, 31)), now)
    late = actions.propose_rule_set(replace(HESSE, valid_from=datetime.date(2026, 12, 31)), by=ONE, now=now)
    with pytest.raises(Refused, match="In dieser Zeit gilt schon „Wertgrenzen in Hessen“"):
        actions.release_rule_set(late, by=TWO, now=now)
    late.refresh_from_db()
    assert late.state == "proposed"
    released(replace(HESSE, valid_from=datetime.date(2027, 1, 1)), now)
    assert rules_for(towns.he, datetime.date(2027, 1, 1)).regime == "limits"


def test_an_end_is_set_once_and_never_moved_back(towns: Towns, now: datetime.datetime) -> None:
    made = released(HESSE, now)
    with pytest.raises(Refused, match=r"Die Regel gilt erst ab 01\.01\.2026"):
        actions.end_rule_set(made, last_day=datetime.date(2025, 12, 31), by=ONE, now=now)
    actions.end_rule_set(made, last_day=datetime.date(2026, 6, 30), by=ONE, now=now)
    with pytest.raises(Refused, match=r"endet schon am 30\.06\.2026"):
        actions.end_rule_set(made, last_day=datetime.date(2026, 7, 1), by=ONE, now=now)
    assert rules_for(towns.he, datetime.date(2026, 7, 1)).warnings == (
        "Für Hessen ist am 01.07.2026 keine Regel hinterlegt. Bitte tragen Sie Ihre eigene Wertgrenze ein.",
    )


def test_what_was_wrong_is_withdrawn_with_a_reason_and_stays_readable(
    towns: Towns, now: datetime.datetime
) -> None:
    made = released(HESSE, now)
    with pytest.raises(Refused, match="Sagen Sie, warum"):
        actions.withdraw_rule_set(made, reason=" ", by=ONE, now=now)
    actions.withdraw_rule_set(made, reason="Zahlendreher.", by=ONE, now=now)
    made.refresh_from_db()
    assert (made.state, made.withdrawn_reason, made.limits.count()) == ("withdrawn", "Zahlendreher.", 1)
    assert rules_for(towns.he, DAY).regime == "unknown"
    with pytest.raises(Refused, match="Aus „zurückgezogen“ kann nicht „hinterlegt“ werden"):
        actions.release_rule_set(made, by=TWO, now=now)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": " "}, "braucht einen Titel"),
        ({"source_title": ""}, "eine Quelle"),
        ({"source_url": "javascript:alert(1)"}, "beginnt mit https"),
        ({"legal_basis": "unfug"}, "Rechtsgrundlage"),
        ({"valid_to": datetime.date(2025, 1, 1)}, "endet vor ihrem Anfang"),
        ({"land": "99"}, "Wählen Sie das Land"),
        ({"limits": ()}, "mindestens eine Wertgrenze"),
        ({"limits": HESSE.limits * 2}, "steht zweimal da"),
        ({"limits": (LimitDraft(procedure="unfug", value=Decimal(1)),)}, "Verfahrensart aus der Liste"),
        ({"limits": (LimitDraft(procedure="direct_award"),)}, "Nennen Sie den Betrag"),
        ({"limits": (LimitDraft(procedure="direct_award", value=Decimal(0)),)}, "liegt über null"),
        ({"limits": (LimitDraft(procedure="eu_threshold", value=Decimal(1)),)}, "nur dort"),
        ({"scope": "eu", "land": ""}, "nur dort"),
        ({"scope": "own", "land": ""}, "trägt die Kommune selbst ein"),
    ],
)
def test_what_does_not_make_a_rule_is_refused_in_words(
    towns: Towns, now: datetime.datetime, change: dict[str, object], said: str
) -> None:
    before = RuleSet.objects.count()
    with pytest.raises(Refused, match=said):
        actions.propose_rule_set(replace(HESSE, **change), by=ONE, now=now)  # type: ignore[arg-type]
    assert RuleSet.objects.count() == before


def test_the_database_keeps_what_the_actions_promise(towns: Towns, now: datetime.datetime) -> None:
    made = released(HESSE, now)
    for change in (
        {"valid_to": datetime.date(2020, 1, 1)},
        {"land": ""},
        {"scope": "own"},
        {"source_title": ""},
        {"state": "withdrawn"},
        {"state": "proposed"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            RuleSet.objects.filter(pk=made.pk).update(**change)
    for limit in ({"value": None}, {"value": 0}, {"procedure": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            made.limits.update(**limit)


# --------------------------------------------------------------------------------------------------- own rules


@pytest.mark.parametrize("role", ["procurement_officer", "municipality_editor", "organisation_admin"])
def test_a_town_enters_its_own_limit_and_it_stands_before_the_lands(
    towns: Towns, now: datetime.datetime, role: str
) -> None:
    by = clerk(towns.bw, role, now)
    made = actions.enter_own_rules(OWN, organisation=towns.bw, by=by, now=now)
    found = rules_for(towns.bw, DAY)
    assert (found.own.id if found.own else "", made.scope, made.state) == (made.public_id, "own", "released")
    assert [(each.procedure, each.value, each.rule.scope) for each in found.limits] == [
        ("direct_award", Decimal(25000), "own"),
        ("negotiated_award", Decimal(216000), "state"),
        ("restricted_tender", Decimal(216000), "state"),
    ]
    # The neighbours' rules are theirs.
    assert rules_for(towns.by, DAY).own is None


def test_a_statute_in_nrw_brings_procedures_back(towns: Towns, now: datetime.datetime) -> None:
    actions.enter_own_rules(
        OWN, organisation=towns.nw, by=clerk(towns.nw, "procurement_officer", now), now=now
    )
    found = rules_for(towns.nw, DAY)
    assert (found.regime, found.principles, [each.label for each in found.limits]) == (
        "limits",
        "",
        ["Direktauftrag"],
    )


def test_an_own_limit_is_capped_at_the_threshold_too_and_one_above_the_lands_is_told(
    towns: Towns, now: datetime.datetime
) -> None:
    high = replace(OWN, limits=(LimitDraft(procedure="direct_award", value=Decimal(300000)),))
    actions.enter_own_rules(
        high, organisation=towns.bw, by=clerk(towns.bw, "procurement_officer", now), now=now
    )
    found = rules_for(towns.bw, DAY)
    own = next(each for each in found.limits if each.procedure == "direct_award")
    assert (own.value, own.is_capped, own.words) == (
        Decimal(216000),
        True,
        "300.000\u00a0€ nennt Ihre eigene Regel; seit 01.01.2026 gilt höchstens 216.000\u00a0€.",
    )
    assert found.warnings == (
        "Ihre eigene Grenze für Direktauftrag (300.000\u00a0€) liegt über der des Landes (100.000\u00a0€). "
        "Prüfen Sie, ob das zulässig ist.",
    )


def test_nobody_else_enters_a_towns_rules(towns: Towns, now: datetime.datetime) -> None:
    for by in (ONE, TWO, clerk(towns.by, "procurement_officer", now), clerk(towns.bw, "decision_maker", now)):
        with pytest.raises(Refused, match="Eigene Wertgrenzen trägt ein"):
            actions.enter_own_rules(OWN, organisation=towns.bw, by=by, now=now)
    assert list(own_rules(towns.bw)) == []


# ---------------------------------------------------------------------------------------------------- the file


def test_loading_twice_writes_once(towns: Towns, now: datetime.datetime) -> None:
    before = list(RuleSet.objects.order_by("pk").values())
    report = actions.load(by=PROGRAM, now=now)
    assert (report.new, report.replaced, report.kept) == ([], [], [])
    assert report.same == [draft.code for draft in files.read()]
    assert list(RuleSet.objects.order_by("pk").values()) == before


def test_a_corrected_file_replaces_its_version_and_keeps_the_old_one_readable(
    towns: Towns, now: datetime.datetime
) -> None:
    drafts = tuple(
        replace(each, note="Geprüft.") if each.code == "by-2025" else each for each in files.read()
    )
    report = actions.load(by=PROGRAM, now=now, drafts=drafts)
    assert report.replaced == ["by-2025"]
    old, new = RuleSet.objects.filter(code="by-2025").order_by("pk")
    assert (old.state, old.withdrawn_reason, new.state) == ("withdrawn", actions.CORRECTED, "released")
    assert rules_for(towns.by, DAY).state.note == "Geprüft."  # type: ignore[union-attr]


def test_what_people_ended_the_file_does_not_bring_back(towns: Towns, now: datetime.datetime) -> None:
    bw = RuleSet.objects.get(code="bw-2025")
    actions.end_rule_set(bw, last_day=datetime.date(2026, 6, 30), by=ONE, now=now)
    drafts = tuple(replace(each, note="Neu.") for each in files.read())
    assert actions.load(by=PROGRAM, now=now, drafts=drafts).kept == ["bw-2025"]
    bw.refresh_from_db()
    assert (bw.state, bw.valid_to) == ("released", datetime.date(2026, 6, 30))


def test_what_people_entered_first_stands(towns: Towns, now: datetime.datetime) -> None:
    released(HESSE, now)
    report = actions.load(by=PROGRAM, now=now, drafts=(replace(HESSE, code="he-2026"),))
    assert (report.kept, RuleSet.objects.filter(land="06").count()) == (["he-2026"], 1)


WRONG = 'scope = "state"\nland = "06"\ntitle = "T"\nlegal_basis = "state_rule"\nlegal_text = "L"\nsource_title = "S"\n'
DAYS = "valid_from = 2026-01-01\nas_of = 2026-01-01\n"
LIMIT = '[[rule_set.limit]]\nprocedure = "direct_award"\nvalue = "1"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[", "rules.toml"),
        (f"[[rule_set]]\n{WRONG}{DAYS}{LIMIT}", "code is missing"),
        (f'[[rule_set]]\ncode = "a"\n{WRONG}as_of = 2026-01-01\n{LIMIT}', "valid_from is not a day"),
        (f'[[rule_set]]\ncode = "a"\n{WRONG}as_of = 2026-01-01\nvalid_from = 2026-01-01T00:00:00\n{LIMIT}', "a day"),
        (f'[[rule_set]]\ncode = "a"\n{WRONG}{DAYS}valid_to = 2025-01-01\n{LIMIT}', "ends before it begins"),
        (f'[[rule_set]]\ncode = "a"\n{WRONG}{DAYS}', "neither limits nor principles"),
        (f'[[rule_set]]\ncode = "a"\n{WRONG}{DAYS}what = 1\n{LIMIT}', "unknown fact what"),
        (f'[[rule_set]]\ncode = "a"\n{WRONG}{DAYS}{LIMIT.replace("value", "much")}', "unexpected keyword"),
        (f'[[rule_set]]\ncode = "a"\n{WRONG}{DAYS}{LIMIT.replace(chr(34) + "1", chr(34) + "viel")}', "a:"),
        (f'[[rule_set]]\ncode = "a"\n{WRONG}{DAYS}{LIMIT.replace(chr(34) + "1", chr(34) + "0")}', "says no amount"),
        (f'[[rule_set]]\ncode = "a"\n{WRONG.replace("state", "eu", 1)}{DAYS}{LIMIT}', "names its land"),
        (f'[[rule_set]]\ncode = "a"\n{WRONG}{DAYS}{LIMIT}' * 2, "code given twice: a"),
    ],
)  # fmt: skip
def test_a_faulty_file_is_not_shipped(tmp_path: Path, text: str, said: str) -> None:
    place = tmp_path / "rules.toml"
    place.write_text(text, encoding="utf-8")
    with pytest.raises(FaultyRules, match=said):
        files.read(place)


def test_each_land_is_told_with_a_fixed_number_of_queries(
    towns: Towns, now: datetime.datetime, django_assert_num_queries: object
) -> None:
    released(HESSE, now)
    rules_for(towns.bw, DAY)
    with django_assert_num_queries(4):  # type: ignore[operator]
        found = known_by_land(DAY)
    assert [(land.name, rules.regime) for land, rules in found] == [
        ("Baden-Württemberg", "limits"),
        ("Bayern", "limits"),
        ("Hamburg", "unknown"),
        ("Hessen", "limits"),
        ("Nordrhein-Westfalen", "principles"),
    ]
