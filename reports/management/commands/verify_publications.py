"""Makes every published file again and compares it with what was published."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports import freezing
from reports.models import Publication


class Command(BaseCommand):
    help = "Make every copy of every published report again, and say which differ from what was published."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "publications", nargs="*", type=int, help="numbers of publications; all unless given"
        )
        parser.add_argument(
            "--add-missing",
            action="store_true",
            help="first make the copies that are not stored, of what was frozen",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = Publication.objects.order_by("pk")
        if options["publications"]:
            chosen = chosen.filter(pk__in=options["publications"])
        wrong = 0
        keys = list(chosen.values_list("pk", flat=True))
        for pk in keys:  # one at a time: each holds its files in memory
            publication = Publication.objects.select_related("inspection__force").get(pk=pk)
            name = f"{pk}: {publication.inspection}, version {publication.number}"
            if options["add_missing"]:
                for copy in freezing.add_missing(publication):
                    self.stdout.write(f"{name}: {copy} added")
            found = freezing.differences(publication)
            wrong += bool(found)
            for one in found:
                self.stdout.write(self.style.ERROR(f"{name}: {one.copy} {one.what}"))
            if not found:
                self.stdout.write(f"{name}: the same")
        if wrong:
            raise CommandError(f"{wrong} of {len(keys)} publications differ.")
        self.stdout.write(f"{len(keys)} publications, every copy as it was published.")
