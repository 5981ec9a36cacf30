"""Writing an audit on its page: save, submit, two people at once, and few queries."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import Audit, Route
from inspections.models import Side, Stage
from tests.support.factories import make_audit, make_case


def address(case):
    return reverse("cases:audit", args=[case.pk])


def words(version=0, **more):
    return {"version": version, "grade": "good", "reason": "Prompt.", "action": "save", **more}


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_saving_comes_back_to_the_same_page_with_a_banner(place):
    case, client = make_case(place.inspection, reference="A-1"), signed_in(place.inspector)
    data = words(**{"finding-theme-alpha": "Seen alone."})
    response = client.post(address(case), data, follow=True)
    assert response.redirect_chain == [(address(case), 302)]
    page = response.content.decode()
    assert "The draft of A-1 is saved." in page
    assert "Seen alone." in page
    assert re.search(r'name="version"[^>]*value="1"', page)
    assert "<strong>0 of 1</strong>" in page


def test_submitting_shows_both_audits(place):
    case, client = make_case(place.inspection), signed_in(place.inspector)
    make_audit(case, Side.FORCE, "bad", reason="We were late.")
    response = client.post(address(case), words(action="submit"), follow=True)
    assert response.redirect_chain == [(reverse("cases:detail", args=[case.pk]), 302)]
    page = response.content.decode()
    assert "We were late." in page
    assert "Differs" in page
    assert Audit.objects.get(side=Side.INSPECTORATE).is_submitted


def test_submitting_too_early_keeps_what_was_typed_and_saves_nothing(place):
    case, client = make_case(place.inspection), signed_in(place.inspector)
    data = words(action="submit", grade="", reason="", **{"finding-theme-beta": "Typed."})
    page = client.post(address(case), data).content.decode()
    assert "Select a grade" in page
    assert "Enter the reason for the grade" in page
    assert "Typed." in page
    assert not Audit.objects.exists()


def test_what_looks_personal_is_pointed_out_at_its_field_and_can_be_confirmed(place):
    case, client = make_case(place.inspection), signed_in(place.inspector)
    data = words(**{"finding-theme-beta": "Mail jo@example.org"})
    page = client.post(address(case), data).content.decode()
    assert 'href="#id_finding-theme-beta"' in page
    assert "This is not personal data" in page
    assert not Audit.objects.exists()
    assert client.post(address(case), {**data, "confirmed": "on"}).status_code == 302


def test_the_second_to_save_sees_both_texts_and_can_save_theirs_over(place):
    case = make_case(place.inspection)
    first, second = signed_in(place.inspector), signed_in(place.lead)
    first.post(address(case), words(reason="Mine is first.", **{"finding-theme-alpha": "One."}))
    mine = words(reason="Mine\r\nis second.", grade="bad", **{"finding-theme-alpha": "One."})
    response = second.post(address(case), mine)
    page = response.content.decode()
    assert response.status_code == 409
    assert place.inspector.name in page
    assert page.count("Mine is first.") == 1
    assert page.count("is second.") == 2  # beside theirs, and in the form
    assert page.count("One.") == 1  # only in the form: both say the same
    assert re.search(r'name="version"[^>]*value="1"', page)
    assert re.search(r'value="bad"[^>]*checked', page)
    assert second.post(address(case), {**mine, "version": 1}).status_code == 302
    audit = Audit.objects.get()
    assert (audit.version, audit.updated_by, audit.grade.code) == (2, place.lead, "bad")


def test_saving_after_somebody_submitted_loses_no_words(place):
    case = make_case(place.inspection)
    first, second = signed_in(place.inspector), signed_in(place.lead)
    first.post(address(case), words(action="submit"))
    response = second.post(address(case), words(reason="My words."))
    page = response.content.decode()
    assert response.status_code == 409
    assert "submitted the audit" in page
    assert page.count("My words.") == 2
    reopened = second.post(reverse("cases:reopen", args=[case.pk]), {"reason": "Too early."})
    assert reopened.status_code == 302
    version = Audit.objects.get().version
    assert second.post(address(case), words(version, reason="My words.")).status_code == 302


def test_submitting_what_somebody_saved_since_shows_both(place):
    case = make_case(place.inspection)
    first, second = signed_in(place.inspector), signed_in(place.lead)
    first.post(address(case), words())
    first.post(address(case), words(1, reason="Newer."))
    response = second.post(address(case), words(1, action="submit", reason="Older."))
    assert response.status_code == 409
    assert Audit.objects.get().reason == "Newer."
    assert not Audit.objects.get().is_submitted


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999", "1\0"])
def test_a_version_that_makes_no_sense_saves_nothing(place, version):
    case, client = make_case(place.inspection), signed_in(place.inspector)
    assert client.post(address(case), words(version)).status_code == 200
    assert not Audit.objects.exists()


def test_a_grade_of_another_scale_is_no_choice(place):
    case, client = make_case(place.inspection), signed_in(place.inspector)
    page = client.post(address(case), words(grade="outstanding")).content.decode()
    assert "Select grade from the list" in page


def test_who_may_not_grade_reads_instead_and_cannot_post(place):
    case = make_case(place.inspection)
    for person in (place.manager, place.viewer, place.force_lead):
        client = signed_in(person)
        assert client.get(address(case)).status_code == 302
        assert client.post(address(case), words()).status_code == 403
        assert client.post(address(case)).status_code == 403
        assert client.get(reverse("cases:reopen", args=[case.pk])).status_code == 403
        assert client.get(reverse("cases:exclude", args=[case.pk])).status_code == 403
    assert not Audit.objects.exists()


def test_saving_and_submitting_take_few_queries(place):
    case, client = make_case(place.inspection), signed_in(place.inspector)
    findings = {"finding-theme-alpha": "A.", "finding-theme-beta": "B."}
    client.get(address(case))
    taken = []
    for data in (words(**findings), words(1, **findings), words(2, action="submit", **findings)):
        with CaptureQueriesContext(connection) as captured:
            assert client.post(address(case), data).status_code == 302
        taken.append(len([q for q in captured if "SAVEPOINT" not in q["sql"]]))
    assert max(taken[:2]) <= 8, taken
    assert taken[2] <= 12, taken


def test_the_page_takes_the_same_queries_in_a_large_inspection(place):
    case, client = make_case(place.inspection, reference="A-0"), signed_in(place.inspector)
    make_audit(case, submitted=False)
    counts = []
    for number in (1, 50):
        for _ in range(number):
            make_audit(make_case(place.inspection))
            make_case(place.inspection, route=Route.SELECTED)
        for url in (address(case), reverse("cases:detail", args=[case.pk])):
            client.get(url)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url).status_code == 200
            counts.append(len(captured))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 20


def test_the_next_case_is_one_that_nobody_else_has_begun(place):
    cases = [make_case(place.inspection, reference=f"A-{number}") for number in range(5)]
    make_audit(cases[1], submitted=False, by=place.lead)
    make_audit(cases[2])
    make_audit(cases[3], submitted=False, by=place.inspector)
    client = signed_in(place.inspector)

    def next_of(case):
        page = client.get(address(case)).content.decode()
        return re.findall(r'href="/cases/(\d+)/audit/">Next case', page)

    assert next_of(cases[0]) == [str(cases[3].pk)]
    assert next_of(cases[4]) == [str(cases[0].pk)]


def test_the_force_grades_its_sample_on_the_same_page(place):
    place.at(Stage.SELF_ASSESSMENT)
    case, client = make_case(place.inspection), signed_in(place.assessor)
    assert client.post(address(case), words(action="submit")).status_code == 302
    audit = Audit.objects.get()
    assert (audit.side, audit.is_submitted) == (Side.FORCE, True)


def test_the_history_of_a_case_says_what_the_grade_was_who_when_and_why(place):
    case, client = make_case(place.inspection), signed_in(place.inspector)
    client.post(address(case), words(action="submit", reason="First reason."))
    url = reverse("cases:reopen", args=[case.pk])
    assert "Enter why" in client.post(url, {"reason": ""}).content.decode()
    client.post(url, {"reason": "A page was missing."})
    client.post(address(case), words(3, action="submit", grade="bad", reason="Second reason."))
    page = client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    history = page[page.index("History</h2>") :]
    found = [
        history.index(text)
        for text in (
            "Bad. Second reason.",
            "A page was missing.",
            "Good. First reason.",
            "Case added",
        )
    ]
    assert found == sorted(found)
    assert history.count(f"by {place.inspector.name}") >= 3


def test_the_lead_excludes_and_includes_a_case_on_its_page(place):
    case, client = make_case(place.inspection), signed_in(place.lead)
    url = reverse("cases:exclude", args=[case.pk])
    assert "Enter why" in client.post(url, {"reason": ""}).content.decode()
    page = client.post(url, {"reason": "Outside the period."}, follow=True).content.decode()
    assert "Outside the period." in page
    page = client.post(reverse("cases:include", args=[case.pk]), follow=True).content.decode()
    assert "counts again" in page
