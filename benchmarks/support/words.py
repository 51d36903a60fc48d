"""German words in the numbers in which texts use them: a few stand everywhere, most hardly anywhere."""

import itertools
import random

COMMON = "Verwaltung"
"""Stands in about every third entry."""
RARE = "Straßenbaumkataster"
"""Stands in one of two thousand entries; the generator writes it there."""

_SUBJECTS = (
    *(
        "Bürger",
        "Verkehrs",
        "Parkraum",
        "Straßen",
        "Abfall",
        "Gebäude",
        "Energie",
        "Wasser",
        "Wärme",
        "Klima",
    ),
    *(
        "Sozial",
        "Jugend",
        "Schul",
        "Kita",
        "Bildungs",
        "Kultur",
        "Sport",
        "Vereins",
        "Friedhofs",
        "Feuerwehr",
    ),
    *("Rats", "Haushalts", "Personal", "Beschaffungs", "Vergabe", "Akten", "Dokumenten", "Termin", "Melde"),
    *(
        "Gewerbe",
        "Tourismus",
        "Veranstaltungs",
        "Wirtschafts",
        "Flächen",
        "Bauantrags",
        "Grundstücks",
        "Wohnungs",
    ),
    *(
        "Mobilitäts",
        "Fahrrad",
        "Nahverkehrs",
        "Lade",
        "Sensor",
        "Geodaten",
        "Umwelt",
        "Lärm",
        "Luftgüte",
        "Baum",
    ),
    *(
        "Hochwasser",
        "Katastrophen",
        "Gesundheits",
        "Pflege",
        "Ehrenamts",
        "Integrations",
        "Senioren",
        "Familien",
    ),
)
_HEADS = (
    *(
        "portal",
        "verwaltung",
        "plattform",
        "kataster",
        "meldung",
        "beteiligung",
        "planung",
        "steuerung",
        "karte",
    ),
    *(
        "auskunft",
        "abrechnung",
        "buchung",
        "erfassung",
        "auswertung",
        "überwachung",
        "dokumentation",
        "beratung",
    ),
    *("vermittlung", "genehmigung", "verzeichnis", "berichte", "daten", "dienste", "statistik", "konzept"),
    *(
        "assistent",
        "monitor",
        "zwilling",
        "leitstelle",
        "anträge",
        "förderung",
        "vergabe",
        "netz",
        "akte",
        "bericht",
    ),
)
_PLAIN = (
    *(
        "Kommune",
        COMMON,
        "Daten",
        "Stadt",
        "Gemeinde",
        "Landkreis",
        "offen",
        "digital",
        "einfach",
        "Anwendung",
    ),
    *(
        "Schnittstelle",
        "Oberfläche",
        "Anmeldung",
        "Betrieb",
        "Auswertung",
        "Bericht",
        "Karte",
        "Formular",
        "Antrag",
    ),
    *("bearbeiten", "melden", "planen", "verwalten", "anzeigen", "prüfen", "veröffentlichen", "barrierefrei"),
    *(
        "mehrsprachig",
        "sicher",
        "gemeinsam",
        "regional",
        "mobil",
        "Sensor",
        "Einwohner",
        "Mitarbeitende",
        "Fachamt",
    ),
)
_ENGLISH = (
    *(
        "open",
        "data",
        "city",
        "platform",
        "software",
        "municipal",
        "service",
        "public",
        "citizen",
        "management",
    ),
    *(
        "report",
        "planning",
        "monitoring",
        "dashboard",
        "sensor",
        "mobility",
        "energy",
        "water",
        "waste",
        "request",
    ),
    *(
        "interface",
        "map",
        "geodata",
        "participation",
        "council",
        "document",
        "workflow",
        "identity",
        "payment",
    ),
    *(
        "appointment",
        "register",
        "permit",
        "budget",
        "procurement",
        "accessible",
        "multilingual",
        "integration",
    ),
)
_GLUE = ("für", "und", "mit", "der", "die", "das", "in", "von", "den", "auf", "eine", "zur")
_ENGLISH_GLUE = ("for", "and", "with", "the", "of", "a", "in", "to", "on", "by")


class Words:
    """A source of words, the same for the same seed."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.compounds = [subject + head for subject in _SUBJECTS for head in _HEADS]
        chance.shuffle(self.compounds)
        self._german = _weighted((*_PLAIN, *self.compounds))
        self._english = _weighted(_ENGLISH)

    def german(self, length: int) -> str:
        """A sentence of that many words, every third of them a small one."""
        return self._sentence(self._german, _GLUE, length)

    def english(self, length: int) -> str:
        return self._sentence(self._english, _ENGLISH_GLUE, length)

    def _sentence(
        self, source: tuple[tuple[str, ...], list[float]], glue: tuple[str, ...], length: int
    ) -> str:
        words, weights = source
        picked = self.chance.choices(words, cum_weights=weights, k=length)
        small = self.chance.choices(glue, k=length)
        text = " ".join(word if place % 3 else f"{small[place]} {word}" for place, word in enumerate(picked))
        return f"{text[0].upper()}{text[1:]}."

    def paragraphs(self, sentence: str, words: int) -> str:
        """About that many words in sentences of a dozen, with an empty line now and then."""
        make = self.german if sentence == "de" else self.english
        sentences = [make(12) for _ in range(max(1, words // 12))]
        return "\n\n".join(" ".join(sentences[place : place + 4]) for place in range(0, len(sentences), 4))


def _weighted(words: tuple[str, ...]) -> tuple[tuple[str, ...], list[float]]:
    return words, list(itertools.accumulate(1 / (rank + 6) for rank in range(len(words))))
