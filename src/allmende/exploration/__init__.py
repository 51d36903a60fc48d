"""Market explorations: what a town does before a procurement, step by step, with the record that an audit asks for.

Words: a *case* (Markterkundung) goes through fifteen *steps*; a *sheet* is what is written in one of them. A *search*
is logged, a *snapshot* keeps what the marketplace showed. *Candidates* are kept or dropped with a reason. A
*questionnaire* goes to all companies asked alike; a *provider response* (never a bid) answers it. A *talk* has
minutes. The case is approved by a second person and *frozen*; its *record* is what was frozen, signed.

Not here: tender and award. Nothing in this package can accept an offer, and every message says so.
"""
