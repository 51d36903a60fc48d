"""What towns need: described from a problem, matched with solutions and offers, bundled with others' needs.

Words: a *need* (Bedarf) has *criteria* that a solution must or should meet; its published states are *editions*.
*Statements* are what other packages say about a solution for one criterion (`matching`); a *match* puts them side by
side. A *response* is a provider's word that it has something fitting. A *joint need* is led by one town and joined by
others. An *outcome* is what became of a need.

Not here: the market exploration that follows (`exploration`), and prices (`catalogue`).
"""
