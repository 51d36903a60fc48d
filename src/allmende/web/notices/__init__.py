"""Reporting what is wrong with an entry: the public form, the page of each side, and the desk's queue."""
