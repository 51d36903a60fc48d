"""Letters that the platform sends by e-mail: queued in the transaction of the act, delivered by the worker.

A *letter* is one message to one address, with a Message-ID that stays the same however often delivery is tried, and
with the thing it is about, so that a bounce comes back to it. Its text goes once it was sent or given up.

Not here: who is told what and how often (notifications), what a letter says (the package that sends it).
"""
