"""The mail that tells the staff what waits: a paragraph for each queue, with its address on a line of its own."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings

from allmende.accounts.models import User
from allmende.notifications.letters import News, letter
from allmende.notifications.waiting import Waiting


def desk_news(user: User, waiting: Sequence[Waiting], today: date) -> News:
    """The letter about these queues, of which there is at least one; ages are counted to `today`."""
    paragraphs = ["das wartet in der Redaktion auf Sie:", *(_paragraph(each, today) for each in waiting)]
    return letter(user, _subject(waiting), paragraphs, categories=["desk"])


def _subject(waiting: Sequence[Waiting]) -> str:
    count = sum(each.count for each in waiting)
    return f"Redaktion: {_told(count, sum(each.overdue or 0 for each in waiting))}"


def _told(count: int, overdue: int) -> str:
    if count == 1:
        return "1 wartet und ist überfällig" if overdue else "1 wartet"
    late = {0: "", 1: ", 1 davon ist überfällig", count: ", alle sind überfällig"}
    return f"{count} warten{late.get(overdue, f', {overdue} davon sind überfällig')}"


def _paragraph(each: Waiting, today: date) -> str:
    said = [_told(each.count, each.overdue or 0)]
    if each.oldest is not None:
        since = _since((today - each.oldest).days)
        said.append(f"Am längsten {since}" if each.count > 1 else since[0].upper() + since[1:])
    said.append(f"Ziel: binnen {each.days} Arbeitstagen")
    return f"{each.title}\n{'. '.join(said)}.\n{settings.SITE_URL}{each.address}"


def _since(days: int) -> str:
    return {0: "seit heute", 1: "seit gestern"}.get(days, f"seit {days} Tagen")
