"""The second row of links on pages of the follow-up: what became of an inspection's recommendations."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from accounts.models import User
from inspections.models import Inspection


def sections(inspection: Inspection, user: User, active: str) -> list[dict[str, Any]]:
    """Return the sections of the follow-up of `inspection` that `user` may open, for `section_nav`.

    `active` is the name of the section's address without “recommendations:”. Empty if there would be only one. The
    sections of a review stand only with an inspection that has a parent. No query.
    """
    later = inspection.parent_id is not None
    looks = user.is_inspectorate or inspection.force_sees_findings
    parts = [
        ("follow_up", _("Overview"), inspection.is_published),
        ("plan", _("Action plan"), inspection.is_published),
        ("update", _("Update"), inspection.is_published),
        ("pcc_comments", _("Commissioner’s comments"), inspection.is_published),
        ("review", _("Review"), later and looks),
        ("then_and_now", _("Then and now"), later and looks),
    ]
    found = [
        {"text": text, "href": href, "active": name == active}
        for name, text, shown in parts
        if shown and (href := _address(name, inspection))
    ]
    return found if len(found) > 1 else []


def _address(name: str, inspection: Inspection) -> str:
    try:
        return reverse(f"recommendations:{name}", args=[inspection.pk])
    except NoReverseMatch:
        return ""
