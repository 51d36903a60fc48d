"""What the procurement file can take over: the numbers of § 8 Absatz 2 VgV and the points of § 6 UVgO.

Nothing here is an award record: companies of a market exploration are no bidders, and every line says where it is from.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from allmende.exploration.record.telling import money
from allmende.records.blocks import Block, Heading, Paragraph, Table

LABEL = "vorausgefüllt aus der Markterkundung, keine Bieter"
LATER = "Nach dem Vergabeverfahren von Hand zu ergänzen."
Content = Mapping[str, Any]


@dataclass(frozen=True)
class Point:
    """`number` as the rule counts it; `text` is None where a market exploration has nothing to say."""

    number: str
    asked: str
    text: str | None

    @property
    def label(self) -> str:
        return LABEL if self.text is not None else "leer"


def vgv(content: Content) -> list[Point]:
    """The twelve numbers of § 8 Absatz 2 VgV."""
    return [_point(str(number), asked, fill, content) for number, (asked, fill) in enumerate(_VGV, start=1)]


def uvgo(content: Content) -> list[Point]:
    """The points that § 6 UVgO asks to be documented."""
    return [
        _point(chr(96 + number), asked, fill, content) for number, (asked, fill) in enumerate(_UVGO, start=1)
    ]


def blocks(content: Content) -> list[Block]:
    return [
        Heading("Für die Vergabeakte"),
        Paragraph(
            "Was aus der Markterkundung schon feststeht, ist hier vorausgefüllt. Die genannten Unternehmen sind keine "
            "Bieter und keine Bewerber. Prüfen und ergänzen Sie jede Zeile. Dies ist keine Rechtsberatung.",
            "note",
        ),
        _table("Vergabevermerk nach § 8 Absatz 2 VgV", vgv(content)),
        _table("Dokumentation nach § 6 UVgO", uvgo(content)),
    ]


def _table(caption: str, points: list[Point]) -> Table:
    rows = [(each.number, each.asked, each.text or LATER, each.label) for each in points]
    return Table(caption, ("Nr.", "Gefragt", "Inhalt", "Herkunft"), rows, (1, 5, 6, 3))


Fill = Callable[[Content], str | None]


def _point(number: str, asked: str, fill: Fill | None, content: Content) -> Point:
    return Point(number, asked, (fill(content) or None) if fill else None)


def _authority(content: Content) -> str:
    value = content["estimates"][-1]["total"] if content["estimates"] else None
    told = f" Geschätzter Auftragswert netto: {money(value)}." if value else ""
    return f"{content['authority']['name']}. Gegenstand: {content['case']['title']}.{told}"


def _names(content: Content, state: str) -> list[str]:
    return [
        f"{each['company_name'] or each['solution_name']} ({_reason(each, content)})"
        for each in content["candidates"]
        if each["state"] == state
    ]


def _reason(each: Content, content: Content) -> str:
    known = content["words"].get("candidate_reason", {}).get(each["reason"], each["reason"])
    return " – ".join(part for part in (known, each["reason_text"]) if part)


def _kept(content: Content) -> str | None:
    return _listed("In der Markterkundung auf der kurzen Liste:", _names(content, "kept"))


def _dropped(content: Content) -> str | None:
    return _listed("In der Markterkundung ausgeschieden:", _names(content, "dropped"))


def _listed(head: str, names: list[str]) -> str | None:
    """One line each: two hundred in one paragraph nobody reads."""
    return "\n".join([head, *(f"– {name}" for name in names)]) if names else None


def _sheet(content: Content, step: str) -> Mapping[str, Any]:
    return next((each["answers"] for each in content["sheets"] if each["step"] == step), {})


def _sole_source(content: Content) -> str | None:
    """Only an input: whether somebody is the only one is decided in the procedure (§ 14 Absatz 4 Nummer 2 VgV)."""
    answers = _sheet(content, "schlussfolgerung")
    if not answers.get("excluding"):
        return None
    searched = f" Gesucht: {answers['searched']}" if answers.get("searched") else ""
    return f"Angaben zur Alleinstellung: {answers['excluding']}{searched}"


def _lots(content: Content) -> str | None:
    reason = _sheet(content, "schlussfolgerung").get("lots_reason")
    return f"Überlegungen zu Losen: {reason}" if reason else None


def _conflicts(content: Content) -> str:
    found = [each for each in content["declarations"] if each["has_conflict"]]
    if not found:
        return f"{len(content['declarations'])} Erklärungen, kein Interessenkonflikt."
    told = [f"{each['about']} Abhilfe: {each['remedy'] or 'keine Angabe'}." for each in found]
    return f"{len(found)} Interessenkonflikte erklärt. {' '.join(told)}"


def _procedure(content: Content) -> str | None:
    chosen = content["procedure"]
    if not chosen:
        return None
    known = content["words"].get("award_procedure", {}).get(chosen["procedure"], chosen["procedure"])
    return f"Vorgesehen: {known} ({chosen['rule']}). {chosen['reason']}"


_VGV: tuple[tuple[str, Fill | None], ...] = (
    ("Name und Anschrift des Auftraggebers, Gegenstand und Wert des Auftrags", _authority),
    ("Namen der berücksichtigten Bewerber oder Bieter und Gründe für ihre Auswahl", _kept),
    ("Namen der nicht berücksichtigten Bewerber oder Bieter und Gründe für ihre Ablehnung", _dropped),
    ("Gründe für die Ablehnung ungewöhnlich niedriger Angebote", None),
    ("Name des erfolgreichen Bieters, Gründe für seine Auswahl, Anteil der Unteraufträge", None),
    (
        "Umstände, die ein Verhandlungsverfahren oder einen wettbewerblichen Dialog rechtfertigen (§ 14 Absatz 3)",
        None,
    ),
    (
        "Umstände, die ein Verhandlungsverfahren ohne Teilnahmewettbewerb rechtfertigen (§ 14 Absatz 4)",
        _sole_source,
    ),
    ("Gründe, aus denen auf die Vergabe verzichtet wurde", None),
    ("Gründe, aus denen andere als elektronische Mittel verwendet wurden", None),
    ("Aufgedeckte Interessenkonflikte und getroffene Abhilfemaßnahmen", _conflicts),
    ("Gründe, aus denen mehrere Teil- oder Fachlose zusammen vergeben wurden", _lots),
    ("Gründe, aus denen Zuschlagskriterien nicht gewichtet wurden", None),
)
_UVGO: tuple[tuple[str, Fill | None], ...] = (
    (
        "Gründe für eine Beschränkte Ausschreibung ohne Teilnahmewettbewerb oder eine Verhandlungsvergabe",
        _procedure,
    ),
    ("Gründe, aus denen auf die Vergabe in Losen verzichtet wurde", _lots),
    ("Gründe, aus denen Nachweise der Eignung über Eigenerklärungen hinaus gefordert wurden", None),
    ("Namen der berücksichtigten Bewerber oder Bieter und Gründe für ihre Auswahl", _kept),
    ("Namen der nicht berücksichtigten Bewerber oder Bieter und Gründe für ihre Ablehnung", _dropped),
    ("Name des erfolgreichen Bieters und Gründe für seine Auswahl", None),
    ("Gründe für die Aufhebung des Verfahrens", None),
)
