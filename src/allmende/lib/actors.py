"""Who acts: a person with roles, a program, or nobody in particular."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Actor:
    """Who asks or acts, as the edge (view, command, job) knows it.

    `id` is the public id of a person or the name of a program; never a name or an address of a person.
    `roles` holds pairs of role code and the public id of the organisation it is held in (None: the platform itself).
    `in_place_of` holds what of it the actor has only because somebody is absent: role code, organisation and the public
    id of the absent person. The journal keeps it with what is done for that organisation.
    `resting` holds organisations in which the actor has roles that give no right today, being away or since it is
    suspended. It allows nothing: it keeps whoever belongs somewhere from passing for a stranger there.
    """

    kind: Literal["person", "program", "anonymous"]
    id: str
    roles: frozenset[tuple[str, str | None]] = field(default_factory=frozenset)
    in_place_of: frozenset[tuple[str, str, str]] = field(default_factory=frozenset)
    resting: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def program(cls, name: str) -> "Actor":
        """A part of Allmende that acts by itself, such as `Actor.program("harvest")`."""
        return cls("program", name)

    @classmethod
    def anonymous(cls) -> "Actor":
        """Whoever looks without signing in."""
        return cls("anonymous", "")

    def has(self, role: str, organisation: str | None = None) -> bool:
        """Whether the role is held in that organisation (public id), or on the platform where none is named."""
        return (role, organisation) in self.roles

    def stands_in_for(self, organisation: str | None) -> list[str]:
        """The absent people in whose roles the actor acts in that organisation, in a fixed order."""
        return sorted({person for _, place, person in self.in_place_of if place == organisation})

    @property
    def is_program(self) -> bool:
        return self.kind == "program"

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else self.kind
