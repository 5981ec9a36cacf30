"""A side grades a case: drafts, submission, reopening, and two people at once."""

import datetime as dt
import threading

import pytest
from django.db import connection, transaction

from accounts.errors import NotAllowed
from cases import content, grading, sampling
from cases.forms import BIGGEST_VERSION
from cases.grading import NewFinding, NotReady, OtherScale, StaleAudit, UnfitContent
from cases.models import Audit, Route
from cases.personal_data import LooksPersonal
from inspections.models import Side, Stage
from tests.cases.conftest import make_place
from tests.support.factories import make_audit, make_case, make_framework

OURS, THEIRS = Side.INSPECTORATE, Side.FORCE


def grade_of(place, code="good"):
    return place.framework.grades.get(code=code)


def save(case, by, version=0, side=OURS, **more):
    return grading.save(case, side=side, by=by, version=version, **more)


def texts(audit):
    return {finding.theme.code: finding.text for finding in audit.findings.all()}


def found(**by_key):
    """Findings by key: each under a theme, a weakness."""
    return [NewFinding(key, theme, "weakness", text) for key, (theme, text) in by_key.items()]


ALPHA, BETA = "theme-alpha", "theme-beta"


def test_a_draft_may_be_empty_and_grows(place):
    case = make_case(place.inspection)
    audit = save(case, place.inspector)
    assert (audit.version, audit.grade, audit.status) == (1, None, "draft")
    audit = save(
        case,
        place.lead,
        1,
        grade=grade_of(place),
        reason="Prompt.",
        findings=found(a=(ALPHA, "Seen alone.")),
    )
    assert (audit.version, audit.reason, audit.updated_by) == (2, "Prompt.", place.lead)
    assert texts(audit) == {"theme-alpha": "Seen alone."}


def test_findings_are_replaced_by_key_and_left_alone_when_not_given(place):
    case = make_case(place.inspection)
    save(case, place.inspector, findings=found(a=(ALPHA, "A"), b=(BETA, "B"), c=(ALPHA, "C")))
    audit = save(case, place.inspector, 1, reason="No findings given.")
    assert [finding.text for finding in audit.findings.all()] == ["A", "B", "C"]
    kept = audit.findings.get(key="b").pk
    audit = save(case, place.inspector, 2, findings=found(b=(BETA, "B2"), d=(ALPHA, "D")))
    assert [(f.key, f.text) for f in audit.findings.all()] == [("b", "B2"), ("d", "D")]
    assert audit.findings.get(key="b").pk == kept
    events = audit.findings.model.pgh_event_model.objects.filter(pgh_label="delete")
    assert set(events.values_list("text", flat=True)) == {"A", "C"}


def test_answers_that_are_left_out_stay_and_can_be_taken_back(place):
    case = make_case(place.inspection)
    save(case, place.inspector, answers={"alpha-1": ("met", "Same day."), "alpha-2": ("", "?")})
    save(case, place.inspector, 1, answers={"alpha-1": ("not_recorded", "")})
    audit = save(case, place.inspector, 2, answers={"alpha-2": ("", "")})
    rows = {row.indicator.code: (row.answer, row.note) for row in audit.answers.all()}
    assert rows == {"alpha-1": ("not_recorded", ""), "alpha-2": ("", "")}


def test_what_stays_the_same_leaves_no_trace_in_the_history(place):
    case = make_case(place.inspection)
    parts = {"answers": {"alpha-1": ("met", "")}, "findings": found(a=(ALPHA, "A"))}
    audit = save(case, place.inspector, **parts)
    save(case, place.inspector, 1, reason="Only this is new.", **parts)
    for rows in (audit.answers, audit.findings):
        assert rows.model.pgh_event_model.objects.count() == 1


def test_timeline_people_and_facts_are_kept_whole(place):
    case = make_case(place.inspection)
    event = content.event_of("Report", "3", "2", "2026", "")
    person = content.person_of("child", "7", "female")
    audit = save(case, place.inspector, timeline=[event], people=[person])
    assert (audit.timeline[0]["on"], audit.timeline[0]["precision"]) == ("2026-02-03", "day")
    assert audit.people == [{"kind": "child", "age": 7, "sex": "female"}]
    audit = save(case, place.inspector, 1, people=[])
    assert (len(audit.timeline), audit.people) == (1, [])


@pytest.mark.parametrize(
    "part, named",
    [
        ({"answers": {"beta-1": ("met", "")}}, "answer-beta-1"),
        ({"answers": {"alpha-1": ("perhaps", "")}}, "answer-alpha-1"),
        ({"answers": {"alpha-1": ("", "x" * 2001)}}, "note-alpha-1"),
        ({"findings": [NewFinding("a", "theme-nowhere", "", "x")]}, "finding-a"),
        ({"findings": [NewFinding("a", ALPHA, "praise", "x")]}, "finding-a"),
        ({"findings": [NewFinding("a", ALPHA, "", "x", ["beta-1"])]}, "finding-a"),
        ({"findings": [NewFinding("a b", ALPHA, "", "x")]}, "finding-a b"),
        ({"findings": [NewFinding("a", ALPHA, "", "x")] * 2}, "finding-a"),
        ({"findings": [NewFinding("a", ALPHA, "", "x" * 10_001)]}, "finding-a"),
        ({"timeline": [content.event_of("x" * 201, "", "", "", "")]}, "event-0"),
        ({"timeline": [content.event_of("x", "", "", "", "", "laziness")]}, "event-0"),
        ({"people": [content.person_of("witness", "", "")]}, "person-0"),
        ({"people": [content.person_of("child", "", "both")]}, "person-0"),
        ({"facts": {"nothing-known": "yes"}}, "fact-nothing-known"),
        ({"reason": "x" * 5001}, "reason"),
    ],
)
def test_what_no_draft_can_hold_is_refused_by_name(place, part, named):
    case = make_case(place.inspection)
    with pytest.raises(UnfitContent) as refused:
        save(case, place.inspector, **part)
    assert list(refused.value.fields) == [named]
    assert not Audit.objects.exists()


def test_who_grades_which_side_at_which_stage(place):
    sample, selected = (
        make_case(place.inspection),
        make_case(place.inspection, route=Route.SELECTED),
    )
    everybody = {
        name: getattr(place, name)
        for name in (
            *("lead", "inspector", "outsider", "manager", "administrator"),
            *("force_lead", "assessor", "viewer", "other_force"),
        )
    }
    inspectors = {"lead": OURS, "inspector": OURS}
    expected = {
        Stage.SELF_ASSESSMENT: ({"force_lead": THEIRS, "assessor": THEIRS}, {}),
        Stage.FIELDWORK: (inspectors, inspectors),
        Stage.DRAFTING: (inspectors, inspectors),
        Stage.FACTUAL_ACCURACY: (inspectors, inspectors),
    }
    for stage in Stage:
        place.inspection.published_on = dt.date(2026, 3, 3) if stage.position > 4 else None
        place.at(stage)
        for case, wanted in zip((sample, selected), expected.get(stage, ({}, {})), strict=True):
            case.inspection = place.inspection
            may = {name: grading.may_grade(case, person) for name, person in everybody.items()}
            assert {name: side for name, side in may.items() if side} == wanted, (stage, case.route)


def test_nobody_grades_an_excluded_case(place):
    case = sampling.exclude(make_case(place.inspection), reason="Sealed.", by=place.lead)
    with pytest.raises(NotAllowed):
        save(case, place.inspector)


def test_the_inspectorate_never_writes_the_forces_audit(place):
    with pytest.raises(NotAllowed):
        save(make_case(place.inspection), place.inspector, side=THEIRS)


def test_a_grade_of_another_framework_is_refused(place):
    case, other = make_case(place.inspection), make_framework()
    with pytest.raises(OtherScale):
        save(case, place.inspector, grade=other.grades.first())


def test_what_looks_personal_is_saved_but_not_submitted_until_somebody_says_why(place):
    case = make_case(place.inspection)
    findings = found(b=(BETA, "Write to jo@example.org"))
    audit = save(case, place.inspector, grade=grade_of(place), reason="Late.", findings=findings)
    with pytest.raises(LooksPersonal) as refused:
        grading.submit(audit, by=place.inspector, version=1)
    assert list(refused.value.fields) == ["finding-b"]
    done = grading.submit(
        audit, by=place.inspector, version=1, personal_data_reason="The address of a public body."
    )
    assert done.is_submitted
    assert case.inspection.confirmed_fragments.get().fragment == "jo@example.org"


def test_the_second_to_save_gets_the_firsts_words_and_changes_nothing(place):
    case = make_case(place.inspection)
    save(case, place.inspector, reason="First.", findings=found(a=(ALPHA, "First finding.")))
    with pytest.raises(StaleAudit) as stale:
        save(case, place.lead, 0, reason="Second.", findings=found(a=(ALPHA, "Second finding.")))
    assert stale.value.current.reason == "First."
    save(case, place.inspector, 1, reason="Third.")
    with pytest.raises(StaleAudit) as stale:
        save(case, place.lead, 1, reason="Fourth.", findings=found(a=(ALPHA, "Fourth.")))
    assert stale.value.current.version == 2
    audit = Audit.objects.get()
    assert audit.reason == "Third."
    assert texts(audit) == {"theme-alpha": "First finding."}


def test_the_biggest_version_that_a_form_takes_is_a_conflict(place):
    case = make_case(place.inspection)
    save(case, place.inspector)
    with pytest.raises(StaleAudit):
        save(case, place.inspector, version=BIGGEST_VERSION)


def test_submitting_needs_a_grade_and_a_reason(place):
    case = make_case(place.inspection)
    audit = save(case, place.inspector)
    with pytest.raises(NotReady) as refused:
        grading.submit(audit, by=place.inspector, version=1)
    assert refused.value.missing == ["grade", "reason"]
    audit = save(case, place.inspector, 1, grade=grade_of(place), reason="   ")
    with pytest.raises(NotReady) as refused:
        grading.submit(audit, by=place.inspector, version=2)
    assert refused.value.missing == ["reason"]


@pytest.mark.parametrize(
    "part, named",
    [
        ({"findings": [NewFinding("a", ALPHA, "", "Late.")]}, "finding-a"),
        ({"findings": [NewFinding("a", "", "weakness", "Late.")]}, "finding-a"),
        ({"findings": [NewFinding("a", ALPHA, "weakness", " ")]}, "finding-a"),
        ({"timeline": [content.event_of("Report", "31", "2", "2026", "")]}, "event-0"),
        ({"timeline": [content.event_of("Report", "29", "3", "2026", "01:30")]}, "event-0"),
        ({"timeline": [content.event_of("Report", "", "", "", "")]}, "event-0"),
        ({"timeline": [content.event_of("", "3", "2", "2026", "")]}, "event-0"),
        ({"people": [content.person_of("child", "seven", "")]}, "person-0"),
        ({"people": [content.person_of("child", "18", "")]}, "person-0"),
    ],
)
def test_a_half_written_part_is_kept_in_the_draft_and_named_when_it_is_submitted(
    place, part, named
):
    case = make_case(place.inspection)
    audit = save(case, place.inspector, grade=grade_of(place), reason="Prompt.", **part)
    with pytest.raises(NotReady) as refused:
        grading.submit(audit, by=place.inspector, version=1)
    assert refused.value.missing == [named]
    assert grading.own_audit(case, place.inspector).version == 1


def test_a_submitted_audit_counts_and_can_no_longer_be_saved(place):
    case = make_case(place.inspection)
    audit = save(case, place.inspector, grade=grade_of(place), reason="Prompt.")
    audit = grading.submit(audit, by=place.inspector, version=1)
    assert (audit.status, audit.version, audit.submitted_by) == ("submitted", 2, place.inspector)
    assert audit.first_submitted_at == audit.submitted_at
    with pytest.raises(StaleAudit):
        save(case, place.lead, 1, reason="Late.")
    with pytest.raises(StaleAudit):
        save(case, place.lead, 2, reason="Late.")
    with pytest.raises(StaleAudit):
        grading.submit(audit, by=place.lead, version=2)


def test_submitting_what_somebody_saved_since_is_refused(place):
    case = make_case(place.inspection)
    audit = save(case, place.inspector, grade=grade_of(place), reason="Prompt.")
    save(case, place.lead, 1, grade=grade_of(place, "bad"), reason="Late.")
    with pytest.raises(StaleAudit) as stale:
        grading.submit(audit, by=place.inspector, version=1)
    assert stale.value.current.reason == "Late."
    assert Audit.objects.get().status == "draft"


def test_the_author_and_the_lead_reopen_with_a_reason_and_the_first_grade_stays_on_record(place):
    case = make_case(place.inspection)
    audit = save(case, place.inspector, grade=grade_of(place), reason="Prompt.")
    first = grading.submit(audit, by=place.inspector, version=1)
    with pytest.raises(grading.NeedsReason):
        grading.reopen(first, by=place.inspector, reason=" ")
    reopened = grading.reopen(first, by=place.lead, reason="A page was missing.")
    assert (reopened.status, reopened.change_reason) == ("draft", "A page was missing.")
    assert reopened.first_submitted_at == first.submitted_at
    save(case, place.inspector, reopened.version, grade=grade_of(place, "bad"), reason="Late.")
    grading.submit(reopened, by=place.inspector, version=reopened.version + 1)
    events = Audit.pgh_event_model.objects.filter(pgh_obj=audit, status="submitted")
    assert list(events.order_by("pgh_id").values_list("grade__code", flat=True)) == ["good", "bad"]


def test_nobody_else_reopens(place):
    audit = make_audit(make_case(place.inspection), by=place.lead)
    for person in (
        *(place.inspector, place.outsider, place.manager, place.administrator),
        *(place.force_lead, place.assessor),
    ):
        with pytest.raises(NotAllowed):
            grading.reopen(audit, by=person, reason="I want to.")


def test_the_force_lead_reopens_the_assessors_audit_only_before_fieldwork(place):
    place.at(Stage.SELF_ASSESSMENT)
    audit = make_audit(make_case(place.inspection), THEIRS, by=place.assessor)
    audit = grading.reopen(audit, by=place.force_lead, reason="Wrong file.")
    audit = grading.submit(audit, by=place.assessor, version=audit.version)
    place.at(Stage.FIELDWORK)
    with pytest.raises(NotAllowed):
        grading.reopen(audit, by=place.assessor, reason="Too late.")


def race(*actions):
    """Run the actions at the same moment, each on a connection of its own; return what became of each."""
    outcomes, start = {}, threading.Barrier(len(actions))

    def run(name, action):
        start.wait()
        try:
            action()
            outcomes[name] = "done"
        except (StaleAudit, NotReady, NotAllowed) as error:
            outcomes[name] = type(error).__name__
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=(name, action)) for name, action in enumerate(actions)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [outcomes[name] for name in range(len(actions))]


def test_of_two_first_saves_at_once_one_wins(transactional_db):
    place = make_place()
    case = make_case(place.inspection)
    outcome = race(
        lambda: save(case, place.inspector, reason="One.", findings=found(a=(ALPHA, "One."))),
        lambda: save(case, place.lead, reason="Two.", findings=found(b=(ALPHA, "Two."))),
    )
    assert sorted(outcome) == ["StaleAudit", "done"]
    audit = Audit.objects.get()
    assert texts(audit) == {"theme-alpha": audit.reason}


def test_of_a_save_and_a_submission_at_once_one_wins(transactional_db):
    place = make_place()
    for _round in range(5):
        case = make_case(place.inspection)
        audit = save(case, place.inspector, grade=grade_of(place), reason="One.")
        outcome = race(
            lambda audit=audit: grading.submit(audit, by=place.inspector, version=1),
            lambda case=case: save(
                case, place.lead, 1, grade=grade_of(place, "bad"), reason="Two."
            ),
        )
        assert sorted(outcome) == ["StaleAudit", "done"]
        audit.refresh_from_db()
        expected = ("submitted", "One.") if outcome[0] == "done" else ("draft", "Two.")
        assert (audit.status, audit.reason) == expected


def test_of_two_submissions_and_reopenings_at_once_one_wins(transactional_db):
    place = make_place()
    case = make_case(place.inspection)
    audit = save(case, place.inspector, grade=grade_of(place), reason="One.")
    outcome = race(
        lambda: grading.submit(audit, by=place.inspector, version=1),
        lambda: grading.submit(audit, by=place.lead, version=1),
    )
    assert sorted(outcome) == ["StaleAudit", "done"]
    outcome = race(
        lambda: grading.reopen(audit, by=place.lead, reason="One."),
        lambda: grading.reopen(audit, by=place.lead, reason="Two."),
    )
    assert sorted(outcome) == ["NotAllowed", "done"]


def test_a_submission_waits_for_a_stage_move_and_then_is_refused(transactional_db):
    place = make_place(Stage.SELF_ASSESSMENT)
    case = make_case(place.inspection)
    audit = save(case, place.assessor, side=THEIRS, grade=grade_of(place), reason="One.")
    outcome = []

    def submit():
        try:
            grading.submit(audit, by=place.assessor, version=1)
        except NotAllowed:
            outcome.append("refused")
        finally:
            connection.close()

    thread = threading.Thread(target=submit)
    with transaction.atomic():
        moving = type(place.inspection).objects.select_for_update().get(pk=place.inspection.pk)
        thread.start()
        thread.join(timeout=0.5)
        assert thread.is_alive()
        moving.stage = Stage.FIELDWORK
        moving.save()
    thread.join()
    assert outcome == ["refused"]
