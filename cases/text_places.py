"""What people call the places of texts that may hold personal data, and the pages on which those stand (rule 9)."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from cases.models import Audit, CaseFile, CommonTheme, Reading, UrgentReferral
from cases.presentation import side_name
from inspections.free_text import numbers
from inspections.models import Deadline, Inspection

Described = dict[str, tuple[str, str]]


def describe(inspection: Inspection, names: Iterable[str], user: User) -> Described:
    """Return title and address of each place in `names` that is one of cases or inspections and open to `user`."""
    found = {
        name: (title, address)
        for name, (title, address) in {
            "sample": (_("The sample"), reverse("cases:sample", args=[inspection.pk])),
            "stage": (_("History of the inspection"), _history(inspection)),
            "start": (
                _("Day from which timescales count"),
                reverse("inspections:start", args=[inspection.pk]),
            ),
        }.items()
        if name in names
    }
    found |= _cases(inspection, names, user)
    found |= _audits(inspection, names, user)
    if wanted := numbers(names, "referral"):
        for referral in UrgentReferral.objects.visible_to(user).filter(
            pk__in=wanted, case__inspection=inspection
        ):
            found[f"referral {referral.pk}"] = (_("Urgent referral"), referral.get_absolute_url())
    if wanted := numbers(names, "common theme"):
        for theme in CommonTheme.objects.visible_to(user).filter(
            pk__in=wanted, inspection=inspection
        ):
            address = reverse("cases:common_themes", args=[inspection.pk])
            found[f"common theme {theme.pk}"] = (_("Common theme"), address)
    if wanted := numbers(names, "deadline"):
        for deadline in Deadline.objects.visible_to(user).filter(
            pk__in=wanted, inspection=inspection
        ):
            found[f"deadline {deadline.pk}"] = (deadline.label, _deadline(deadline))
    return found


def _cases(inspection: Inspection, names: Iterable[str], user: User) -> Described:
    wanted = numbers(names, "case")
    if not wanted:
        return {}
    cases = CaseFile.objects.visible_to(user).filter(pk__in=wanted, inspection=inspection)
    return {
        f"case {case.pk}": (
            _("Case %(reference)s") % {"reference": case.reference},
            case.get_absolute_url(),
        )
        for case in cases
    }


def _audits(inspection: Inspection, names: Iterable[str], user: User) -> Described:
    """Audits that `user` may read: what was confirmed in another one would tell what it says (rule 3)."""
    wanted = numbers(names, "audit")
    if not wanted:
        return {}
    audits = (
        Audit.objects.visible_to(user)
        .filter(pk__in=wanted, case__inspection=inspection)
        .select_related("case", "reader")
    )
    return {
        f"audit {audit.pk}": (title_of(audit), audit.case.get_absolute_url()) for audit in audits
    }


def title_of(audit: Audit) -> str:
    """Return what people call an audit where those of many cases stand together; needs its case and reader."""
    words = {"reference": audit.case.reference, "whose": side_name(audit.side)}
    if audit.reading == Reading.MAIN:
        return _("Case %(reference)s, audit: %(whose)s") % words
    words["whose"] = audit.reader.name if audit.reader else ""
    return _("Case %(reference)s, reading by %(whose)s") % words


def _history(inspection: Inspection) -> str:
    return reverse("inspections:history", args=[inspection.pk])


def _deadline(deadline: Deadline) -> str:
    return reverse("deadlines:detail", args=[deadline.pk])
