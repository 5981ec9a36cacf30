"""A lead sends a case to a second inspector, who is blind to the first; the request can be taken back."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.errors import NotAllowed
from accounts.models import Role
from cases import reading_record, readings
from cases.models import Audit, CaseFile, Reading
from inspections import team
from inspections.models import Side, Stage, TeamMember
from tests.support.factories import make_audit, make_case, make_user

TODAY = dt.date(2026, 2, 5)


@pytest.fixture
def case(place):
    """A case that the inspector has graded."""
    found = make_case(place.inspection, reference="A-1")
    make_audit(found, Side.FORCE, "good", by=place.assessor)
    make_audit(found, grade="bad", by=place.inspector)
    return found


@pytest.fixture
def second(place):
    """Another inspector of the team."""
    user = make_user(Role.INSPECTOR, name="Second Reader")
    TeamMember.objects.create(inspection=place.inspection, user=user)
    return user


def obstacles(case):
    return {one.user: one.obstacle for one in readings.candidates(case)}


def test_the_reader_gets_an_empty_audit_of_their_own_beside_the_first(place, case, second):
    audit = readings.ask(case, second, by=place.lead)
    assert (audit.reading, audit.reader, audit.requested_by) == (
        Reading.SECOND,
        second,
        place.lead,
    )
    assert (audit.grade, audit.reason, audit.version) == (None, "", 1)
    assert Audit.objects.main().filter(case=case, side=Side.INSPECTORATE).count() == 1
    assert list(Audit.objects.unfinished_readings_of(second)) == [audit]


@pytest.mark.parametrize("person", ["inspector", "manager", "outsider", "force_lead"])
def test_only_the_lead_asks(place, case, second, person):
    with pytest.raises(NotAllowed):
        readings.ask(case, second, by=getattr(place, person))


@pytest.mark.parametrize("stage", [Stage.SELF_ASSESSMENT, Stage.DRAFTING, Stage.FACTUAL_ACCURACY])
def test_readings_are_asked_for_in_fieldwork_only(place, case, second, stage):
    place.at(stage)
    with pytest.raises(NotAllowed):
        readings.ask(CaseFile.objects.get(pk=case.pk), second, by=place.lead)


def test_nobody_reads_an_excluded_case_again(place, case, second):
    case.excluded_at, case.excluded_reason = dt.datetime.now(dt.UTC), "Not ours."
    case.save()
    with pytest.raises(NotAllowed):
        readings.ask(case, second, by=place.lead)


def test_only_an_inspector_of_the_team_can_be_asked(place, case):
    for person in (place.outsider, place.manager, place.assessor):
        with pytest.raises(readings.CannotRead, match="not an inspector of this team"):
            readings.ask(case, person, by=place.lead)


def test_who_wrote_the_audit_cannot_read_it_blind_even_if_somebody_else_submitted_it(
    place, case, second
):
    main = Audit.objects.main().get(case=case, side=Side.INSPECTORATE)
    main.updated_by = main.submitted_by = place.lead
    main.save()
    found = obstacles(case)
    assert found[place.inspector] == found[place.lead] == "has worked on its audit"
    assert found[second] == ""
    with pytest.raises(readings.CannotRead):
        readings.ask(case, place.inspector, by=place.lead)


def test_who_is_assigned_to_the_case_cannot_read_it_blind(place, case, second):
    case.assigned_to = second
    case.save()
    with pytest.raises(readings.CannotRead, match="is assigned to it"):
        readings.ask(case, second, by=place.lead)


def test_who_opened_the_case_after_its_audit_was_begun_is_not_blind(place, case, second):
    other = make_case(place.inspection)
    reading_record.opened(case, other, by=second)
    with pytest.raises(readings.CannotRead, match="has opened it"):
        readings.ask(case, second, by=place.lead)
    readings.ask(other, second, by=place.lead)  # there was no audit to be seen


def test_nobody_is_asked_twice_for_the_same_case(place, case, second):
    readings.ask(case, second, by=place.lead)
    with pytest.raises(readings.CannotRead, match="has been asked already"):
        readings.ask(case, second, by=place.lead)


def test_many_cases_are_sent_at_once_save_those_that_the_reader_knows(place, case, second):
    known = make_case(place.inspection, reference="A-2", assigned_to=second)
    cases = CaseFile.objects.filter(pk__in=[case.pk, known.pk])
    asked, refused = readings.ask_many(cases, second, by=place.lead)
    assert asked == [case]
    assert list(refused) == ["A-2"]
    assert "is assigned to it" in refused["A-2"]


def test_a_request_is_withdrawn_while_it_is_untouched(place, case, second):
    audit = readings.ask(case, second, by=place.lead)
    with pytest.raises(NotAllowed):
        readings.withdraw(audit, by=place.inspector)
    readings.withdraw(audit, by=place.lead)
    assert not Audit.objects.unfinished_readings_of(second).exists()
    readings.withdraw(audit, by=place.lead)  # twice does no harm


def test_what_a_reader_has_begun_is_theirs_to_finish_unless_they_left_the_team(place, case, second):
    audit = readings.ask(case, second, by=place.lead)
    Audit.objects.filter(pk=audit.pk).update(version=2, reason="So far.")
    with pytest.raises(readings.Begun):
        readings.withdraw(audit, by=place.lead)
    TeamMember.objects.filter(user=second).delete()
    team.forget(place.inspection)
    readings.withdraw(audit, by=place.lead)
    events = Audit.pgh_event_model.objects.filter(pgh_obj=audit.pk)
    assert "So far." in events.values_list("reason", flat=True)


def test_the_inspectorates_own_audit_cannot_be_withdrawn(place, case):
    main = Audit.objects.main().get(case=case, side=Side.INSPECTORATE)
    readings.withdraw(main, by=place.lead)
    assert Audit.objects.filter(pk=main.pk).exists()


def test_the_reader_finds_what_they_owe_under_your_work(place, case, second):
    assert readings.work_for(second, TODAY) == []
    readings.ask(case, second, by=place.lead)
    [item] = readings.work_for(second, TODAY)
    assert item.title == "Give a second reading of 1 case"
    assert item.url == reverse("cases:audit", args=[case.pk])
    assert item.due_on == place.inspection.fieldwork_end
    assert readings.work_for(place.lead, TODAY) == readings.work_for(place.assessor, TODAY) == []


# -- The page -----------------------------------------------------------------------------------------------------


def test_the_lead_asks_and_withdraws_on_a_page(client, place, case, second):
    client.force_login(place.lead)
    url = reverse("cases:ask_reading", args=[case.pk])
    page = client.get(url).content.decode()
    assert "Second Reader" in page
    assert "has worked on its audit" in page
    page = client.post(url, {"reader": second.pk}, follow=True).content.decode()
    assert "Second Reader is asked for a second reading of A-1." in page
    audit = Audit.objects.get(reader=second)
    page = client.post(
        reverse("cases:withdraw_reading", args=[case.pk]), {"reading": audit.pk}, follow=True
    ).content.decode()
    assert "The request to Second Reader is withdrawn." in page
    assert not Audit.objects.filter(reader=second).exists()


def test_the_page_wants_a_reader_who_is_blind(client, place, case, second):
    client.force_login(place.lead)
    url = reverse("cases:ask_reading", args=[case.pk])
    assert "Select who is to read the case" in client.post(url).content.decode()
    client.post(url, {"reader": place.inspector.pk})
    assert not Audit.objects.exclude(reading=Reading.MAIN).exists()


@pytest.mark.parametrize("person", ["inspector", "manager"])
def test_nobody_else_opens_the_page(client, place, case, person):
    client.force_login(getattr(place, person))
    assert client.get(reverse("cases:ask_reading", args=[case.pk])).status_code == 403
    withdraw = reverse("cases:withdraw_reading", args=[case.pk])
    assert client.post(withdraw, {"reading": "1"}).status_code == 403


@pytest.mark.parametrize("nonsense", ["", "x", "0", "9" * 40, "²"])
def test_a_reading_that_is_none_is_not_found(client, place, case, nonsense):
    client.force_login(place.lead)
    withdraw = reverse("cases:withdraw_reading", args=[case.pk])
    assert client.post(withdraw, {"reading": nonsense}).status_code == 404
