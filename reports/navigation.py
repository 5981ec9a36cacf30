"""The second row of links on the pages of an inspection's report."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from accounts.models import User
from inspections.models import Inspection
from reports import sections as draft


def sections(inspection: Inspection, user: User, active: str) -> list[dict[str, Any]]:
    """Return the pages of the inspection's report that `user` may open, for `section_nav`.

    `active` is the name of the page's address without “reports:”. Empty if there would be only one. One query at
    most.
    """
    ours = user.is_inspectorate
    reads_draft = draft.may_read(inspection, user)
    pages: list[tuple[str, str, bool]] = [
        ("outline", _("Outline"), ours or reads_draft),
        ("checks", _("Checks"), ours and reads_draft),
        ("examples", _("Case examples"), ours and reads_draft),
        ("accuracy", _("Factual accuracy"), reads_draft),
        ("approval", _("Approval and publication"), ours and reads_draft),
        ("preview", _("Draft as a page"), reads_draft),
    ]
    found = [
        {"text": text, "href": href, "active": name == active}
        for name, text, shown in pages
        if shown and (href := _address(name, inspection))
    ]
    return found if len(found) > 1 else []


def _address(name: str, inspection: Inspection) -> str:
    """Return the page's address; empty while nobody has built it."""
    try:
        return reverse(f"reports:{name}", args=[inspection.pk])
    except NoReverseMatch:
        return ""
