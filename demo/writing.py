"""The sections of the demo's reports: of those that are drafted now with authors, states, versions and comments."""

from __future__ import annotations

import datetime
from typing import Any

import pgtrigger

from accounts.models import User
from demo import source
from demo.casework import at
from demo.source import InspectionFacts
from inspections.models import Inspection
from reports import authorship, section_comments, sections
from reports.models import ReportSection, SectionComment, SectionStatus
from reports.sections import Place


def write_sections(
    inspection: Inspection, facts: InspectionFacts, people: dict[str, User], today: datetime.date
) -> None:
    """Write the report's texts: as `data/drafting.yaml` tells it, otherwise the lead writes all and leaves gaps out."""
    lead = people[facts.lead]
    known = source.load("drafting").get(facts.key)
    if known is not None:
        _Team(inspection, facts, people, today).write(known)
        return
    for place in sections.places(inspection):
        body = _text(facts, place)
        sections.save_section(inspection, place, body=body, version=0, by=lead, leave_out=not body)


def _text(facts: InspectionFacts, place: Place) -> str:
    if place.theme:
        return _unwrapped(facts.theme_sections.get(place.theme.code, ""))
    return _unwrapped(facts.sections.get(place.kind.value, ""))


def _unwrapped(text: str) -> str:
    """Return `text` with each paragraph on one line, as people type it; the files break lines to be read."""
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


class _Team:
    """Lets a team write a report over some weeks, in which some sections are agreed and others not begun."""

    def __init__(
        self,
        inspection: Inspection,
        facts: InspectionFacts,
        people: dict[str, User],
        today: datetime.date,
    ) -> None:
        self.inspection, self.facts, self.people, self.today = inspection, facts, people, today
        self.lead = people[facts.lead]
        self.last_dated = 0  # the key of the last event of a section that has its day
        self.places = {place.key: place for place in sections.places(inspection)}

    def write(self, known: dict[str, Any]) -> None:
        """Share the sections out on the day on which drafting began, write them on theirs, then comment."""
        for number, (key, said) in enumerate(known["sections"].items()):
            self._section(self.places[key], said, number)
        for number, said in enumerate(known.get("comments", [])):
            self._comment(said, number)

    def _section(self, place: Place, said: dict[str, Any], number: int) -> None:
        author = self.people[said["author"]]
        row = authorship.assign(self.inspection, place, author, was=None, by=self.lead)
        self._date(row, at(self.facts.fieldwork_end, number))
        if "before" in said:
            before = said["before"]
            day = self._at(before["date"], number)
            row = self._save(row, place, _unwrapped(before["text"]), self.people[before["by"]], day)
        if "status" not in said:
            return
        saved_at = self._at(said["date"], number)
        row = self._save(row, place, _text(self.facts, place), author, saved_at)
        status = SectionStatus(said["status"])
        if status != SectionStatus.WRITING:
            by = self.lead if status == SectionStatus.AGREED else author
            authorship.set_status(self.inspection, place, status, version=row.version, by=by)
            self._date(row, saved_at + datetime.timedelta(hours=1))

    def _save(
        self, row: ReportSection, place: Place, body: str, by: User, moment: datetime.datetime
    ) -> ReportSection:
        saved = sections.save_section(self.inspection, place, body=body, version=row.version, by=by)
        self._date(saved, moment, saved=True)
        return saved

    def _comment(self, said: dict[str, Any], number: int) -> None:
        made = section_comments.comment(
            self.inspection, self.places[said["section"]], said["text"], by=self.people[said["by"]]
        )
        found = SectionComment.objects.filter(pk=made.pk)
        found.update(at=self._at(said["date"], number))
        if settled := said.get("settled"):
            section_comments.settle(made, by=self.people[settled["by"]])
            found.update(settled_at=self._at(settled["date"], number))

    def _at(self, days: int, number: int) -> datetime.datetime:
        return at(self.today + datetime.timedelta(days), number)

    def _date(self, row: ReportSection, moment: datetime.datetime, *, saved: bool = False) -> None:
        """Say of what has just become of the section when it did; `saved` if its text is new."""
        if saved:
            ReportSection.objects.filter(pk=row.pk).update(updated_at=moment)
        events = ReportSection.pgh_event_model.objects.filter(pgh_obj_id=row.pk)  # type: ignore[attr-defined]
        with pgtrigger.ignore("reports.ReportSectionEvent:append_only"):
            events.filter(pgh_id__gt=self.last_dated).update(pgh_created_at=moment)
        self.last_dated = events.latest("pgh_id").pgh_id
