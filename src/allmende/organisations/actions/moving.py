"""Rows that go from one organisation to another, as far as the database lets them."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, models, transaction


def moved(rows: models.QuerySet[Any], **to: Any) -> list[int]:
    """Set the columns and return the keys of what went; rows that a constraint holds back stay as they are.

    What may not be there twice the constraints say, so that nobody has to say it here again. In a transaction.
    """
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    if not keys or _went(rows.model, keys, to):
        return keys
    return [key for key in keys if _went(rows.model, [key], to)]


def moved_back(
    model: type[models.Model], keys: Iterable[int], *, still: dict[str, Any], **to: Any
) -> list[int]:
    """The other way: of these rows those that `still` are where they went."""
    return moved(model._default_manager.filter(pk__in=list(keys), **still), **to)


def _went(model: type[models.Model], keys: list[int], to: dict[str, Any]) -> bool:
    try:
        with transaction.atomic():
            model._default_manager.filter(pk__in=keys).update(**to)
    except IntegrityError:
        return False
    return True
