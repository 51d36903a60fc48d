"""One box over all kinds: what is indexed, and how a question becomes a page of hits.

What is searchable is a written list in settings (`SEARCH_KINDS`), so that upper packages join without being imported.
The index itself, and all that is German about it, is `retrieval`.
"""
