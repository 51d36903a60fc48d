"""Meaning: texts as vectors, and which of them are near. Knows no model of the database.

An *embedder* turns texts into vectors; *chunks* are the pieces of an entry that get one each; *vectors* keeps them and
finds the nearest. Whatever is missing or late here, search answers by words alone.
"""
