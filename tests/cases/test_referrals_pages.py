"""The pages of urgent referrals: two clicks to raise one, who sees what, and nothing typed is lost."""

import datetime as dt
import threading

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from accounts.models import Access, Role, User
from cases import referrals
from cases.models import Reading, UrgentReferral
from inspections.models import Deadline, Side, Stage, TeamMember
from tests.cases.conftest import make_place
from tests.support.factories import make_audit, make_case, make_user
from tests.support.stack import assert_accessible, follow

NOW = dt.datetime(2026, 3, 3, 13, 32, tzinfo=dt.UTC)
WORDS = {"concern": "Child A is still at the home.", "must_act": "The duty inspector"}


@pytest.fixture
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def selected(place, frozen):
    """A case that inspectors selected, which the force may not open in fieldwork; both have said what they think."""
    place.case = make_case(
        place.inspection, route="selected", reference="NM-7", summary="SECRET-SUMMARY"
    )
    make_audit(place.case, reason="SECRET-REASON", by=place.inspector)
    return place


def refer(place, **words):
    return referrals.raise_(place.case, **{**WORDS, **words}, by=place.inspector)


def get(client, user, name, *args):
    client.force_login(user)
    return client.get(reverse(f"cases:{name}", args=args))


def post(client, user, name, pk, **data):
    client.force_login(user)
    return client.post(reverse(f"cases:{name}", args=[pk]), data, follow=True)


def test_an_inspector_refers_a_case_with_two_texts(client, selected):
    page = get(client, selected.inspector, "refer", selected.case.pk).text
    assert "within 4 hours" in page and "within 24 hours" in page

    response = post(client, selected.inspector, "refer", selected.case.pk, **WORDS)

    referral = UrgentReferral.objects.get()
    assert response.redirect_chain[-1][0] == f"/referrals/{referral.pk}/"
    assert "The case is referred." in response.text
    assert (referral.concern, referral.must_act) == (WORDS["concern"], WORDS["must_act"])
    again = get(client, selected.lead, "refer", selected.case.pk).text
    assert "waits for an answer of the force" in again


def test_what_is_missing_is_asked_for_and_what_was_typed_stays(client, selected):
    response = post(client, selected.inspector, "refer", selected.case.pk, concern="Child A.")

    assert "Enter who must act" in response.text
    assert "Child A.</textarea>" in response.text


def test_what_looks_personal_is_shown_and_the_reason_lets_it_pass(client, selected):
    words = {**WORDS, "concern": "Call the control room, 01632 960 983."}
    refused = post(client, selected.inspector, "refer", selected.case.pk, **words)
    assert "01632 960 983" in refused.text and "This looks like personal data" in refused.text
    assert not UrgentReferral.objects.exists()

    words["confirmed_reason"] = "The number of the control room."
    post(client, selected.inspector, "refer", selected.case.pk, **words)
    assert UrgentReferral.objects.get().concern == words["concern"]


def test_a_case_that_can_no_longer_be_referred_keeps_the_text_on_the_page(client, selected):
    selected.inspection.published_on = dt.date(2026, 3, 1)
    selected.at(Stage.CLOSED)

    response = post(client, selected.inspector, "refer", selected.case.pk, **WORDS)

    assert response.status_code == 403
    assert "You cannot refer this case at this stage." in response.text
    assert WORDS["concern"] in response.text


def test_who_may_not_refer_is_refused(client, selected):
    for user, status in ((selected.manager, 403), (selected.outsider, 404), (selected.viewer, 404)):
        assert get(client, user, "refer", selected.case.pk).status_code == status
        assert post(client, user, "refer", selected.case.pk, **WORDS).status_code == status
    assert not UrgentReferral.objects.exists()


def test_the_force_reads_the_referral_of_a_case_that_it_may_not_open_and_nothing_of_the_audit(
    client, selected
):
    referral = refer(selected)

    for user in (selected.force_lead, selected.assessor):
        for response in (
            get(client, user, "referral", referral.pk),
            get(client, user, "referrals", selected.inspection.pk),
        ):
            assert response.status_code == 200
            for secret in ("SECRET", "Good", reverse("cases:detail", args=[selected.case.pk])):
                assert secret not in response.text
        page = get(client, user, "referral", referral.pk).text
        for said in ("NM-7", "Area alpha", *WORDS.values(), "in 4 hours, 3 March 2026, 17:32"):
            assert said in page, said
    assert get(client, selected.force_lead, "detail", selected.case.pk).status_code == 404


def test_nobody_else_sees_it(client, selected):
    referral = refer(selected)

    for user in (selected.viewer, selected.other_force, selected.outsider, selected.administrator):
        for name, pk in (("referral", referral.pk), ("referrals", selected.inspection.pk)):
            assert get(client, user, name, pk).status_code == 404
        for page in ("/", "/deadlines/", "/api/v1/deadlines/"):
            text = client.get(page).text
            assert "urgent referral of" not in text and "NM-7" not in text


def test_other_forces_history_and_viewers_learn_of_no_referral_that_was_met(client, selected):
    referrals.answer(refer(selected), "Seen.", by=selected.force_lead)
    pages = [
        reverse(name, args=[selected.inspection.pk])
        for name in ("inspections:detail", "inspections:history")
    ]
    for page in pages:
        for user, told in ((selected.viewer, False), (selected.force_lead, True)):
            client.force_login(user)
            assert ("urgent referral of" in client.get(page).text) is told


def test_the_lead_of_the_force_acknowledges_and_answers(client, selected):
    referral = refer(selected)

    page = post(client, selected.force_lead, "referral", referral.pk, action="acknowledge").text
    assert "The referral is acknowledged." in page and "Acknowledge that you have" not in page
    page = post(
        client, selected.force_lead, "referral", referral.pk, action="answer", answer="Both seen."
    ).text
    assert "Your answer is sent." in page and "Both seen." in page and "<textarea" not in page
    inspector = get(client, selected.inspector, "referral", referral.pk).text
    assert "Both seen." in inspector and selected.force_lead.name in inspector


def test_who_may_not_answer_is_refused_and_offered_no_form(client, selected):
    referral = refer(selected)
    for user in (selected.assessor, selected.inspector, selected.lead, selected.manager):
        page = get(client, user, "referral", referral.pk).text
        assert "<textarea" not in page and "Acknowledge that you have" not in page
        for action in ("acknowledge", "answer"):
            refused = post(client, user, "referral", referral.pk, action=action, answer="Seen.")
            assert refused.status_code == 403
    referral.refresh_from_db()
    assert referral.acknowledged_at is None


def test_the_second_to_answer_reads_who_was_first_and_keeps_the_words(client, selected):
    referral = refer(selected)
    referrals.answer(referral, "Both seen.", by=selected.force_lead)
    second = make_user(Role.FORCE_LEAD, force=selected.force)

    response = post(client, second, "referral", referral.pk, action="answer", answer="My words.")
    assert response.status_code == 409
    for said in ("That answer stands.", "What you wrote was not sent", "My words.", "Both seen."):
        assert said in response.text
    response = post(client, second, "referral", referral.pk, action="acknowledge")
    assert "has acknowledged it before" in response.text


def test_an_answer_that_looks_personal_or_is_empty_stays_on_the_page(client, selected):
    referral = refer(selected)
    empty = post(client, selected.force_lead, "referral", referral.pk, action="answer", answer="")
    assert "Enter what was done" in empty.text
    text = "Mail somebody@example.org."
    refused = post(
        client, selected.force_lead, "referral", referral.pk, action="answer", answer=text
    )
    assert "This looks like personal data" in refused.text and text in refused.text
    referral.refresh_from_db()
    assert referral.answered_at is None


def test_a_blind_reader_is_told_that_there_is_one_and_no_more(client, selected):
    reader = make_user(Role.INSPECTOR)
    TeamMember.objects.create(inspection=selected.inspection, user=reader)
    make_audit(selected.case, submitted=False, reading=Reading.SECOND, reader=reader)
    referral = refer(selected)
    referrals.answer(referral, "Both seen.", by=selected.force_lead)

    page = get(client, reader, "referral", referral.pk).text

    assert "stays hidden until you have submitted your audit" in page
    for secret in (*WORDS.values(), "Both seen."):
        assert secret not in page


def test_the_list_shows_what_waits_first_and_marks_what_is_late(client, selected):
    place = selected
    cases = {name: make_case(place.inspection, reference=name) for name in ("A-1", "B-2", "C-3")}
    for name, hours in (("A-1", 3), ("B-2", 5), ("C-3", 30)):
        at = NOW - dt.timedelta(hours=hours)
        referral = referrals.raise_(cases[name], **WORDS, by=place.inspector, at=at)
        if name == "C-3":
            answered = NOW - dt.timedelta(hours=1)
            referrals.answer(referral, "Seen.", by=place.force_lead, at=answered)

    page = get(client, place.force_lead, "referrals", place.inspection.pk).text

    assert page.index("B-2") < page.index("A-1") < page.index("C-3")
    assert "1 hour overdue, was due 3 March 2026, 12:32" in page
    assert "in 1 hour, 3 March 2026, 14:32" in page
    assert "Late" in page[page.index("C-3") :]
    assert "Urgent referrals" in page


def test_deadline_pages_and_the_api_count_it_by_the_minute(client, selected):
    refer(selected)
    client.force_login(selected.force_lead)

    def counted():
        overdue = client.get("/api/v1/deadlines/?group=overdue").json()["count"]
        listed = client.get("/deadlines/?group=overdue").text.count("the urgent referral of")
        words = client.get("/deadlines/").text
        assert f"{overdue} overdue" in " ".join(words.split())
        assert listed == overdue
        return overdue

    assert counted() == 0
    with time_machine.travel(NOW + dt.timedelta(hours=4, seconds=-1), tick=False):
        client.force_login(selected.force_lead)
        assert counted() == 0
    with time_machine.travel(NOW + dt.timedelta(hours=4, seconds=1), tick=False):
        client.force_login(selected.force_lead)
        assert counted() == 1
    with time_machine.travel(NOW + dt.timedelta(hours=25), tick=False):
        client.force_login(selected.force_lead)
        assert counted() == 2
        client.force_login(selected.manager)
        assert "2 deadlines" in client.get("/").text
        assert client.get("/forces/").text.count("group=overdue") == 1


def test_a_deadline_of_a_referral_leads_to_it(client, selected):
    referral = refer(selected)
    client.force_login(selected.force_lead)
    for deadline in Deadline.objects.all():
        assert deadline.get_absolute_url() == f"/referrals/{referral.pk}/"
        page = client.get(reverse("deadlines:detail", args=[deadline.pk])).text
        assert f'href="/referrals/{referral.pk}/"' in page


def test_whoever_opens_it_is_on_record(client, selected):
    referral = refer(selected)
    get(client, selected.force_lead, "referral", referral.pk)

    row = Access.objects.get(user=selected.force_lead)
    assert (row.subject, row.subject_id) == ("case", selected.case.pk)


def test_fifty_referrals_take_as_many_queries_as_one(
    client, selected, django_assert_max_num_queries
):
    refer(selected)
    client.force_login(selected.force_lead)
    address = reverse("cases:referrals", args=[selected.inspection.pk])
    client.get(address)
    with django_assert_max_num_queries(12) as few:
        client.get(address)
    for number in range(50):
        refer(selected, concern=f"Number {number}.")
    with django_assert_max_num_queries(len(few)):
        client.get(address)


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_referral(client):
    place = make_place()
    case = make_case(place.inspection)
    barrier = threading.Barrier(2)

    def send():
        barrier.wait()
        referrals.raise_(case, **WORDS, by=place.inspector)
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert UrgentReferral.objects.count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1280, 375])
def test_each_page_is_accessible_in_each_state(live_server, new_page, client, width):
    place = make_place()
    case = make_case(place.inspection, reference="NM-7")
    make_audit(case, Side.FORCE)
    page = new_page(viewport={"width": width, "height": 900})

    def sign_in(user):
        client.force_login(user)
        page.context.add_cookies(
            [
                {
                    "name": "sessionid",
                    "value": client.cookies["sessionid"].value,
                    "url": live_server.url,
                }
            ]
        )

    def look(path):
        page.goto(f"{live_server.url}{path}")
        check()

    def check():
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    listed = reverse("cases:referrals", args=[place.inspection.pk])
    sign_in(place.inspector)
    look(listed)
    look(reverse("cases:refer", args=[case.pk]))
    follow(page.get_by_role("button", name="Send to the force now"))
    check()  # with errors
    page.get_by_label("What is feared?").fill("Call 01632 960 983. " + "Longword" * 30)
    page.get_by_label("Who must act?").fill("The duty inspector")
    follow(page.get_by_role("button", name="Send to the force now"))
    check()  # with a suspicion
    User.objects.filter(pk=place.force_lead.pk).update(is_active=False)
    page.get_by_label("What is feared?").fill("Child A. " + "Longword" * 30)
    follow(page.get_by_role("button", name="Send to the force now"))
    check()
    look(reverse("cases:refer", args=[case.pk]))  # with the open one, and nobody to answer
    User.objects.filter(pk=place.force_lead.pk).update(is_active=True)
    referral = UrgentReferral.objects.get()

    sign_in(place.force_lead)
    look("/")
    look(reverse("cases:referral", args=[referral.pk]))
    follow(page.get_by_role("button", name="Acknowledge that you have this"))
    check()
    follow(page.get_by_role("button", name="Send the answer"))
    check()  # with an error
    page.get_by_label("What was done").fill("Both children were seen.\n" * 3)
    referrals.answer(referral, "Seen.", by=place.force_lead)
    follow(page.get_by_role("button", name="Send the answer"))
    check()  # a conflict
    look(listed)
    look("/deadlines/?group=met")
