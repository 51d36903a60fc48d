"""Why a solution stands where it stands: in sentences for whoever reads, in numbers for whoever checks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from allmende.retrieval.fusion import NEAR, Rule
from allmende.retrieval.protocol import COUNTED, Alternative, Evidence, Explanation, How
from allmende.retrieval.ranking import RANKING
from allmende.retrieval.text import tokens
from allmende.search.queries import Explained, Lacking
from allmende.web.components.parts import Cell, Column, Definition, Row, Table
from allmende.web.components.templatetags.formats import counted, joined, number

# How a sentence names the fields of the index; their labels alone cannot stand in one.
PLACES = {
    "title": "im Namen",
    "names": "bei Anbieter und Nutzenden",
    "summary": "in der Kurzbeschreibung",
    "tags": "in der Einordnung",
    "body": "in der Beschreibung",
}
KINDS = {
    How.WORD: "Wort",
    How.PART: "Wortteil",
    How.SYNONYM: "gleichbedeutend",
    How.CLASS: "Einordnung",
    How.NEIGHBOURS: "Wortfolge",
}
# By what the points of each are multiplied; they hold it already.
FACTORS = {
    How.WORD: 1.0,
    How.PART: RANKING.part,
    How.SYNONYM: RANKING.synonym,
    How.CLASS: RANKING.classified,
    How.NEIGHBOURS: RANKING.neighbour,
}
_IN_WORDS = (
    "",
    "Ein",
    "Zwei",
    "Drei",
    "Vier",
    "Fünf",
    "Sechs",
    "Sieben",
    "Acht",
    "Neun",
    "Zehn",
    "Elf",
    "Zwölf",
)
MOST_FORMS = 4
_DIGITS = 3


@dataclass(frozen=True)
class Why:
    """`text` is the question, `state` names the version of the index and of the model that answered. `others` are what
    the vocabulary says instead of words of the question."""

    explained: Explained
    text: str
    state: str = ""
    others: Sequence[Alternative] = ()

    @property
    def name(self) -> str:
        return self.explained.card.solution.name

    @property
    def _explanation(self) -> Explanation:
        return self.explained.explanation

    @property
    def place(self) -> str:
        rank, total = self._explanation.rank, number(self._explanation.total)
        return f"Platz {number(rank)} von {total}" if rank else f"{FURTHER} (von {total})"

    @cached_property
    def sentences(self) -> list[str]:
        """What speaks for the solution, then what is missing, then what plays no part."""
        return [*self._found(), *self._near(), *self._missing(), *self._equal(), UNPAID]

    def _found(self) -> Iterator[str]:
        evidence = self._explanation.evidence
        for asked in dict.fromkeys(each.asked for each in evidence):
            mine = [each for each in evidence if each.asked == asked]
            words = [each for each in mine if each.how is How.WORD]
            yield from map(_word, words)
            yield from _parts([each for each in mine if each.how is How.PART], words)
            yield from self._synonyms([each for each in mine if each.how is How.SYNONYM], words)
            if not words:
                yield from (_class(each) for each in mine if each.how is How.CLASS)
        for each in evidence:
            if each.how is How.NEIGHBOURS:
                yield from _neighbours(each)

    def _synonyms(self, rows: Sequence[Evidence], words: Sequence[Evidence]) -> Iterator[str]:
        """What the vocabulary says instead, as far as the entry has it so; else that parts of it are there."""
        named = {form.casefold() for each in words for form in each.found}
        found: dict[str, list[str]] = {}
        for each in rows:
            found.setdefault(each.source, []).extend(
                form for form in self._said_instead(each) if form.casefold() not in named
            )
        for source, forms in found.items():
            if forms:
                # Of several forms it is not known which one stands where.
                is_sure = len(rows) == 1 and len(forms) == len(rows[0].found)
                where = _places(rows[0].fields if is_sure else ())
                also = f"auch als {_quoted(_each_once(forms))}; das steht {where}"
                yield f"„{rows[0].asked}“ gilt laut Vokabular{_entry(source)} {also}."
        if rows and not words and not any(found.values()):
            yield _loosely(rows[0])

    def _said_instead(self, each: Evidence) -> list[str]:
        said = {_index_words(other.instead) for other in self.others if other.source == each.source}
        return [form for form in each.found if _index_words(form) in said]

    def _near(self) -> Iterator[str]:
        similarity, has_words = self._explanation.similarity, bool(self._explanation.evidence)
        if not has_words:
            yield "Keines Ihrer Wörter kommt vor."
        if similarity is not None and self._explanation.meaning_weight > 0:
            near = similarity >= NEAR
            also = "Auch dem" if near and has_words else "Dem"
            yield f"{also} Sinn nach liegt der Text {_far(near)} Ihrer Frage."
            if self.explained.nearest and (near or not has_words):
                yield f"Am nächsten liegt diese Stelle: „{self.explained.nearest}“"
        elif self.explained.lacks:
            yield LACKING[self.explained.lacks]

    def _missing(self) -> Iterator[str]:
        missing = self._explanation.missing
        if not missing or not self._explanation.evidence:
            return
        if len(missing) == 1:
            yield f"Eines Ihrer Wörter kommt nicht vor: {_quoted(missing)}."
            return
        many = _IN_WORDS[len(missing)] if len(missing) < len(_IN_WORDS) else str(len(missing))
        yield f"{many} Ihrer Wörter kommen nicht vor: {_quoted(missing)}."

    def _equal(self) -> Iterator[str]:
        if self._explanation.equals == 1:
            yield "Ein anderer Eintrag passt genauso gut. Wer von beiden vorn steht, wechselt von Frage zu Frage."
        elif self._explanation.equals:
            others = number(self._explanation.equals)
            alternating = "Wer unter ihnen vorn steht, wechselt von Frage zu Frage."
            yield f"{others} andere Einträge passen genauso gut. {alternating}"

    @cached_property
    def words(self) -> Table | None:
        """Each way in which a word adds something; None where no word occurs."""
        if not self._explanation.evidence:
            return None
        columns = [
            Column("Ihr Wort"),
            Column("Art"),
            Column("Im Eintrag"),
            Column("Wo"),
            Column("Faktor", numeric=True),
            Column("Punkte", numeric=True),
        ]
        foot = Row([Cell("Summe der Wörter"), *[Cell("")] * 4, Cell(_exact(self._explanation.lexical))])
        rows = [self._row(each) for each in self._explanation.evidence]
        return Table("Was die Wörter beitragen", columns, rows, note=POINTS, foot=foot, sticky=False)

    def _row(self, each: Evidence) -> Row:
        fields = [self.explained.fields.get(field, field) for field in each.fields]
        source = f"laut Vokabular: {each.source}" if each.source else ""
        return Row(
            [
                Cell(f"Teil „{each.part}“ von „{each.asked}“" if each.part else each.asked),
                Cell(KINDS[each.how], note=source),
                Cell(", ".join(each.found)),
                Cell(", ".join(fields)),
                Cell(number(FACTORS[each.how], 2)),
                Cell(_exact(each.score)),
            ]
        )

    @cached_property
    def sum(self) -> Table:
        """How words and meaning make the number by which the hits are ordered."""
        said = self._explanation
        columns = [
            Column("Teil"),
            *(Column(label, numeric=True) for label in ("Wert", "Anteil", "Gewicht", "Anteil × Gewicht")),
        ]
        rows = [
            _part_of_sum("Wörter", said.lexical, said.lexical_share, said.lexical_weight),
            self._sense(said),
        ]
        foot = Row([Cell("Zahl für die Reihenfolge"), Cell(""), Cell(""), Cell(""), Cell(_exact(said.score))])
        return Table(
            "Wie daraus die Zahl für die Reihenfolge wird",
            columns,
            rows,
            note=SHARES,
            foot=foot,
            sticky=False,
        )

    def _sense(self, said: Explanation) -> Row:
        """Where the entry's own similarity is not known yet, none is shown: what counts for it is not its own."""
        row = _part_of_sum("Sinn", said.similarity, said.meaning_share, said.meaning_weight)
        if not self.explained.lacks:
            return row
        return Row([Cell("Sinn", note=FLOOR), Cell(None), Cell(None), *row.cells[3:]])

    @cached_property
    def facts(self) -> list[Definition]:
        """What else decides the place, and what has to be the same for the numbers to be the same."""
        said = self._explanation
        others = "nicht gezählt" if said.equals is None else "kein anderer Eintrag mit derselben Zahl"
        if said.equals:
            others = f"{counted(said.equals, 'anderer Eintrag,andere Einträge')} mit derselben Zahl"
        return [
            Definition("Platz", [self.place.removeprefix("Platz ")]),
            Definition("Gleichstand", [others], note=TIES),
            Definition("Kennung", [said.id]),
            Definition("Regel für die Gewichte", [RULES.get(said.weighing, said.weighing)]),
            Definition("Stand des Suchverzeichnisses", [self.state] if self.state else []),
        ]


FURTHER = f"Weiter hinten als Platz {number(COUNTED)}"
UNPAID = "Für diesen Platz hat niemand bezahlt. Wer Sie sind und was Sie früher gesucht haben, zählt nicht."
TIES = (
    "Bei gleicher Zahl entscheidet eine Prüfsumme aus Ihrer Frage und der Kennung: Die kleinere steht oben. Wer vorn "
    "steht, wechselt deshalb von Frage zu Frage."
)
POINTS = (
    "Der Faktor sagt, wie viel eine Art gegenüber dem Wort selbst zählt. In den Punkten ist er enthalten."
)
SHARES = (
    "Der Wert der Wörter ist ihre Summe. Ihr Anteil ist diese Summe, geteilt durch die größte, auf die ein Eintrag bei "
    "dieser Frage kommt. Wert und Anteil des Sinns sind die Ähnlichkeit von Frage und Text. Zählen nur die Wörter, ist "
    "ihr Gewicht diese größte Summe. Alle Zahlen sind auf drei Stellen gerundet."
)
LACKING: Mapping[str, str] = {
    Lacking.WAITING: "Die Bedeutung dieses Eintrags wird noch berechnet.",
    Lacking.GIVEN_UP: "Die Bedeutung dieses Eintrags ließ sich nicht berechnen.",
}
FLOOR = "Solange sie fehlt, zählt der Eintrag so viel wie der fernste, den wir verglichen haben."
# Which case of `fusion` has chosen the weights, and why it applies.
RULES: Mapping[str, str] = {
    Rule.WORDS_ALONE: "Nur die Wörter zählen, weil über den Sinn der Frage nichts bekannt ist.",
    Rule.MEANING_ALONE: "Nur der Sinn zählt, weil kein Eintrag eines der Wörter enthält.",
    Rule.WORDS_SAY_MUCH: "Die Wörter zählen fast so viel, wie sie höchstens können, weil der beste Treffer beinahe "
    "alles enthält, wonach gefragt ist.",
    Rule.WORDS_SAY_HALF: "Die Wörter zählen weniger, weil auch der beste Treffer nur einen Teil davon enthält.",
    Rule.WORDS_SAY_LITTLE: "Die Wörter zählen wenig, weil auch der beste Treffer kaum etwas davon enthält.",
}


def _far(near: bool) -> str:
    return "nahe an" if near else "weiter weg von"


def _part_of_sum(label: str, value: float | None, share: float, weight: float) -> Row:
    cells = [Cell(None if value is None else _exact(value))]
    return Row([Cell(label), *cells, *(Cell(_exact(each)) for each in (share, weight, share * weight))])


def _word(each: Evidence) -> str:
    stands = f"{_quoted(each.found)} {_verb(each.found)} {_places(each.fields)}"
    if any(form.casefold() == each.asked.casefold() for form in each.found):
        return f"{stands}."
    return f"{stands}: eine andere Form von „{each.asked}“."


def _parts(parts: Sequence[Evidence], words: Sequence[Evidence]) -> Iterator[str]:
    """One sentence for all parts of a word, with what the sentence about the word itself has not said.

    A part that stands in a field without the word stands there in another form: so fields of the word may go.
    """
    known = {form.casefold() for each in words for form in each.found}
    places = {field for each in words for field in each.fields}
    forms = [form for each in parts for form in each.found if form.casefold() not in known]
    fields = [field for each in parts for field in each.fields]
    news = [field for field in fields if field not in places]
    if forms:
        yield _of_parts(parts[0].asked, _each_once(forms), _each_once(news or fields))


def _of_parts(asked: str, forms: Sequence[str], fields: Sequence[str]) -> str:
    is_simple = all(len(token.parts) <= 1 for token in tokens(asked))
    if is_simple or all(asked.casefold() in form.casefold() for form in forms):
        return f"„{asked}“ steckt in {_quoted(forms, 'weiteren')}, {_places(fields)}."
    fit = "passt" if len(forms) == 1 else "passen"
    return f"Zu Teilen von „{asked}“ {fit} {_quoted(forms)} {_places(fields)}."


def _class(each: Evidence) -> str:
    return f"In der Einordnung {_verb(each.found)} {_quoted(each.found)}. Das zählt wenig."


def _each_once(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _entry(source: str) -> str:
    return f" (Eintrag „{source}“)" if source else ""


def _loosely(each: Evidence) -> str:
    fit = "passt" if len(each.found) == 1 else "passen"
    others = f"Zu anderen Wörtern für „{each.asked}“ im Vokabular{_entry(each.source)}"
    return f"{others} {fit} {_quoted(each.found)} {_places(each.fields)}."


def _neighbours(each: Evidence) -> Iterator[str]:
    """Words beside each other. A compound has its parts beside each other too, and that is no news."""
    rows = [form for form in each.found if len(form.split()) > 1]
    if rows:
        where = _places(each.fields if len(rows) == len(each.found) else ())
        yield f"Beieinander wie in Ihrer Frage {_verb(rows)} {_quoted(rows)} {where}."


def _verb(forms: Sequence[str]) -> str:
    return "steht" if len(forms) == 1 else "stehen"


def _places(fields: Sequence[str]) -> str:
    """The places in the order of the page; "im Eintrag" where they are not known."""
    known = [place for field, place in PLACES.items() if field in fields]
    others = [f"im Feld „{field}“" for field in fields if field not in PLACES]
    return joined([*known, *others]) if fields else "im Eintrag"


def _quoted(words: Sequence[str], more: str = "weitere") -> str:
    shown = [f"„{word}“" for word in words[:MOST_FORMS]]
    return joined(shown) if len(words) <= MOST_FORMS else f"{', '.join(shown)} und {more}"


def _index_words(text: str) -> tuple[str, ...]:
    return tuple(token.word for token in tokens(text))


def _exact(value: float) -> str:
    return number(value, _DIGITS)
