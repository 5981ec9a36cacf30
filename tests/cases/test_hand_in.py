"""The force hands in its self-assessment, after which only the lead can open it again."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.errors import NotAllowed
from cases import grading, hand_in, queue, sampling
from cases.personal_data import LooksPersonal
from cases.work import work_for
from inspections import history, stages
from inspections.deadlines import set_deadline
from inspections.models import DeadlineKind, Inspection, Side, Stage
from tests.cases.conftest import make_place
from tests.support.factories import make_audit, make_case


@pytest.fixture
def place(db):
    """A force whose sample of one case in each area is complete and graded, with its deadline."""
    place = make_place(Stage.SELF_ASSESSMENT, quota=1)
    for area in ("alpha", "beta", "gamma"):
        case = make_case(place.inspection, area=area, reference=f"{area}-1")
        make_audit(case, Side.FORCE, by=place.assessor)
    set_deadline(
        place.inspection,
        DeadlineKind.SELF_ASSESSMENT,
        label="Self-assessment",
        responsible=Side.FORCE,
        due_on=dt.date(2126, 1, 9),
    )
    return place


def page(client, place, user, name, method="get", **data):
    client.force_login(user)
    return getattr(client, method)(reverse(f"cases:{name}", args=[place.inspection.pk]), data)


@pytest.mark.parametrize("who", ["assessor", "force_lead"])
def test_the_force_hands_in_what_is_complete_and_its_deadline_is_met(place, who):
    person = getattr(place, who)
    inspection = hand_in.hand_in(place.inspection, by=person)
    assert inspection.handed_in_by == person
    deadline = place.inspection.deadlines.get()
    assert (deadline.met_by, deadline.met_note) == (
        person,
        "The force handed in its self-assessment.",
    )


def test_what_is_missing_is_said_and_nothing_is_handed_in(place):
    sampling.exclude(
        place.inspection.cases.get(reference="beta-1"), reason="Sealed.", by=place.lead
    )
    case = make_case(place.inspection, area="beta", reference="beta-2")
    place.inspection.cases.filter(reference="gamma-1").delete()
    with pytest.raises(hand_in.NotComplete) as refused:
        hand_in.hand_in(place.inspection, by=place.assessor)
    assert refused.value.missing == [
        "The force’s sample lacks 1 case of “Area gamma”.",
        "The force has not submitted its audit of 1 case: beta-2.",
    ]
    make_audit(case, Side.FORCE, submitted=False)
    make_audit(make_case(place.inspection, area="gamma"), Side.FORCE)
    with pytest.raises(hand_in.NotComplete):
        hand_in.hand_in(place.inspection, by=place.assessor)
    assert not Inspection.objects.exclude(handed_in_at=None).exists()


def test_nobody_else_hands_in_and_nobody_at_another_stage(place):
    for person in (
        *(place.lead, place.inspector, place.manager, place.administrator),
        *(place.viewer, place.other_force),
    ):
        with pytest.raises(NotAllowed):
            hand_in.hand_in(place.inspection, by=person)
    place.at(Stage.FIELDWORK)
    with pytest.raises(NotAllowed):
        hand_in.hand_in(place.inspection, by=place.assessor)


def test_what_is_handed_in_is_locked_for_the_force(place):
    case = place.inspection.cases.get(reference="alpha-1")
    audit = case.audits.get()
    hand_in.hand_in(place.inspection, by=place.assessor)
    place.inspection.refresh_from_db()
    case.inspection.refresh_from_db()
    sampling.exclude(
        place.inspection.cases.get(reference="beta-1"), reason="Sealed.", by=place.lead
    )
    for person in (place.assessor, place.force_lead):
        assert sampling.may_add(place.inspection, person) is None
        assert grading.may_grade(case, person) is None
        assert queue.next_case(place.inspection, person) is None
        with pytest.raises(NotAllowed):
            sampling.add_case(
                place.inspection,
                reference="B-2",
                area=place.framework.areas.get(code="beta"),
                by=person,
            )
        with pytest.raises(NotAllowed):
            grading.reopen(audit, by=person, reason="Let me see.")
        with pytest.raises(hand_in.AlreadyHandedIn):
            hand_in.hand_in(place.inspection, by=person)


def test_the_lead_returns_it_with_a_reason_and_the_force_goes_on(place):
    hand_in.hand_in(place.inspection, by=place.assessor)
    inspection = hand_in.return_to_force(place.inspection, reason=" Grade beta-1. ", by=place.lead)
    assert (inspection.returned_by, inspection.returned_reason) == (place.lead, "Grade beta-1.")
    assert inspection.force_self_assesses
    assert place.inspection.deadlines.get().met_on is None
    place.inspection.refresh_from_db()
    assert sampling.may_add(place.inspection, place.assessor)
    again = hand_in.hand_in(place.inspection, by=place.force_lead)
    assert (again.returned_at, again.returned_reason) == (None, "")


def test_it_is_not_returned_without_a_reason_by_others_or_before_it_is_handed_in(place):
    with pytest.raises(hand_in.NotHandedIn):
        hand_in.return_to_force(place.inspection, reason="Now.", by=place.lead)
    hand_in.hand_in(place.inspection, by=place.assessor)
    with pytest.raises(hand_in.NeedsReason):
        hand_in.return_to_force(place.inspection, reason=" ", by=place.lead)
    with pytest.raises(LooksPersonal):
        hand_in.return_to_force(place.inspection, reason="Ask jo@example.org", by=place.lead)
    for person in (
        *(place.inspector, place.outsider, place.manager, place.administrator),
        *(place.assessor, place.force_lead),
    ):
        with pytest.raises(NotAllowed):
            hand_in.return_to_force(place.inspection, reason="No.", by=person)
    stages.move(place.inspection, "begin_fieldwork", by=place.lead)
    with pytest.raises(NotAllowed):
        hand_in.return_to_force(place.inspection, reason="Too late.", by=place.lead)


def test_the_history_keeps_every_handing_in_and_every_return_for_both_sides(place):
    hand_in.hand_in(place.inspection, by=place.assessor)
    hand_in.return_to_force(place.inspection, reason="Grade beta-1.", by=place.lead)
    hand_in.hand_in(place.inspection, by=place.force_lead)
    place.inspection.refresh_from_db()
    for person in (place.viewer, place.inspector):
        told = [
            (event.title, event.by, event.text)
            for event in history.events(place.inspection, person)
            if "Self-assessment " in event.title
        ]
        assert told == [
            ("Self-assessment handed in", place.force_lead.name, ""),
            ("Self-assessment returned to the force", place.lead.name, "Grade beta-1."),
            ("Self-assessment handed in", place.assessor.name, ""),
        ]


def test_the_database_takes_no_half_of_it(place):
    now = dt.datetime(2026, 1, 9, 12, tzinfo=dt.UTC)
    for wrong in (
        {"handed_in_at": now},
        {"returned_at": now, "returned_by": place.lead},
        {
            "handed_in_at": now,
            "handed_in_by": place.assessor,
            "returned_at": now,
            "returned_by": place.lead,
            "returned_reason": "Both at once.",
        },
        {"handed_in_at": now, "handed_in_by": place.assessor, "stage": Stage.PLANNED},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Inspection.objects.update(**wrong)


def test_your_work_asks_for_the_handing_in_and_then_for_nothing(place):
    today = dt.date(2026, 1, 5)
    assert [str(item.title) for item in work_for(place.assessor, today)] == [
        "Hand in the self-assessment"
    ]
    hand_in.hand_in(place.inspection, by=place.assessor)
    assert work_for(place.assessor, today) == []


# -- The pages -------------------------------------------------------------------------------------------------------


def test_the_sample_page_leads_to_the_handing_in_and_the_page_does_it(client, place):
    sample = page(client, place, place.assessor, "sample").content.decode()
    assert "The sample is complete, and the force has graded all of it." in sample
    assert reverse("cases:hand_in", args=[place.inspection.pk]) in sample
    asks = page(client, place, place.assessor, "hand_in").content.decode()
    assert "3 cases are in the sample and graded." in asks
    response = page(client, place, place.assessor, "hand_in", "post")
    assert response.url == reverse("cases:sample", args=[place.inspection.pk])
    sample = page(client, place, place.assessor, "sample").content.decode()
    assert "handed in the self-assessment on" in sample
    assert "Add a case" not in sample
    # a second look, or a colleague who was slower
    assert page(client, place, place.force_lead, "hand_in").status_code == 302
    assert page(client, place, place.force_lead, "hand_in", "post").status_code == 302


def test_the_handing_in_says_what_is_missing_instead_of_asking(client, place):
    place.inspection.cases.filter(reference="gamma-1").delete()
    for method in ("get", "post"):
        asks = page(client, place, place.assessor, "hand_in", method).content.decode()
        assert "It cannot be handed in yet" in asks
        assert "lacks 1 case of “Area gamma”" in asks
        assert 'method="post"' not in asks.split("<main")[1].split("</main")[0]
    sample = page(client, place, place.assessor, "sample").content.decode()
    assert "Before the self-assessment can be handed in" in sample
    assert "lacks 1 case of “Area gamma”" in sample


def test_the_lead_returns_it_on_a_page_and_the_force_reads_why(client, place):
    assert page(client, place, place.lead, "return_sample").status_code == 403
    hand_in.hand_in(place.inspection, by=place.assessor)
    assert "Return it to the force" in page(client, place, place.lead, "sample").content.decode()
    for person in (place.inspector, place.manager, place.assessor):
        shown = page(client, place, person, "sample").content.decode()
        assert "Return it to the force" not in shown
        assert page(client, place, person, "return_sample").status_code == 403
    refused = page(client, place, place.lead, "return_sample", "post").content.decode()
    assert "Enter why the self-assessment is returned" in refused
    refused = page(
        client, place, place.lead, "return_sample", "post", reason="Ask jo@example.org"
    ).content.decode()
    assert "looks like personal data" in refused
    response = page(
        client, place, place.lead, "return_sample", "post", reason="Beta-1 has no reason."
    )
    assert response.status_code == 302
    shown = page(client, place, place.assessor, "sample").content.decode()
    assert f"Returned to the force by {place.lead.name}" in shown
    assert "Beta-1 has no reason." in shown


def test_who_does_not_answer_for_the_force_cannot_open_the_handing_in(client, place):
    for person in (place.lead, place.inspector, place.manager, place.viewer):
        for method in ("get", "post"):
            assert page(client, place, person, "hand_in", method).status_code == 403
    for person in (place.other_force, place.outsider, place.administrator):
        assert page(client, place, person, "hand_in").status_code == 404
