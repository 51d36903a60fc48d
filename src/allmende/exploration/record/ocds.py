"""A planning release after OCDS 1.1.5, for towns that publish that and how they explored the market.

Only what a town may say before it asks for bids: no companies that were asked, no answers, no estimate of the value.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from allmende.exploration.record.telling import NONE

VERSION = "1.1"
Content = Mapping[str, Any]


def package(content: Content, *, digest: str, at: datetime) -> dict[str, Any]:
    """A release package with the one release. The publisher is the town: it gives it out, not this platform."""
    ocid = ocid_of(content)
    return {
        "uri": f"{settings.SITE_URL}/ocds/{ocid}",
        "version": VERSION,
        "publishedDate": at.isoformat(timespec="seconds"),
        "publisher": {
            "name": content["authority"]["name"],
            "uid": content["authority"]["key"] or content["authority"]["id"],
        },
        "releases": [release(content, digest=digest)],
    }


def ocid_of(content: Content) -> str:
    return f"{settings.RECORD_OCDS_PREFIX}-{content['case']['id']}"


def release(content: Content, *, digest: str) -> dict[str, Any]:
    case, town = content["case"], content["authority"]
    at = content["approval"]["frozen_at"]
    buyer = {"id": f"DE-AGS-{town['key']}" if town["key"] else town["id"], "name": town["name"]}
    return {
        "ocid": ocid_of(content),
        "id": f"{case['id']}-{digest[:16]}",
        "date": at,
        "tag": ["planning"],
        "initiationType": "tender",
        "language": "de",
        "parties": [{**buyer, "roles": ["buyer", "procuringEntity"], **_identifier(town)}],
        "buyer": buyer,
        "planning": {
            "rationale": _rationale(content),
            "milestones": _milestones(content),
            "documents": [_document(content, digest)],
        },
    }


def _identifier(town: Content) -> dict[str, Any]:
    if not town["key"]:
        return {}
    return {"identifier": {"scheme": "DE-AGS", "id": town["key"], "legalName": town["name"]}}


def _rationale(content: Content) -> str:
    need = content["need"]["content"]
    return "\n\n".join(str(each) for each in (need.get("problem"), need.get("goal")) if each) or NONE


def _milestones(content: Content) -> list[dict[str, Any]]:
    case = content["case"]
    steps = [
        ("begun", "Markterkundung begonnen", case["begun_at"]),
        ("plan", "Plan der Markterkundung festgelegt", case["plan_fixed_at"]),
        *(
            (f"asked-{each['round']}", "Unternehmen befragt", each["sent_at"])
            for each in content["questionnaires"]
        ),
        ("frozen", "Markterkundung abgeschlossen", content["approval"]["frozen_at"]),
    ]
    return [
        {"id": code, "title": title, "type": "preProcurement", "dateMet": at, "status": "met"}
        for code, title, at in steps
        if at
    ]


def _document(content: Content, digest: str) -> dict[str, Any]:
    return {
        "id": content["case"]["id"],
        "documentType": "marketStudies",
        "title": f"Dokumentation der Markterkundung „{content['case']['title']}“",
        "description": f"SHA-256 des Datensatzes: {digest}",
        "datePublished": content["approval"]["frozen_at"],
        "language": "de",
    }
