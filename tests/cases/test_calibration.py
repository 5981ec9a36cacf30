"""Several inspectors read one case blind to each other; then it is shown how alike they grade."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import Role
from cases import calibration, personal_data, readings
from cases.models import Audit, AuditStatus, Calibration, Reading
from inspections.models import TeamMember
from tests.support.factories import make_audit, make_case, make_user


@pytest.fixture
def three(place):
    """Three inspectors of the team, beside the one who writes the audits."""
    people = [make_user(Role.INSPECTOR, name=f"Reader {letter}") for letter in "ABC"]
    for person in people:
        TeamMember.objects.create(inspection=place.inspection, user=person)
    return people


@pytest.fixture
def case(place):
    found = make_case(place.inspection, reference="A-1")
    make_audit(found, grade="bad", by=place.inspector)
    return found


def submit(case, person, grade):
    """Submit the reading that `person` was asked for."""
    chosen = case.inspection.framework.grades.get(code=grade)
    moment = timezone.now()
    Audit.objects.filter(case=case, reader=person).update(
        status=AuditStatus.SUBMITTED,
        grade=chosen,
        final_grade=chosen,
        reason=f"{person.name} says {grade}.",
        version=2,
        submitted_by=person,
        submitted_at=moment,
        first_submitted_at=moment,
        updated_by=person,
    )


def calibrated(place, three, reference, *grades):
    """A case that the three have read, with the grades that they gave; nobody else has graded it."""
    case = make_case(place.inspection, reference=reference)
    calibration.start(case, three[: len(grades)], by=place.lead)
    for person, grade in zip(three, grades, strict=False):
        submit(case, person, grade)
    return case


def test_each_gets_an_audit_of_their_own(place, case, three):
    calibration.start(case, three, by=place.lead, note="Look at supervision.")
    audits = Audit.objects.filter(case=case, reading=Reading.CALIBRATION)
    assert {audit.reader for audit in audits} == set(three)
    assert case.calibration.note == "Look at supervision."


def test_one_reader_alone_is_no_calibration_but_may_join_later(place, case, three):
    with pytest.raises(calibration.TooFewReaders):
        calibration.start(case, three[:1], by=place.lead)
    assert not Calibration.objects.exists()
    calibration.start(case, three[:2], by=place.lead)
    calibration.start(case, three[2:], by=place.lead)
    assert calibration.of_case(case).count() == 3


def test_who_is_not_blind_keeps_all_of_it_from_starting(place, case, three):
    with pytest.raises(readings.CannotRead):
        calibration.start(case, [three[0], place.inspector], by=place.lead)
    assert not Audit.objects.filter(case=case, reading=Reading.CALIBRATION).exists()
    assert not Calibration.objects.exists()


@pytest.mark.parametrize("person", ["inspector", "manager", "outsider", "force_lead"])
def test_only_the_lead_starts_and_closes(place, case, three, person):
    with pytest.raises(NotAllowed):
        calibration.start(case, three, by=getattr(place, person))
    calibration.start(case, three, by=place.lead)
    with pytest.raises(NotAllowed):
        calibration.close(case, by=getattr(place, person))


def test_the_note_names_nobody(place, case, three):
    with pytest.raises(personal_data.LooksPersonal):
        calibration.start(case, three, by=place.lead, note="Ask anna@example.org.")


# -- The spread ---------------------------------------------------------------------------------------------------


def test_the_spread_is_shown_once_all_have_submitted(place, case, three):
    calibration.start(case, three, by=place.lead)
    submit(case, three[0], "good")
    submit(case, three[1], "bad")
    assert calibration.spread(case, place.lead) is None
    submit(case, three[2], "good")
    found = calibration.spread(case, place.lead)
    assert [(one.reader, one.grade.code) for one in found.given] == [
        (three[0], "good"),
        (three[1], "bad"),
        (three[2], "good"),
    ]
    assert [(grade.code, number) for grade, number in found.counts] == [("good", 2), ("bad", 1)]
    assert found.steps == 2


def test_nobody_reads_what_others_wrote_until_the_last_has_submitted(place, case, three):
    calibration.start(case, three, by=place.lead)
    submit(case, three[0], "good")
    submit(case, three[1], "bad")
    texts = lambda user: set(  # noqa: E731
        Audit.objects.visible_to(user).filter(case=case).values_list("reason", flat=True)
    )
    assert texts(three[0]) == {"Reader A says good.", "Because of what the file shows."}
    assert texts(three[2]) == {""}
    assert texts(place.lead) == {"Because of what the file shows."}
    submit(case, three[2], "fair")
    assert {"Reader A says good.", "Reader B says bad."} < texts(three[2]) == texts(place.lead)


def test_a_closed_calibration_goes_without_what_was_not_submitted(place, case, three):
    calibration.start(case, three, by=place.lead)
    submit(case, three[0], "good")
    submit(case, three[1], "fair")
    assert calibration.close(case, by=place.lead) == 1
    assert calibration.spread(case, place.lead).steps == 1
    assert not Audit.objects.unfinished_readings_of(three[2]).exists()


def test_a_calibration_that_nobody_submitted_disappears_when_it_is_closed(place, case, three):
    calibration.start(case, three, by=place.lead)
    assert calibration.close(case, by=place.lead) == 3
    assert not Calibration.objects.exists()


def test_the_grade_given_first_counts_whatever_its_author_said_later(place, case, three):
    calibration.start(case, three, by=place.lead)
    for person, grade in zip(three, ("good", "bad", "bad"), strict=True):
        submit(case, person, grade)
    submit(case, three[0], "bad")
    assert calibration.spread(case, place.lead).steps == 2


# -- Leanings -----------------------------------------------------------------------------------------------------


def test_a_leaning_is_the_mean_distance_from_the_mean_of_the_others(place, three):
    for number in range(calibration.FEWEST_CASES):
        calibrated(place, three, f"A-{number}", "good", "fair", "bad")
    found = calibration.leanings(place.inspection)
    assert [(one.person, one.cases, one.steps) for one in found] == [
        (three[0], 5, 1.5),  # the others gave fair and bad, one and two steps lower
        (three[1], 5, 0.0),
        (three[2], 5, -1.5),
    ]


def test_too_few_cases_say_nothing(place, three):
    for number in range(calibration.FEWEST_CASES - 1):
        calibrated(place, three, f"A-{number}", "good", "bad")
    assert [one.steps for one in calibration.leanings(place.inspection)] == [None, None]


def test_main_audits_and_second_readings_of_the_same_case_count_too(place, three, case):
    readings.ask(case, three[0], by=place.lead)
    submit(case, three[0], "good")
    found = {one.person: one.cases for one in calibration.leanings(place.inspection)}
    assert found == {place.inspector: 1, three[0]: 1}


def test_a_case_that_somebody_has_yet_to_read_or_that_is_excluded_does_not_count(
    place, three, case
):
    calibration.start(case, three, by=place.lead)
    submit(case, three[0], "good")
    submit(case, three[1], "good")
    assert calibration.leanings(place.inspection) == []
    submit(case, three[2], "good")
    assert len(calibration.leanings(place.inspection)) == 4
    case.excluded_at, case.excluded_reason = timezone.now(), "Not ours."
    case.save()
    assert calibration.leanings(place.inspection) == []


# -- The pages ----------------------------------------------------------------------------------------------------


def test_a_lead_starts_and_closes_a_calibration_on_its_page(client, place, case, three):
    client.force_login(place.lead)
    url = reverse("cases:calibrate", args=[case.pk])
    page = client.post(url, {"readers": [three[0].pk]}).content.decode()
    assert "Select at least two inspectors" in page
    sent = {"readers": [person.pk for person in three], "note": "Look at supervision."}
    page = client.post(url, sent, follow=True).content.decode()
    assert "Reader A, Reader B, Reader C are asked to read A-1." in page
    assert "Not begun" in page
    for person, grade in zip(three[:2], ("good", "bad"), strict=True):
        submit(case, person, grade)
    assert "2 steps" not in client.get(url).content.decode()
    closing = reverse("cases:close_calibration", args=[case.pk])
    page = client.post(closing, follow=True).content.decode()
    assert "1 reading was not submitted and is dropped" in page
    assert "2 steps" in page


def test_leads_and_managers_see_how_everybody_leans_and_others_how_they_do(client, place, three):
    for number in range(calibration.FEWEST_CASES):
        calibrated(place, three, f"A-{number}", "good", "fair", "bad")
    url = reverse("cases:calibrations", args=[place.inspection.pk])
    for person in (place.lead, place.manager):
        client.force_login(person)
        page = client.get(url).content.decode()
        assert "1.5 steps higher" in page
        assert "1.5 steps lower" in page
        assert "As the others" in page
    client.force_login(three[0])
    page = client.get(url).content.decode()
    assert "1.5 steps higher" in page
    assert "1.5 steps lower" not in page


def test_the_pages_of_calibration_are_not_for_a_force_nor_all_for_every_inspector(
    client, place, case
):
    listed = reverse("cases:calibrations", args=[place.inspection.pk])
    page, closing = (
        reverse(f"cases:{name}", args=[case.pk]) for name in ("calibrate", "close_calibration")
    )
    client.force_login(place.force_lead)
    assert client.get(listed).status_code == client.get(page).status_code == 404
    client.force_login(place.inspector)
    assert client.get(listed).status_code == 200
    assert client.get(page).status_code == client.post(closing).status_code == 403


def test_the_list_takes_the_same_queries_for_one_case_and_for_many(
    client, place, three, django_assert_num_queries, django_assert_max_num_queries
):
    client.force_login(place.lead)
    url = reverse("cases:calibrations", args=[place.inspection.pk])
    calibrated(place, three, "A-00", "good", "fair", "bad")
    client.get(url)
    with django_assert_max_num_queries(20) as one:
        client.get(url)
    for number in range(1, 50):
        calibrated(place, three, f"A-{number:02}", "good", "fair", "bad")
    with django_assert_num_queries(len(one)):
        client.get(url)
