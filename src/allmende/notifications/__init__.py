"""Who is told what, and how often: at once, daily, weekly, never; in the site and by mail.

A *news item* is one thing that one person is told, made from a journal entry by a written *rule*. A *saved search* is a
question whose new answers are told. A *digest* is the mail that gathers what has come since the last one.

Not here: delivery of mail (mail), what happened (journal), notices about wrong entries (catalogue).
"""
