"""Who may change the words."""

from allmende.lib.actors import Actor


def may_edit_terms(by: Actor) -> bool:
    """Whoever runs this Allmende, and the program that loads the data files."""
    return by.is_program or by.has("operator_admin")


def may_add_words(by: Actor) -> bool:
    """Editors as well: they see what people look for in vain."""
    return may_edit_terms(by) or by.has("catalogue_editor")
