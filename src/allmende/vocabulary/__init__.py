"""The words that Allmende classifies with, as data: a new term needs no code.

A *scheme* is a list of *terms* (the Handlungsfelder, the price models …). A term has a code that never changes its
meaning, a German label and definition, and synonyms that people search with. It is never deleted: it ends, and may
name the term that follows it. A *crosswalk entry* says which of our terms a code of a foreign scheme stands for.

The terms that come with the software lie in `data/`, the crosswalk in `crosswalk/`; `load_vocabulary` brings both into
the database. An operator may add terms at run time; loading leaves these alone.
Not here: towns and districts (regions), and which object carries which term (the package of the object).
"""
