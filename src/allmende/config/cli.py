"""The command `allmende`: every management command, with hyphens as people type them."""

import os
import sys


def main() -> None:
    """Run one command; `allmende import-regions FILE` is the management command `import_regions`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allmende.config.settings")
    from django.core.management import execute_from_command_line

    arguments = list(sys.argv)
    if len(arguments) > 1 and not arguments[1].startswith("-"):
        arguments[1] = arguments[1].replace("-", "_")
    execute_from_command_line(arguments)


if __name__ == "__main__":
    main()
