"""On what an erasure, or the end of an ownership, can rest: plain data. The desk chooses one and adds why."""

from collections.abc import Mapping
from dataclasses import dataclass

# What can be proposed.
ENTRY, CONTACT, OWNERSHIP = "entry", "contact", "ownership"
WHATS = {
    ENTRY: "den Eintrag endgültig löschen",
    CONTACT: "Kontaktdaten löschen",
    OWNERSHIP: "die Übernahme durch die Organisation beenden",
}


@dataclass(frozen=True)
class Ground:
    code: str
    label: str
    whats: frozenset[str]


def _ground(code: str, label: str, *whats: str) -> Ground:
    return Ground(code, label, frozenset(whats))


GROUNDS: Mapping[str, Ground] = {
    ground.code: ground
    for ground in (
        # Regulation (EU) 2016/679, Article 17(1) with 21; national law takes its place for few bodies only.
        _ground(
            "person_asks",
            "Art. 17 DSGVO: Eine Person verlangt, dass ihre Daten gelöscht werden",
            ENTRY,
            CONTACT,
        ),
        _ground("no_purpose", "Art. 17 DSGVO: Die Daten werden nicht mehr gebraucht", ENTRY, CONTACT),
        _ground("no_basis", "Art. 17 DSGVO: Die Daten durften nicht veröffentlicht werden", ENTRY, CONTACT),
        _ground("copyright", "§ 97 UrhG: Der Eintrag verletzt ein Urheberrecht", ENTRY),
        _ground("trademark", "§ 14 MarkenG: Der Eintrag verletzt eine Marke", ENTRY),
        # Regulation (EU) 2022/2065: whoever knows of it has to act (6), and obeys orders (9).
        _ground("unlawful", "Art. 6 Gesetz über digitale Dienste: Der Inhalt ist rechtswidrig", ENTRY),
        _ground("ordered", "Anordnung einer Behörde oder Urteil eines Gerichts", ENTRY, CONTACT, OWNERSHIP),
        _ground("other_law", "Ein anderes Gesetz (nennen Sie es im Grund)", ENTRY, CONTACT, OWNERSHIP),
        _ground("rights_gone", "Die Organisation hat keine Rechte an der Lösung mehr", OWNERSHIP),
        _ground("evidence_wrong", "Die Belege der Übernahme stimmten nicht", OWNERSHIP),
        _ground("organisation_gone", "Die Organisation gibt es nicht mehr", OWNERSHIP),
    )
}


def grounds_for(what: str) -> list[tuple[str, str]]:
    """Code and label of each ground that such a proposal can rest on."""
    return [(ground.code, ground.label) for ground in GROUNDS.values() if what in ground.whats]
