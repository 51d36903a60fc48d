"""Files that people hand in: logos and documents, checked by their content before anybody else meets them.

A *stored file* has a kind with its own limits, an owner (an organisation), a digest and the verdict of the virus
scanner, where there is one. Pictures are written anew; what is not on the list of types is refused.

Not here: which object shows which file (the package of the object), forms and answers over the web.
"""
