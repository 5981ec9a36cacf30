"""The versions of a section, and what changed from one to another."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Role
from inspections.models import SectionPart, Stage
from reports import authorship, section_versions, sections
from reports.models import SectionStatus
from reports.section_versions import Version
from reports.word_changes import Change, Kind, changes
from tests.support.factories import make_inspection, make_user

TEXTS = st.text(alphabet="ab cd.\n’", max_size=80)


@given(TEXTS, TEXTS)
@settings(max_examples=50, deadline=None)
def test_what_stayed_with_what_went_is_the_old_text_and_with_what_came_the_new(before, after):
    found = changes(before, after)
    assert "".join(change.text for change in found if change.kind != Kind.ADDED) == before
    assert "".join(change.text for change in found if change.kind != Kind.REMOVED) == after
    assert all(change.text for change in found)


def test_changes_are_told_by_words():
    assert changes("Eight officers came.\n\nGood.", "Nine officers and staff came.\n\nGood.") == [
        Change(Kind.REMOVED, "Eight"),
        Change(Kind.ADDED, "Nine"),
        Change(Kind.SAME, " officers"),
        Change(Kind.ADDED, " and staff"),
        Change(Kind.SAME, " came.\n\nGood."),
    ]


def test_a_paragraph_that_is_another_one_is_not_told_as_a_mixture():
    found = changes("The force has officers.", "Children wait far too long at night here.")
    assert [change.kind for change in found] == [Kind.REMOVED, Kind.ADDED]


@pytest.mark.parametrize("line", ["a\n", "a ", "the force of\n\n"])
def test_long_texts_of_few_words_are_compared_to_the_letter(line):
    found = changes(line * 20_000, line * 19_000)
    assert "".join(change.text for change in found if change.kind != Kind.REMOVED) == line * 19_000


@pytest.fixture
def lead(db):
    return make_user(Role.LEAD_INSPECTOR)


@pytest.fixture
def inspection(lead):
    return make_inspection(Stage.DRAFTING, lead=lead)


@pytest.fixture
def place(inspection):
    return sections.place_of(inspection, "summary")


def test_every_save_is_a_version_and_what_is_said_of_it_is_none(inspection, place, lead):
    authorship.assign(inspection, place, lead, was=None, by=lead)
    for version, body in enumerate(["First.", "Second."]):
        sections.save_section(inspection, place, body=body, version=version, by=lead)
    authorship.set_status(inspection, place, SectionStatus.READY, version=2, by=lead)
    found = section_versions.versions(inspection, place)
    assert [(each.number, each.by) for each in found] == [(1, lead.name), (2, lead.name)]
    texts = [section_versions.texts(inspection, place, number) for number in (0, 1, 2, 3)]
    assert [each and each[SectionPart.BODY] for each in texts] == ["", "First.", "Second.", None]


def test_versions_are_of_this_section_alone(inspection, place, lead):
    sections.save_section(inspection, place, body="First.", version=0, by=lead)
    other = sections.place_of(inspection, "context")
    assert section_versions.versions(inspection, other) == []
    assert section_versions.texts(inspection, other, 1) is None


def test_saves_of_one_person_without_a_longer_pause_are_one_sitting():
    noon = dt.datetime(2026, 3, 3, 12, tzinfo=dt.UTC)
    minutes = [(0, "Ann"), (5, "Ann"), (24, "Ann"), (45, "Ann"), (46, "Ben"), (47, "Ann")]
    found = section_versions.sittings(
        Version(number, noon + dt.timedelta(minutes=minute), by)
        for number, (minute, by) in enumerate(minutes, start=1)
    )
    assert [(each.before, each.last.number, each.saves) for each in found] == [
        (5, 6, 1),
        (4, 5, 1),
        (3, 4, 1),
        (0, 3, 3),
    ]
