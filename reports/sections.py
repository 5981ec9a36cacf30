"""The sections of a report's draft: which there are, how far each is, and saving one."""

from __future__ import annotations

import dataclasses

from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Conflict, DomainError, NotAllowed
from accounts.models import User
from cases import personal_data
from inspections import team
from inspections.models import Framework, Inspection, Stage, Theme
from reports.models import ReportOrder, ReportSection, SectionKind

# What the force checks for accuracy is what is published: to change the draft after that, it goes back to drafting.
EDITABLE_STAGES = [Stage.DRAFTING.value]
# A report without these would tell nobody anything; every other section may be left out deliberately.
NEEDED_KINDS = [SectionKind.SUMMARY]
LONGEST_SECTION_CHARACTERS = 60_000


class StaleSection(Conflict):
    """Somebody saved the section since it was read; `current` is what they saved."""

    def __init__(self, current: ReportSection) -> None:
        self.current = current
        super().__init__(_("Somebody else has saved this section in the meantime."))


class SectionRefused(DomainError):
    """The text cannot be saved as it is."""


@dataclasses.dataclass(frozen=True)
class Place:
    """One place in the order of a report: a section that every report has, or one of the framework's themes."""

    kind: SectionKind
    theme: Theme | None = None

    @property
    def key(self) -> str:
        """The place's name in an address: “summary”, “case-analysis”, “theme-” and the theme's code."""
        if self.theme is not None:
            return f"theme-{self.theme.code}"
        return self.kind.value.replace("_", "-")

    @property
    def title(self) -> str:
        return self.theme.label if self.theme is not None else str(self.kind.label)

    @property
    def may_be_left_out(self) -> bool:
        return self.kind not in NEEDED_KINDS


@dataclasses.dataclass(frozen=True)
class Entry:
    """A place in the report with what has been written for it so far."""

    place: Place
    section: ReportSection | None

    @property
    def body(self) -> str:
        return self.section.body if self.section else ""

    @property
    def version(self) -> int:
        return self.section.version if self.section else 0

    @property
    def is_written(self) -> bool:
        saved = self.section
        return saved is not None and any(
            text.strip() for text in (saved.earlier, saved.summary, saved.body)
        )

    @property
    def is_left_out(self) -> bool:
        """Whether somebody decided that the report goes without this section: it was saved, and saved empty."""
        return self.version > 0 and not self.is_written and self.place.may_be_left_out

    @property
    def is_missing(self) -> bool:
        """Whether the report still waits for this section."""
        return not self.is_written and not self.is_left_out

    @property
    def words(self) -> int:
        return len(self.body.split())


def places(framework: Framework) -> list[Place]:
    """Return the places of a report under `framework`, in report order; each theme is a findings section."""
    found: list[Place] = []
    for kind in SectionKind:
        if kind == SectionKind.THEME:
            found += [Place(kind, theme) for theme in framework.themes.all()]
        else:
            found.append(Place(kind))
    return found


def ordered_places(inspection: Inspection) -> list[Place]:
    """Return the places of the inspection's report in the order that its team gave them (one query)."""
    found = places(inspection.framework)
    order = ReportOrder.objects.filter(inspection=inspection).first()
    if order is None:
        return found
    rank = {key: number for number, key in enumerate(order.keys)}
    return sorted(found, key=lambda place: rank.get(place.key, len(rank)))


def place_of(framework: Framework, key: str) -> Place | None:
    """Return the place whose `key` that is; None if the report has no such section."""
    return next((place for place in places(framework) if place.key == key), None)


def outline(inspection: Inspection) -> list[Entry]:
    """Return every place of the inspection's report, in order, with its text so far (three queries)."""
    saved = {
        (section.kind, section.theme_id): section
        for section in inspection.report_sections.select_related("updated_by")
    }
    return [
        Entry(place, saved.get((place.kind.value, place.theme.pk if place.theme else None)))
        for place in ordered_places(inspection)
    ]


def entry(inspection: Inspection, place: Place) -> Entry:
    """Return what has been written for `place` so far."""
    section = (
        inspection.report_sections.filter(kind=place.kind, theme=place.theme)
        .select_related("updated_by")
        .first()
    )
    return Entry(place, section)


def section_url(inspection: Inspection, place: Place) -> str:
    """Return the address of the page on which `place` is written."""
    return reverse("reports:section", args=[inspection.pk, place.key])


def may_read(inspection: Inspection, user: User) -> bool:
    """Whether `user` may read the draft: its team, managers, and the force from the factual accuracy check on."""
    content = team.reads_content(inspection, user)
    return content and (user.is_inspectorate or inspection.force_sees_findings)


def may_edit(inspection: Inspection, user: User) -> bool:
    """Whether `user` may write the report now: an inspector of its team, while it is being drafted."""
    return inspection.stage in EDITABLE_STAGES and team.works_on(inspection, user)


def save_section(
    inspection: Inspection,
    place: Place,
    *,
    body: str,
    version: int,
    by: User,
    leave_out: bool = False,
    personal_data_reason: str = "",
) -> ReportSection:
    """Save the Markdown text of one section, which somebody wrote who had read `version` (0: nothing saved yet).

    Blank text is saved only with `leave_out`, which says that the report goes without this section. Raises
    StaleSection if somebody saved in between (rule 5), LooksPersonal if the text may name a child (rule 9) and nobody
    confirmed that it does not, SectionRefused, and NotAllowed outside the team or the drafting.
    """
    text = body.replace("\r\n", "\n").strip()
    if not text and not (leave_out and place.may_be_left_out):
        raise SectionRefused(_("Enter the text of this section."))
    if len(text) > LONGEST_SECTION_CHARACTERS:
        raise SectionRefused(
            _("Text must be %(count)d characters or fewer") % {"count": LONGEST_SECTION_CHARACTERS}
        )
    with transaction.atomic():
        # A stage move waits for this lock, so that no text changes behind the back of a publication.
        locked = Inspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk)
        if not may_edit(locked, by):
            raise NotAllowed(_("The team writes the report while the inspection is being drafted."))
        where = personal_data.Place(locked, f"section {place.key}")
        personal_data.check({"body": text}, place=where, by=by, reason=personal_data_reason)
        if version == 0:
            return _create(locked, place, text, by)
        changed = inspection.report_sections.filter(
            kind=place.kind, theme=place.theme, version=version
        ).update(body=text, version=F("version") + 1, updated_by=by, updated_at=timezone.now())
        if not changed:
            raise _stale(locked, place)
        return inspection.report_sections.get(kind=place.kind, theme=place.theme)


def _create(inspection: Inspection, place: Place, text: str, by: User) -> ReportSection:
    try:
        with transaction.atomic():
            return ReportSection.objects.create(
                inspection=inspection,
                framework_id=inspection.framework_id,
                kind=place.kind,
                theme=place.theme,
                body=text,
                version=1,
                updated_by=by,
            )
    except IntegrityError as error:  # somebody else began this section first
        raise _stale(inspection, place) from error


def _stale(inspection: Inspection, place: Place) -> StaleSection:
    current = inspection.report_sections.select_related("updated_by").get(
        kind=place.kind, theme=place.theme
    )
    return StaleSection(current)
