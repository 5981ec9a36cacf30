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
from inspections import dates, stages, start
from inspections.models import Inspection
from recommendations import judging
from reports import builds
from reports.compilation import compile_document
from reports.models import Publication


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

    `assumed` says that the date is a plausible one, because the source prints none, `month_only` that it prints only
    the month. In one transaction the inspection moves on, every timescale becomes a date (rules 6 and 7) and the
    document is frozen (rule 10); a worker makes the PDF of what was frozen afterwards. If the date is too doubtful to
    count from, timescales wait for a lead (`inspections.start`). Raises stages.NotAllowed unless `by` is a manager,
    stages.NotYet with the reasons while something stands in the way, PublicationRefused for a day to come.
    """
    day = published_on or dates.today()
    if day > dates.today():
        raise PublicationRefused(_("A report cannot be published on a day to come."))
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        moved = stages.move(inspection, "publish", by=by, published_on=day)
        moved.published_on_assumed, moved.published_month_only = assumed, month_only
        moved.save(update_fields=["published_on_assumed", "published_month_only"])
        start.begin(moved, by=by)
        judging.take_effect(moved, by=by)
        publication = _freeze(moved, by)
        builds.request_final(publication, by=by)
    return publication


def _freeze(inspection: Inspection, by: User) -> Publication:
    number = inspection.publications.count() + 1
    document = compile_document(inspection, figures.for_report(inspection), number=number)
    assert inspection.published_on
    return Publication.objects.create(
        inspection=inspection,
        number=number,
        published_on=inspection.published_on,
        published_by=by,
        document=document.to_json(),
    )
