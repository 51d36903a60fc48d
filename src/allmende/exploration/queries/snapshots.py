"""What a snapshot holds, and whether it still is what was kept."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from allmende.exploration.models import Snapshot, SnapshotEntry
from allmende.lib.canonical import digest


@dataclass(frozen=True)
class Offering:
    """Whom one would ask about an offer, as the archived edition names it. Public ids."""

    organisation: str
    name: str
    offer: str


@dataclass(frozen=True)
class Kept:
    """An entry of a snapshot with what the list said about it. `content` is the edition, {} where it was redacted."""

    position: int
    solution: str
    edition: int
    digest: str
    score: Mapping[str, Any]
    reasons: Sequence[str]
    amounts: Sequence[Mapping[str, Any]]
    text: str

    @cached_property
    def content(self) -> Mapping[str, Any]:
        return dict(json.loads(self.text)) if self.text else {}

    @property
    def name(self) -> str:
        return str(self.content.get("name", self.solution))

    @property
    def companies(self) -> list[Offering]:
        return companies_of(self.content)

    @property
    def summary(self) -> str:
        """German words first."""
        values = self.content.get("values", {})
        texts = sorted(
            (name != "texts.de", name) for name in values if name.startswith("texts.") and values[name]
        )
        return next((str(values[name].get("summary", "")) for _, name in texts if values[name]), "")


def companies_of(content: Mapping[str, Any]) -> list[Offering]:
    """Who offers a solution, each organisation once with its first offer: who sells, else supplies, else operates."""
    found: dict[str, Offering] = {}
    for offer in content.get("offers", ()):
        parties = offer.get("parties", {})
        party = next((parties[role] for role in ("seller", "supplier", "operator") if role in parties), None)
        if party:
            found.setdefault(party["id"], Offering(party["id"], party["name"], offer["id"]))
    return list(found.values())


def about(snapshot: Snapshot) -> dict[str, Any]:
    """What was asked and by which state of the index it was answered, with everything beside the entries."""
    return dict(json.loads(snapshot.content))


def entries_of(snapshot: Snapshot) -> list[Kept]:
    """All entries in their order. One query."""
    said = {entry["solution"]: entry for entry in about(snapshot)["entries"]}
    return [_kept(row, said.get(row.solution_id, {})) for row in snapshot.entries.all()]


def _kept(row: SnapshotEntry, said: Mapping[str, Any]) -> Kept:
    return Kept(
        position=row.position,
        solution=row.solution_id,
        edition=row.edition_number,
        digest=row.edition_digest,
        score=said.get("score", {}),
        reasons=said.get("reasons", ()),
        amounts=said.get("amounts", ()),
        text=row.content,
    )


def faults_of(snapshot: Snapshot) -> list[str]:
    """What is not as it was kept, in German; [] where its hash and those of all its entries verify."""
    content = about(snapshot)
    faults = [] if digest(content) == snapshot.digest else ["Der Schnappschuss passt nicht zu seinem Hash."]
    listed = [
        (entry["position"], entry["solution"], entry["edition"], entry["edition_digest"])
        for entry in content["entries"]
    ]
    rows = list(snapshot.entries.all())
    if listed != [(row.position, row.solution_id, row.edition_number, row.edition_digest) for row in rows]:
        faults.append("Die Einträge sind nicht die, die der Schnappschuss nennt.")
    for row in rows:
        if row.content and hashlib.sha256(row.content.encode()).hexdigest() != row.edition_digest:
            faults.append(f"Eintrag {row.position} passt nicht zu seinem Hash.")
    return faults
