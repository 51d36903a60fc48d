"""What is frozen stays: the guard below every action, page, shell and script of ours.

Parts of a case refuse to be saved, changed or removed once their case is frozen or erased, one by one and in bulk. Only
the erasure after the retention lifts it, for itself (`erasing`). What goes around Django's models, such as SQL, is told
by `allmende verify-cases`.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Q

from allmende.lib.refusals import Refused

CLOSED = ("frozen", "erased")
M = TypeVar("M", bound=models.Model)
_erasing: ContextVar[bool] = ContextVar("erasing", default=False)


class Frozen(Refused):
    """Something would have changed a frozen case."""

    def __init__(self) -> None:
        super().__init__("Diese Markterkundung ist abgeschlossen. Was darin steht, ändert sich nicht mehr.")


@contextmanager
def erasing() -> Iterator[None]:
    """Lifts the guard, for the erasure after the retention and nothing else."""
    token = _erasing.set(True)
    try:
        yield
    finally:
        _erasing.reset(token)


def is_erasing() -> bool:
    return _erasing.get()


class CaseParts(models.QuerySet[M]):
    """Rows that refuse to be changed in bulk where one of them belongs to a frozen case."""

    def update(self, **kwargs: Any) -> int:
        self._refuse()
        # Nor are rows of another case carried into a frozen one.
        into = {kwargs[name] for name in ("case", "case_id") if name in kwargs}
        refuse_closed({getattr(each, "pk", each) for each in into})
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse()
        return super().delete()

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[M]:
        rows = list(objs)
        refuse_closed({row.case_key() for row in rows if not row.may_follow()})
        return super().bulk_create(rows, *args, **kwargs)

    def bulk_update(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> int:
        rows = list(objs)
        refuse_closed({row.case_key() for row in rows if not row.may_follow()})
        return super().bulk_update(rows, *args, **kwargs)

    def _refuse(self) -> None:
        if _erasing.get():
            return
        part: type[Any] = self.model
        rows = part._base_manager.filter(pk__in=self.order_by().values("pk"))
        if part.closed(rows).exists():
            raise Frozen


class CasePart(models.Model):
    """A row of a case. `CASE` is the way from it to the case."""

    CASE: ClassVar[str] = "case"

    objects = CaseParts.as_manager()

    class Meta:
        abstract = True
        # What adds rows to `case.sheets` and the like changes them by this manager, past `objects`.
        base_manager_name = "objects"

    @classmethod
    def closed(cls, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Those of the rows that belong to a frozen or erased case and are part of what was frozen."""
        return rows.filter(**{f"{cls.CASE}__state__in": CLOSED}).exclude(cls.following())

    @classmethod
    def following(cls) -> Q:
        """Rows that are written after the case is frozen, outside of its record. None, but for the last steps."""
        return Q(pk__in=[])

    def may_follow(self) -> bool:
        """Whether this row is one of those."""
        return False

    def case_key(self) -> Any:
        """Primary key of the case that this row says it belongs to."""
        holder: Any = self
        for name in self.CASE.split("__")[:-1]:
            holder = getattr(holder, name)
        return holder.case_id

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._refuse()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._refuse()
        return super().delete(*args, **kwargs)

    def _refuse(self) -> None:
        """Neither a row that lies in a frozen case, nor one that would come into one."""
        if _erasing.get():
            return
        if not self._state.adding and self.closed(type(self)._base_manager.filter(pk=self.pk)).exists():
            raise Frozen
        if not self.may_follow():
            refuse_closed({self.case_key()})


class AfterSteps(models.Model):
    """Parts of which some are written in the steps that come after freezing."""

    AFTER: ClassVar[tuple[str, ...]] = ("vergabe", "nachlauf")

    class Meta:
        abstract = True

    @classmethod
    def following(cls) -> Q:
        return Q(step__in=cls.AFTER)

    def may_follow(self) -> bool:
        return self.step in self.AFTER  # type: ignore[attr-defined]


def refuse_closed(cases: set[Any]) -> None:
    """`Frozen` where one of these cases (primary keys) is frozen or erased."""
    if cases and not _erasing.get() and _cases().filter(pk__in=cases, state__in=CLOSED).exists():
        raise Frozen


def _cases() -> models.Manager[Any]:
    return apps.get_model("exploration", "Case")._base_manager


class Cases(models.QuerySet[M]):
    """A frozen case changes in nothing but the town that answers for it (two towns become one), and is not removed."""

    def update(self, **kwargs: Any) -> int:
        if set(kwargs) != {"organisation"} and not _erasing.get() and self._has_closed():
            raise Frozen
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        if self._has_closed():
            raise Frozen
        return super().delete()

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], *args: Any, **kwargs: Any) -> int:
        rows = list(objs)
        if set(fields) != {"organisation"}:
            refuse_closed({row.pk for row in rows})
        return super().bulk_update(rows, fields, *args, **kwargs)

    def _has_closed(self) -> bool:
        rows: models.QuerySet[Any] = self.model._base_manager.filter(pk__in=self.order_by().values("pk"))
        return rows.filter(state__in=CLOSED).exists()
