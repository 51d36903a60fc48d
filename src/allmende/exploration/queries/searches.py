"""The log of the research."""

from django.db.models import Count, QuerySet

from allmende.exploration.models import Case, LoggedSearch
from allmende.exploration.steps import StepState


def searches_of(case: Case) -> QuerySet[LoggedSearch]:
    """Every look, in the order in which they were taken, with `number_added`: how many it brought onto the list."""
    return (
        LoggedSearch.objects.filter(case=case)
        .select_related("snapshot")
        .defer("snapshot__content")
        .annotate(number_added=Count("candidates"))
        .order_by("searched_at", "pk")
    )


def step_state(case: Case) -> StepState:
    """Done with the first look; whoever looked in one place only is told so."""
    sources = set(case.searches.values_list("source", "source_name"))
    if not sources:
        return StepState("open", "Noch ist keine Suche festgehalten.")
    if len(sources) == 1:
        return StepState("done", "Bisher haben Sie an einer Stelle gesucht. Sehen Sie auch anderswo nach.")
    return StepState("done")
