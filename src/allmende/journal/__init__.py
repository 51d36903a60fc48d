"""What happened, when and by whom: written once, in the transaction of the change itself, and never altered.

An *entry* is one thing that happened; its *kind* (`catalogue.solution_published`) belongs to the package in front of
the dot, which lists it in its `kinds.py`. A *follower* is a function of a higher package that is told of entries; a
*delivery* is one telling that is still due. The *version* of a topic moves with everything committed about it.

Rows hold ids, never names, so that a person can be erased elsewhere. Not here: what an entry means to a reader.
"""
