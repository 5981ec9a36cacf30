"""The pages of inspections, one module for each kind of page."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from inspections.models import Inspection


def get_inspection(request: HttpRequest, pk: int) -> Inspection:
    """Return the inspection if the person who asks may know of it; 404 otherwise."""
    return get_object_or_404(
        Inspection.objects.visible_to(request.user).select_related("force", "framework"), pk=pk
    )
