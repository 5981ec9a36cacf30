"""A piece of text that looks like personal data."""

from __future__ import annotations

from typing import NamedTuple

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Kind(models.TextChoices):
    """What a piece of text may look like; the label goes into a sentence."""

    NAME = "name", gettext_lazy("somebody’s name")
    BIRTH = "birth", gettext_lazy("a date of birth")
    ADDRESS = "address", gettext_lazy("an address")
    POSTCODE = "postcode", gettext_lazy("a postcode")
    PHONE = "phone", gettext_lazy("a telephone number")
    EMAIL = "email", gettext_lazy("an email address")
    VEHICLE = "vehicle", gettext_lazy("a vehicle registration")
    INSURANCE = "insurance", gettext_lazy("a National Insurance number")
    NHS = "nhs", gettext_lazy("an NHS number")
    CRIME = "crime", gettext_lazy("a crime reference")


class Suspicion(NamedTuple):
    """What a piece of text looks like ("a postcode"), the piece itself in one line, and where in the text it stands."""

    kind: Kind
    what: str | Promise
    found: str
    start: int
    end: int

    def __str__(self) -> str:
        return _("%(what)s (“%(found)s”)") % {"what": self.what, "found": self.found}


def suspect(kind: Kind, text: str, start: int, end: int) -> Suspicion:
    """Say that `text[start:end]` looks like `kind`."""
    return Suspicion(kind, kind.label, " ".join(text[start:end].split()), start, end)
