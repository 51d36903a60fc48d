"""One box over all kinds: what is indexed, and how a question becomes a page of hits.

What is searchable is a written list in settings (`SEARCH_KINDS`), so that upper packages join without being imported.
The index itself, and all that is German about it, is `retrieval`.

Words: an *embedding* is the vector of a piece of text; an entry is *unplaced* until its vectors are where they belong;
a *hint* is the filter that words of a question stand for; a *miss* is something that was looked for in vain.
"""
