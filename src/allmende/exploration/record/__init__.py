"""The record of a case: its canonical content, and what is made of it for people and for other programs.

`content_of` reads every table under a case (`parts/`); `layout` makes the document of it, `ocds` a planning release,
`note` the page for the council, `prefill` what a procurement file can take over. Nothing in here writes.
"""
