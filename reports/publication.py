"""Publishing: the report is frozen, and every timescale becomes a date."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.errors import DomainError
from accounts.models import User
from cases import figures
from inspections import dates, news, stages, start
from inspections.models import Inspection, NewsKind, Party
from recommendations import judging
from reports import approval, builds, drafted
from reports.compilation import compile_document
from reports.document import CorrectionNotice, Document
from reports.models import Approval, Publication


class PublicationRefused(DomainError):
    """This is no day on which a report can have been published."""


def publish(
    inspection: Inspection,
    *,
    by: User,
    published_on: dt.date | None = None,
    assumed: bool = False,
    month_only: bool = False,
) -> Publication:
    """Publish the report of `inspection`, on today's Europe/London date unless given one that has passed.

    A lead has approved exactly this report, and `by`, a manager, is somebody else. `assumed` says that the date is a
    plausible one, because the source prints none, `month_only` that it prints only the month. In one transaction the
    inspection moves on, every timescale becomes a date (rules 6 and 7) and the document is frozen (rule 10); a worker
    makes the PDF and the other copies of what was frozen afterwards. If the date is too doubtful to count from,
    timescales wait for a lead (`inspections.start`). Raises NotAllowed, stages.NotYet with the reasons while something
    stands in the way, PublicationRefused for a day to come.
    """
    day = published_on or dates.today()
    if day > dates.today():
        raise PublicationRefused(_("A report cannot be published on a day to come."))
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        moved = stages.move(inspection, "publish", by=by, published_on=day)
        agreed = approval.take(moved, by=by)
        moved.published_on_assumed, moved.published_month_only = assumed, month_only
        moved.save(update_fields=["published_on_assumed", "published_month_only"])
        start.begin(moved, by=by)
        judging.take_effect(moved, by=by)
        frozen = compile_document(moved, figures.for_report(moved))
        return _freeze(moved, frozen, agreed, by)


def publish_correction(inspection: Inspection, *, by: User) -> Publication:
    """Publish the correction that is open as the next version (rule 10); the versions before it stay as they are.

    The day of publication, and what counts from it, is that of the first version. The force is told. Approved by two
    people like the report itself: raises NotAllowed, stages.NotYet.
    """
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        locked = (
            Inspection.objects.select_for_update(of=("self",))
            .select_related("force", "framework")
            .get(pk=inspection.pk)
        )
        correction = drafted.open_correction(locked)
        if correction is None:
            raise stages.NotYet([_("No correction of this report is open.")])
        agreed = approval.take(locked, by=by)
        reasons = approval.reasons_against_approval(locked)
        if reasons:
            raise stages.NotYet(reasons)
        notice = CorrectionNotice(0, dates.today(), correction.notice)
        publication = _freeze(locked, drafted.corrected(locked, notice), agreed, by)
        correction.publication = publication
        correction.save(update_fields=["publication"])
        label = _("Version %(number)d of the report") % {"number": publication.number}
        news.tell(locked, Party.FORCE, NewsKind.REPORT_CORRECTED, label=label, by=by)
    return publication


def publish_next(inspection: Inspection, *, by: User) -> Publication:
    """Publish what two people have approved: the report, or the correction of one that was published."""
    if inspection.is_published:
        return publish_correction(inspection, by=by)
    return publish(inspection, by=by)


def _freeze(inspection: Inspection, frozen: Document, agreed: Approval, by: User) -> Publication:
    approval.confirm(agreed, frozen)
    assert inspection.published_on
    publication = Publication.objects.create(
        inspection=inspection,
        number=frozen.number,
        published_on=inspection.published_on,
        published_by=by,
        document=frozen.to_json(),
    )
    agreed.publication = publication
    agreed.save(update_fields=["publication"])
    builds.request_final(publication, by=by)
    return publication
