"""The second row of links on pages of cases, the sample and figures: the sections of that part of an inspection."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from accounts.models import User
from inspections import team
from inspections.models import Inspection


def sections(inspection: Inspection, user: User, part: str, active: str) -> list[dict[str, Any]]:
    """Return the sections of `part` (“cases”, “sample” or “figures”) that `user` may open, for `section_nav`.

    `active` is the name of the section's address without “cases:”. Empty if there would be only one. One query at
    most.
    """
    ours = user.is_inspectorate
    directs = team.directs(inspection, user)
    answers = user.is_force_lead or user.is_force_assessor
    parts: dict[str, list[tuple[str, str, bool]]] = {
        "cases": [
            ("list", _("All cases"), True),
            ("moderation", _("Moderation"), ours),
            ("calibrations", _("Calibration"), ours),
            ("referrals", _("Urgent referrals"), ours or answers),
            ("confirmed", _("Confirmed texts"), ours),
        ],
        "sample": [
            ("sample", _("The sample"), True),
            ("draw", _("Random draw"), ours or answers),
            ("assignment", _("Assignment"), directs),
        ],
        "figures": [
            ("figures", _("Grades"), True),
            ("tally", _("Indicators"), True),
            ("agreement", _("Agreement"), ours or inspection.force_sees_findings),
            ("common_themes", _("Common themes"), ours),
        ],
    }
    found = [
        {"text": text, "href": href, "active": name == active}
        for name, text, shown in parts[part]
        if shown and (href := _address(name, inspection))
    ]
    return found if len(found) > 1 else []


def _address(name: str, inspection: Inspection) -> str:
    try:
        return reverse(f"cases:{name}", args=[inspection.pk])
    except NoReverseMatch:
        return ""
