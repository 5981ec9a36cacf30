"""What people call the sections of a report where texts that were confirmed are listed (rule 9)."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from inspections.free_text import numbers
from inspections.models import Inspection
from reports import examples, sections, thematic_reports
from reports.models import ThematicReport


def describe(
    inspection: Inspection, names: Iterable[str], user: User
) -> dict[str, tuple[str, str]]:
    """Return title and address of those places in `names` that are of the report, and that `user` reads."""
    names = set(names)
    found = _of_the_report(inspection, names, user) | _thematic(names, user)
    return found | _around_publication(inspection, names, user)


def _around_publication(
    inspection: Inspection, names: set[str], user: User
) -> dict[str, tuple[str, str]]:
    if not sections.may_read(inspection, user):
        return {}
    places = {
        "accuracy": (_("Factual accuracy check"), "reports:accuracy"),
        "correction": (_("Notice of a correction"), "reports:approval"),
        "figure check": (_("Reasons for figures in the report"), "reports:checks"),
    }
    return {
        name: (title, reverse(address, args=[inspection.pk]))
        for name, (title, address) in places.items()
        if name in names and (name == "accuracy" or user.is_inspectorate)
    }


def _thematic(names: set[str], user: User) -> dict[str, tuple[str, str]]:
    keys = numbers(names, "thematic")
    if not keys:
        return {}
    return {
        thematic_reports.place_name(each): (
            _("Thematic report “%(title)s”") % {"title": each.title},
            reverse("reports:thematic", args=[each.pk]),
        )
        for each in ThematicReport.objects.visible_to(user).filter(pk__in=keys)
    }


def _of_the_report(
    inspection: Inspection, names: set[str], user: User
) -> dict[str, tuple[str, str]]:
    wanted = {
        name for name in names if name.startswith(("section ", "section-comment ", "example "))
    }
    if not wanted or not sections.may_read(inspection, user):
        return {}
    found = _examples(inspection, wanted, user)
    for place in sections.places(inspection):
        address = sections.section_url(inspection, place)
        found[f"section {place.key}"] = (place.title, address)
        if user.is_inspectorate:
            title = _("Comments on “%(section)s”") % {"section": place.title}
            page = reverse("reports:section_comments", args=[inspection.pk, place.key])
            found[f"section-comment {place.key}"] = (title, page)
    return {name: found[name] for name in wanted if name in found}


def _examples(inspection: Inspection, wanted: set[str], user: User) -> dict[str, tuple[str, str]]:
    keys = numbers(wanted, "example")
    if not keys or not examples.are_read_by(inspection, user):
        return {}
    return {
        examples.place_name(each): (
            _("Case example, “%(section)s”") % {"section": each.theme.label},
            reverse("reports:example", args=[inspection.pk, each.pk]),
        )
        for each in examples.visible(inspection, user).filter(pk__in=keys)
    }
