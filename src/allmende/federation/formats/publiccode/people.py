"""Contacts and contractors. Who is a team and who a person decides whether a name may be shown at all."""

import datetime
import re

from allmende.catalogue.drafts import ContactDraft, ContractorDraft
from allmende.federation.formats.publiccode.addresses import is_email
from allmende.federation.formats.publiccode.lenient import address_of, child, items_of, line_of
from allmende.federation.formats.publiccode.report import Report
from allmende.federation.formats.publiccode.rules.small import is_date
from allmende.federation.formats.yaml_source import Node

_FUNCTIONAL = re.compile(
    r"(?:info|kontakt|contact|contatti|support|supporto|hilfe|help|helpdesk|service|servicedesk|office|mail|post|"
    r"poststelle|team|it|edv|digital|digitalisierung|opensource|open-source|oss|ospo|opencode|dev|devs|development|"
    r"developers|entwicklung|admin|redaktion|presse|projekt|project|smartcity|smart-city|maintainers?|community|"
    r"segreteria|protocollo|assistenza|urp|hello|hallo|security)@.*",
    re.IGNORECASE,
)
_TEAM_WORDS = re.compile(
    r"(?<![\w-])(?:team|teams|redaktion|geschäftsstelle|supportteam|helpdesk|servicedesk|developers|maintainers|"
    r"contributors|community|abteilung|fachdienst|fachbereich|dezernat|stabsstelle|stadtverwaltung|gemeindeverwaltung|"
    r"landesamt|bundesamt|ministerium|rechenzentrum|zweckverband|gmbh|ggmbh|mbh|aör|ltd|inc|b\.v\.|e\.\s?v\.|s\.p\.a\.|"
    r"spa|s\.r\.l\.|srl|foundation|stiftung|ufficio|direzione|municipality|department|agency|authority)(?![\w-])"
    r"|^(?:stadt|gemeinde|landkreis|kreis|amt|referat|land|freistaat|comune|regione|provincia|city of)\s",
    re.IGNORECASE,
)
"""The second half only at the beginning: Stadt, Kreis and Amt are family names, too."""

_PARTS = re.compile(r"[,;/|()\[\]]|\s[-–—]\s|\s(?:c/o|von|bei|at)\s", re.IGNORECASE)
_MAX = 200


def contacts_of(maintenance: Node | None) -> tuple[ContactDraft, ...]:
    """Everyone the file names; an entry without name and address says nothing and is left out."""
    contacts = (_contact(item) for item in items_of(child(maintenance, "contacts")))
    return tuple(dict.fromkeys(contact for contact in contacts if contact))


def _contact(item: Node) -> ContactDraft | None:
    if item.kind != "mapping":
        name = line_of(item)
        return ContactDraft(name=name[:_MAX], is_team=_is_team(name, None)) if name else None
    name, email = line_of(child(item, "name")), _email(item)
    phone, affiliation = line_of(child(item, "phone")), line_of(child(item, "affiliation"))
    if not (name or email or phone):
        return None
    return ContactDraft(
        name=name[:_MAX] if name else None,
        email=email,
        phone=phone[:60] if phone else None,
        affiliation=affiliation[:_MAX] if affiliation else None,
        is_team=_is_team(name, email),
    )


def _email(item: Node) -> str | None:
    email = line_of(child(item, "email"))
    return email if email and is_email(email) else None


def _is_team(name: str | None, email: str | None) -> bool:
    """Only where it is sure: each part of the name says that it is a team or a body, and the address is an office's.

    "Vorname Nachname, Stadtverwaltung" is a person who works there.
    """
    if email and not _FUNCTIONAL.fullmatch(email):
        return False
    if not name:
        return email is not None
    return all(_TEAM_WORDS.search(part) for part in _PARTS.split(name) if part.strip())


def contractors_of(
    maintenance: Node | None, report: Report, today: datetime.date
) -> tuple[ContractorDraft, ...]:
    """Who maintains by contract; a contract that has ended is worth a remark."""
    node = child(maintenance, "contractors")
    contractors = []
    for at, item in enumerate(items_of(node)):
        key = f"maintenance.contractors[{at}]"
        name = line_of(child(item, "name")) if item.kind == "mapping" else line_of(item)
        if name:
            until = _until(item, key, report, today)
            website = address_of(child(item, "website"), report, f"{key}.website")
            contractors.append(ContractorDraft(name=name[:_MAX], until=until, website=website))
    return tuple(dict.fromkeys(contractors))


def _until(item: Node, key: str, report: Report, today: datetime.date) -> datetime.date | None:
    text = line_of(child(item, "until")) or ""
    if not is_date(text):
        return None
    until = datetime.date.fromisoformat(text)
    if until < today:
        report.note(
            f"{key}.until",
            f"Der Pflegevertrag in „{key}“ ist am {until:%d.%m.%Y} ausgelaufen; prüfen Sie die Angabe.",
        )
    return until
