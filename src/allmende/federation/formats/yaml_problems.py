"""What is wrong with a YAML file, in words for whoever wrote it; the parser itself speaks English to programmers."""

import yaml


def syntax_problem(error: yaml.MarkedYAMLError) -> str:
    """The sentence for an error of the YAML parser."""
    problem = str(error.problem or "")
    for fragment, sentence in _SYNTAX:
        if fragment in problem:
            return sentence
    return (
        "Die Datei ist ab dieser Stelle kein gültiges YAML; prüfen Sie Einrückung, Doppelpunkte und Anführungszeichen "
        "in dieser und der vorigen Zeile."
    )


CONTROL_SIGNS = (
    "Die Datei enthält Steuerzeichen und ist deshalb kein lesbares YAML; "
    "speichern Sie sie als reinen Text in UTF-8."
)
_SYNTAX = (
    (
        "mapping values are not allowed",
        "Hier steht ein Doppelpunkt mit Leerzeichen mitten im Wert; setzen Sie den ganzen Wert in Anführungszeichen.",
    ),
    (
        "found character that cannot start any token",
        "Dieses Zeichen darf in YAML nicht am Anfang stehen (oft ein Tabulator oder @); rücken Sie mit Leerzeichen ein "
        "oder setzen Sie den Wert in Anführungszeichen.",
    ),
    (
        "could not find expected ':'",
        "In dieser oder der vorigen Zeile fehlt der Doppelpunkt nach dem Schlüssel; ergänzen Sie ihn oder rücken Sie "
        "den Text ein.",
    ),
    (
        "did not find expected key",
        "Die Einrückung passt hier nicht zu den Zeilen davor; rücken Sie zusammengehörige Zeilen gleich weit ein.",
    ),
    (
        "did not find expected '-' indicator",
        "Die Liste ist hier anders eingerückt als davor; rücken Sie alle Einträge gleich weit ein.",
    ),
    (
        "found unexpected end of stream",
        "Ein Anführungszeichen oder eine Klammer wird nicht geschlossen; ergänzen Sie das Ende.",
    ),
    (
        "found unknown escape character",
        "Nach dem umgekehrten Schrägstrich steht ein unbekanntes Zeichen; verwenden Sie einfache statt doppelter "
        "Anführungszeichen.",
    ),
)
