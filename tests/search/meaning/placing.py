"""What tests of vectors share: who asks, and what is placed."""

from allmende.lib.actors import Actor
from allmende.search import meaning
from allmende.search.actions import rebuild, refresh

ANYBODY = Actor.anonymous()
STAFF = Actor("person", "redaktion0", frozenset({("catalogue_editor", None)}))


def placed():
    return meaning.here().vectors.contents()


def ids(near):
    return list(near.by_id)


def refresh_with_index(solution):
    rebuild()
    refresh("solution", [solution.public_id])
