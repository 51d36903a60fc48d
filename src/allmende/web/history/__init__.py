"""What happened, in plain words: the history of an object for everybody, and "who did what" for the staff.

Sentences come from the kinds that packages list; who reads decides how the acting person is named.
"""
