"""Files that people hand in: logos and documents, checked by their content before anybody else meets them.

A *stored file* has a kind with its own limits, an owner (an organisation, by its public id), something that it is
about, a digest and the verdict of the virus scanner, where there is one. Pictures are drawn anew; what is not on the
list of types is refused. Bytes lie under `MEDIA_ROOT`, in places that no name of a user's decides about.

Not here: who may store, remove and see a file (the package of what it is about), forms and answers over the web.
"""
