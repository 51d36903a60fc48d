"""One page for the council: what it is about, what it costs, what may go wrong, who uses it, other ways."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allmende.exploration.record.telling import NONE, money
from allmende.lib.signing import Signer
from allmende.records import typeset
from allmende.records.blocks import Block, Document, Facts, Heading, Items, Paragraph

Content = Mapping[str, Any]
# Letters that a part may have, from plenty down to what fits on a page in any case.
LENGTHS = (900, 600, 400, 260, 160)
_WAYS = {
    "own": "selbst machen",
    "reuse": "von anderen nachnutzen",
    "framework": "Rahmenvertrag",
    "inhouse": "eigener IT-Dienstleister",
    "together": "mit anderen Kommunen",
    "efa": "EfA-Leistung",
    "buy": "kaufen",
}
_VERDICTS = {"fits": "kommt infrage", "not": "kommt nicht infrage", "open": "offen"}


def pdf_of(content: Content, *, digest: str, at: datetime, signer: Signer | None = None) -> bytes:
    """The note as PDF/UA-1 and PDF/A-2a, on one page: texts are cut until it fits, and show that they are."""
    made = b""
    for length in LENGTHS:
        made = typeset.pdf(document_of(content, digest=digest, at=at, length=length), signer=signer)
        if typeset.pages_in(made) == 1:
            break
    return made


def document_of(content: Content, *, digest: str, at: datetime, length: int = LENGTHS[1]) -> Document:
    case, town = content["case"], content["authority"]["name"]

    def shown(text: str) -> str:
        return _cut(text, length)

    conclusions = _answers(content, "schlussfolgerung")
    findings = _answers(content, "auswertung")
    blocks: list[Block] = [
        Heading("Worum es geht"),
        Paragraph(shown(str(content["need"]["content"].get("problem") or NONE))),
        Heading("Was die Markterkundung ergeben hat"),
        Paragraph(shown(conclusions.get("market_reason") or findings.get("findings") or NONE)),
        Heading("Was es kostet"),
        Facts(_costs(content)),
        Heading("Was schiefgehen kann"),
        Paragraph(shown(findings.get("risks") or NONE)),
        Heading("Wer es schon nutzt"),
        Paragraph(shown(_references(content, findings))),
        Heading("Welche Wege es sonst gäbe"),
        Items([_cut(each, max(80, length // 4)) for each in _ways(content)] or [NONE]),
        Paragraph(
            f"Grundlage: Markterkundung {case['id']}"
            + (f", SHA-256 {digest}." if digest else ", noch nicht freigegeben."),
            "note",
        ),
    ]
    return Document(
        title=f"Für den Rat: {case['title']}",
        subtitle=f"{town}, Ergebnis einer Markterkundung",
        author=town,
        at=at,
        running=f"Markterkundung {case['id']}\n{f'SHA-256 {digest}' if digest else 'Entwurf'}",
        blocks=tuple(blocks),
        state="" if digest else "Entwurf – nicht freigegeben",
    )


def _references(content: Content, findings: Mapping[str, str]) -> str:
    """What towns have confirmed themselves, then what the file says of references."""
    confirmed = [
        f"{each['name']}: {len(each['towns'])} bestätigte Nutzungen ({', '.join(each['towns'][:5])})."
        for each in content["references"]
        if each["towns"]
    ]
    return " ".join([*confirmed, findings.get("references", "")]).strip() or NONE


def _costs(content: Content) -> list[tuple[str, str]]:
    estimates = content["estimates"]
    value = money(estimates[-1]["total"]) if estimates else NONE
    spreads = [
        (each["label"], _spread(each))
        for each in content["prices"][:3]
        if each["least"] is not None or each["has_confidential"]
    ]
    return [("Geschätzter Auftragswert, netto", value), *spreads]


def _spread(each: Mapping[str, Any]) -> str:
    """Papers for a council are published: what was told in confidence is not in them (§ 5 VgV)."""
    if each["has_confidential"]:
        return "beruht auf vertraulichen Angaben und steht nur in der Akte"
    return f"{money(each['least'])} bis {money(each['most'])} ({each['known']} Angaben)"


def _ways(content: Content) -> list[str]:
    """Each way that was considered, with its reason; buying is what the rest of the page is about."""
    answers = _sheet(content, "wege")
    return [
        f"{label}: {_VERDICTS.get(str(said.get('verdict')), NONE)}. {said.get('reason', '')}".strip()
        for code, label in _WAYS.items()
        if code != "buy" and isinstance(said := answers.get(code), Mapping)
    ]


def _sheet(content: Content, step: str) -> Mapping[str, Any]:
    return next((each["answers"] for each in content["sheets"] if each["step"] == step), {})


def _answers(content: Content, step: str) -> Mapping[str, str]:
    return {code: value for code, value in _sheet(content, step).items() if isinstance(value, str)}


def _cut(text: str, length: int) -> str:
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    return text[:length].rsplit(" ", 1)[0].rstrip(",;:–-") + " […]"
