"""The pages about one date: how it came about, more time, and the day from which timescales count."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Role
from inspections import deadlines, extensions, work
from inspections.models import DeadlineKind, Extension, Stage
from recommendations import publication
from tests.support.factories import make_inspection, make_recommendation, make_user

pytestmark = pytest.mark.django_db
PUBLISHED = dt.date(2026, 3, 3)
TODAY = dt.date(2026, 5, 20)


@pytest.fixture(autouse=True)
def _on_20_may_2026():
    with time_machine.travel("2026-05-20T10:00:00+00:00", tick=False):
        yield


@pytest.fixture
def lead():
    return make_user(Role.LEAD_INSPECTOR)


@pytest.fixture
def inspection(lead):
    return make_inspection(Stage.FOLLOW_UP, lead=lead)


@pytest.fixture
def force_lead(inspection):
    return make_user(Role.FORCE_LEAD, force=inspection.force)


@pytest.fixture
def deadline(inspection):
    recommendation = make_recommendation(inspection)
    publication.count_from(inspection, PUBLISHED)
    recommendation.refresh_from_db()
    return recommendation.deadline


def page_of(client, user, name, *args):
    client.force_login(user)
    return client.get(reverse(name, args=args))


def test_a_force_asks_and_the_lead_agrees_to_another_day(client, deadline, force_lead, lead):
    shown = page_of(client, force_lead, "deadlines:detail", deadline.pk)
    assert "3 months from publication on 3 March 2026." in shown.text
    address = reverse("deadlines:extension", args=[deadline.pk])
    assert address in shown.text
    refused = client.post(address, {"wanted_on": "2026-06-03", "reason": "We wait."})
    assert "The new date must be later than the present one." in refused.text
    assert "Say why more time is needed" in client.post(address, {"wanted_on": "2026-07-01"}).text
    asked = client.post(address, {"wanted_on": "2026-07-01", "reason": "We wait."}, follow=True)
    assert "asked to move it to 1 July 2026" in asked.text
    assert "Take the request back" in asked.text
    assert "Ask for more time" not in asked.text

    wish = Extension.objects.get()
    answer = reverse("deadlines:answer_extension", args=[wish.pk])
    assert answer in page_of(client, lead, "deadlines:detail", deadline.pk).text
    shown = client.get(answer)
    assert "We wait." in shown.text and 'value="2026"' in shown.text
    early = {"decision": "agreed", "agreed_on": "2026-06-01"}
    assert "must be later than the present one" in client.post(answer, early).text
    done = client.post(answer, {"decision": "agreed", "agreed_on": "2026-06-17"}, follow=True)
    assert "Extension agreed: from 3 June 2026 to 17 June 2026" in done.text
    assert "First due on 3 June 2026; an extension was agreed." in done.text
    deadline.refresh_from_db()
    assert deadline.due_on == dt.date(2026, 6, 17)


def test_a_refusal_says_why_on_the_page(client, deadline, force_lead, lead):
    wish = extensions.ask(deadline, wanted_on=dt.date(2026, 7, 1), reason="We.", by=force_lead)
    client.force_login(lead)
    address = reverse("deadlines:answer_extension", args=[wish.pk])
    assert "Select whether you agree" in client.post(address, {"answer": ""}).text
    assert "Say why you refuse" in client.post(address, {"decision": "refused"}).text
    refused = {"decision": "refused", "answer": "Three months were enough."}
    done = client.post(address, refused, follow=True)
    assert "Extension refused" in done.text and "Three months were enough." in done.text
    assert client.get(address).status_code == 302  # it is answered
    late = client.post(address, refused, follow=True)
    assert "This was answered before: refused." in late.text


def test_the_force_takes_it_back_on_the_page(client, deadline, force_lead):
    wish = extensions.ask(deadline, wanted_on=dt.date(2026, 7, 1), reason="We.", by=force_lead)
    client.force_login(force_lead)
    address = reverse("deadlines:answer_extension", args=[wish.pk])
    assert "Do you agree?" not in client.get(address).text
    assert client.post(address, {"decision": "agreed"}).status_code == 403
    assert "Request taken back" in client.post(address, {"withdraw": "yes"}, follow=True).text


def test_what_looks_personal_is_asked_about(client, deadline, force_lead):
    client.force_login(force_lead)
    address = reverse("deadlines:extension", args=[deadline.pk])
    typed = {"wanted_on": "2026-07-01", "reason": "Ask somebody@example.org about it."}
    assert "Why is this not personal data?" in client.post(address, typed).text
    typed["confirmed_reason"] = "A made-up address."
    assert client.post(address, typed).status_code == 302


def test_others_find_no_way_to_it(client, deadline, inspection, force_lead):
    wish = extensions.ask(deadline, wanted_on=dt.date(2026, 7, 1), reason="We.", by=force_lead)
    answer = {"decision": "agreed"}
    for user, ask, look, post in (
        (make_user(Role.FORCE_VIEWER, force=inspection.force), 403, 302, 403),
        (make_user(Role.INSPECTOR), 403, 302, 403),
        (make_user(Role.FORCE_LEAD), 404, 404, 404),
    ):
        assert page_of(client, user, "deadlines:extension", deadline.pk).status_code == ask
        shown = page_of(client, user, "deadlines:answer_extension", wish.pk)
        assert shown.status_code == look
        address = reverse("deadlines:answer_extension", args=[wish.pk])
        assert client.post(address, answer).status_code == post


def test_what_is_no_longer_wanted_says_so(client, deadline, force_lead):
    deadlines.lapse(deadline)
    text = page_of(client, force_lead, "deadlines:detail", deadline.pk).text
    assert "No longer wanted since 20 May 2026" in text
    assert "Overdue" not in text and "Ask for more time" not in text


def test_the_force_says_that_it_has_replied_about_the_draft(client, force_lead, inspection):
    reply = deadlines.count(
        inspection,
        DeadlineKind.FACTUAL_ACCURACY,
        label="Reply on the draft",
        responsible="force",
        counts_from=TODAY,
        unit="days",
        amount=28,
        basis="draft_sent",
    )
    text = page_of(client, force_lead, "deadlines:detail", reply.pk).text
    assert "28 days from when the draft was sent on 20 May 2026." in text
    done = client.post(reverse("deadlines:detail", args=[reply.pk]), {"note": "Sent on Monday."})
    assert done.status_code == 302
    reply.refresh_from_db()
    assert reply.met_on == TODAY


def test_what_has_a_page_of_its_own_is_not_marked_as_done(client, deadline, force_lead, inspection):
    for kind in (DeadlineKind.UPDATE, DeadlineKind.ACTION_PLAN, DeadlineKind.PCC_COMMENTS):
        for each in inspection.deadlines.filter(kind=kind):
            assert not deadlines.may_mark_as_done(each, force_lead)
    assert client.post(reverse("deadlines:detail", args=[deadline.pk])).status_code in (302, 403)
    deadline.refresh_from_db()
    assert deadline.met_on is None


def test_a_lead_marks_what_a_commissioner_said_by_letter_and_nobody_else_does(
    client, inspection, lead, force_lead
):
    comments = deadlines.count(
        inspection,
        DeadlineKind.PCC_COMMENTS,
        label="Comments of the commissioner",
        responsible="commissioner",
        counts_from=TODAY,
        unit="days",
        amount=56,
        follow_up_rule=inspection.framework.follow_up_rules.get(code="pcc-comments"),
    )
    office = make_user(Role.FORCE_VIEWER, force=inspection.force, works_for_commissioner=True)
    assert not any(deadlines.may_mark_as_done(comments, user) for user in (force_lead, office))
    assert "Mark as done" in page_of(client, lead, "deadlines:detail", comments.pk).text
    client.post(reverse("deadlines:detail", args=[comments.pk]), {"note": "By letter of 4 May."})
    comments.refresh_from_db()
    assert (comments.met_on, comments.met_note) == (TODAY, "By letter of 4 May.")


def test_a_lead_is_asked_for_the_day_and_confirms_it(client, lead):
    inspection = make_inspection(
        Stage.PUBLISHED, lead=lead, counts_from=None, published_month_only=True
    )
    make_recommendation(inspection)
    address = reverse("inspections:start", args=[inspection.pk])
    items = [item for item in work.work_for(lead, TODAY) if item.url == address]
    assert [item.title for item in items] == ["Confirm from which day the timescales count"]
    shown = page_of(client, lead, "inspections:detail", inspection.pk)
    assert "Nothing is due before the lead confirms" in shown.text and address in shown.text
    assert "3 March 2026" not in shown.text  # the report says no day
    assert "Only its month is known." in client.get(address).text
    early = client.post(address, {"seen": "", "day": "2026-01-01"})
    assert "cannot count from a day before fieldwork" in early.text
    done = client.post(address, {"seen": "", "day": "2026-03-12"}, follow=True)
    assert "Every date that counts from publication is set." in done.text
    assert "12 March 2026" in done.text and "March 2026" in done.text
    assert inspection.deadlines.get(kind=DeadlineKind.RECOMMENDATION).due_on == dt.date(2026, 6, 12)
    again = client.post(address, {"seen": "", "day": "2026-03-13", "reason": "Why."}, follow=True)
    assert "The day from which timescales count is known." in again.text


def test_a_lead_corrects_the_day_and_says_why(client, deadline, inspection, lead):
    address = reverse("inspections:start", args=[inspection.pk])
    client.force_login(lead)
    typed = {"seen": "2026-03-03", "day": "2026-03-17"}
    assert "Say why the day was wrong" in client.post(address, typed).text
    client.post(address, {**typed, "reason": "It went out two weeks later."})
    shown = client.get(address)
    assert "It went out two weeks later." in shown.text and lead.name in shown.text
    stale = client.post(address, {**typed, "day": "2026-03-09", "reason": "No."}, follow=True)
    assert "Somebody has changed this day meanwhile." in stale.text
    text = page_of(client, lead, "inspections:history", inspection.pk).text
    assert "Timescales count from 17 March 2026" in text
    assert "It went out two weeks later." in text


def test_everybody_who_knows_of_it_sees_the_day_and_nobody_else_sets_it(
    client, deadline, inspection, force_lead
):
    for user in (force_lead, make_user(Role.INSPECTOR)):
        shown = page_of(client, user, "inspections:start", inspection.pk)
        assert "3 March 2026" in shown.text and "Correct the day" not in shown.text
        address = reverse("inspections:start", args=[inspection.pk])
        assert client.post(address, {"day": "2026-03-17"}).status_code == 403
    draft = make_inspection(Stage.DRAFTING, force=inspection.force)
    assert page_of(client, force_lead, "inspections:start", draft.pk).status_code == 404
    stranger = make_user(Role.FORCE_LEAD)
    assert page_of(client, stranger, "inspections:start", inspection.pk).status_code == 404


def test_a_deadline_costs_as_many_queries_with_many_extensions_as_with_one(
    client, deadline, force_lead, lead, django_assert_max_num_queries
):
    def extend(days):
        deadline.refresh_from_db()
        wanted = deadline.due_on + dt.timedelta(days=days)
        wish = extensions.ask(deadline, wanted_on=wanted, reason="Why.", by=force_lead)
        extensions.agree(wish, by=lead)

    extend(1)
    address = reverse("deadlines:detail", args=[deadline.pk])
    client.force_login(lead)
    client.get(address)
    with django_assert_max_num_queries(15) as one:
        client.get(address)
    for days in range(1, 6):
        extend(days)
    with django_assert_max_num_queries(len(one)):
        client.get(address)
