"""Compile every Jinja template, as the application would: `python -m stack.check_templates`."""

import os
import sys

import django
from jinja2 import TemplateSyntaxError


def main() -> int:
    """Print each template that does not compile; return 1 if there is one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.conf import settings
    from django.template import engines

    environment = engines["jinja2"].env
    broken = 0
    for folder in settings.TEMPLATES[0]["DIRS"]:
        for path in sorted(folder.rglob("*")):
            if not path.is_file():
                continue
            try:
                environment.get_template(str(path.relative_to(folder)))
            except TemplateSyntaxError as error:
                broken += 1
                print(f"{path.relative_to(folder.parent)}:{error.lineno}: {error.message}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
