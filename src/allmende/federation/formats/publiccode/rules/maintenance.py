"""Who maintains the software."""

from allmende.federation.formats.publiccode.decoding import Values
from allmende.federation.formats.publiccode.report import Report
from allmende.federation.formats.publiccode.rules.small import (
    check_choice,
    check_email,
    check_web_address,
    cut,
    is_date,
    need,
)
from allmende.federation.formats.publiccode.vocabulary import MAINTENANCE_TYPES


def check_maintenance(maintenance: Values, report: Report) -> None:
    kind = maintenance["type"]
    check_choice(
        report,
        "maintenance.type",
        kind,
        MAINTENANCE_TYPES,
        f"sagen Sie, wer die Software pflegt: {', '.join(MAINTENANCE_TYPES)}",
    )
    contractors, contacts = maintenance["contractors"], maintenance["contacts"]
    if kind == "contract" and contractors is None:
        report.error(
            "maintenance.contractors",
            "Bei Pflege durch Vertrag (contract) fehlen „maintenance.contractors“; nennen Sie, wer beauftragt ist.",
        )
    elif kind != "contract" and contractors is not None:
        report.error(
            "maintenance.contractors",
            "„maintenance.contractors“ gehört nur zu type: contract; ändern Sie den Typ oder streichen Sie die Angabe.",
        )
    else:
        for at, contractor in enumerate(contractors or ()):
            _check_contractor(contractor, f"maintenance.contractors[{at}]", report)
    if kind in ("community", "internal") and contacts is None:
        report.error(
            "maintenance.contacts",
            f"Bei Pflege durch {kind} fehlen „maintenance.contacts“; nennen Sie mindestens eine Ansprechstelle.",
        )
    for at, contact in enumerate(contacts or ()):
        path = f"maintenance.contacts[{at}]"
        need(report, f"{path}.name", contact["name"], "nennen Sie die Person oder Stelle")
        check_email(report, f"{path}.email", contact["email"])


def _check_contractor(contractor: Values, path: str, report: Report) -> None:
    need(report, f"{path}.name", contractor["name"], "nennen Sie die Firma")
    check_email(report, f"{path}.email", contractor["email"])
    check_web_address(report, f"{path}.website", contractor["website"])
    until = contractor["until"]
    if need(
        report, f"{path}.until", until, "nennen Sie das Ende des Vertrags als JJJJ-MM-TT"
    ) and not is_date(until):
        report.error(
            f"{path}.until", f"„{cut(until)}“ in „{path}.until“ ist kein Datum; schreiben Sie JJJJ-MM-TT."
        )
