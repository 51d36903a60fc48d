"""Solutions and what belongs to them: offers, releases, use, funding, editions, listings.

A *solution* is the product, neutral of who sells it. An *offer* is what a party offers for it; supplier, operator
and seller are three roles. A *release* is a version of the software; an *edition* is our immutable, citable state
of a published object. A *claimed use* is what a source says, a *confirmed use* what the town itself says.
A *listing* says that a source names the solution. Where values come from is kept as statements, by origin.

Not here: how records are fetched and read (federation), how they are found (search), who may sign in (accounts).
"""
