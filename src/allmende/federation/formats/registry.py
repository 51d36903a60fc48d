"""The formats we read: code → reader. A new one is one file and one line here."""

from allmende.federation.formats.base import Format
from allmende.federation.formats.markdown import MARKDOWN
from allmende.federation.formats.publiccode import PUBLICCODE

FORMATS: dict[str, Format] = {each.code: each for each in (PUBLICCODE, MARKDOWN)}
