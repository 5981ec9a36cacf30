"""Whatever is written, by whom and in how many rows at once: the kept counts equal a count of all cases."""

import threading

import pgtrigger
import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.counting import recount
from cases.models import (
    Answer,
    AnswerCount,
    Audit,
    AuditStatus,
    CaseFile,
    GradeCount,
    IndicatorAnswer,
    Reading,
    Route,
)
from inspections.models import Side
from tests.cases.conftest import make_place
from tests.support.factories import make_audit, make_case, make_user


def kept(inspection):
    cells = GradeCount.objects.filter(inspection=inspection).exclude(cases=0)
    answers = AnswerCount.objects.filter(inspection=inspection).exclude(cases=0)
    return (
        sorted(map(repr, cells.values_list("area", "route", "ours", "theirs", "opened", "cases"))),
        sorted(map(repr, answers.values_list("side", "indicator", "answer", "cases"))),
    )


def assert_kept(inspection):
    found = kept(inspection)
    recount(inspection)
    assert found == kept(inspection)


def answer(audit, answers):
    indicators = audit.case.area.indicators.all()
    IndicatorAnswer.objects.bulk_create(
        [
            IndicatorAnswer(
                audit=audit, framework_id=audit.framework_id, indicator=indicator, answer=given
            )
            for indicator, given in zip(indicators, answers, strict=False)
        ]
    )


def submit(audits, **more):
    moment = timezone.now()
    return audits.update(
        status=AuditStatus.SUBMITTED,
        final_grade_id=audits.values("grade")[:1],
        first_submitted_at=moment,
        submitted_at=moment,
        **more,
    )


number = st.integers(0, 5)
steps = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("case", "audit", "reading", "answers", "change_answer", "drop_answer"),
                *("submit", "draft", "moderate", "regrade", "exclude", "include", "move"),
                *("delete_audit", "delete_case", "all_at_once"),
            ]
        ),
        number,
        number,
    ),
    max_size=25,
)


class Hand:
    """Does one thing to the cases of a place, as far as it makes sense."""

    def __init__(self, place):
        self.place, self.inspection = place, place.inspection

    def one(self, queryset, which):
        rows = list(queryset.order_by("pk"))
        return rows[which % len(rows)] if rows else None

    def do(self, what, a, b):
        case = self.one(self.inspection.cases.all(), a)
        audit = self.one(Audit.objects.main().filter(case__inspection=self.inspection), a)
        given = self.one(IndicatorAnswer.objects.filter(audit__case__inspection=self.inspection), a)
        if what == "case":
            make_case(
                self.inspection,
                area=["alpha", "beta", "gamma"][a % 3],
                route=list(Route)[b % 2],
            )
        elif what == "all_at_once":
            self.all_at_once(b)
        elif case is not None and what in ("audit", "reading", "exclude", "include", "move"):
            getattr(self, what)(case, b)
        elif what == "delete_case" and case is not None:
            case.delete()
        elif audit is not None and hasattr(self, f"{what}_it"):
            getattr(self, f"{what}_it")(audit, b)
        elif given is not None and what == "change_answer":
            given.answer = [*Answer.values, ""][b]
            given.save()
        elif given is not None and what == "drop_answer":
            given.delete()

    def audit(self, case, b):
        side = Side.FORCE if b % 2 and case.route == Route.SELF_ASSESSED else Side.INSPECTORATE
        if not Audit.objects.main().filter(case=case, side=side).exists():
            make_audit(case, side, ["good", "fair", "bad"][b % 3], submitted=b > 2)

    def reading(self, case, b):
        make_audit(case, reading=Reading.SECOND, reader=make_user(), submitted=b > 2)

    def exclude(self, case, b):
        CaseFile.objects.filter(pk=case.pk).update(
            excluded_at=timezone.now(), excluded_reason="Sealed."
        )

    def include(self, case, b):
        CaseFile.objects.filter(pk=case.pk).update(
            excluded_at=None, excluded_reason="", excluded_by=None
        )

    def move(self, case, b):
        area = self.place.framework.areas.all()[b % 3]
        CaseFile.objects.filter(pk=case.pk).update(area=area, summary="Moved.")

    def answers_it(self, audit, b):
        if not audit.answers.exists():
            answer(audit, [Answer.values[b % 5], Answer.values[(b + 1) % 5]])

    def submit_it(self, audit, b):
        submit(Audit.objects.filter(pk=audit.pk))

    def draft_it(self, audit, b):
        Audit.objects.filter(pk=audit.pk).update(status=AuditStatus.DRAFT, final_grade=None)

    def moderate_it(self, audit, b):
        if audit.side == Side.INSPECTORATE and audit.status != AuditStatus.DRAFT:
            Audit.objects.filter(pk=audit.pk).update(
                status=AuditStatus.MODERATED,
                final_grade=self.place.framework.grades.all()[b % 3],
                moderated_at=timezone.now(),
                moderation_reason="Read again.",
            )

    def regrade_it(self, audit, b):
        if audit.status == AuditStatus.SUBMITTED:
            grade = self.place.framework.grades.all()[b % 3]
            Audit.objects.filter(pk=audit.pk).update(grade=grade, final_grade=grade)

    def delete_audit_it(self, audit, b):
        audit.delete()

    def all_at_once(self, b):
        """Both sides of several cases in one statement, and then a change of all of them in one."""
        cases = CaseFile.objects.bulk_create(
            [
                CaseFile(
                    inspection=self.inspection,
                    framework_id=self.inspection.framework_id,
                    reference=f"bulk-{CaseFile.objects.count()}-{place}",
                    area=self.place.framework.areas.all()[place % 3],
                    route=Route.SELF_ASSESSED,
                )
                for place in range(3)
            ]
        )
        moment, grade = timezone.now(), self.place.framework.grades.all()[b % 3]
        audits = Audit.objects.bulk_create(
            [
                Audit(
                    case=case,
                    framework_id=case.framework_id,
                    route=case.route,
                    side=side,
                    grade=grade,
                    final_grade=grade,
                    reason="Because.",
                    status=AuditStatus.SUBMITTED,
                    submitted_at=moment,
                    first_submitted_at=moment,
                )
                for case in cases
                for side in Side.values
            ]
        )
        for audit in audits[:2]:
            answer(audit, [Answer.values[b % 5]])
        everything = Audit.objects.filter(case__inspection=self.inspection)
        everything.filter(status=AuditStatus.SUBMITTED, side=Side.FORCE).update(
            grade=grade, final_grade=grade
        )


@given(steps)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_counts_stay_true_through_any_row_of_changes(place, steps):
    CaseFile.objects.filter(inspection=place.inspection).delete()
    hand = Hand(place)
    for what, a, b in [("case", 0, 0), ("audit", 0, 5), *steps]:
        hand.do(what, a, b)
    assert_kept(place.inspection)


def test_counts_can_be_made_anew_after_triggers_were_silenced(place):
    with pgtrigger.ignore():
        audit = make_audit(make_case(place.inspection))
        answer(audit, ["met"])
    assert kept(place.inspection) == ([], [])
    recount(place.inspection)
    assert [len(rows) for rows in kept(place.inspection)] == [1, 1]


@pytest.mark.django_db(transaction=True)
def test_a_draft_that_is_saved_locks_nothing_of_the_inspection():
    place = make_place()
    audit = make_audit(make_case(place.inspection), submitted=False)
    with connection.cursor() as cursor, transaction.atomic():
        Audit.objects.filter(pk=audit.pk).update(reason="Another.")
        answer(audit, ["met"])
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND mode = 'RowShareLock' "
            "AND relation = 'inspections_inspection'::regclass"
        )
        assert cursor.fetchone() == (0,)
    assert_kept(place.inspection)


@pytest.mark.django_db(transaction=True)
def test_both_sides_submitting_one_case_at_once_are_counted_together():
    place = make_place()
    case = make_case(place.inspection)
    audits = [make_audit(case, side, submitted=False) for side in Side]
    together = threading.Barrier(2)

    def submit_one(audit):
        together.wait()
        submit(Audit.objects.filter(pk=audit.pk))
        connection.close()

    threads = [threading.Thread(target=submit_one, args=[audit]) for audit in audits]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counted = GradeCount.objects.exclude(cases=0).get()
    assert (counted.ours_id, counted.theirs_id, counted.cases) == (
        audits[0].grade_id,
        audits[1].grade_id,
        1,
    )
