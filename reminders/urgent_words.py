"""What a mail about an urgent referral says: that there is one, where, by when. Nothing of its content."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from inspections.models import REFERRAL_KINDS, Deadline, DeadlineKind
from reminders.models import Reminder
from reminders.urgent import Occasion


def words(reminder: Reminder, person: User) -> dict[str, Any]:
    """Return what the templates of the mail show, in the language that is active."""
    deadline, occasion = reminder.deadline, Occasion(reminder.occasion)
    assert deadline, "an urgent mail is about a deadline"
    pair = Deadline.objects.filter(
        inspection=deadline.inspection_id, kind__in=REFERRAL_KINDS, subject_id=deadline.subject_id
    )
    subject, what_happened = _what_happened(occasion, deadline, person)
    return {
        "person": person,
        "subject": subject,
        "what_happened": what_happened,
        "inspection": deadline.inspection,
        "due": [_due(each) for each in pair.open().order_by("due_at", "pk")],
        "why": _why(occasion, person),
        "url": f"{settings.BASE_URL}{deadline.get_absolute_url()}",
    }


def _what_happened(occasion: Occasion, deadline: Deadline, person: User) -> tuple[str, str]:
    """Return the subject and the first sentence."""
    names = {"force": deadline.inspection.force, "date": _day(deadline.met_on)}
    match occasion:
        case Occasion.RAISED if person.is_force:
            return _("Assay: an urgent referral waits for your force"), _(
                "Inspectors have referred a case to your force because a child may still be at risk. "
                "Please open it now."
            )
        case Occasion.RAISED:
            return _("Assay: an urgent referral reaches nobody"), _(
                "Inspectors have referred a case because a child may still be at risk, and no lead of %(force)s can "
                "sign in to answer. Please telephone the force."
            ) % names
        case Occasion.OVERDUE if person.is_force:
            return _("Assay: an urgent referral is overdue"), _(
                "An urgent referral to your force is overdue. A child may still be at risk. Please open it now."
            )
        case Occasion.OVERDUE:
            return _("Assay: an urgent referral is overdue"), _(
                "An urgent referral to %(force)s is overdue. A child may still be at risk."
            ) % names
        case Occasion.ACKNOWLEDGED:
            return _("Assay: an urgent referral was acknowledged"), _(
                "%(force)s acknowledged an urgent referral on %(date)s."
            ) % names
        case Occasion.ANSWERED:
            return _("Assay: an urgent referral was answered"), _(
                "%(force)s answered an urgent referral on %(date)s."
            ) % names


def _due(deadline: Deadline) -> str:
    assert deadline.due_at
    local = timezone.localtime(deadline.due_at)
    when = {"time": date_format(local, "H:i"), "date": _day(local)}
    if deadline.kind == DeadlineKind.REFERRAL_ACKNOWLEDGEMENT:
        return _("To be acknowledged by %(time)s on %(date)s.") % when
    return _("To be answered by %(time)s on %(date)s.") % when


def _why(occasion: Occasion, person: User) -> str:
    if person.is_force:
        return _("You get this mail because you answer for %(force)s.") % {"force": person.force}
    if occasion in (Occasion.ACKNOWLEDGED, Occasion.ANSWERED):
        return _("You get this mail because you lead the inspection.")
    return _("You get this mail because you lead the inspection or are a manager.")


def _day(day: Any) -> str:
    return date_format(day, "j F Y") if day else ""
