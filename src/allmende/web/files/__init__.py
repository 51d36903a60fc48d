"""Files over the web: one address for all of them, who gets them, and how large what comes in may be.

Not here: the pages on which somebody uploads something (the topic of what the file is about).
"""
