"""Who may do what with offers, working copies, claims and later edits. The table is written by hand."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from allmende.accounts.models import User
from allmende.catalogue import actions
from allmende.catalogue.contents import Content, read
from allmende.catalogue.models import LaterEdit, Solution
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.organisations.actions import grant_role, register
from allmende.organisations.models import Organisation
from allmende.organisations.queries import actor_for
from tests.factories.offering import a_solution, an_offer, filled, published_offer, submitted_offer
from tests.files.making import pdf

HARVEST = Actor.program("harvest")
WORDS = "Wir haben die Software entwickelt, siehe Impressum."

# o: the editor who wrote it, a: a colleague who administers the organisation, r: a colleague who reads,
# u: the editor of the same organisation while its accreditation is suspended, c: a competitor's editor,
# t: the editor of a town, s: a stranger, n: nobody, d: the desk, h: somebody of the desk who is also an editor there,
# p: a program of the platform.
CAST = "oarucstndhp"
MAY = {
    "begin_new_solution":    "oa  u                h",
    "begin_offer":           "oa  u                h",
    "save":                  "oa  u                h",
    "submit":                "oa                   h",
    "take_back":             "oa  u                h",
    "drop":                  "oa  u                h",
    "begin_change":          "oa  u                h",
    "publish_change":        "oa                   h",
    "accept":                "                   d  p",
    "return_copy":           "                   d  p",
    "publish_offer":         "                   dhp",
    "change_offer":          "oa                 dhp",
    "withdraw_offer":        "oa                 dhp",
    "renew_offer":           "oa                 dhp",
    "claim":                 "oa                   h",
    "grant_claim":           "                   d  p",
    "refuse_claim":          "                   d  p",
    "end_claim":             "oa  u               hp",
    "begin_solution_change": "oa  u                h",
    "acknowledge":           "                   d  p",
    "ask_about":             "                   d  p",
    "answer":                "oa  u                h",
    "add_document":          "oa                   h",
    "prepare_document":      "oa  u                h",
    "remove_document":       "oa  u              dhp",
    "remove_prepared":       "oa  u              dhp",
}  # fmt: skip


@dataclass
class Stage:
    solution: Solution
    other: Solution
    provider: Organisation
    people: dict[str, Actor]
    now: Any

    def by(self, who: str) -> Actor:
        return self.people[who]

    def copy(self) -> Any:
        copy = actions.begin_offer(self.solution, organisation=self.provider, by=self.by("o"), now=self.now)
        return filled(copy, Content(offer=an_offer(self.provider)), by=self.by("o"), now=self.now)

    def submitted(self) -> Any:
        return submitted_offer(self.solution, self.provider, by=self.by("o"), now=self.now)

    def offer(self) -> Any:
        return published_offer(self.solution, self.provider, by=self.by("o"), desk=HARVEST, now=self.now)

    def change(self) -> Any:
        return actions.begin_change(self.offer(), organisation=self.provider, by=self.by("o"), now=self.now)

    def claim(self) -> Any:
        return actions.claim(
            self.solution, organisation=self.provider, evidence=WORDS, by=self.by("o"), now=self.now
        )

    def granted(self) -> Any:
        return actions.grant_claim(self.claim(), by=HARVEST, now=self.now)

    def edit(self) -> LaterEdit:
        draft = an_offer(self.provider, title="Anders")
        actions.change_offer(self.offer(), draft, by=self.by("o"), now=self.now)
        return LaterEdit.objects.get()

    def document(self) -> Any:
        return actions.add_document(self.offer(), pdf(), "Preise.pdf", by=self.by("o"), now=self.now)

    def prepared(self) -> Any:
        return actions.prepare_document(self.copy(), pdf(), "Preise.pdf", by=self.by("o"), now=self.now)

    def asked(self) -> LaterEdit:
        return actions.ask_about(self.edit(), question="Warum?", by=HARVEST, now=self.now)


@pytest.fixture
def stage(solution, other_solution, provider, competitor, town, member_of, stranger, now, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    both = member_of("provider_editor", provider)
    user = User.objects.get(public_id=both.id)
    grant_role("catalogue_editor", user=user, organisation=None, by=HARVEST, now=now)
    editor = member_of("provider_editor", provider)
    people = {
        "o": editor,
        "a": member_of("organisation_admin", provider),
        "r": member_of("decision_maker", provider),
        "u": member_of("provider_editor", provider),
        "c": member_of("provider_editor", competitor),
        "t": member_of("municipality_editor", town),
        "s": stranger,
        "n": Actor.anonymous(),
        "d": member_of("catalogue_editor"),
        "h": actor_for(user),
        "p": HARVEST,
    }
    return Stage(solution, other_solution, provider, people, now)


def version(thing: Any) -> int:
    thing.refresh_from_db()
    return thing.lock_version


# What is there before, and the act itself.
ACTS = {
    "begin_new_solution": (
        lambda s: None,
        lambda s, _, by: actions.begin_new_solution(s.provider, draft=a_solution(), by=by, now=s.now),
    ),
    "begin_offer": (
        lambda s: None,
        lambda s, _, by: actions.begin_offer(s.other, organisation=s.provider, by=by, now=s.now),
    ),
    "save": (
        Stage.copy,
        lambda s, copy, by: actions.save(
            copy,
            read(copy.content),
            step="preise",
            is_done=True,
            lock_version=version(copy),
            by=by,
            now=s.now,
        ),
    ),
    "submit": (
        Stage.copy,
        lambda s, copy, by: actions.submit(copy, lock_version=version(copy), by=by, now=s.now),
    ),
    "take_back": (
        Stage.submitted,
        lambda s, copy, by: actions.take_back(copy, lock_version=version(copy), by=by, now=s.now),
    ),
    "drop": (
        Stage.copy,
        lambda s, copy, by: actions.drop(copy, lock_version=version(copy), by=by, now=s.now),
    ),
    "begin_change": (
        Stage.offer,
        lambda s, offer, by: actions.begin_change(offer, organisation=s.provider, by=by, now=s.now),
    ),
    "publish_change": (
        Stage.change,
        lambda s, copy, by: actions.publish_change(copy, lock_version=version(copy), by=by, now=s.now),
    ),
    "accept": (
        Stage.submitted,
        lambda s, copy, by: actions.accept(copy, lock_version=version(copy), by=by, now=s.now),
    ),
    "return_copy": (
        Stage.submitted,
        lambda s, copy, by: actions.return_copy(
            copy, reasons={"": "Nein."}, lock_version=version(copy), by=by, now=s.now
        ),
    ),
    "publish_offer": (
        lambda s: None,
        lambda s, _, by: actions.publish_offer(an_offer(s.provider), solution=s.solution, by=by, now=s.now),
    ),
    "change_offer": (
        Stage.offer,
        lambda s, offer, by: actions.change_offer(offer, an_offer(s.provider, title="x"), by=by, now=s.now),
    ),
    "withdraw_offer": (
        Stage.offer,
        lambda s, offer, by: actions.withdraw_offer(offer, reason="Schluss.", by=by, now=s.now),
    ),
    "renew_offer": (
        Stage.offer,
        lambda s, offer, by: actions.renew_offer(offer, by=by, now=s.now + timedelta(days=330)),
    ),
    "claim": (
        lambda s: None,
        lambda s, _, by: actions.claim(
            s.solution,
            organisation=Organisation.objects.get(pk=s.provider.pk),
            evidence=WORDS,
            by=by,
            now=s.now,
        ),
    ),
    "grant_claim": (Stage.claim, lambda s, made, by: actions.grant_claim(made, by=by, now=s.now)),
    "refuse_claim": (
        Stage.claim,
        lambda s, made, by: actions.refuse_claim(made, reason="Nein.", by=by, now=s.now),
    ),
    "end_claim": (
        Stage.granted,
        lambda s, made, by: actions.end_claim(made, reason="Schluss.", by=by, now=s.now),
    ),
    "begin_solution_change": (
        Stage.granted,
        lambda s, made, by: actions.begin_solution_change(
            made.solution, organisation=s.provider, by=by, now=s.now
        ),
    ),
    "acknowledge": (
        Stage.edit,
        lambda s, edit, by: actions.acknowledge(edit, seen=edit.edition_after, by=by, now=s.now),
    ),
    "ask_about": (
        Stage.edit,
        lambda s, edit, by: actions.ask_about(edit, question="Warum?", by=by, now=s.now),
    ),
    "add_document": (
        Stage.offer,
        lambda s, offer, by: actions.add_document(offer, pdf(), "Preise.pdf", by=by, now=s.now),
    ),
    "prepare_document": (
        Stage.copy,
        lambda s, copy, by: actions.prepare_document(copy, pdf(), "Preise.pdf", by=by, now=s.now),
    ),
    "remove_document": (
        Stage.document,
        lambda s, file, by: actions.remove_document(file, by=by, now=s.now),
    ),
    "remove_prepared": (
        Stage.prepared,
        lambda s, file, by: actions.remove_document(file, by=by, now=s.now),
    ),
    "answer": (Stage.asked, lambda s, edit, by: actions.answer(edit, words="Darum.", by=by, now=s.now)),
}


def test_the_table_and_the_acts_name_the_same():
    assert sorted(MAY) == sorted(ACTS)


@pytest.mark.parametrize("act", sorted(ACTS))
@pytest.mark.parametrize("who", CAST)
def test_who_may_do_what(stage, act, who):
    prepare, do = ACTS[act]
    thing = prepare(stage)
    if who == "u":
        Organisation.objects.filter(pk=stage.provider.pk).update(state="suspended")
    done = False
    with suppress(Refused):
        do(stage, thing, stage.by(who))
        done = True
    assert done == (who in MAY[act])


def test_nobody_acts_for_a_competitor_by_naming_it(stage, competitor, now):
    """An editor of one organisation names another one in each act that takes one."""
    editor = stage.by("o")
    named = {"organisation": competitor, "by": editor, "now": now}
    offer = stage.offer()
    for act in (
        lambda: actions.begin_new_solution(competitor, by=editor, now=now),
        lambda: actions.begin_offer(stage.solution, **named),
        lambda: actions.begin_change(offer, **named),
        lambda: actions.begin_solution_change(stage.solution, **named),
        lambda: actions.claim(stage.solution, evidence=WORDS, **named),
    ):
        with pytest.raises(Refused):
            act()


def test_an_organisation_changes_no_offer_in_which_it_is_no_party(stage, now):
    bystander = register("Beispiel-Zuschauer GmbH", kind="sme", by=HARVEST, now=now)
    user = User.objects.create_user("zuschauer@example.org")
    grant_role("provider_editor", user=user, organisation=bystander, by=HARVEST, now=now)
    with pytest.raises(Refused, match="gehört zu einer anderen Organisation"):
        actions.begin_change(stage.offer(), organisation=bystander, by=actor_for(user), now=now)
