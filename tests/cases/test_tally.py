"""The tally equals a count of one's own, agrees with the figures, and says itself in words."""

from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import figures, tally
from cases.models import Answer, AuditStatus, CaseFile, IndicatorAnswer, Reading, Route
from cases.tally import Counts, IndicatorRow, TallyDisagrees, in_words, sentence
from inspections.models import Side, Stage
from tests.support.factories import make_audit, make_case


def answer(audit, *answers):
    """Give these answers to the first indicators of the case's area; None leaves one without a row."""
    indicators = audit.case.area.indicators.order_by("order")
    for indicator, given_answer in zip(indicators, answers, strict=False):
        if given_answer is not None:
            IndicatorAnswer.objects.create(
                audit=audit,
                framework_id=audit.framework_id,
                indicator=indicator,
                answer=given_answer,
            )


answers = st.lists(st.sampled_from([None, "", *Answer.values]), min_size=2, max_size=2)
one_case = st.fixed_dictionaries(
    {
        "area": st.sampled_from(["alpha", "beta", "gamma"]),
        "excluded": st.sampled_from([False, False, False, True]),
        "ours": st.none() | st.tuples(answers, st.sampled_from("sdm")),
        "theirs": st.none() | st.tuples(answers, st.sampled_from("sd")),
        "reading": st.none() | st.tuples(answers, st.sampled_from("sd")),
    }
)


def put(place, cases):
    CaseFile.objects.filter(inspection=place.inspection).delete()
    for each in cases:
        case = make_case(place.inspection, area=each["area"], route=Route.SELF_ASSESSED)
        for side, made in ((Side.INSPECTORATE, each["ours"]), (Side.FORCE, each["theirs"])):
            if made:
                audit = make_audit(case, side, submitted=made[1] != "d")
                answer(audit, *made[0])
                if made[1] == "m":
                    audit.status, audit.moderated_at = AuditStatus.MODERATED, timezone.now()
                    audit.moderation_reason = "Read again."
                    audit.save()
        if each["reading"]:
            given_answers, state = each["reading"]
            second = make_audit(
                case,
                reading=Reading.SECOND,
                reader=place.inspector,
                submitted=state == "s",
            )
            answer(second, *given_answers)
        if each["excluded"]:
            case.excluded_at, case.excluded_reason = timezone.now(), "Sealed."
            case.save()


def by_hand(cases, person_reads):
    """Count without the database: a dictionary of (area, indicator's place, answer)."""
    found: dict[Any, int] = {}
    audits: dict[Any, int] = {}
    for each in cases:
        audit = person_reads(each)
        if each["excluded"] or audit is None or audit[1] == "d":
            continue
        audits[each["area"]] = audits.get(each["area"], 0) + 1
        for place, given_answer in enumerate(audit[0]):
            key = (each["area"], place, given_answer or "unanswered")
            found[key] = found.get(key, 0) + 1
    return found, audits


def flat(counted):
    """The tally as `by_hand` counts."""
    found = {
        (area.code, place, name): getattr(row.counts, name)
        for area in counted.areas
        for place, row in enumerate(area.rows)
        for name in (*Answer.values, "unanswered")
        if getattr(row.counts, name)
    }
    return found, {area.code: area.audits for area in counted.areas if area.audits}


@given(st.lists(one_case, max_size=10), st.booleans())
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_tally_equals_a_count_by_hand_and_agrees_with_the_figures(place, cases, seen):
    place.at(Stage.FACTUAL_ACCURACY if seen else Stage.FIELDWORK)
    put(place, cases)
    inspection = place.inspection

    def blind_reader(each):
        return None if each["reading"] and each["reading"][1] == "d" else each["ours"]

    for person, reads in (
        (place.manager, lambda each: each["ours"]),
        (place.inspector, blind_reader),
        (place.viewer, lambda each: each["ours"] if seen else each["theirs"]),
    ):
        counted = tally.for_inspection(inspection, person)
        assert flat(counted) == by_hand(cases, reads)
        shown = figures.for_inspection(inspection, person)
        if counted.side == Side.INSPECTORATE:
            assert counted.audits == shown.graded
            assert [area.audits for area in counted.areas] == [row.total for row in shown.by_area]
        else:
            assert counted.audits == shown.force_sample.total
        assert counted.counts.total == sum(area.audits * len(area.rows) for area in counted.areas)


def test_people_without_access_are_told_nothing(place):
    answer(make_audit(make_case(place.inspection)), "met", "partly")
    for person in (place.administrator, place.outsider, place.other_force, place.force_lead):
        assert tally.for_inspection(place.inspection, person).audits == 0


def test_the_number_of_queries_does_not_grow(place, django_assert_max_num_queries):
    for number in (1, 20):
        for _ in range(number):
            answer(make_audit(make_case(place.inspection)), "met", "partly")
        tally.for_inspection(
            place.inspection, place.inspector
        )  # the framework is read once a process
        with django_assert_max_num_queries(3):
            tally.for_inspection(place.inspection, place.inspector)


def test_answers_that_do_not_add_up_cannot_be_shown():
    rows = (IndicatorRow("a", "A", Counts(2, 0, 0, 0, 0, 0)),)
    with pytest.raises(TallyDisagrees):
        tally.AreaTally("x", "X", 3, rows)
    more_answers_than_audits = (IndicatorRow("a", "A", Counts(4, 0, 0, 0, 0, -1)),)
    with pytest.raises(TallyDisagrees):
        tally.AreaTally("x", "X", 3, more_answers_than_audits)


TEXT = "Officers see and speak to every child in the home."


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (
            Counts(6, 0, 0, 0, 0, 0),
            "In 6 of 6 domestic abuse cases this was met: officers see and speak to every child in the home.",
        ),
        (
            Counts(3, 2, 1, 10, 0, 0),
            "In 3 of 16 domestic abuse cases this was met: officers see and speak to every child in the home. "
            "It was partly met in two, not met in one and not recorded in 10.",
        ),
        (
            Counts(0, 0, 1, 0, 1, 2),
            "In 0 of 1 domestic abuse case this was met: officers see and speak to every child in the home. "
            "It was not met in one. It does not apply to one further case. Two further cases have no answer.",
        ),
        (
            Counts(0, 0, 0, 0, 2, 0),
            "In none of the domestic abuse cases could this be judged: officers see and speak to every child in the "
            "home. It does not apply to two cases.",
        ),
        (
            Counts(0, 0, 0, 0, 0, 0),
            "No audits of domestic abuse cases are submitted yet: officers see and speak to every child in the home.",
        ),
    ],
)
def test_counts_are_said_in_words(counts, words):
    assert sentence("Domestic abuse", TEXT, counts) == words


def test_long_names_of_areas_and_abbreviations_stay_readable():
    counts = Counts(1, 0, 0, 0, 0, 0)
    assert sentence("Child protection enquiry (section 47)", "CSE is flagged", counts) == (
        "In 1 of 1 case in “Child protection enquiry (section 47)” this was met: CSE is flagged."
    )


def test_numbers_below_ten_are_words():
    assert [in_words(number) for number in (0, 1, 9, 10, 1200)] == [
        "no",
        "one",
        "nine",
        "10",
        "1,200",
    ]
