"""Documents that prove themselves: typeset, signed with keys of this installation, and verified without it.

Words: a *record* is canonical JSON with a hash; its *signature* is detached and names the *key*; keys rotate and their
public halves are published. `typeset` makes PDF (PDF/UA-1, PDF/A), `document` DOCX. Knows no package that uses it.
"""
