"""What can be handed in about organisations: plain values, no database."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class RegistrationDraft:
    """A body that is not a region of the register, as somebody who acts for it describes it.

    `kind`: code of the vocabulary `organisation_type`; `legal_form`: code of `legal_forms`; register court and number
    only where the form is entered in a register. `task`: what the person does there, for the staff who compares.
    """

    name: str
    kind: str
    legal_form: str
    task: str
    register_court: str = ""
    register_number: str = ""
    website_url: str = ""


@dataclass(frozen=True)
class ProfileDraft:
    """What a town tells of itself. None is "keine Angabe"; an empty list cannot be said and counts as None."""

    existing_systems: tuple[str, ...] | None = None
    hosting: tuple[str, ...] | None = None
    networks: tuple[str, ...] | None = None
    digital_staff: Decimal | None = None
    budget_class: str | None = None
    interests: tuple[str, ...] | None = None
    is_shared: bool = False


@dataclass(frozen=True)
class AddressDraft:
    """Where a letter goes. `recipient`: the name of the body; `attention`: who opens it; `street` may be a Postfach."""

    recipient: str
    street: str
    postcode: str
    place: str
    attention: str = ""
