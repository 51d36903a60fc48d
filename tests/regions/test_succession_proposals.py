"""Who took over: areas that vanish turn up elsewhere. Each case is one that really happened, in other words."""

from dataclasses import replace

from allmende.regions import gv100ad
from allmende.regions.comparison import compare
from allmende.regions.drafts import SuccessionDraft
from allmende.regions.succession_proposals import propose
from tests.regions.registers import LATER, Register, Town


def proposals(before: Register, after: Register) -> tuple[SuccessionDraft, ...]:
    known = compare({}, gv100ad.read(before.content())).after
    return propose(known, compare(known, gv100ad.read(after.dated(LATER).content())))


def pairs(before: Register, after: Register) -> list[tuple[str, str, float | None]]:
    return [(one.predecessor_key, one.successor_key, one.share) for one in proposals(before, after)]


def test_nothing_vanished_nothing_is_proposed(register: Register) -> None:
    assert proposals(register, register.having(Town("16061004", "Neu"))) == ()


def test_a_town_that_joins_its_neighbour(register: Register) -> None:
    after = register.lacking("16061002").having(
        Town("16061003", "Kreuzstadt, Stadt", 15_800, 4_300, code="63")
    )
    assert proposals(register, after) == (
        SuccessionDraft(
            "16061002",
            "16061003",
            share=1.0,
            reason="Kreuzstadt ist gewachsen um 300 ha; Neudorf hatte 300 ha.",
        ),
    )


def test_two_towns_become_a_new_one(register: Register) -> None:
    after = register.lacking("16061001", "16061002").having(
        Town("16061009", "Altneudorf", 2_000, 999, "5012")
    )
    reason = "Altneudorf ist neu mit 999 ha; Altdorf und Neudorf hatten zusammen 1000 ha."
    assert proposals(register, after) == (
        SuccessionDraft("16061001", "16061009", share=1.0, reason=reason),
        SuccessionDraft("16061002", "16061009", share=1.0, reason=reason),
    )


def test_a_town_that_is_divided_between_two_kreise(register: Register) -> None:
    before = register.having(Town("16061004", "Geteilt", 2_000, 2_668))
    after = (
        before.lacking("16061004")
        .having(Town("16061003", "Kreuzstadt, Stadt", 16_000, 4_000 + 1_117, code="63"))
        .having(Town("16001002", "Drüben", 1_000, 500 + 1_551))
    )
    before = before.having(Town("16001002", "Drüben", 1_000, 500))
    assert pairs(before, after) == [("16061004", "16001002", 0.5813), ("16061004", "16061003", 0.4187)]


def test_a_town_whose_key_changed_with_its_kreis(register: Register) -> None:
    after = register.lacking("16061003").having(
        Town("16001777", "Kreuzstadt, Stadt", 15_000, 4_000, code="63")
    )
    (proposal,) = proposals(register, after)
    assert (proposal.predecessor_key, proposal.successor_key) == ("16061003", "16001777")
    assert proposal.reason == "Name und Fläche sind gleich; nur der Schlüssel ist neu."


def test_towns_of_different_verbaende_give_a_new_one_its_names() -> None:
    before = Register(
        towns=(
            Town("16001004", "Berga/Elster, Stadt", 3_218, 4_352, code="63"),
            Town("16001084", "Wünschendorf/Elster", 2_773, 1_950, verband="5004"),
        ),
        verbaende=(("160015004", "Wünschendorf", "54"),),
    )
    after = replace(before, towns=(Town("16001094", "Berga-Wünschendorf, Stadt", 5_840, 6_302, code="63"),))
    assert pairs(before, after)[:2] == [("16001004", "16001094", 1.0), ("16001084", "16001094", 1.0)]


def test_three_towns_without_a_common_verband_are_found_by_their_sum() -> None:
    before = Register(
        towns=(
            Town("16001004", "A", area_ha=311),
            Town("16001005", "B", area_ha=1_207),
            Town("16001006", "C", area_ha=73),
        )
    )
    after = replace(before, towns=(Town("16001009", "Drei", area_ha=1_591),))
    assert [key for key, _, _ in pairs(before, after)] == ["16001004", "16001005", "16001006"]


def test_a_name_alone_is_a_weak_hint_and_says_so() -> None:
    before = Register(towns=(Town("16001004", "Burgstein", area_ha=1_000),))
    after = replace(before, towns=(Town("16001009", "Burgstein am Wald", area_ha=1_700),))
    (proposal,) = proposals(before, after)
    assert proposal.reason == "Der Name kommt im neuen Namen vor; die Flächen passen nicht zusammen."


def test_what_cannot_be_explained_gets_no_proposal(register: Register) -> None:
    assert proposals(register, register.lacking("16061002")) == ()


def test_another_land_is_never_proposed(register: Register) -> None:
    after = register.lacking("16061002").having(Town("15001001", "Grundort 15", area_ha=800))
    assert proposals(register, after) == ()


def test_a_verband_goes_where_its_towns_went(register: Register) -> None:
    after = replace(
        register.having(
            Town("16061001", "Altdorf", 1_200, 700, "5099"), Town("16061002", "Neudorf", 800, 300, "5099")
        ),
        verbaende=(("160615099", "EG Altdorf", "58"),),
    )
    assert proposals(register, after) == (
        SuccessionDraft(
            "160615012",
            "160615099",
            share=1.0,
            reason="Dorthin gehören jetzt Gemeinden mit 1000 von 1000 ha.",
        ),
    )


def test_a_dissolved_verband_has_no_successor(register: Register) -> None:
    after = replace(
        register.having(Town("16061001", "Altdorf", 1_200, 700), Town("16061002", "Neudorf", 800, 300)),
        verbaende=(),
    )
    assert proposals(register, after) == ()


def test_a_kreis_that_is_divided_goes_both_ways(register: Register) -> None:
    after = replace(
        register,
        kreise=(("16070", "Nordkreis", "44"), ("16071", "Südkreis", "44")),
        verbaende=(),
        towns=(
            Town("16070001", "Altdorf", 1_200, 700),
            Town("16070002", "Neudorf", 800, 300),
            Town("16071003", "Kreuzstadt, Stadt", 15_000, 4_000, code="63"),
        ),
    )
    assert pairs(register, after) == [
        ("16061001", "16070001", 1.0),
        ("16061002", "16070002", 1.0),
        ("16061003", "16071003", 1.0),
        ("16061", "16070", 0.2),
        ("16061", "16071", 0.8),
    ]
