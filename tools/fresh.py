"""`make fresh`: throw away the demo's database and index, so that the next demo begins anew."""

import shutil

from tools.demo import DATABASE, LOGINS
from tools.steps import STAMPS, VAR, Stop, main, say


def _program() -> None:
    stamps = list(STAMPS.glob("data-*"))
    if DATABASE.exists() and not stamps:
        raise Stop(f"{DATABASE.name} wurde nicht von der Demo angelegt und bleibt deshalb liegen.")
    for path in [*VAR.glob(f"{DATABASE.name}*"), *stamps, LOGINS]:
        path.unlink(missing_ok=True)
    shutil.rmtree(VAR / "index", ignore_errors=True)
    say("Die Datenbank der Demo ist weg. Die nächste Demo beginnt von vorn.")


if __name__ == "__main__":
    main(_program)
