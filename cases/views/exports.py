"""The list of cases as a file."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cases import exports, reading_record
from cases.views.lists import asked_for
from config import spreadsheets


def export(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """Send what the list with the same query shows, all its pages, as CSV or XLSX; “indicators=1” adds the answers."""
    if kind not in spreadsheets.KINDS:
        raise Http404
    asked = asked_for(request, pk)
    most = spreadsheets.MOST_IN_XLSX
    if kind == spreadsheets.XLSX and asked.found.order_by()[: most + 1].count() > most:
        messages.warning(
            request,
            _(
                "An Excel workbook holds up to %(count)s cases, and more than that match. Take the CSV file, which "
                "Excel opens, too, or narrow the list."
            )
            % {"count": f"{most:,}"},
        )
        return redirect(asked.href)
    reading_record.exported(asked.inspection, by=request.user)
    table = exports.table(
        asked.inspection,
        asked.found,
        request.user,
        with_answers=request.GET.get("indicators") == "1",
    )
    name = slugify(_("Cases %(inspection)s") % {"inspection": asked.inspection})
    return spreadsheets.response(kind, name, _("Cases"), table.head, table.rows)
