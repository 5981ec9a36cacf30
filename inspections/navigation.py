"""The sub-navigation of an inspection: which of its parts a person may open."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from inspections import team
from inspections.models import Inspection


def subnav(inspection: Inspection, user: User, active_key: str) -> list[dict[str, Any]]:
    """Return the parts of `inspection` that `user` may open, for `layout/inspection.html`.

    `active_key`: overview, sample, cases, figures, recommendations, report, follow_up, people or history. Costs at most
    one query.
    """
    content = team.reads_content(inspection, user)
    draft = content and (user.is_inspectorate or inspection.force_sees_findings)
    parts = [
        ("overview", _("Overview"), "inspections:detail", True),
        ("sample", _("Sample"), "cases:sample", content),
        ("cases", _("Cases"), "cases:list", content),
        ("figures", _("Figures"), "cases:figures", content),
        (
            "recommendations",
            _("Recommendations"),
            "recommendations:inspection",
            draft or inspection.is_published,
        ),
        ("report", _("Report"), "reports:outline", draft or inspection.is_published),
        _follow_up(inspection, draft),
        ("people", _("People"), "inspections:people", True),
        ("history", _("History"), "inspections:history", True),
    ]
    return [
        {"text": text, "href": reverse(name, args=[inspection.pk]), "active": key == active_key}
        for key, text, name, shown in parts
        if shown
    ]


def _follow_up(inspection: Inspection, draft: bool) -> tuple[str, str, str, bool]:
    """What became of the recommendations; of a review that is not published, those that it looks back at."""
    if inspection.is_published or inspection.parent_id is None:
        return (
            "follow_up",
            _("Follow-up"),
            "recommendations:follow_up",
            inspection.is_published,
        )
    return "follow_up", _("Review"), "recommendations:review", draft
