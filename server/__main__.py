"""`python -m server COMMAND`: the one command line of the product.

Commands are Django management commands; `python -m server help` lists them.
"""

from __future__ import annotations

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.config.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import ManagementUtility

    # A command of two words is typed with a hyphen; a module has none.
    command = [word.replace("-", "_") for word in sys.argv[1:2]]
    utility = ManagementUtility(["python -m server", *command, *sys.argv[2:]])
    utility.prog_name = "python -m server"
    try:
        utility.execute()
    except ImproperlyConfigured as error:
        sys.exit(f"duthao: {error}")


if __name__ == "__main__":
    main()
