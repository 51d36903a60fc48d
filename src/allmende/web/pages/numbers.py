"""The numbers that ranking works with, read from the code that uses them: what the page says cannot differ from it."""

from decimal import Decimal

from allmende.retrieval import fusion
from allmende.retrieval.protocol import ENOUGH
from allmende.retrieval.ranking import RANKING
from allmende.search.asking import SENTENCE
from allmende.search.definition import DEFINITION, FIELD_LABELS
from allmende.web.components.parts import Cell, Column, Row, Table
from allmende.web.components.templatetags.formats import number, percent

RANKING_PAGE = "/ueber/rangfolge"


def tables_of(address: str) -> list[Table]:
    """What stands below the text of the page at this address."""
    return [_fields(), _ways(), _weights(), _reach()] if address == RANKING_PAGE else []


def _fields() -> Table:
    heaviest_first = sorted(DEFINITION.weights.items(), key=lambda pair: -pair[1])
    rows = [(FIELD_LABELS.get(field, field), f"{weight}-fach") for field, weight in heaviest_first if weight]
    return _table("Wo das Wort steht", "Stelle", "zählt", rows)


def _ways() -> Table:
    ways = (
        ("das Wort selbst", 1.0),
        ("jeder seiner kleinsten Teile", RANKING.part),
        ("ein anderes Wort für dasselbe", RANKING.synonym),
        ("ein Begriff der Einordnung", RANKING.classified),
        ("zwei Teile, die beieinanderstehen wie in der Frage", RANKING.neighbour),
    )
    note = (
        "Damit wird der Wert aus BM25 (k1 = 1,2, b = 0,75) malgenommen. Die Summe sind die Punkte der Wörter."
    )
    return _table("Wie es gefunden ist", "Weg", "Faktor", [(way, _decimal(by)) for way, by in ways], note)


def _weights() -> Table:
    rows = [
        (f"{said} davon", f"{percent(words)} zu {percent(1 - words)}")
        for said, words in (
            ("enthält nichts", fusion.WORDS_AT_LEAST),
            ("enthält die Hälfte", (fusion.WORDS_AT_LEAST + fusion.WORDS_AT_MOST) / 2),
            ("enthält alles", fusion.WORDS_AT_MOST),
        )
    ]
    note = (
        "Wie viel der beste Treffer von dem enthält, wonach gefragt ist, gemessen an den Punkten. Dazwischen geht es "
        "gleichmäßig. Ohne Sprachmodell zählen nur die Wörter."
    )
    return _table("Wie Wörter und Sinn wiegen", "Der beste Treffer", "Wörter zu Sinn", rows, note)


def _reach() -> Table:
    rows = [
        ("Wörter finden nichts", fusion.VERY_NEAR, fusion.NEAR_TO_BEST),
        (f"Wörter finden weniger als {ENOUGH} Einträge", fusion.NEAR, fusion.NEAR_TO_BEST),
        (f"Wörter finden {ENOUGH} oder mehr", fusion.VERY_NEAR, fusion.VERY_NEAR_TO_BEST),
    ]
    said = [
        (when, f"{_decimal(least)} und {percent(part)} der größten Ähnlichkeit") for when, least, part in rows
    ]
    said.append((f"Sätze ab {SENTENCE} Wörtern", _decimal(fusion.NEAR_A_SENTENCE)))
    note = f"So kommen höchstens {fusion.AT_MOST_ADDED} Einträge hinzu, bei ganzen Sätzen auch mehr."
    return _table("Ab welcher Ähnlichkeit der Sinn allein genügt", "Wann", "mindestens", said, note)


def _decimal(value: float) -> str:
    return number(Decimal(str(value)))


def _table(title: str, what: str, how_much: str, rows: list[tuple[str, str]], note: str = "") -> Table:
    return Table(
        title,
        [Column(what), Column(how_much)],
        [Row([Cell(label), Cell(value)]) for label, value in rows],
        note=note,
        sticky=False,
    )
