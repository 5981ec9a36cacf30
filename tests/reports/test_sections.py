"""Writing the sections of a report."""

import threading

import pytest
from django.db import connection

from accounts.errors import NotAllowed
from accounts.models import Role
from cases.personal_data import LooksPersonal
from inspections.models import Inspection, Stage
from reports import sections
from reports.models import ReportSection, SectionKind
from tests.support.factories import make_force, make_inspection, make_user


@pytest.fixture
def lead(db):
    return make_user(Role.LEAD_INSPECTOR)


@pytest.fixture
def inspection(lead):
    return make_inspection(Stage.DRAFTING, lead=lead)


def summary(inspection):
    return sections.place_of(inspection, "summary")


def save(inspection, lead, body="Words.", version=0, **more):
    return sections.save_section(
        inspection, summary(inspection), body=body, version=version, by=lead, **more
    )


def test_places_follow_the_report_with_a_findings_section_for_each_theme(inspection):
    keys = [place.key for place in sections.places(inspection)]
    assert keys == [
        "summary",
        "context",
        "case-analysis",
        "theme-theme-alpha",
        "theme-theme-beta",
        "theme-theme-gamma",
        "conclusion",
        "method",
    ]


def test_a_section_is_saved_and_counts_its_versions(inspection, lead):
    first = save(inspection, lead)
    second = save(inspection, lead, "Other words.", version=first.version)
    assert (first.version, second.version) == (1, 2)
    assert second.body == "Other words."
    assert second.updated_by == lead


def test_the_second_of_two_people_who_write_the_same_section_is_shown_the_first_text(
    inspection, lead
):
    saved = save(inspection, lead, "First.")
    save(inspection, lead, "Second.", version=saved.version)
    with pytest.raises(sections.StaleSection) as stale:
        save(inspection, lead, "Third.", version=saved.version)
    assert stale.value.current.body == "Second."
    assert ReportSection.objects.get().body == "Second."


@pytest.mark.parametrize("version", [2**31 - 1, 2**31, 10**30])
def test_a_version_that_there_never_was_is_a_conflict(inspection, lead, version):
    save(inspection, lead, "First.")
    with pytest.raises(sections.StaleSection):
        save(inspection, lead, "Second.", version=version)


def test_two_people_who_begin_the_same_section_do_not_overwrite_each_other(inspection, lead):
    save(inspection, lead, "First.")
    with pytest.raises(sections.StaleSection):
        save(inspection, lead, "Second.")


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_the_same_moment_exactly_one_wins(inspection, lead):
    version = save(inspection, lead).version
    outcomes = []

    def attempt(body):
        try:
            save(inspection, lead, body, version=version)
            outcomes.append("saved")
        except sections.StaleSection:
            outcomes.append("stale")
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=(text,)) for text in ("One.", "Two.")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["saved", "stale"]


def test_an_empty_section_must_be_left_out_in_so_many_words(inspection, lead):
    context = sections.place_of(inspection, "context")
    with pytest.raises(sections.SectionRefused):
        sections.save_section(inspection, context, body="  ", version=0, by=lead)
    sections.save_section(inspection, context, body="  ", version=0, by=lead, leave_out=True)
    assert sections.entry(inspection, context).is_left_out


def test_the_summary_cannot_be_left_out(inspection, lead):
    with pytest.raises(sections.SectionRefused):
        save(inspection, lead, "", leave_out=True)


def test_only_the_team_writes_and_only_while_drafting(inspection, lead):
    for other in (make_user(Role.INSPECTOR), make_user(Role.MANAGER)):
        with pytest.raises(NotAllowed):
            save(inspection, other)
    for stage in (Stage.FIELDWORK, Stage.FACTUAL_ACCURACY):
        with pytest.raises(NotAllowed):
            save(make_inspection(stage, lead=lead), lead)


def test_text_that_looks_like_personal_data_needs_a_confirmation(inspection, lead):
    with pytest.raises(LooksPersonal):
        save(inspection, lead, "Write to child@home.example.")
    save(
        inspection, lead, "Write to child@home.example.", personal_data_reason="It is the office’s"
    )


def test_every_earlier_text_stays_on_record(inspection, lead):
    saved = save(inspection, lead, "First.")
    save(inspection, lead, "Second.", version=saved.version)
    events = ReportSection.pgh_event_model.objects.order_by("pgh_id")
    assert [event.body for event in events] == ["", "First.", "Second."]


def test_the_outline_costs_the_same_however_much_is_written(
    inspection, lead, django_assert_num_queries
):
    with django_assert_num_queries(3):
        sections.outline(inspection)
    for place in sections.places(inspection):
        sections.save_section(inspection, place, body="Words.", version=0, by=lead)
    fresh = Inspection.objects.select_related("framework").get(pk=inspection.pk)
    with django_assert_num_queries(3):
        assert all(entry.is_written for entry in sections.outline(fresh))


def test_a_force_reads_the_draft_of_its_own_inspection_from_the_factual_accuracy_check_on(lead):
    force = make_force()
    own = make_user(Role.FORCE_LEAD, force=force)
    other = make_user(Role.FORCE_LEAD)
    drafting = make_inspection(Stage.DRAFTING, force=force, lead=lead)
    checking = make_inspection(Stage.FACTUAL_ACCURACY, force=force, lead=lead)
    for inspection in (drafting, checking):
        ReportSection.objects.create(
            inspection=inspection,
            framework=inspection.framework,
            kind=SectionKind.SUMMARY,
            body="Words.",
            version=1,
        )
    assert not sections.may_read(drafting, own)
    assert sections.may_read(checking, own)
    assert not sections.may_read(checking, other)
    assert ReportSection.objects.visible_to(own).get().inspection == checking
    assert not ReportSection.objects.visible_to(other).exists()
