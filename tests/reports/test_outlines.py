"""What a report is made up of, and in which order."""

import threading

import pytest
from django.db import connection

from accounts.errors import NotAllowed
from accounts.models import Role
from inspections.models import Framework, InspectionKind, SectionKind, SectionPart, Stage
from reports import ordering, outlines, sections
from reports.models import ReportOrder
from tests.reports.material import make_real_framework
from tests.support.factories import make_framework, make_inspection, make_user

THEMES = ["theme-theme-alpha", "theme-theme-beta", "theme-theme-gamma"]


@pytest.fixture
def lead(db):
    return make_user(Role.LEAD_INSPECTOR)


@pytest.fixture
def inspection(lead):
    return make_inspection(Stage.DRAFTING, lead=lead)


def keys(inspection):
    return [place.key for place in sections.ordered_places(inspection)]


def move(inspection, lead, key, *, up=True, version=0):
    place = sections.place_of(inspection, key)
    return ordering.move(inspection, place, up=up, version=version, by=lead)


def test_without_an_outline_of_its_own_a_framework_has_the_usual_one():
    framework = Framework()
    full = outlines.slots(framework, InspectionKind.FULL)
    assert [slot.kind for slot in full] == list(SectionKind)
    review = outlines.slots(framework, InspectionKind.POST_INSPECTION_REVIEW)
    parts = {slot.kind: slot.parts for slot in review}
    assert parts[SectionKind.THEME] == tuple(SectionPart)
    assert parts[SectionKind.SUMMARY] == (SectionPart.BODY,)


@pytest.mark.django_db
def test_the_outlines_that_assay_brings_along_give_findings_of_a_review_their_three_texts():
    framework = make_real_framework("pir-2016")
    (kind,) = framework.kinds
    found = {slot.kind: slot for slot in outlines.slots(framework, kind)}
    assert found[SectionKind.THEME].parts == tuple(SectionPart)
    assert found[SectionKind.THEME].movable
    assert found[SectionKind.SUMMARY].needed


def test_the_report_follows_the_framework_s_outline(lead):
    framework = make_framework()
    framework.outlines = {
        "full": [
            {"section": "theme", "movable": True, "needed": False, "parts": ["summary", "body"]},
            {"section": "case_analysis", "movable": False, "needed": True, "parts": ["body"]},
        ]
    }
    framework.save()
    inspection = make_inspection(Stage.DRAFTING, lead=lead, framework=framework)
    assert keys(inspection) == [*THEMES, "case-analysis"]
    assert sections.place_of(inspection, "summary") is None
    assert not sections.place_of(inspection, "case-analysis").may_be_left_out


def test_a_section_moves_past_its_neighbour_and_the_order_is_kept(inspection, lead):
    move(inspection, lead, THEMES[1])
    assert keys(inspection)[3:6] == [THEMES[1], THEMES[0], THEMES[2]]
    move(inspection, lead, THEMES[1], up=False, version=1)
    assert keys(inspection)[3:6] == THEMES
    assert ReportOrder.objects.get().version == 2


def test_sections_keep_the_place_that_the_outline_gives_them(inspection, lead):
    for key, up in (("summary", False), ("case-analysis", True), (THEMES[2], False)):
        with pytest.raises(ordering.Unmovable):
            move(inspection, lead, key, up=up)
    assert not ReportOrder.objects.exists()


def test_only_writers_move_sections_and_only_while_they_write(inspection, lead):
    with pytest.raises(NotAllowed):
        move(inspection, make_user(Role.MANAGER), THEMES[1])
    with pytest.raises(NotAllowed):
        move(make_inspection(Stage.FACTUAL_ACCURACY, lead=lead), lead, THEMES[1])


def test_whoever_moves_a_section_in_an_order_that_is_another_by_now_is_told(inspection, lead):
    move(inspection, lead, THEMES[1])
    for version in (0, 2, 99):
        with pytest.raises(ordering.StaleOrder):
            move(inspection, lead, THEMES[2], version=version)
    assert keys(inspection)[3:6] == [THEMES[1], THEMES[0], THEMES[2]]


@pytest.mark.django_db(transaction=True)
def test_of_two_moves_at_the_same_moment_exactly_one_wins(inspection, lead):
    outcomes = []

    def attempt():
        try:
            move(inspection, lead, THEMES[1])
            outcomes.append("moved")
        except ordering.StaleOrder:
            outcomes.append("stale")
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["moved", "stale"]
