"""The Italian section, the only one of a country that the standard defines; deprecated as a whole."""

from allmende.federation.formats.publiccode.addresses import IPA_SCHEME, is_ipa_code
from allmende.federation.formats.publiccode.decoding import Values
from allmende.federation.formats.publiccode.report import Report
from allmende.federation.formats.publiccode.rules.small import DROP, cut
from allmende.federation.formats.publiccode.vocabulary import ITALIAN_EXTENSION_VERSIONS


def check_italy(values: Values, report: Report) -> None:
    upper, lower = values["IT"], values["it"]
    for name, section in (("IT", upper), ("it", lower)):
        if section is not None:
            _check_italian_section(section, name, report)
    if lower is not None:
        report.warning("it", "Kleingeschriebene Länderkürzel sind veraltet; schreiben Sie „IT“ statt „it“.")
        if upper is not None:
            report.error("it", "Der Abschnitt steht als „IT“ und als „it“ da; streichen Sie „it“.")
    name, section = ("IT", upper) if upper is not None else ("it", lower)
    if section is None:
        return
    if section["conforme"] is not None:
        report.warning("IT.conforme", f"„{name}.conforme“ {DROP}.", place=f"{name}.conforme")
    code = section["riuso"]["codiceIPA"]
    if code and is_ipa_code(code):
        report.warning(
            "IT.riuso.codiceIPA",
            f"„{name}.riuso.codiceIPA“ ist veraltet; schreiben Sie {IPA_SCHEME}{code} in „organisation.uri“.",
            place=f"{name}.riuso.codiceIPA",
        )


def _check_italian_section(section: Values, name: str, report: Report) -> None:
    version = section["countryExtensionVersion"]
    if version is not None and version not in ITALIAN_EXTENSION_VERSIONS:
        key = f"{name}.countryExtensionVersion"
        report.error(key, f'„{cut(version)}“ ist kein Wert für „{key}“; schreiben Sie "1.0".')
    code = section["riuso"]["codiceIPA"]
    if code and not is_ipa_code(code):
        report.error(
            f"{name}.riuso.codiceIPA",
            f"„{cut(code)}“ ist kein iPA-Code; berichtigen Sie ihn nach dem IndicePA.",
        )
