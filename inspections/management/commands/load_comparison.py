"""`manage.py load_comparison FILE…`: load declared mappings between frameworks from YAML, all of them or none."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import transaction

from inspections.comparisons import ComparisonError, load
from inspections.frameworks import Outcome

WORDS = {Outcome.LOADED: "loaded", Outcome.UNCHANGED: "there already, unchanged"}


class Command(BaseCommand):
    help = (
        "Load comparisons of frameworks from YAML files; docs/frameworks.md says how to write one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")

    def handle(self, *args: Any, files: list[str], **options: Any) -> None:
        done, problems = [], []
        with transaction.atomic():
            for file in files:
                try:
                    comparison, outcome = load(file)
                except ComparisonError as error:
                    problems += error.problems
                else:
                    done.append(f"{comparison.code}: {WORDS[outcome]}.")
            if problems:  # leaving by an exception takes back what the other files brought
                lines = [str(problem) for problem in problems]
                raise CommandError("\n".join([*lines, "Nothing was loaded."]))
        for line in done:
            self.stdout.write(line)
