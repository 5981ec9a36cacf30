"""`manage.py load_demo`: the demo's people and inspections, once."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo.loader import load_demo
from inspections import dates

DEFAULT_PASSWORD = "assay-demo-2026"  # noqa: S105  everybody may know it: the demo holds no real case


class Command(BaseCommand):
    help = (
        "Load the demo once: published inspections, invented ones at every stage, and people who may sign in "
        "with the password in ASSAY_DEMO_PASSWORD. Does nothing if the demo is there already."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo is not for production: everybody may know its password.")
        password = os.environ.get("ASSAY_DEMO_PASSWORD") or DEFAULT_PASSWORD
        loaded = load_demo(password, today=dates.today())
        self.stdout.write("Loaded the demo." if loaded else "The demo is already there.")
