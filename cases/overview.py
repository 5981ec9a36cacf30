"""How far the grading of an inspection is, for its overview page (settings.OVERVIEW_PROVIDERS)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from cases import queue
from inspections.models import Inspection, Side, Stage


def progress_of(inspection: Inspection, user: User) -> list[dict[str, Any]]:
    """Return a bar for each side that has cases to grade and whose progress `user` may know (rule 3)."""
    bars: list[tuple[str, Side]] = []
    if inspection.stage != Stage.PLANNED:
        bars.append((_("Graded by the force"), Side.FORCE))
    begun = inspection.stage not in (Stage.PLANNED, Stage.SELF_ASSESSMENT)
    if begun and (user.is_inspectorate or inspection.force_sees_findings):
        bars.append((_("Graded by inspectors"), Side.INSPECTORATE))
    href = reverse("cases:list", args=[inspection.pk])
    found = [(label, queue.progress(inspection, side, user)) for label, side in bars]
    return [
        {"label": label, "done": progress.done, "total": progress.total, "href": href}
        for label, progress in found
        if progress.total
    ]
