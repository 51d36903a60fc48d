"""The rules of the standard over the decoded values, section by section, in the order of the reference parser."""

from allmende.federation.formats.publiccode.beside import Siblings
from allmende.federation.formats.publiccode.decoding import Values
from allmende.federation.formats.publiccode.report import Report
from allmende.federation.formats.publiccode.rules.description import check_descriptions
from allmende.federation.formats.publiccode.rules.italy import check_italy
from allmende.federation.formats.publiccode.rules.maintenance import check_maintenance
from allmende.federation.formats.publiccode.rules.top import (
    check_audience,
    check_dependencies,
    check_images,
    check_legal,
    check_lists,
    check_localisation,
    check_organisations,
    check_top,
)


def check(values: Values, report: Report, siblings: Siblings) -> None:
    """All rules that need no network. Findings go to the report."""
    check_top(values, report)
    check_images(values, report, siblings)
    check_organisations(values, report)
    check_lists(values, report)
    check_audience(values["intendedAudience"] or {}, report)
    check_descriptions(values["description"], report, siblings)
    check_legal(values["legal"], report, siblings)
    check_maintenance(values["maintenance"], report)
    check_localisation(values["localisation"], report)
    check_dependencies(values["dependsOn"] or {}, report)
    check_italy(values, report)
