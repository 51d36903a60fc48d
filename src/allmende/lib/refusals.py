"""The one way to say no."""


class Refused(Exception):
    """An action was not carried out; the message is a German sentence that says why and what is possible.

    Views show the sentence, the command line prints it, a harvested record keeps it. Nothing was written.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return self.message


class OutOfDate(Refused):
    """Somebody else saved in the meantime: `lock_version` moved on."""

    def __init__(self) -> None:
        super().__init__(
            "In der Zwischenzeit hat jemand anderes gespeichert. "
            "Laden Sie die Seite neu und tragen Sie Ihre Änderung noch einmal ein."
        )


def require(allowed: bool, message: str = "Dafür fehlt Ihnen die Berechtigung.") -> None:
    """Raise `Refused` unless allowed: `require(rules.may_publish(by, solution))`."""
    if not allowed:
        raise Refused(message)
