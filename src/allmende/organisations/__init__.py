"""Municipalities, providers, public bodies; who belongs to them, and in which role.

An *organisation* may belong to a region but is not one: geography is `regions`. A town that nobody has claimed
exists here on demand, as soon as somebody names it. A *role* is plain data; rules ask for it by its code.

Not here: how a person signs in (accounts), what an organisation offers (catalogue).
"""
