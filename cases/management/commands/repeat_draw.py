"""`manage.py repeat_draw DRAW`: draw a sample again from what was recorded, and say whether the same comes out."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from cases import draws
from cases.models import SampleDraw


class Command(BaseCommand):
    help = "Repeat a random draw of a force's sample; docs/sampling.md says how to do it without Assay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("draw", type=int, help="the number of the draw, as its page shows it")
        parser.add_argument(
            "--list",
            metavar="FILE",
            help="a copy of the list, as the page of the draw offers it, to compare with the recorded one",
        )

    def handle(self, *args: Any, draw: int, list: str | None = None, **options: Any) -> None:
        recorded = SampleDraw.objects.filter(pk=draw).select_related("inspection__force").first()
        if recorded is None:
            raise CommandError(f"There is no draw {draw}.")
        if list is not None:
            _compare(recorded, Path(list))
        repeated = draws.repeat(recorded)
        self.stdout.write(f"Draw {recorded.pk} of {recorded.inspection}")
        self.stdout.write(f"Seed: {recorded.seed}")
        self.stdout.write(f"SHA-256 of the list: {recorded.eligible_sha256}")
        for area, names in repeated.drawn.items():
            self.stdout.write(f"{area}: {', '.join(names)}")
        if not repeated.list_is_the_same:
            raise CommandError("The recorded list does not agree with its SHA-256.")
        if not repeated.drawn_is_the_same:
            raise CommandError("The recorded cases: this draw does not agree with them.")
        self.stdout.write(self.style.SUCCESS("The draw agrees with what was recorded."))


def _compare(recorded: SampleDraw, file: Path) -> None:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} cannot be read: {error}") from error
    if sorted(text.split("\n")) != sorted(draws.as_text(recorded.eligible).split("\n")):
        raise CommandError(f"{file} does not agree with the list that was recorded.")
