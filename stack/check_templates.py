"""Compile every Jinja template, as the application would: `python -m stack.check_templates`."""

import os
import sys
from pathlib import Path

import django
from jinja2 import TemplateSyntaxError


def main() -> int:
    """Print each template that does not compile; return 1 if there is one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.template import engines
    from django.template.backends.jinja2 import Jinja2

    engine = engines["jinja2"]
    assert isinstance(engine, Jinja2)
    broken = 0
    for folder in map(Path, engine.dirs):
        for path in sorted(folder.rglob("*")):
            if not path.is_file():
                continue
            try:
                engine.env.get_template(str(path.relative_to(folder)))
            except TemplateSyntaxError as error:
                broken += 1
                print(f"{path.relative_to(folder.parent)}:{error.lineno}: {error.message}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
