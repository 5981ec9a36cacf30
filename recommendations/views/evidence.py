"""Taking a file of evidence away: the only way to one."""

from __future__ import annotations

import logging

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from recommendations import evidence
from recommendations.models import Evidence

logger = logging.getLogger(__name__)


@require_safe
def download(request: HttpRequest, pk: int) -> FileResponse:
    """Send the file as an attachment, as it was uploaded, and write down who took it (rule 11).

    A browser neither shows it nor guesses what it is, and nobody between keeps it.
    """
    found: Evidence = get_object_or_404(Evidence.objects.visible_to(request.user), pk=pk)
    try:
        file = found.file.open("rb")
    except OSError as error:
        logger.exception("The file of evidence %d is not where it was kept", found.pk)
        raise Http404 from error
    evidence.opened(found, by=request.user)
    response = FileResponse(
        file, as_attachment=True, filename=found.name, content_type=found.media_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
