"""Plain data from rows."""

from typing import Any


def of(row: Any, *fields: str) -> dict[str, Any]:
    """These fields of a row; a field of a row that it points at by its public id is written `company.public_id`."""
    return {field.partition(".")[0]: _value(row, field) for field in fields}


def _value(row: Any, field: str) -> Any:
    name, _, rest = field.partition(".")
    value = getattr(row, name)
    return _value(value, rest) if rest and value is not None else value
