"""What the editable pages say until an operator writes them. Nothing here claims more than we know."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Final


@dataclass(frozen=True)
class Text:
    """A page to begin with. Its text is HTML in `defaults/<name>.html`, its contact in `<name>.contact.html`."""

    name: str
    address: str
    title: str

    def _read(self, ending: str) -> str:
        file = files("allmende.web.pages") / "defaults" / f"{self.name}{ending}"
        return file.read_text(encoding="utf-8").strip() if file.is_file() else ""

    @property
    def body(self) -> str:
        return self._read(".html")

    @property
    def contact(self) -> str:
        return self._read(".contact.html")


# A page stands behind the one above it in the tree.
TEXTS: Final = (
    Text("impressum", "/impressum", "Impressum"),
    Text("datenschutz", "/datenschutz", "Datenschutzerklärung"),
    Text("barrierefreiheit", "/barrierefreiheit", "Erklärung zur Barrierefreiheit"),
    Text("ueber", "/ueber", "Über Allmende"),
    Text("rangfolge", "/ueber/rangfolge", "Wie die Rangfolge entsteht"),
)
