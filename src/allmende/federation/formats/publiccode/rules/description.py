"""The texts, language by language."""

import re

from allmende.federation.formats.publiccode import beside
from allmende.federation.formats.publiccode.addresses import is_web_address, parse_address
from allmende.federation.formats.publiccode.beside import Siblings
from allmende.federation.formats.publiccode.decoding import Values
from allmende.federation.formats.publiccode.languages import is_language_tag
from allmende.federation.formats.publiccode.lengths import visible_length
from allmende.federation.formats.publiccode.report import Report
from allmende.federation.formats.publiccode.rules.small import DROP, check_web_address, cut, need

MAX_GENERIC_NAME = 35
MAX_SHORT = 150
MIN_LONG = 150
MAX_LONG = 10_000


def check_descriptions(descriptions: Values, report: Report, siblings: Siblings) -> None:
    if not descriptions:
        report.missing(
            "description",
            "Die Beschreibung „description“ fehlt; beschreiben Sie die Software in einer Sprache, etwa de.",
        )
    wrong = [language for language in descriptions if not is_language_tag(language)]
    if wrong:
        report.error(
            "description",
            f"„{cut(wrong[0])}“ ist kein Sprachkürzel nach BCP 47; schreiben Sie zum Beispiel de, en oder de-AT.",
        )
    for language, description in descriptions.items():
        _check_description(language, description, report, siblings)


def _check_description(language: str, description: Values, report: Report, siblings: Siblings) -> None:
    # The reference parser writes en with a dot and en-GB in brackets where it validates, always a dot where it warns.
    path = f"description.{language}" if re.fullmatch("[A-Za-z]+", language) else f"description[{language}]"
    dotted = f"description.{language}"
    _check_texts(path, description, report)
    for name in ("documentation", "apiDocumentation"):
        check_web_address(report, f"{path}.{name}", description[name])
    if not description["features"]:
        report.error(
            f"{path}.features",
            f"Die Funktionen „{path}.features“ fehlen; nennen Sie als Liste, was man mit der Software tun kann.",
        )
    for at, video in enumerate(description["videos"] or ()):
        _check_video(video, f"{path}.videos[{at}]", report)
    if description["genericName"]:
        report.warning(f"{dotted}.genericName", f"„{dotted}.genericName“ {DROP}.")
    for at, image in enumerate(description["screenshots"] or ()):
        problem = beside.screenshot_problem(image, siblings)
        if problem:
            report.error(f"{dotted}.screenshots[{at}]", f"Das Bildschirmfoto „{cut(image)}“ {problem}.")


def _check_texts(path: str, description: Values, report: Report) -> None:
    _not_longer(report, f"{path}.genericName", description["genericName"], MAX_GENERIC_NAME)
    short = description["shortDescription"]
    if need(report, f"{path}.shortDescription", short, "sagen Sie in einem Satz, was die Software tut"):
        _not_longer(report, f"{path}.shortDescription", short, MAX_SHORT)
    key = f"{path}.longDescription"
    long = description["longDescription"]
    if not need(report, key, long, "beschreiben Sie die Software für Menschen, die sie nutzen sollen"):
        return
    length = visible_length(long)
    if length < MIN_LONG:
        report.error(
            key,
            f"Der Text „{key}“ hat nur {length} Zeichen; schreiben Sie mindestens {MIN_LONG}, für wen und wozu.",
        )
    else:
        _not_longer(report, key, long, MAX_LONG)


def _not_longer(report: Report, key: str, text: str, limit: int) -> None:
    length = visible_length(text)
    if length > limit:
        report.error(key, f"Der Text „{key}“ hat {length} Zeichen; kürzen Sie ihn auf höchstens {limit}.")


def _check_video(video: str | None, key: str, report: Report) -> None:
    if video is None:
        return
    check_web_address(report, key, video)
    # Which hosts speak oEmbed is not asked here; a mere host name is no video on any of them.
    if is_web_address(video) and parse_address(video).path in ("", "/"):
        report.error(key, f"„{cut(video)}“ in „{key}“ ist kein Video; verlinken Sie das Video selbst.")
