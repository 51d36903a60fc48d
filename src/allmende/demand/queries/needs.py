"""Needs: who sees which, what stands in them, and what providers answered."""

from dataclasses import dataclass, replace

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from allmende.catalogue.models import Solution
from allmende.demand.drafts import CriterionDraft, NeedDraft, from_content
from allmende.demand.models import Need, NeedEdition, NeedResponse
from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation
from allmende.organisations.queries import by_public_ids, profile_of
from allmende.organisations.rules import is_public_administration, is_staff
from allmende.vocabulary.queries import current

# Stands in the column where the town has not written a title yet.
UNTITLED = "Bedarf ohne Titel"


def visible_to(actor: Actor) -> QuerySet[Need]:
    """Needs that the actor may read, in any state.

    One's own town's: all of them. Others' once they were published, while their town is confirmed: `public` ones
    everybody, `administration` ones the public administration and the staff, `own` ones nobody else, staff included.
    """
    everyone = Q(visibility="public")
    if is_staff(actor) or is_public_administration(actor):
        everyone |= Q(visibility="administration")
    seen = everyone & Q(published_at__isnull=False, organisation__state="accredited")
    return _rows().filter(Q(organisation__public_id__in=own_organisations(actor)) | seen)


def open_to(actor: Actor) -> QuerySet[Need]:
    """Published needs that the actor may read, the latest first."""
    return visible_to(actor).filter(state="published").order_by("-published_at", "-pk")


def of_town(organisation: Organisation, actor: Actor) -> QuerySet[Need]:
    """What that town needs now, as far as the actor may read it, the latest first. One query, or two."""
    return open_to(actor).filter(organisation=organisation)


def written_by(actor: Actor) -> QuerySet[Need]:
    """All needs of the organisations that the actor belongs to, what was changed last first."""
    mine = _rows().filter(organisation__public_id__in=own_organisations(actor))
    return mine.order_by("-changed_at", "-pk")


def own_organisations(actor: Actor) -> set[str]:
    return {organisation for _, organisation in actor.roles if organisation is not None}


def _rows() -> QuerySet[Need]:
    return Need.objects.select_related("organisation__region__land")


@dataclass(frozen=True)
class Choices:
    """What a list of needs is narrowed to. Codes that nobody knows find nothing and refuse nothing."""

    fields: tuple[str, ...] = ()
    laender: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()


def narrowed(needs: QuerySet[Need], choices: Choices) -> QuerySet[Need]:
    """Any of the values of each choice; all choices together."""
    if choices.fields:
        # A list of codes as text, because SQLite cannot look into it: codes have no quotes.
        needs = needs.annotate(fields_text=Cast("fields_of_action", TextField()))
        wanted = Q()
        for code in choices.fields:
            wanted |= Q(fields_text__contains=f'"{code}"')
        needs = needs.filter(wanted)
    if choices.laender:
        land = Q(organisation__region__land__key__in=choices.laender)
        needs = needs.filter(land | Q(organisation__region__key__in=choices.laender))
    if choices.sizes:
        sizes = [int(code) for code in choices.sizes if code.isascii() and code.isdigit()]
        needs = needs.filter(organisation__region__size_class__in=sizes)
    return needs


# ---------------------------------------------------------------------------------------------------- what is in it


def published_draft(need: Need) -> NeedDraft:
    """What its columns and criteria say. One query for the criteria, none where they are prefetched."""
    return NeedDraft(
        title="" if need.title == UNTITLED else need.title,
        problem=need.problem,
        goal=need.goal,
        users=need.users,
        users_count=need.users_count,
        fields_of_action=tuple(need.fields_of_action),
        population=need.population,
        existing_systems=tuple(need.existing_systems),
        needed_from=need.needed_from,
        needed_from_precision=need.needed_from_precision,
        term_months=need.term_months,
        budget_class=need.budget_class,
        cooperation=need.cooperation,
        may_be_invited=need.may_be_invited,
        visibility=need.visibility,
        criteria=tuple(
            CriterionDraft(each.weight, each.criterion, each.wanted, each.text)
            for each in need.criteria.all()
        ),
    )


def draft_of(need: Need) -> NeedDraft:
    """What is being written: the change of a published need where one is begun, else what its columns say."""
    return published_draft(need) if need.working is None else from_content(need.working)


def prefilled(organisation: Organisation) -> NeedDraft:
    """A new need with what is known of the town: its inhabitants from the register, its systems from its profile."""
    profile = profile_of(organisation)
    region = organisation.region
    return NeedDraft(
        population=region.population if region else None,
        existing_systems=tuple(profile.existing_systems or ()) if profile else (),
    )


def from_solution(draft: NeedDraft, solution: Solution) -> NeedDraft:
    """The draft with what a solution is for, and nothing of its name, its maker or its words (§ 31 (6) VgV)."""
    vocabulary = current()
    codes: dict[str, list[str]] = {}
    for term in solution.terms.all():
        if term.code in vocabulary.known_codes(term.scheme):
            codes.setdefault(term.scheme, []).append(term.code)
    types = [vocabulary.labels("solution_type")[code] for code in codes.get("solution_type", [])[:1]]
    audience = [vocabulary.labels("audience")[code] for code in codes.get("audience", [])]
    return replace(
        draft,
        title=types[0] if types else "",
        users=", ".join(audience),
        fields_of_action=tuple(codes.get("field_of_action", ())),
    )


def as_template(need: Need, draft: NeedDraft) -> NeedDraft:
    """What of a need helps another one; what is the town's own (size, systems, dates, who sees it) stays as in
    `draft`."""
    said = published_draft(need)
    return replace(
        said,
        population=draft.population,
        existing_systems=draft.existing_systems,
        users_count=None,
        needed_from=None,
        needed_from_precision="month",
        may_be_invited=False,
        visibility="own",
    )


def editions_of(need: Need) -> QuerySet[NeedEdition]:
    """Without their content, the latest first."""
    return need.editions.defer("content").order_by("-number")


def writers_organisations(actor: Actor, roles: tuple[str, ...]) -> list[Organisation]:
    """Organisations in which the actor holds one of the roles, by name."""
    held = sorted({place for role, place in actor.roles if role in roles and place})
    return sorted(by_public_ids(held).values(), key=lambda each: each.name)


# ------------------------------------------------------------------------------------------------------- responses


def responses_to(need: Need) -> QuerySet[NeedResponse]:
    """What providers answered, the oldest first: who came first has waited longest. Ask `rules.may_read_responses`."""
    rows = need.responses.exclude(state="taken_back").select_related("organisation", "solution", "offer")
    return rows.order_by("sent_at", "pk")


def own_responses(actor: Actor) -> QuerySet[NeedResponse]:
    """What the actor's organisations answered to needs, the latest first."""
    rows = NeedResponse.objects.filter(organisation__public_id__in=own_organisations(actor))
    return rows.select_related("need__organisation", "organisation", "solution", "offer").order_by(
        "-sent_at", "-pk"
    )
