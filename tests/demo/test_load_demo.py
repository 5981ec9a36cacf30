"""What the demo puts in, and that it does so once."""

from __future__ import annotations

import datetime

import pytest
from django.core.management import call_command

from accounts.models import Force, Role, User
from cases import calibration, draws, moderation, queue, readings
from cases.models import Audit, CaseFile, SampleDraw
from demo.loader import load_demo
from inspections import deadline_groups, stages
from inspections.models import Deadline, DeadlineKind, Inspection, Side, Stage
from recommendations import plan_compare
from recommendations.models import Ask, PlanVersion, ProgressUpdate
from reminders import due
from reminders.policies import Policies
from reports import (
    accuracy,
    drafted,
    house_style,
    loose_references,
    section_comments,
    section_versions,
    sections,
)
from reports.figure_check import questions
from reports.figure_check.outcomes import Verdict
from reports.models import AccuracyComment, ReportSection, SectionComment, SectionStatus
from tests.demo.conftest import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo data")]

DEMO_PEOPLE = {
    "inspector": (Role.INSPECTOR, None),
    "second.inspector": (Role.INSPECTOR, None),
    "third.inspector": (Role.INSPECTOR, None),
    "lead": (Role.LEAD_INSPECTOR, None),
    "manager": (Role.MANAGER, None),
    "admin": (Role.ADMINISTRATOR, None),
    "force.lead": (Role.FORCE_LEAD, "Northmoor Police"),
    "force.assessor": (Role.FORCE_ASSESSOR, "Northmoor Police"),
    "force.viewer": (Role.FORCE_VIEWER, "Northmoor Police"),
    "commissioner": (Role.FORCE_VIEWER, "Northmoor Police"),
    "other.force.lead": (Role.FORCE_LEAD, "Gwent Police"),
    "tarnshire.lead": (Role.FORCE_LEAD, "Tarnshire Constabulary"),
}


def in_fieldwork() -> Inspection:
    return Inspection.objects.get(force__name="Northmoor Police", stage=Stage.FIELDWORK)


def in_drafting() -> Inspection:
    return Inspection.objects.get(stage=Stage.DRAFTING)


def in_the_accuracy_check() -> Inspection:
    return Inspection.objects.get(stage=Stage.FACTUAL_ACCURACY)


@pytest.mark.parametrize("name", DEMO_PEOPLE)
def test_each_demo_person_signs_in_with_the_one_password_and_has_their_role(demo, name):
    role, force = DEMO_PEOPLE[name]
    person = User.objects.get(email=f"{name}@assay.example")
    assert person.check_password(PASSWORD)
    assert person.is_active
    assert person.roles == [role]
    assert (person.force.name if person.force else None) == force


def test_nobody_else_can_sign_in(demo):
    active = User.objects.filter(is_active=True).values_list("email", flat=True)
    assert sorted(active) == sorted(f"{name}@assay.example" for name in DEMO_PEOPLE)


def test_loading_again_changes_nothing(demo):
    before = [
        model.objects.count() for model in (User, Force, Inspection, CaseFile, Audit, Deadline)
    ]
    assert load_demo("another-password", today=demo) is False
    assert before == [
        model.objects.count() for model in (User, Force, Inspection, CaseFile, Audit, Deadline)
    ]


def test_the_command_says_that_the_demo_is_there(demo, capsys):
    call_command("load_demo")
    assert "already there" in capsys.readouterr().out


def test_an_inspection_is_in_the_middle_of_its_fieldwork_today(demo):
    inspection = in_fieldwork()
    assert inspection.fieldwork_start < demo < inspection.fieldwork_end
    assert inspection.cases.count() == 33
    audits = Audit.objects.filter(case__inspection=inspection)
    assert audits.submitted().filter(side=Side.FORCE).count() == 33
    assert audits.main().submitted().filter(side=Side.INSPECTORATE).count() == 17
    assert audits.main().filter(side=Side.INSPECTORATE, status="draft").count() == 3


def test_its_sample_holds_the_framework_quota_of_each_area(demo):
    inspection = in_fieldwork()
    for area in inspection.framework.areas.all():
        assert inspection.cases.filter(area=area).count() == area.sample_quota


def test_the_cases_in_fieldwork_are_shared_out_and_a_few_are_nobodys(demo):
    cases = in_fieldwork().cases
    assert cases.filter(assigned_to=None).count() == 3
    waiting = [
        queue.my_progress(in_fieldwork(), User.objects.get(email=f"{name}@assay.example"))
        for name in ("inspector", "lead")
    ]
    assert sum(mine.total for mine in waiting) == 30
    open_ones = [mine.total - mine.done for mine in waiting]
    assert max(open_ones) - min(open_ones) <= 1


def test_a_part_of_a_sample_was_drawn_at_random_and_can_be_drawn_again(demo):
    drawn = SampleDraw.objects.get()
    assert draws.repeat(drawn).agrees
    assert drawn.inspection.cases.filter(reference__in=drawn.drawn["custody"]).count() == 3


def test_what_inspectors_selected_says_why(demo):
    assert not CaseFile.objects.filter(route="selected", selection_reason="").exists()


def test_the_force_lead_has_something_overdue_something_due_soon_and_something_later(demo):
    lead = User.objects.get(email="force.lead@assay.example")
    open_ones = Deadline.objects.visible_to(lead).open()
    counts = deadline_groups.count_groups(open_ones, demo)
    soon = sum(counts[name] for name in deadline_groups.DUE_SOON)
    assert counts["overdue"] and soon and counts["later"], counts


def test_the_force_assessor_has_cases_to_grade(demo):
    preparing = Inspection.objects.get(force__name="Northmoor Police", stage=Stage.SELF_ASSESSMENT)
    graded = Audit.objects.submitted().filter(case__inspection=preparing)
    assert 0 < graded.count() < preparing.cases.count()
    assert preparing.self_assessment_due > demo


def test_inspections_of_a_force_can_be_told_apart_by_name(demo):
    names = [str(inspection) for inspection in Inspection.objects.select_related("force")]
    assert len(names) == len(set(names))


def test_what_happened_in_the_past_bears_dates_of_the_past(demo):
    published = Inspection.objects.get(force__name="Gwent Police")
    moves = published.stage_changes.order_by("at")
    assert [move.transition for move in moves] == [
        "open_self_assessment",
        "begin_fieldwork",
        "begin_drafting",
        "send_for_factual_accuracy",
        "publish",
        "begin_follow_up",
    ]
    assert moves.get(transition="publish").at.date() == published.published_on
    said = ProgressUpdate.objects.filter(recommendation__inspection=published)
    assert {update.at.year for update in said} == {2019}
    audits = Audit.objects.filter(case__inspection=published, side=Side.INSPECTORATE)
    assert all(
        published.fieldwork_start <= audit.submitted_at.date() <= published.fieldwork_end
        for audit in audits
    )


def test_nothing_is_dated_after_the_day_of_loading(demo):
    assert not Audit.objects.filter(submitted_at__date__gt=demo).exists()
    assert not Deadline.objects.filter(met_on__gt=demo).exists()
    saved = ReportSection.objects.filter(inspection__published_on=None, version__gt=0)
    assert saved.exists()
    assert not saved.filter(updated_at__date__gte=demo).exists()
    assert not SectionComment.objects.filter(at__date__gte=demo).exists()
    assert not AccuracyComment.objects.filter(at__date__gte=demo).exists()


def test_what_a_published_inspection_owes_has_become_deadlines(demo):
    review = Inspection.objects.get(force__name="South Wales Police", parent__isnull=False)
    assert not review.deadlines.open().exists()  # its one recommendation states no timescale
    earlier = review.parent
    missing = earlier.recommendations.get(timescale__code="immediately").deadline
    assert missing.due_on == earlier.published_on == datetime.date(2015, 7, 15)


def test_the_review_has_judged_each_of_the_six_earlier_recommendations_and_takes_them_on(demo):
    review = Inspection.objects.get(force__name="South Wales Police", parent__isnull=False)
    own = review.recommendations.get()
    earlier = review.parent.recommendations.order_by("number")
    assert [each.number for each in earlier] == [1, 2, 3, 4, 5, 6]
    assert {each.continued_by for each in earlier} == {own}
    assert {each.settled_on for each in earlier} == {review.published_on}
    custody = earlier.get(theme__code="police-detention")
    assert [tied.case.area.code for tied in custody.reviewed_cases.all()] == ["custody"] * 6
    assert not review.parent.deadlines.open().exists()


def test_a_closed_inspection_of_the_demo_has_its_final_judgements(demo):
    closed = Inspection.objects.get(stage=Stage.CLOSED)
    assert set(closed.recommendations.values_list("outcome", flat=True)) == {"implemented"}


def test_every_move_on_from_a_demo_stage_is_possible_or_says_why_not(demo):
    for inspection in Inspection.objects.all():
        for transition in stages.next_transitions(inspection):
            assert all(
                isinstance(reason, str) for reason in stages.reasons_against(inspection, transition)
            )


def test_the_demo_shows_a_settled_grade_a_reading_that_disagrees_one_owed_and_a_calibration(demo):
    inspection = in_fieldwork()
    lead = User.objects.get(email="lead@assay.example")
    counts = moderation.counts(inspection, lead)
    assert counts.settled == 1
    assert counts.reading == 1
    assert readings.under_way(inspection).count() == 1
    [case] = calibration.calibrated(inspection, lead)
    spread = calibration.spread(case, lead)
    assert spread is not None
    assert spread.steps == 1


def test_a_plan_was_returned_twice_and_is_owed_again_with_its_draft_ahead_of_it(demo):
    [first, second] = PlanVersion.objects.order_by("number")
    assert (first.decision, second.decision) == ("returned", "returned")
    assert plan_compare.compare(first.content, second.content)
    plan = first.plan
    assert plan.actions.filter(submitted=False).exists()
    assert not plan.actions.filter(submitted=True, deadline=None).exists()
    owed = plan.inspection.deadlines.get(kind=DeadlineKind.ACTION_PLAN)
    assert owed.met_on is None
    assert owed.due_on < demo
    assert plan.inspection.immediate_updates.count() == 1
    assert plan.inspection.commissioner_comments.get().by.works_for_commissioner


def test_the_same_ask_of_several_forces_was_confirmed_with_the_different_dates_it_was_given(demo):
    custody = Ask.objects.get(title__contains="custody")
    given = custody.recommendations.select_related("timescale", "inspection")
    assert len({each.inspection.force_id for each in given}) == 4
    assert len({each.timescale.label for each in given}) > 1


def test_nobody_is_mailed_what_happened_before_the_demo_was_loaded(demo):
    told = [line for lines in due.lines(demo).values() for line in lines]
    assert told
    assert not [line for line in told if line.news_id is not None]


def test_some_kinds_of_deadline_have_a_policy_of_their_own(demo):
    policies = Policies()
    assert policies.of(DeadlineKind.REVISIT).working_days_only
    assert policies.of(DeadlineKind.RECOMMENDATION) == policies.usual


def test_a_report_is_being_written_by_three_people_whose_sections_are_in_every_state(demo):
    outline = sections.outline(in_drafting())
    assert {entry.status for entry in outline if entry.is_written} == set(SectionStatus)
    assert len({entry.author for entry in outline if entry.author}) == 3
    assert any(entry.is_missing and entry.author for entry in outline)
    assert any(entry.is_missing and not entry.author for entry in outline)
    assert in_drafting().recommendations.count() == 3


def test_the_report_shows_headings_counted_figures_a_footnote_and_references_that_lead_somewhere(
    demo,
):
    inspection = in_drafting()
    text = sections.entry(inspection, sections.place_of(inspection, "case-analysis")).body
    for part in ("### ", "[[figure cases.exploitation.inadequate]]", "[^blind]:", "[[section "):
        assert part in text
    assert "[[recommendation 2]]" in text
    assert loose_references.find(inspection, sections.outline(inspection)) == []


def test_the_figure_check_of_the_drafted_report_shows_the_one_figure_that_was_typed_wrongly(demo):
    checked = questions.of_draft(in_drafting())
    [found] = checked.open
    assert found.verdict == Verdict.DISAGREES
    assert found.passage.key == "theme-police-detention"
    assert checked.agreeing
    [remark] = house_style.remarks(drafted.document(in_drafting()), in_drafting().framework)
    assert remark.words == "whilst"


def test_colleagues_have_commented_on_the_drafted_report_and_settled_one_comment(demo):
    comments = SectionComment.objects.filter(inspection=in_drafting())
    assert comments.filter(settled_at=None).count() == 3
    assert comments.exclude(settled_at=None).get().settled_by.email == "inspector@assay.example"
    assert sum(section_comments.open_counts(in_drafting()).values()) == 3


def test_a_section_of_the_drafted_report_was_changed_by_somebody_else_some_days_later(demo):
    inspection = in_drafting()
    place = sections.place_of(inspection, "theme-investigation")
    [later, first] = section_versions.sittings(section_versions.versions(inspection, place))
    assert later.last.by != first.last.by
    assert (later.last.at - first.last.at).days > 7


def test_one_case_example_of_the_drafted_report_is_released_and_one_waits_for_the_lead(demo):
    told = in_drafting().case_examples
    assert told.count() == 2
    assert told.released().get().good is False
    waiting = told.get(released_at=None)
    assert waiting.case.audits.main().get(side=Side.INSPECTORATE).submitted_by == waiting.author
    assert waiting.author.email == "inspector@assay.example"


def test_the_lead_of_a_force_reads_the_draft_that_it_checks_and_no_draft_that_is_being_written(
    demo,
):
    lead = User.objects.get(email="tarnshire.lead@assay.example")
    assert sections.may_read(in_the_accuracy_check(), lead)
    assert accuracy.may_comment(in_the_accuracy_check(), lead)
    assert not sections.may_read(
        in_drafting(), User.objects.get(email="westvale.lead@assay.example")
    )


def test_the_time_of_the_force_to_check_the_draft_goes_on(demo):
    inspection = in_the_accuracy_check()
    reply = accuracy.awaited(inspection)
    assert reply.counts_from == inspection.stage_changes.get(transition=accuracy.SENT).at.date()
    assert reply.counts_from < demo < reply.due_on
    assert reply.moved_on is None
    assert accuracy.reply_of(inspection) is None


def test_of_three_comments_of_the_force_one_is_accepted_one_is_not_and_one_has_no_answer(demo):
    inspection = in_the_accuracy_check()
    draft = accuracy.passages(inspection)
    said = list(inspection.accuracy_comments.order_by("at"))
    assert [each.decision for each in said] == ["accepted", "not_accepted", ""]
    assert all(each.passage and draft.hold(each.section_key, each.passage) for each in said)
    assert all(each.at.date() <= each.answered_at.date() < demo for each in said[:2])


def test_nothing_but_the_force_and_the_approval_stands_between_the_checked_draft_and_publication(
    demo,
):
    inspection = in_the_accuracy_check()
    assert questions.open_questions(inspection) == []
    assert not any(entry.is_missing for entry in sections.outline(inspection))
    assert len(accuracy.reasons_against(inspection)) == 2
