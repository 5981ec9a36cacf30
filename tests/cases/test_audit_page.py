"""Writing an audit on its page: save, submit, two people at once, and few queries."""

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import Audit, IndicatorAnswer, Route
from inspections.models import Side, Stage
from tests.cases.conftest import make_place
from tests.support.factories import make_audit, make_case


def address(case):
    return reverse("cases:audit", args=[case.pk])


def words(version=0, **more):
    return {"version": version, "grade": "good", "reason": "Prompt.", "action": "save", **more}


def finding(text, number=0, theme="theme-alpha", kind="weakness", key=None, **more):
    """The fields of one finding's row."""
    parts = {"key": key or f"key{number}", "theme": theme, "kind": kind, "text": text, **more}
    return {f"finding-{number}-{part}": value for part, value in parts.items()}


def event(what, day="", month="", year="", at="", number=0, cause=""):
    """The fields of one event's row."""
    parts = {"what": what, "on-day": day, "on-month": month, "on-year": year, "at": at}
    return {f"event-{number}-{part}": value for part, value in {**parts, "cause": cause}.items()}


def as_script(client, case, data, action="autosave"):
    """Send the form as the script of the page does."""
    return client.post(
        address(case), {**data, "action": action}, headers={"accept": "application/json"}
    )


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_saving_comes_back_to_the_same_page_with_a_banner(place):
    case, client = make_case(place.inspection, reference="A-1"), signed_in(place.inspector)
    data = words(**finding("Seen alone."))
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


def test_submitting_too_early_saves_the_draft_and_says_what_is_missing(place):
    case, client = make_case(place.inspection), signed_in(place.inspector)
    data = words(action="submit", grade="", reason="", **finding("Typed.", theme="", kind=""))
    page = client.post(address(case), data).content.decode()
    assert "Select a grade" in page
    assert "Enter the reason for the grade" in page
    assert "Select the theme of this finding" in page
    assert 'href="#finding-0-theme"' in page
    assert "Typed." in page
    audit = Audit.objects.get()
    assert (audit.status, audit.version) == ("draft", 1)
    data = words(1, action="submit", **finding("Typed."))
    assert client.post(address(case), data).status_code == 302
    audit.refresh_from_db()
    assert (audit.status, audit.findings.get().text) == ("submitted", "Typed.")


def test_what_looks_personal_is_saved_with_a_warning_and_submitted_only_with_a_reason(place):
    case, client = make_case(place.inspection), signed_in(place.inspector)
    data = words(**finding("Mail jo@example.org", theme="theme-beta"))
    page = client.post(address(case), data, follow=True).content.decode()
    assert 'id="warning-finding-0-text"' in page
    assert "<mark>jo@example.org</mark>" in page
    assert "Why is this not personal data?" not in page
    data |= {"version": 1, "action": "submit"}
    page = client.post(address(case), data).content.decode()
    assert 'href="#finding-0-text"' in page
    assert "Why is this not personal data?" in page
    [shown] = re.findall(r'name="confirmed_words" value="([^"]*)"', page)
    data |= {"version": 2, "confirmed_words": html.unescape(shown)}
    assert client.post(address(case), {**data, "confirmed_reason": "..."}).status_code == 200
    data |= {"version": 3, "confirmed_reason": "The box of a public inquiry."}
    assert client.post(address(case), data).status_code == 302
    assert Audit.objects.get().is_submitted
    assert place.inspection.confirmed_fragments.get().case == case


def test_a_reason_confirms_nothing_that_was_typed_after_it_was_asked_for(place):
    case, client = make_case(place.inspection), signed_in(place.inspector)
    data = words(action="submit", **finding("Mail jo@example.org"))
    page = client.post(address(case), data).content.decode()
    [shown] = re.findall(r'name="confirmed_words" value="([^"]*)"', page)
    data |= {
        "version": 1,
        "reason": "Mail mo@example.org",
        "confirmed_words": html.unescape(shown),
        "confirmed_reason": "The box of a public inquiry.",
    }
    assert client.post(address(case), data).status_code == 200
    assert not place.inspection.confirmed_fragments.exists()
    assert not Audit.objects.get().is_submitted


def test_the_second_to_save_chooses_of_each_part_whose_version_stays(place):
    case = make_case(place.inspection)
    first, second = signed_in(place.inspector), signed_in(place.lead)
    both = {**finding("One."), "answer-alpha-1": "met"}
    first.post(
        address(case), words(reason="Mine is first.", **both, **event("Report", "1", "2", "2026"))
    )
    mine = words(
        reason="Mine\r\nis second.", grade="bad", **both, **finding("Two.", 1), **event("Visit")
    )
    mine["answer-alpha-1"] = "not_met"
    response = second.post(address(case), mine)
    page = response.content.decode()
    assert response.status_code == 409
    assert place.inspector.name in page
    assert page.count("Mine is first.") == 1
    assert page.count("is second.") == 2  # beside theirs, and in a hidden field
    assert page.count("One.") == 1  # only in a hidden field: both say the same
    assert re.search(r'name="version" value="1"', page)
    offered = set(re.findall(r'name="choose-([^"]+)"', page))
    assert offered == {"grade", "reason", "answer-alpha-1", "finding-key1", "timeline"}
    assert re.search(r'id="choose-finding-key1-mine"[^>]*checked', page)
    assert not re.search(r'name="choose-reason"[^>]*checked', page)

    again = {**mine, "version": 1, "action": "resolve", "choose-grade": "mine"}
    response = second.post(address(case), again)
    assert response.status_code == 409
    assert "Choose one version: Reason for the grade" in response.content.decode()
    choices = {
        "choose-reason": "theirs",
        "choose-answer-alpha-1": "theirs",
        "choose-finding-key1": "mine",
        "choose-timeline": "theirs",
    }
    assert second.post(address(case), {**again, **choices}).status_code == 302
    audit = Audit.objects.get()
    assert (audit.version, audit.updated_by, audit.grade.code) == (2, place.lead, "bad")
    assert audit.reason == "Mine is first."
    assert audit.answers.get().answer == "met"
    assert [row.text for row in audit.findings.all()] == ["One.", "Two."]
    assert [each["what"] for each in audit.timeline] == ["Report"]


def test_who_chooses_while_a_third_version_comes_in_is_asked_again(place):
    case = make_case(place.inspection)
    first, second = signed_in(place.inspector), signed_in(place.lead)
    first.post(address(case), words(reason="First."))
    first.post(address(case), words(1, reason="Third."))
    choice = words(1, reason="Second.", action="resolve", **{"choose-reason": "mine"})
    response = second.post(address(case), choice)
    assert response.status_code == 409
    assert "Third." in response.content.decode()
    assert Audit.objects.get().reason == "Third."


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


# -- Without scripts: rows come and go by buttons ------------------------------------------------------------------


@pytest.mark.parametrize("what", ["finding", "event", "person"])
def test_one_more_row_comes_with_everything_typed_and_nothing_saved(place, what):
    case, client = make_case(place.inspection), signed_in(place.inspector)
    data = words(3, action=f"add_{what}", reason="Typed.", **finding("Found.", 4))
    data |= {"note-alpha-1": "Noted.", "event-2-what": "Report", "person-0-age": "7"}
    page = client.post(address(case), data).content.decode()
    for text in ("Typed.", "Found.", "Noted.", 'value="Report"', 'value="7"', 'value="key4"'):
        assert text in page
    last = {"finding": "finding-5-text", "event": "event-3-what", "person": "person-1-age"}[what]
    assert f'name="{last}"' in page
    assert re.search(r'name="version"[^>]*value="3"', page)
    assert not Audit.objects.exists()


def test_rows_that_are_empty_or_ticked_are_not_saved(place):
    case, client = make_case(place.inspection), signed_in(place.inspector)
    data = words(
        **finding("Stays."),
        **finding("Goes.", 1, remove="on"),
        **finding("", 2, theme="", kind=""),
        **event("", number=7),
    )
    client.post(address(case), data)
    audit = Audit.objects.get()
    assert [row.text for row in audit.findings.all()] == ["Stays."]
    assert audit.timeline == []


def test_all_parts_come_back_as_they_were_typed(place):
    case = make_case(place.inspection, area="gamma")
    client = signed_in(place.inspector)
    data = words(
        **event("Report", "", "2", "2026"),
        **event("Visit", "31", "2", "2026", "9:15", number=1),
        **{"answer-gamma-2": "not_recorded", "note-gamma-2": "No page on it.", "person-0-kind": "suspect"},
        **{"person-0-age": "about 40", "person-0-sex": "male"},
        **{"fact-asked-day": "3", "fact-asked-month": "2", "fact-asked-year": "2026", "fact-asked-time": "1405"},
    )  # fmt: skip
    page = client.post(address(case), data, follow=True).content.decode()
    assert re.search(r'name="answer-gamma-2" value="not_recorded" checked', page)
    assert "No page on it." in page
    for value in ('value="about 40"', 'value="31"', 'value="9:15"', 'value="14:05"'):
        assert value in page
    audit = Audit.objects.get()
    assert audit.timeline[0]["on"] == "2026-02"
    assert audit.facts == {"asked": "2026-02-03T14:05"}


def test_save_and_go_on_leads_to_the_next_case(place):
    cases = [make_case(place.inspection, reference=f"A-{number}") for number in range(2)]
    client = signed_in(place.inspector)
    response = client.post(address(cases[0]), words(action="next"))
    assert response["location"] == address(cases[1])
    client.post(address(cases[1]), words(action="submit"))
    client.post(address(cases[0]), words(1, action="submit"))
    assert Audit.objects.submitted().count() == 2


# -- What a script is told -----------------------------------------------------------------------------------------


def test_saving_by_itself_answers_with_the_version_and_the_time(place):
    case, client = make_case(place.inspection), signed_in(place.inspector)
    answer = as_script(client, case, words(**finding("Mail jo@example.org", 3)))
    said = answer.json()
    assert (answer.status_code, said["version"]) == (200, 1)
    assert re.fullmatch(r"\d\d:\d\d", said["saved_at"])
    assert said["warnings"] == {
        "finding-3-text": [{"what": "an email address", "fragment": "jo@example.org"}]
    }
    half = words(1, grade="", reason="", **event("Visit", "31", "2", ""))
    assert as_script(client, case, half).json()["version"] == 2
    assert Audit.objects.get().timeline[0]["typed"]["day"] == "31"


def test_a_script_learns_what_differs_who_saved_and_what_cannot_be_kept(place):
    case = make_case(place.inspection)
    first, second = signed_in(place.inspector), signed_in(place.lead)
    first.post(address(case), words(reason="First.", **finding("One.")))
    answer = as_script(second, case, words(reason="Second.", **finding("Two.", 5)))
    said = answer.json()
    assert (answer.status_code, said["version"]) == (409, 1)
    assert (said["by"], said["submitted"]) == (place.inspector.name, False)
    differing = {each["field"]: (each["theirs"], each["mine"]) for each in said["differences"]}
    assert differing["reason"] == ("First.", "Second.")
    answer = as_script(second, case, words(1, **finding("x" * 10_001, 2), reason="a\0b"))
    assert answer.status_code == 400
    assert {"finding-2-text", "reason"} <= answer.json()["errors"].keys()


def test_a_script_is_told_that_it_may_not_or_that_it_is_signed_out(place):
    case = make_case(place.inspection)
    for person, status in (
        (place.manager, 403),
        (place.other_force, 404),
        (place.outsider, 404),
        (None, 401),
    ):
        client = signed_in(person) if person else Client()
        answer = as_script(client, case, words())
        assert (answer.status_code, list(answer.json())) == (status, ["detail"])
    assert Client().get(address(case)).status_code == 302
    assert Client().post(address(case), words()).status_code == 302
    assert not Audit.objects.exists()


# -- The rest ------------------------------------------------------------------------------------------------------


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


def test_saving_and_submitting_take_few_queries(db):
    place = make_place(indicators=8)
    case, client = make_case(place.inspection), signed_in(place.inspector)
    answers = {f"answer-{each.code}": "partly" for each in case.area.indicators.all()}
    content = {**answers, **finding("A."), **finding("B.", 1), **finding("C.", 2)}
    assert len(answers) == 8
    client.get(address(case))
    other = make_case(place.inspection)
    taken = []
    for target, data in (
        (case, words(**content)),
        (case, words(1, **content)),
        (case, words(2, action="submit", **content)),
        (other, words(action="submit", **content)),
    ):
        with CaptureQueriesContext(connection) as captured:
            assert client.post(address(target), data).status_code == 302
        taken.append(len(captured))
    assert max(taken) <= 8, taken
    assert IndicatorAnswer.objects.count() == 16
    third = make_case(place.inspection)
    with CaptureQueriesContext(connection) as captured:
        assert as_script(client, third, words(**content)).status_code == 200
    assert len(captured) <= 8


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
    client.post(address(case), words(2, action="submit", grade="bad", reason="Second reason."))
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


def test_drafts_that_one_person_saved_in_a_row_are_one_line_of_the_history(place):
    case, client = make_case(place.inspection), signed_in(place.inspector)
    as_script(client, case, words(reason="One."))
    as_script(client, case, words(1, reason="Two.", **finding("Late.")))
    as_script(client, case, words(2, reason="Three.", **finding("Late."), **event("Report")))
    as_script(signed_in(place.lead), case, words(3, reason="Four."))
    page = client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    history = page[page.index("History</h2>") :]
    assert history.count("Inspectorate: draft saved") == 2
    assert "Good. Changed: findings, timeline. Saved 3 times" in history


def test_after_submission_the_case_shows_all_that_both_audits_say(place):
    case = make_case(place.inspection, area="gamma")
    place.at(Stage.SELF_ASSESSMENT)
    theirs = words(action="submit", grade="bad", **{"answer-gamma-1": "met"})
    assert signed_in(place.assessor).post(address(case), theirs).status_code == 302
    place.at(Stage.FIELDWORK)
    client = signed_in(place.inspector)
    mine = words(
        action="submit",
        **finding("Seen after six days.", indicators="gamma-1"),
        **event("Report", "3", "2", "2026"),
        **event("First visit", "9", "2", "2026", "9:05", number=1, cause="no-staff"),
        **{"answer-gamma-1": "not_met", "note-gamma-1": "No visit on record."},
        **{"person-0-kind": "child", "person-0-age": "7", "person-0-sex": "female"},
        **{"person-1-kind": "suspect", "person-1-age": "", "person-1-sex": "not_recorded"},
        **{"fact-asked-day": "28", "fact-asked-month": "3", "fact-asked-year": "2026", "fact-asked-time": "23:30"},
        **{"fact-arrived-day": "29", "fact-arrived-month": "3", "fact-arrived-year": "2026"},
        **{"fact-arrived-time": "02:30"},
        **{"fact-told": "no", "fact-times": "3", "fact-level": "High"},
    )  # fmt: skip
    page = client.post(address(case), mine, follow=True).content.decode()
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    for words_shown in (
        "Weakness: Seen after six days. Indicators: 1",
        "3 February 2026: Report",
        "9 February 2026, 09:05: First visit (cause of delay: No staff)",
        "Report to first visit: 6 days. Cause of delay: No staff",
        "Child A: 7, female Suspect A: age not recorded, sex not recorded",
        "28 March 2026, 23:30",
        "Wait for the adult 2 hours",
        "Level of risk High",
    ):
        assert words_shown in text, words_shown
    assert text.count("Differs") == 3  # both grades, and the first indicator
