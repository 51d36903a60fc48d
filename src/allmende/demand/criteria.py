"""What a town can ask of a solution: a written list. Who knows whether a solution meets one, `statements` says.

`wanted` is plain JSON, as it lies in `NeedCriterion.wanted`:

========== ==========================================================================================
kind       wanted
========== ==========================================================================================
flag       true
one_of     list of codes of `scheme`, one of which is enough
all_of     list of codes of `scheme`, or of words of one's own where there is none; all are needed
at_most    decimal as text with two places, net euros ("12000.00")
at_least   whole number as text ("3")
========== ==========================================================================================
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

from allmende.lib.money import to_cents
from allmende.lib.refusals import Refused
from allmende.vocabulary.queries import current

Kind = Literal["flag", "one_of", "at_most", "at_least", "all_of"]
Wanted = bool | str | Sequence[str]

MAX_CHOICES = 20
MAX_WORD = 120
MAX_AMOUNT = Decimal("999999999.99")
MAX_COUNT = 10_000
GONE = "Dieses Kriterium gibt es nicht mehr"


@dataclass(frozen=True)
class Criterion:
    """`label` names it in lists, `question` asks the town, `hint` says how it is judged. `scheme` may be ""."""

    code: str
    label: str
    question: str
    kind: Kind
    scheme: str = ""
    hint: str = ""


CRITERIA: dict[str, Criterion] = {
    criterion.code: criterion
    for criterion in (
        Criterion(
            "open_source",
            "Quelloffen",
            "Soll der Quelltext offen sein?",
            "flag",
            hint="Sie dürfen die Software dann prüfen, ändern und weitergeben. Maßgeblich ist die genannte Lizenz.",
        ),
        Criterion(
            "licence_known",
            "Lizenz ist genannt",
            "Muss feststehen, unter welcher Lizenz Sie die Software nutzen?",
            "flag",
        ),
        Criterion(
            "delivery_model",
            "Betriebsart",
            "Wer soll die Lösung betreiben, und wo?",
            "one_of",
            "delivery_model",
            "Kreuzen Sie alles an, was für Sie infrage kommt. Eines davon genügt.",
        ),
        Criterion(
            "operator_public",
            "Öffentliche Stelle betreibt sie",
            "Soll eine öffentliche Stelle die Lösung betreiben?",
            "flag",
            hint="Zum Beispiel ein kommunales Rechenzentrum.",
        ),
        Criterion(
            "hosting_in_eu",
            "Daten bleiben in der EU",
            "Sollen die Daten in der Europäischen Union liegen?",
            "flag",
            hint="Dazu gibt es im Katalog noch keine Angaben. Fragen Sie bei den Anbietern nach.",
        ),
        Criterion(
            "price_free_yearly",
            "Keine laufenden Kosten",
            "Darf die Lösung im Jahr nichts kosten?",
            "flag",
            hint="Gemeint ist, was Anbieter verlangen. Ihre eigene Arbeit zählt nicht dazu.",
        ),
        Criterion(
            "yearly_cost_at_most",
            "Kosten im Jahr",
            "Wie viel Euro netto darf die Lösung im Jahr höchstens kosten?",
            "at_most",
            hint="Gerechnet wird mit der Zahl der Menschen, für die Ihr Bedarf gilt.",
        ),
        Criterion(
            "one_off_cost_at_most",
            "Einmalige Kosten",
            "Wie viel Euro netto dürfen Kauf und Einrichtung höchstens kosten?",
            "at_most",
            hint="Gerechnet wird mit der Zahl der Menschen, für die Ihr Bedarf gilt.",
        ),
        Criterion(
            "used_in_size_class",
            "In Kommunen gleicher Größe im Einsatz",
            "Soll eine Kommune Ihrer Größenklasse die Lösung nutzen?",
            "flag",
            hint="Es zählt nur, was die nutzende Kommune selbst bestätigt hat.",
        ),
        Criterion(
            "used_in_land",
            "Im selben Land im Einsatz",
            "Soll eine Kommune in Ihrem Bundesland die Lösung nutzen?",
            "flag",
            hint="Es zählt nur, was die nutzende Kommune selbst bestätigt hat.",
        ),
        Criterion(
            "confirmed_uses_at_least",
            "Bestätigte Einsätze",
            "Wie viele Kommunen sollen den Einsatz mindestens bestätigt haben?",
            "at_least",
            hint="Eine hohe Zahl schließt neue Lösungen aus.",
        ),
        Criterion(
            "maturity",
            "Reifegrad",
            "Wie weit soll die Lösung sein?",
            "one_of",
            "maturity",
            "Kreuzen Sie alles an, was für Sie infrage kommt. Eines davon genügt.",
        ),
        Criterion(
            "maintained",
            "Pflege",
            "Wer soll die Lösung pflegen?",
            "one_of",
            "maintenance",
            "Kreuzen Sie alles an, was für Sie infrage kommt. Eines davon genügt.",
        ),
        Criterion(
            "support_offered",
            "Unterstützung wird angeboten",
            "Soll jemand Unterstützung beim Einrichten oder im Betrieb anbieten?",
            "flag",
        ),
        Criterion(
            "documentation",
            "Dokumentation ist zu finden",
            "Soll es eine Dokumentation geben, die Sie lesen können?",
            "flag",
        ),
        Criterion(
            "interface_language",
            "Sprache der Oberfläche",
            "In welcher Sprache soll die Oberfläche sein?",
            "one_of",
            "language",
            "Eine der angekreuzten Sprachen genügt. Brauchen Sie mehrere, schreiben Sie es in eigenen Worten.",
        ),
        Criterion(
            "works_with",
            "Arbeitet zusammen mit",
            "Mit welchen vorhandenen Systemen soll die Lösung zusammenarbeiten?",
            "all_of",
            hint="Ein System je Zeile. Wer es nicht nennt, gilt als „keine Angabe“ und nicht als ungeeignet.",
        ),
        Criterion(
            "boundary",
            "Art der Aufgabe",
            "Wozu soll die Lösung gehören?",
            "one_of",
            "boundary",
            "Zum Beispiel zu den freiwilligen Aufgaben einer smarten Kommune. Eines davon genügt.",
        ),
    )
}


def check_wanted(criterion: Criterion, wanted: object) -> Wanted:
    """`wanted` as it is kept. Raises `Refused` in words where it does not fit the criterion or names a vanished code.

    Vocabulary codes have to hold today.
    """
    if criterion.kind == "flag":
        return _flag(criterion, wanted)
    if criterion.kind == "at_most":
        return _amount(criterion, wanted)
    if criterion.kind == "at_least":
        return _count(criterion, wanted)
    return _choices(criterion, wanted) if criterion.scheme else _words(criterion, wanted)


def told(criterion: Criterion, wanted: object) -> str:
    """For pages: "Betriebsart: Im eigenen Haus oder Managed Hosting", "Kosten im Jahr: höchstens 12.000 Euro"."""
    if criterion.kind == "flag" or wanted is None:
        return criterion.label
    return f"{criterion.label}: {wanted_in_words(criterion, wanted)}"


def wanted_in_words(criterion: Criterion, wanted: object) -> str:
    """Only the value: "höchstens 12.000 Euro", "mindestens 3", "Im eigenen Haus"; "" for a flag.

    What lies there from another time is shown as it lies there.
    """
    match criterion.kind:
        case "flag":
            return ""
        case "at_most":
            return f"höchstens {_euros(wanted)} Euro"
        case "at_least":
            return f"mindestens {wanted}"
    codes = [str(code) for code in wanted] if isinstance(wanted, (list, tuple)) else [str(wanted)]
    labels = current().labels(criterion.scheme) if criterion.scheme else {}
    return _joined(
        [labels.get(code, code) for code in codes], "oder" if criterion.kind == "one_of" else "und"
    )


def label_of(code: str, registry: Mapping[str, Criterion] = CRITERIA) -> str:
    """The label, or that the criterion has vanished together with its code."""
    known = registry.get(code)
    return known.label if known else f"{GONE} („{code[:60]}“)"


def _flag(criterion: Criterion, wanted: object) -> bool:
    if wanted is not True:
        raise Refused(f"„{criterion.label}“ ist verlangt oder nicht; einen anderen Wert gibt es dafür nicht.")
    return True


def _amount(criterion: Criterion, wanted: object) -> str:
    try:
        amount = to_cents(Decimal(wanted)) if isinstance(wanted, str) else None
    except InvalidOperation:
        amount = None
    # NaN compares with nothing, and a number such as 1E+400 fails while it is rounded: both are refused here.
    if amount is None or not amount.is_finite() or not 0 <= amount <= MAX_AMOUNT:
        raise Refused(
            f"Geben Sie für „{criterion.label}“ einen Betrag von 0 bis 999.999.999,99 Euro ein, "
            "zum Beispiel 1.200,00."
        )
    return str(abs(amount))


def _count(criterion: Criterion, wanted: object) -> str:
    # Only plain digits: Python reads other alphabets' digits and underscores as numbers, too.
    if isinstance(wanted, str) and wanted.isascii() and wanted.isdigit() and len(wanted) <= 6:
        number = int(wanted)
        if 1 <= number <= MAX_COUNT:
            return str(number)
    raise Refused(f"Geben Sie für „{criterion.label}“ eine ganze Zahl von 1 bis 10.000 ein.")


def _listed(criterion: Criterion, wanted: object) -> list[str]:
    listed = [wanted] if isinstance(wanted, str) else wanted
    if not isinstance(listed, (list, tuple)) or not all(isinstance(each, str) for each in listed):
        raise Refused(f"Wählen Sie für „{criterion.label}“ mindestens einen Wert aus.")
    cleaned = list(dict.fromkeys(stripped for each in listed if (stripped := str(each).strip())))
    if not cleaned:
        raise Refused(f"Wählen Sie für „{criterion.label}“ mindestens einen Wert aus.")
    if len(cleaned) > MAX_CHOICES:
        raise Refused(f"Nennen Sie für „{criterion.label}“ höchstens {MAX_CHOICES} Werte.")
    return cleaned


def _choices(criterion: Criterion, wanted: object) -> list[str]:
    chosen = _listed(criterion, wanted)
    known = [term.code for term in current().terms(criterion.scheme)]
    for code in chosen:
        if code not in known:
            raise Refused(
                f"„{code[:60]}“ steht bei „{criterion.label}“ nicht mehr zur Wahl. Wählen Sie etwas anderes aus."
            )
    return [code for code in known if code in chosen]


def _words(criterion: Criterion, wanted: object) -> list[str]:
    words = _listed(criterion, wanted)
    if any(len(word) > MAX_WORD for word in words):
        raise Refused(f"Kürzen Sie bei „{criterion.label}“ jeden Namen auf höchstens {MAX_WORD} Zeichen.")
    return words


def _euros(wanted: object) -> str:
    try:
        amount = to_cents(Decimal(str(wanted)))
    except InvalidOperation:
        return str(wanted)
    text = f"{amount:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")
    return text.removesuffix(",00")


def _joined(words: Sequence[str], word: str) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {word} {words[-1]}"
