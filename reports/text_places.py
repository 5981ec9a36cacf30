"""What people call the sections of a report where texts that were confirmed are listed (rule 9)."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import User
from inspections.models import Inspection
from reports import sections


def describe(
    inspection: Inspection, names: Iterable[str], user: User
) -> dict[str, tuple[str, str]]:
    """Return title and address of each place in `names` that is a section of the report, if `user` reads drafts."""
    wanted = {name for name in names if name.startswith("section ")}
    if not wanted or not sections.may_read(inspection, user):
        return {}
    return {
        f"section {place.key}": (place.title, sections.section_url(inspection, place))
        for place in sections.places(inspection)
        if f"section {place.key}" in wanted
    }
