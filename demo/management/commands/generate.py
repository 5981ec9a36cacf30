"""`manage.py generate`: fill an empty database with as much invented data as asked for."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from demo.generator import AlreadyGenerated, Size, generate
from inspections import dates


class Command(BaseCommand):
    help = (
        "Generate forces, inspections and cases; the same seed, sizes and day make the same data."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--forces", type=int, default=43)
        parser.add_argument("--inspections", type=int, default=300)
        parser.add_argument("--cases", type=int, default=100_000)

    def handle(self, *args: Any, **options: Any) -> None:
        size = Size(options["forces"], options["inspections"], options["cases"])
        began = time.monotonic()
        try:
            generate(options["seed"], size, today=dates.today())
        except AlreadyGenerated as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Generated {size.forces} forces, {size.inspections} inspections and {size.cases} cases "
            f"in {time.monotonic() - began:.0f} seconds."
        )
