"""What a person was told and wants to be told, and what waits to be mailed."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from allmende.accounts.models import User
from allmende.lib.actors import Actor
from allmende.lib.workdays import after_working_days, is_working_day
from allmende.notifications.categories import CATEGORIES, Category
from allmende.notifications.models import DeskRound, NewsItem, Preference, SavedSearch
from allmende.organisations.models import Absence, Membership
from allmende.organisations.queries import platform_members
from allmende.organisations.roles import STAFF
from allmende.organisations.rules import is_staff

MORNING = time(7, 0)
# Whoever has just got a letter gets what follows together in the next one.
QUIET = timedelta(minutes=10)


def news_of(actor: Actor) -> QuerySet[NewsItem]:
    """What the actor was told, the latest first."""
    return (
        NewsItem.objects.filter(user__public_id=actor.id)
        if actor.kind == "person"
        else NewsItem.objects.none()
    )


def unread_count(user: User) -> int:
    """For the head of every page of whoever has signed in: one count over an index of unread ones."""
    return NewsItem.objects.filter(user=user, read_at=None).count()


def searches_of(actor: Actor) -> QuerySet[SavedSearch]:
    """The actor's saved searches, by name."""
    found = SavedSearch.objects.defer("seen")
    return found.filter(user__public_id=actor.id) if actor.kind == "person" else found.none()


def rates_of(user: User) -> Mapping[str, str]:
    """The rate of each category, chosen or usual."""
    chosen = dict(Preference.objects.filter(user=user).values_list("category", "rate"))
    return {code: chosen.get(code, category.usual) for code, category in CATEGORIES.items()}


def categories_for(actor: Actor) -> list[Category]:
    """What this person can be told: what is for the staff only, to the staff only."""
    return [each for each in CATEGORIES.values() if not each.for_staff or is_staff(actor)]


def rates(users: Iterable[User], category: str) -> Mapping[int, str]:
    """The rate of one category by key of the person; whoever has not chosen is left out. One query."""
    found = Preference.objects.filter(user__in=list(users), category=category)
    return dict(found.values_list("user_id", "rate"))


def people_with(organisation: str, roles: Iterable[str], *, now: datetime) -> QuerySet[User]:
    """Who holds one of the roles in the organisation (public id), and who stands in for somebody absent there."""
    today = timezone.localdate(now)
    held = Membership.objects.filter(
        organisation__public_id=organisation, role__in=list(roles), ended_at=None
    )
    away = Absence.objects.filter(
        organisation__public_id=organisation,
        person__in=held.values("user"),
        starts_on__lte=today,
        ends_on__gte=today,
        ended_at=None,
    )
    return User.objects.filter(
        Q(pk__in=held.values("user")) | Q(pk__in=away.values("deputy")), is_active=True
    )


def last_morning(now: datetime) -> datetime:
    """The latest 7 o'clock, as clocks here show it, that has passed: what was noted before it goes into its digest."""
    local = timezone.localtime(now)
    morning = datetime.combine(local.date(), MORNING, tzinfo=local.tzinfo)
    if morning > local:
        morning = datetime.combine(local.date() - timedelta(days=1), MORNING, tzinfo=local.tzinfo)
    return morning


def last_monday(now: datetime) -> datetime:
    """The latest Monday, 7 o'clock, that has passed."""
    morning = last_morning(now)
    return datetime.combine(
        morning.date() - timedelta(days=morning.weekday()), MORNING, tzinfo=morning.tzinfo
    )


def desk_mornings(now: datetime) -> Mapping[str, datetime]:
    """Rate → 7 o'clock of the day whose round is due to the staff; nothing before 7 and on days off.

    Weekly is the first working day of the week; a morning that was missed is made up on the week's other ones.
    """
    local = timezone.localtime(now)
    today = datetime.combine(local.date(), MORNING, tzinfo=local.tzinfo)
    if local < today or not is_working_day(local.date()):
        return {}
    sunday = local.date() - timedelta(days=local.weekday() + 1)
    first = datetime.combine(after_working_days(sunday, 1), MORNING, tzinfo=local.tzinfo)
    return {"daily": today, "weekly": first}


def staff_to_tell(now: datetime) -> list[User]:
    """Who of the staff wants to know now what waits and has not been told since the morning that counts for them.

    Mornings before somebody was of the staff do not count. Three queries, none on days off.
    """
    mornings = desk_mornings(now)
    if not mornings:
        return []
    since: dict[User, datetime] = {}
    for held in platform_members().filter(role__in=STAFF, user__is_active=True):
        since[held.user] = min(held.since, since.get(held.user, held.since))
    for told in DeskRound.objects.filter(user__in=list(since)).select_related("user"):
        since[told.user] = max(told.told_at, since[told.user])
    chosen = rates(since, "desk")
    wanted = {user: mornings.get(chosen.get(user.pk, CATEGORIES["desk"].usual)) for user in since}
    return [user for user, morning in wanted.items() if morning is not None and since[user] < morning]


def to_mail(now: datetime) -> QuerySet[NewsItem]:
    """What mail has to bring now: unread, not brought yet, and due by its rate."""
    got = NewsItem.objects.filter(user=OuterRef("user"), rate="at_once", mailed_at__gt=now - QUIET)
    return NewsItem.objects.filter(
        Q(rate="at_once") & ~Exists(got)
        | Q(rate="daily", noted_at__lt=last_morning(now))
        | Q(rate="weekly", noted_at__lt=last_monday(now)),
        mailed_at=None,
        read_at=None,
    )


def searches_to_look_into(now: datetime, state: str) -> QuerySet[SavedSearch]:
    """Saved searches whose answers may have changed and whose owner wants to know now, looked into longest ago first.

    `state` is that of the search: as long as it is the same, a look finds the same.
    """
    due = (
        Q(rate="at_once")
        | Q(rate__in=("daily", "never"), looked_at__lt=last_morning(now))
        | Q(rate="weekly", looked_at__lt=last_monday(now))
    )
    return (
        SavedSearch.objects.filter(due, user__is_active=True).exclude(looked_in=state).order_by("looked_at")
    )
