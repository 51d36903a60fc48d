"""Entries as invented towns would write them."""

from pathlib import Path


def entry(
    name: str = "Mängelmelder Musterstadt",
    url: str = "https://git.musterland.test/stadt/maengelmelder",
    text: str = "Menschen melden Schäden an Straßen und Wegen, und die Verwaltung antwortet ihnen.",
    more: str = "",
) -> str:
    return f"""publiccodeYmlVersion: "0.4"
name: {name}
url: {url}
platforms: [web]
categories: [help-desk]
developmentStatus: stable
softwareType: standalone/web
description:
  de:
    shortDescription: {text}
    longDescription: >
      {text} Die Anwendung läuft im Browser und kommt ohne Anmeldung aus. Meldungen werden auf einer Karte gezeigt,
      nach Zuständigkeit verteilt und mit ihrem Stand veröffentlicht. Wer meldet, kann sich benachrichtigen lassen.
    features: [Karte, Verteilung]
legal:
  license: EUPL-1.2
maintenance:
  type: internal
  contacts:
    - name: Team Digitales
localisation:
  localisationReady: false
  availableLanguages: [de]
{more}"""


def put(folder: Path, key: str, content: str | bytes) -> None:
    """Write a file of a source, `key` as the harvest knows it."""
    path = folder / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def put_many(folder: Path, count: int, version: int = 1) -> None:
    for number in range(count):
        url = f"https://git.musterland.test/stadt/werkzeug-{number}"
        text = f"Das Werkzeug {number} hilft Verwaltungen bei Aufgabe {number} in Fassung {version}."
        put(folder, f"{number:03}/publiccode.yml", entry(f"Werkzeug Nummer {number}", url, text))
