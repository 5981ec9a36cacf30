"""The sections of a report's draft: which there are, how far each is, and saving one."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Case, F, Value, When, prefetch_related_objects
from django.db.models.functions import Left
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Conflict, DomainError, NotAllowed
from accounts.models import User
from cases import personal_data
from inspections import team
from inspections.models import Inspection, SectionKind, SectionPart, Stage, Theme
from reports import outlines
from reports.models import ReportOrder, ReportSection, ReportSectionQuerySet, SectionStatus

# What the force checks for accuracy is what is published: to change the draft after that, it goes back to drafting.
EDITABLE_STAGES = [Stage.DRAFTING.value]
LONGEST_SECTION_CHARACTERS = 60_000
FIRST_CHARACTERS = (
    100  # texts are saved without space around them, so these say whether there is one
)


class StaleSection(Conflict):
    """Somebody saved the section since it was read; `current` is what they saved."""

    def __init__(self, current: ReportSection) -> None:
        self.current = current
        super().__init__(_("Somebody else has saved this section in the meantime."))


class SectionRefused(DomainError):
    """The text cannot be saved as it is."""


@dataclasses.dataclass(frozen=True)
class Place:
    """One place in the order of a report: a section of its outline, or one of the framework's themes.

    `parts` are the texts that it has, `movable` and `needed` what the outline says of it (`reports.outlines`).
    """

    kind: SectionKind
    theme: Theme | None = None
    parts: tuple[SectionPart, ...] = outlines.BODY
    movable: bool = False
    needed: bool = False

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
        """Whether the report can go without a text here; what is counted stands there all the same."""
        return not self.needed


@dataclasses.dataclass(frozen=True)
class Entry:
    """A place in the report with what has been written for it so far."""

    place: Place
    section: ReportSection | None

    @property
    def body(self) -> str:
        return self.section.body if self.section else ""

    @property
    def texts(self) -> dict[SectionPart, str]:
        """Return the texts that the section has, by part, in reading order; empty ones, too."""
        return {
            part: getattr(self.section, part.value) if self.section else ""
            for part in self.place.parts
        }

    @property
    def version(self) -> int:
        return self.section.version if self.section else 0

    @property
    def author(self) -> User | None:
        return self.section.author if self.section else None

    @property
    def status(self) -> SectionStatus:
        return SectionStatus(self.section.status) if self.section else SectionStatus.WRITING

    @property
    def is_written(self) -> bool:
        return any(text.strip() for text in self.texts.values())

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
        return sum(len(text.split()) for text in self.texts.values())


def places(inspection: Inspection) -> list[Place]:
    """Return the places of the inspection's report in the outline's order; each theme is a findings section."""
    framework = inspection.framework
    found: list[Place] = []
    for slot in outlines.slots(framework, inspection.kind):
        themes = framework.themes.all() if slot.kind == SectionKind.THEME else [None]
        found += [
            Place(slot.kind, theme, slot.parts, slot.movable, slot.needed) for theme in themes
        ]
    return found


def ordered_places(inspection: Inspection) -> list[Place]:
    """Return the places of the inspection's report in the order that its team gave them (one query)."""
    found = places(inspection)
    order = ReportOrder.objects.filter(inspection=inspection).first()
    if order is None:
        return found
    rank = {key: number for number, key in enumerate(order.keys)}
    return sorted(found, key=lambda place: rank.get(place.key, len(rank)))


def place_of(inspection: Inspection, key: str) -> Place | None:
    """Return the place whose `key` that is; None if the inspection's report has no such section."""
    return next((place for place in places(inspection) if place.key == key), None)


def outline(inspection: Inspection) -> list[Entry]:
    """Return every place of the inspection's report, in order, with its text so far (three queries)."""
    return _entries(
        ordered_places(inspection),
        inspection.report_sections.select_related("updated_by", "author"),
    )


def missing(inspections: Collection[Inspection]) -> dict[int, list[Place]]:
    """Return the places for whose text the report of each of `inspections` still waits, by primary key.

    Two queries however many there are, if their frameworks are loaded; of each text only the first characters are read.
    """
    prefetch_related_objects(list(inspections), "framework__themes")
    first = {f"first_{part.value}": Left(part.value, FIRST_CHARACTERS) for part in SectionPart}
    saved: dict[int, list[ReportSection]] = defaultdict(list)
    for row in ReportSection.objects.filter(inspection__in=inspections).values(
        "inspection_id", "kind", "theme_id", "version", **first
    ):
        saved[row["inspection_id"]].append(
            ReportSection(**{name.removeprefix("first_"): value for name, value in row.items()})
        )
    return {
        each.pk: [one.place for one in _entries(places(each), saved[each.pk]) if one.is_missing]
        for each in inspections
    }


def _entries(wanted: Iterable[Place], saved: Iterable[ReportSection]) -> list[Entry]:
    rows_by_place = {(section.kind, section.theme_id): section for section in saved}
    return [
        Entry(place, rows_by_place.get((place.kind.value, place.theme.pk if place.theme else None)))
        for place in wanted
    ]


def entry(inspection: Inspection, place: Place) -> Entry:
    """Return what has been written for `place` so far."""
    section = (
        inspection.report_sections.filter(kind=place.kind, theme=place.theme)
        .select_related("updated_by", "author")
        .first()
    )
    return Entry(place, section)


def section_url(inspection: Inspection, place: Place) -> str:
    """Return the address of the page on which `place` is written."""
    return reverse("reports:section", args=[inspection.pk, place.key])


def may_read(inspection: Inspection, user: User) -> bool:
    """Whether `user` may read the draft: its team, managers, and the force while it checks it.

    What the force reads later is what was published, not the draft of a correction.
    """
    content = team.reads_content(inspection, user)
    return content and (user.is_inspectorate or inspection.stage == Stage.FACTUAL_ACCURACY)


def is_open(inspection: Inspection) -> bool:
    """Whether the text can be changed: in drafting, and while a correction of what was published is open (rule 10)."""
    if inspection.is_published:
        return inspection.corrections.filter(publication=None, dropped_at=None).exists()
    return inspection.stage in EDITABLE_STAGES


def may_edit(inspection: Inspection, user: User) -> bool:
    """Whether `user` may write the report now: an inspector of its team, while the text is open."""
    return team.works_on(inspection, user) and is_open(inspection)


def save_section(
    inspection: Inspection,
    place: Place,
    *,
    body: str,
    version: int,
    by: User,
    earlier: str = "",
    summary: str = "",
    leave_out: bool = False,
    personal_data_reason: str = "",
) -> ReportSection:
    """Save the Markdown texts of one section, which somebody wrote who had read `version` (0: nothing saved yet).

    Blank texts are saved only with `leave_out`, which says that the report goes without this section. A section that
    was agreed waits to be agreed again; what is there already is not saved once more. Raises StaleSection if somebody
    saved in between (rule 5), LooksPersonal if a text may name a child (rule 9) and nobody confirmed that it does not,
    SectionRefused, and NotAllowed outside the team or the drafting.
    """
    texts = _texts(place, {"earlier": earlier, "summary": summary, "body": body}, leave_out)
    with transaction.atomic():
        # A stage move waits for this lock, so that no text changes behind the back of a publication.
        locked = Inspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk)
        if not may_edit(locked, by):
            raise NotAllowed(_("The team writes the report while the inspection is being drafted."))
        where = personal_data.Place(locked, f"section {place.key}")
        personal_data.check(texts, place=where, by=by, reason=personal_data_reason)
        row = rows(locked, place)
        if version == 0:
            create_row(locked, place)
        elif same := row.filter(version=version, **texts).first():
            return same
        changed = row.filter(version=version)
        if not changed.update(
            **texts,
            version=F("version") + 1,
            status=Case(
                When(status=SectionStatus.AGREED, then=Value(SectionStatus.READY.value)),
                default=F("status"),
            ),
            updated_by=by,
            updated_at=timezone.now(),
        ):
            raise _stale(locked, place)
        return row.get()


def rows(inspection: Inspection, place: Place) -> ReportSectionQuerySet:
    """Return the row of `place`, which need not be there yet, to be read or changed."""
    return ReportSection.objects.filter(inspection=inspection, kind=place.kind, theme=place.theme)


def create_row(inspection: Inspection, place: Place) -> None:
    """Make the row of a section of which nobody has written anything yet, unless it is there."""
    ReportSection.objects.bulk_create(
        [
            ReportSection(
                inspection=inspection,
                framework_id=inspection.framework_id,
                kind=place.kind,
                theme=place.theme,
                updated_by=None,
            )
        ],
        ignore_conflicts=True,
    )


def _texts(place: Place, typed: dict[str, str], leave_out: bool) -> dict[str, str]:
    """Return the texts as they are saved. Raises SectionRefused for what cannot be."""
    texts = {name: text.replace("\r\n", "\n").strip() for name, text in typed.items()}
    parts = [part.value for part in place.parts]
    if any(text for name, text in texts.items() if name not in parts):
        raise SectionRefused(_("This section has no such text."))
    if not any(texts.values()) and not (leave_out and place.may_be_left_out):
        raise SectionRefused(_("Enter the text of this section."))
    if sum(map(len, texts.values())) > LONGEST_SECTION_CHARACTERS:
        raise SectionRefused(
            _("Text must be %(count)d characters or fewer") % {"count": LONGEST_SECTION_CHARACTERS}
        )
    return texts


def _stale(inspection: Inspection, place: Place) -> StaleSection:
    return StaleSection(rows(inspection, place).select_related("updated_by", "author").get())
