"""Compare what the database says of evidence with the files that are there."""

from __future__ import annotations

import datetime as dt
import hashlib
import sys
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.clock import now
from recommendations.file_types import CHUNK
from recommendations.models import Evidence
from recommendations.models.progress import evidence_storage

SETTLED = dt.timedelta(days=1)  # what is younger may belong to a transaction that is still open


class Command(BaseCommand):
    """`check_evidence [--hashes] [--remove]`; exits with 1 if a file is missing or has changed."""

    help = "Finds evidence whose file is missing or has changed, and files that belong to nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--hashes", action="store_true", help="read every file and compare it")
        parser.add_argument(
            "--remove", action="store_true", help="remove files without a row, a day old or older"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what is wrong, line by line, and sum up."""
        storage = evidence_storage()
        counted = missing = changed = 0
        for evidence in Evidence.objects.order_by("pk").iterator(chunk_size=500):
            counted += 1
            if not storage.exists(str(evidence.file.name)):
                missing += 1
                self.stdout.write(f"Missing: {evidence.pk} ({evidence.file.name})")
            elif options["hashes"] and _sha256(evidence) != evidence.sha256:
                changed += 1
                self.stdout.write(f"Changed: {evidence.pk} ({evidence.file.name})")
        orphans = 0
        for name in _files(""):
            young = storage.get_modified_time(name) > now() - SETTLED
            if young or Evidence.objects.filter(file=name).exists():
                continue
            orphans += 1
            if options["remove"]:
                storage.delete(name)
            self.stdout.write(f"{'Removed' if options['remove'] else 'Belongs to nothing'}: {name}")
        self.stdout.write(
            f"{counted} files, {missing} missing, {changed} changed, {orphans} without a row"
        )
        if missing or changed:
            sys.exit(1)


def _files(folder: str) -> Iterator[str]:
    try:
        folders, names = evidence_storage().listdir(folder)
    except FileNotFoundError:
        return  # nothing was ever kept
    prefix = f"{folder}/" if folder else ""
    yield from (f"{prefix}{name}" for name in names if name)
    for each in folders:
        yield from _files(f"{prefix}{each}")


def _sha256(evidence: Evidence) -> str:
    digest = hashlib.sha256()
    with evidence.file.open("rb") as file:
        for chunk in file.chunks(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
