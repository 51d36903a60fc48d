"""publiccode.yml, the description of public software in its own repository.

Two verdicts are kept apart: what the standard says (`standard`: `rules` over values decoded by `schema`, as the
reference parser would, error for error), and what we do with the file (`decision`: lenient where a person would be,
strict where it matters). `mapping` turns the file into a solution of ours, reading leniently (`lenient`).

*Error* and *warning* are the standard's words; *info* is what we have to say beside it, or what the reference parser
would not have reached. Not here: fetching, storing, and whether addresses answer.
"""

from allmende.federation.formats.publiccode.filling import Filling, fill
from allmende.federation.formats.publiccode.reader import PUBLICCODE

__all__ = ["PUBLICCODE", "Filling", "fill"]
