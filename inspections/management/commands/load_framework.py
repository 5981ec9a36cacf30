"""`manage.py load_framework FILE…`: load frameworks from YAML, all of them or none."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import transaction

from inspections.frameworks import FrameworkError, FrameworkInUse, Outcome, read, store

WORDS = {
    Outcome.LOADED: "loaded",
    Outcome.REPLACED: "replaced; nothing used it yet",
    Outcome.UNCHANGED: "there already, unchanged",
}


class Command(BaseCommand):
    help = "Load frameworks (methodology as data) from YAML files; docs/frameworks.md says how to write one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument(
            "--keep-used",
            action="store_true",
            help="leave a version that an inspection uses as it is, instead of refusing the changed file",
        )

    def handle(self, *args: Any, files: list[str], keep_used: bool = False, **options: Any) -> None:
        done, problems = [], []
        with transaction.atomic():
            for file in files:
                try:
                    framework, outcome = store(read(file), file)
                except FrameworkInUse as error:
                    if keep_used:
                        done.append(
                            f"{file}: an inspection uses this version, so it stays as it is."
                        )
                    else:
                        problems += error.problems
                except FrameworkError as error:
                    problems += error.problems
                else:
                    done.append(f"{framework.code} {framework.version}: {WORDS[outcome]}.")
            if problems:  # leaving by an exception takes back what the other files brought
                lines = [str(problem) for problem in problems]
                raise CommandError("\n".join([*lines, "Nothing was loaded."]))
        for line in done:
            self.stdout.write(line)
