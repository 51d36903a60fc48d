"""What a case stands in, as it was when it was frozen: town, need, people, files, and its history in the journal."""

import json
from collections.abc import Iterable
from typing import Any

from allmende.accounts.models import User
from allmende.demand.models import Need, NeedEdition
from allmende.exploration.models import Case
from allmende.exploration.queries.told import entries_about
from allmende.exploration.record.parts import rows
from allmende.files.models import StoredFile
from allmende.journal.queries import words_of
from allmende.vocabulary.queries import labels


def authority(found: Case) -> dict[str, Any]:
    town = found.organisation
    region = town.region
    return {"id": town.public_id, "name": town.name, "key": region.key if region else ""}


def need(found: Case) -> dict[str, Any]:
    """The edition that the case began with; a need that was a draft then, as it is now."""
    edition = NeedEdition.objects.filter(need=found.need, number=found.need_edition).first()
    if edition is not None:
        return {"edition": edition.number, "digest": edition.digest, "content": json.loads(edition.content)}
    return {"edition": 0, "digest": "", "content": _draft(found.need)}


def _draft(draft: Need) -> dict[str, Any]:
    fields = (
        "title",
        "problem",
        "goal",
        "users",
        "users_count",
        "fields_of_action",
        "population",
        "existing_systems",
        "needed_from",
        "term_months",
        "budget_class",
        "cooperation",
    )
    wanted = ("public_id", "weight", "criterion", "wanted", "text")
    criteria = [rows.of(each, *wanted) for each in draft.criteria.order_by("position")]
    return {**rows.of(draft, *fields), "criteria": criteria}


def files(found: Case) -> list[dict[str, Any]]:
    kept = StoredFile.objects.filter(about_type=found.journal_type, about_id=found.public_id)
    kept = kept.exclude(state="removed").order_by("pk")
    fields = ("name", "digest", "size", "content_type", "at", "uploaded_by")
    return [{"id": each.public_id, **rows.of(each, *fields)} for each in kept]


def history(found: Case) -> list[dict[str, Any]]:
    """Every entry of the journal about the case or a part of it, the oldest first, with what people typed for it."""
    entries = entries_about(found)
    typed = words_of(entries)
    fields = ("kind", "subject_type", "subject_id", "actor_kind", "actor_id", "at")
    return [
        {
            "id": each.pk,
            **rows.of(each, *fields),
            "data": {name: value for name, value in each.data.items() if name != "words"},
            "words": {name: words.text for (entry, name), words in typed.items() if entry == each.pk},
        }
        for each in entries
    ]


def words() -> dict[str, dict[str, str]]:
    """What the codes in the record mean, as it was said on that day."""
    return {scheme: dict(labels(scheme)) for scheme in SCHEMES}


SCHEMES = ("award_procedure", "candidate_reason", "company_size", "exploration_source", "need_budget")

# Where an id of an account stands.
PERSONAL = frozenset(
    {
        "user",
        "by",
        "added_by",
        "answered_by",
        "approved_by",
        "begun_by",
        "changed_by",
        "chosen_by",
        "decided_by",
        "made_by",
        "noted_by",
        "plan_fixed_by",
        "searched_by",
        "sent_by",
        "submitted_by",
        "uploaded_by",
        "written_by",
    }
)


def people(content: Any) -> list[dict[str, str]]:
    """Everybody who is named in the content, as they are called now, in the order of their ids."""
    functions = {each["user"]: each["function"] for each in content["members"]}
    ids = sorted(set(_ids(content)))
    names = dict(User.objects.filter(public_id__in=ids).values_list("public_id", "name"))
    emails = dict(User.objects.filter(public_id__in=ids, name="").values_list("public_id", "email"))
    return [
        {"id": each, "name": names[each] or emails[each], "function": functions.get(each, "")}
        for each in ids
        if each in names
    ]


def _ids(content: Any) -> Iterable[str]:
    if isinstance(content, list):
        for each in content:
            yield from _ids(each)
    elif isinstance(content, dict):
        for name, value in content.items():
            is_person = name == "actor_id" and content.get("actor_kind") == "person"
            if is_person or (name in PERSONAL and isinstance(value, str)):
                yield value
            else:
                yield from _ids(value)
