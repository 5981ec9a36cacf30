"""Published reports as an Atom feed: every version is an entry, so that a correction is news, too."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.db.models import Case, F, When
from django.db.models.functions import TruncDate
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from config.archives import for_xml
from inspections.models import InspectionKind
from inspections.presentation import date_range
from reports import public
from reports.models import Publication
from reports.views.public import SOON

NEWEST = 50
NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class SteadyAtom(Atom1Feed):
    """Says the same whenever it is asked: a feed without entries has never been updated, rather than just now."""

    def latest_post_date(self) -> dt.datetime:
        return super().latest_post_date() if self.items else NEVER


class ReportFeed(Feed):  # type: ignore[type-arg]
    """The newest versions of published reports."""

    feed_type = SteadyAtom

    def title(self) -> str:
        """What a reader of feeds shows above the entries."""
        return _("Published inspection reports")

    def subtitle(self) -> str:
        """What the entries are."""
        return _("Reports on how well police forces protect children, and their corrections.")

    def author_name(self) -> str:
        """Whoever publishes; Atom wants a name."""
        return _("The inspectorate")

    def link(self) -> str:
        """The page that the feed belongs to."""
        return reverse("public:list")

    def feed_url(self) -> str:
        """The feed itself."""
        return reverse("public:feed")

    def items(self) -> Any:
        """The versions, newest first: by the day of the report, as the list has it, and by each correction's own."""
        day = Case(When(number=1, then=F("published_on")), default=TruncDate("published_at"))
        return (
            Publication.objects.public()
            .defer("pdf", "document")
            .select_related("inspection__force", "correction")
            .order_by(day.desc(), "-published_at", "-pk")[:NEWEST]
        )

    def item_title(self, item: Publication) -> str:
        """The report, and which correction of it."""
        report = for_xml(str(item.inspection))
        if item.number == 1:
            return report
        return _("%(report)s: version %(number)d") % {"report": report, "number": item.number}

    def item_description(self, item: Publication) -> str:
        """The kind of inspection and when its fieldwork was; of a correction what it corrects."""
        if hasattr(item, "correction"):
            return _("Corrected: %(notice)s") % {"notice": for_xml(item.correction.notice)}
        inspection = item.inspection
        return _("%(kind)s. Fieldwork: %(dates)s.") % {
            "kind": InspectionKind(inspection.kind).label,
            "dates": date_range(inspection.fieldwork_start, inspection.fieldwork_end),
        }

    def item_link(self, item: Publication) -> str:
        """The page of this version, which stays as it is."""
        return public.address(item)

    def item_pubdate(self, item: Publication) -> dt.datetime:
        """When this version was published; a report older than its place in Assay, the first minute of its day."""
        if item.number == 1 and timezone.localdate(item.published_at) != item.published_on:
            return timezone.make_aware(dt.datetime.combine(item.published_on, dt.time.min))
        return item.published_at

    def item_updateddate(self, item: Publication) -> dt.datetime:
        """The same: a version never changes."""
        return self.item_pubdate(item)


_feed = ReportFeed()


@login_not_required
@require_safe
@conditional_page
def feed(request: HttpRequest) -> HttpResponse:
    """The feed, for programs that look again every hour or so."""
    answer = _feed(request)
    answer["Cache-Control"] = SOON
    return answer
