"""Reusable parts of pages and a live gallery of them.

A part is a fragment `components/_name.html`, included with `{% include … with … only %}`, or a tag of
`{% load components %}` where a part has a body or needs to be worked out. What a part shows that is more than a
word is described in `parts.py`: the view makes it, the fragment draws it. Numbers, dates and lists in German are
filters of `{% load formats %}`; Markdown from outside is made safe in `markdown.py`.
"""
