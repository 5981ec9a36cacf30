"""What about writing reports waits for a person: sections of their own, sections to read, comments."""

from __future__ import annotations

from django.db.models import Count, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.work import WorkItem
from inspections.models import Inspection, SectionKind, Stage, TeamMember
from reports import sections
from reports.models import ReportSection, SectionComment, SectionStatus

_TEXTS = ("earlier", "summary", "body")


def drafts(user: User) -> list[WorkItem]:
    """Return the drafts of `user`'s teams with what waits there: sections to write or to read, comments, examples."""
    mine = TeamMember.objects.filter(user=user)
    leading = set(mine.filter(is_lead=True).values_list("inspection", flat=True))
    drafts = (
        Inspection.objects.filter(pk__in=mine.values("inspection"), stage=Stage.DRAFTING)
        .select_related("force", "framework")
        .prefetch_related(
            "framework__themes",
            Prefetch(
                "report_sections", ReportSection.objects.defer(*_TEXTS).select_related("theme")
            ),
            Prefetch("section_comments", SectionComment.objects.filter(settled_at__isnull=True)),
        )
        .annotate(
            unreleased=Count(
                "case_examples",
                filter=Q(
                    case_examples__released_at__isnull=True,
                    case_examples__case__excluded_at__isnull=True,
                ),
                distinct=True,
            )
        )
    )
    return [
        WorkItem(
            title=_("Write the report: %(inspection)s") % {"inspection": draft},
            url=reverse("reports:outline", args=[draft.pk]),
            detail="; ".join(_standing(draft, user, leads=draft.pk in leading)),
        )
        for draft in drafts
    ]


def _standing(draft: Inspection, user: User, *, leads: bool) -> list[str]:
    """Return in sentences what waits for `user` in one draft, from what was fetched with it."""
    places = sections.places(draft)
    saved = list(draft.report_sections.all())
    own = {section_key(each) for each in saved if each.author_id == user.pk}
    writing = sum(
        each.author_id == user.pk and each.status == SectionStatus.WRITING for each in saved
    )
    ready = sum(each.status == SectionStatus.READY for each in saved)
    missing = len(places) - sum(each.version > 0 for each in saved)
    comments = sum(
        each.section_key in own and each.by_id != user.pk for each in draft.section_comments.all()
    )
    said = []
    if writing:
        said.append(
            ngettext(
                "%(count)d section is yours to write",
                "%(count)d sections are yours to write",
                writing,
            )
            % {"count": writing}
        )
    if comments:
        said.append(
            ngettext(
                "%(count)d comment on your sections",
                "%(count)d comments on your sections",
                comments,
            )
            % {"count": comments}
        )
    if leads and ready:
        said.append(
            ngettext(
                "%(count)d section is ready to be read",
                "%(count)d sections are ready to be read",
                ready,
            )
            % {"count": ready}
        )
    unreleased = getattr(draft, "unreleased", 0)
    if leads and unreleased:
        said.append(
            ngettext(
                "%(count)d case example is to be released",
                "%(count)d case examples are to be released",
                unreleased,
            )
            % {"count": unreleased}
        )
    if missing:
        said.append(
            ngettext(
                "%(count)d section has no text yet", "%(count)d sections have no text yet", missing
            )
            % {"count": missing}
        )
    return said or [_("Every section has a text")]


def section_key(section: ReportSection) -> str:
    """Return the key of the place in the report that `section` is written for."""
    return sections.Place(SectionKind(section.kind), section.theme).key
