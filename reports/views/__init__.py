"""The pages of reports: the draft, the PDFs that are made of it, what was published."""

import datetime as dt

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts import access
from accounts.models import User
from config.clock import now
from inspections.models import Inspection
from reports import sections

DRAFT = "draft report of inspection"  # what accounts.access calls it


def get_inspection(request: HttpRequest, pk: int) -> Inspection:
    """Return the inspection if the person who asks may know of it; 404 otherwise."""
    return get_object_or_404(
        Inspection.objects.visible_to(person(request)).select_related("force", "framework"), pk=pk
    )


def get_drafted(request: HttpRequest, pk: int) -> Inspection:
    """Return the inspection if the person who asks may read its draft; 404 otherwise."""
    inspection = get_inspection(request, pk)
    if not sections.may_read(inspection, person(request)):
        raise Http404
    return inspection


def get_place(inspection: Inspection, key: str) -> sections.Place:
    """Return the section of the inspection's report whose key that is; 404 if it has none."""
    place = sections.place_of(inspection, key)
    if place is None:
        raise Http404
    return place


def reads_draft(request: HttpRequest, inspection: Inspection) -> dt.datetime:
    """Write down that somebody of the force opens the draft of its report, and return when, for its watermark."""
    user = person(request)
    if user.is_force:
        access.note(user, DRAFT, inspection.pk)
    return now()


def person(request: HttpRequest) -> User:
    """Return who asks; every page here is for people who are signed in."""
    assert isinstance(request.user, User)
    return request.user
