"""HTML for people: one folder a topic, with addresses, views, forms and templates. Decides nothing."""
