"""Every change of the register: import an edition, decide a succession, set a type, invent a place."""

from allmende.regions.actions.importing import import_register, load_own_table
from allmende.regions.actions.inventing import add_invented
from allmende.regions.actions.successions import confirm_succession, propose_succession, reject_succession
from allmende.regions.actions.types import set_size_class

__all__ = [
    "add_invented",
    "confirm_succession",
    "import_register",
    "load_own_table",
    "propose_succession",
    "reject_succession",
    "set_size_class",
]
