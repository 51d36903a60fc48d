"""Small folders of data files, written by tests."""

from collections.abc import Mapping
from pathlib import Path

from allmende.vocabulary import files
from allmende.vocabulary.drafts import VocabularyDraft

COLOURS = """
label = "Farbe"
definition = "Welche Farbe etwas hat."

[[term]]
code = "red"
label = "Rot"
definition = "Wie ein Briefkasten in England."
synonyms = ["Scharlach", "Karmin"]

[[term]]
code = "blue"
label = "Blau"
definition = "Wie der Himmel."
"""

PALETTE = """
foreign_scheme = "palette"

[entries]
crimson = { colour = ["red"] }
violet = { colour = ["red", "blue"] }
clear = { reason = "Durchsichtig ist keine Farbe." }
"""


def written(folder: Path, schemes: Mapping[str, str], crosswalks: Mapping[str, str] | None = None) -> Path:
    """The folder, holding exactly these files (without `.toml`) and no others."""
    for name, contents in {"data": schemes, "crosswalk": crosswalks or {}}.items():
        (folder / name).mkdir(exist_ok=True)
        for old in (folder / name).iterdir():
            old.unlink()
        for stem, content in contents.items():
            (folder / name / f"{stem}.toml").write_text(content, encoding="utf-8")
    return folder


def draft_of(folder: Path, colours: str, crosswalk: str | None = None) -> VocabularyDraft:
    """What a folder with one scheme `colour` and perhaps the crosswalk `palette` says."""
    crosswalks = {} if crosswalk is None else {"palette": crosswalk}
    return files.read(written(folder, {"colour": colours}, crosswalks))
