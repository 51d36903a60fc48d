"""Set the type of a Gemeinde by hand."""

import datetime

from django.db import transaction

from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require
from allmende.regions import levels, rules
from allmende.regions.models import Region
from allmende.regions.size_classes import SIZE_CLASS_LABELS, suggested_by


@transaction.atomic
def set_size_class(region: Region, *, size_class: int | None, by: Actor, now: datetime.datetime) -> Region:
    """Give a Gemeinde its type as data (BBSR key), which no import replaces; None goes back to deriving it."""
    require(rules.may_set_size_class(by))
    if region.level != levels.GEMEINDE:
        raise Refused("Eine Größenklasse haben nur Gemeinden.")
    if size_class is not None and size_class not in SIZE_CLASS_LABELS:
        raise Refused(
            f"Den Gemeindetyp {size_class} gibt es nicht; möglich sind 11, 12, 21, 22, 30, 40 und 50."
        )
    current = Region.objects.select_for_update().get(pk=region.pk)
    before = (current.size_class, current.size_class_is_derived)
    current.size_class = size_class if size_class is not None else suggested_by(current.population)
    current.size_class_is_derived = size_class is None and current.size_class is not None
    if (current.size_class, current.size_class_is_derived) == before:
        return current
    current.save(update_fields=["size_class", "size_class_is_derived"])
    record(
        "regions.size_class_set",
        subject=current,
        by=by,
        now=now,
        data={"size_class": current.size_class, "derived": current.size_class_is_derived},
    )
    return current
