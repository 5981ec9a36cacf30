"""From publication to closure: a year of days, the force and the inspectorate at their browsers, and their mails.

The inspection is made as publication leaves it; all that follows happens on the pages. Every morning of the year the
sweep runs and sends through a real mail server; what people do is in the mails of the other side on the next morning.
"""

from __future__ import annotations

import re
from collections import Counter
from types import SimpleNamespace

import pytest

from accounts.models import Role
from inspections.models import Deadline, DeadlineKind, Stage
from recommendations.publication import count_from
from reminders.models import Digest, DigestStatus
from tests.journeys.job import in_words, months_after
from tests.journeys.year import Year
from tests.reports.material import make_real_force, make_real_framework
from tests.support.factories import PASSWORD, make_inspection, make_recommendation, make_user
from tests.support.journey import Office, Person

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.django_db(transaction=True),
]
AT_ONCE = "The force should check every open case for a child at risk."
IN_THREE_MONTHS = "The force should improve how it records what children say."
IN_SIX_MONTHS = "The force should review how long children stay in custody."
POINTS = ["train its sergeants", "audit the records each month"]
OF_THE_COUNCIL = "Agree other beds with the council."
OF_THE_FORCE = "Review each stay of more than six hours."
EVIDENCE = b"month,audited,good\r\nMay,40,31\r\nJune,40,36\r\n"


@pytest.fixture
def place(live_server, browser, mail_server, settings):
    """A report published today with three recommendations, its people, and the year that begins."""
    year = Year(settings, mail_server)
    force, framework = make_real_force(), make_real_framework()
    lead = make_user(Role.LEAD_INSPECTOR, email="lead@assay.example", name="Owen Hartley")
    make_user(Role.MANAGER, email="manager@assay.example")
    make_user(Role.FORCE_LEAD, force=force, email="force.lead@assay.example", name="Helen Marsh")
    make_user(Role.FORCE_ASSESSOR, force=force, email="assessor@assay.example", name="Jo Field")
    make_user(
        Role.FORCE_VIEWER,
        force=force,
        email="commissioner@assay.example",
        works_for_commissioner=True,
    )
    inspection = make_inspection(
        Stage.PUBLISHED, force=force, framework=framework, lead=lead, published_on=year.first
    )
    for theme, timescale, stem, points in (
        ("managing-risk", "immediately", AT_ONCE, []),
        ("decision-making", "three-months", IN_THREE_MONTHS, POINTS),
        ("police-detention", "six-months", IN_SIX_MONTHS, []),
    ):
        make_recommendation(inspection, theme=theme, timescale=timescale, stem=stem, points=points)
    count_from(inspection, year.first)
    return SimpleNamespace(
        year=year,
        office=Office(browser, live_server.url, PASSWORD),
        inspection=inspection.get_absolute_url(),
        pk=inspection.pk,
        recommendations=[
            each.get_absolute_url() for each in inspection.recommendations.order_by("number")
        ],
    )


def test_publication_to_closure_in_a_year(place):
    year, office = place.year, place.office
    year.comes_to(0)
    assert f"Due today, {in_words(year.first)}." in year.mail_of_today("force.lead").text
    with office.person("force.lead") as force_lead, office.person("lead") as lead:
        begins_the_follow_up(lead, place)
        is_done_at_once(force_lead, place)
        plans_and_is_answered(force_lead, lead, place)
        sends_the_update(force_lead, lead, place)
        with office.person("commissioner") as commissioner:
            comments(commissioner, place)
        with office.person("assessor") as assessor:
            does_an_action(assessor, place)
        does_the_other_actions(force_lead, place)
        gets_more_time(force_lead, lead, place)
        closes_in_time(force_lead, lead, place)
        revisits(lead, place)
        is_refused_and_becomes_overdue(force_lead, lead, place)
        is_closed_at_last(force_lead, lead, place)
        reads_the_messages(force_lead, lead, place)
    every_mail_went_out_once(place)


# -- Both sides -----------------------------------------------------------------------------------------------------


def begins_the_follow_up(lead: Person, place: SimpleNamespace) -> None:
    """The lead moves the inspection on; nothing keeps the report's dates from counting."""
    lead.open(place.inspection)
    lead.press("Begin follow-up")
    lead.press("Begin follow-up")
    lead.reads("The inspection is now at the stage “Follow-up”.")


def is_done_at_once(force_lead: Person, place: SimpleNamespace) -> None:
    """What was due on the day of publication is still overdue after a week, and ready for closure a day later."""
    year = place.year
    year.comes_to(7)
    mail = year.mail_of_today("force.lead")
    assert "7 days overdue" in mail.text
    force_lead.open(link_in(mail.text, "/recommendations/"))
    force_lead.reads(AT_ONCE, "7 days overdue")
    year.comes_to(8)
    asks_for_closure(
        force_lead, place, 1, "Every open case was read by a supervisor within five days."
    )
    year.comes_to(9)
    mail = year.mail_of_today("lead")
    assert "A recommendation is ready for closure" in mail.text and "Recommendation 1" in mail.text


def plans_and_is_answered(force_lead: Person, lead: Person, place: SimpleNamespace) -> None:
    """A plan is submitted in time, returned with a comment, submitted again and accepted."""
    year = place.year
    year.comes_to(14)
    text = year.mail_of_today("force.lead").text
    assert "Action plan" in text and "Due in 28 days" in text
    year.comes_to(20)
    opens_the_plan(force_lead, place)
    force_lead.reads("Not answered yet")
    adds_an_action(
        force_lead,
        2,
        "Train all sergeants and audit forty records a month.",
        POINTS,
        owner="Jo Field",
        start=25,
        due=70,
        year=year,
    )
    adds_an_action(
        force_lead,
        3,
        OF_THE_COUNCIL,
        [],
        partner="Wexmouth children’s services",
        start=30,
        due=120,
        year=year,
    )
    submits_the_plan(force_lead, 1)
    year.comes_to(21)
    assert "An action plan was submitted" in year.mail_of_today("lead").text
    answers_the_plan(
        lead, place, 1, "Return the plan", comment="Say what the force itself will do."
    )
    year.comes_to(22)
    assert "The action plan was returned" in year.mail_of_today("force.lead").text
    opens_the_plan(force_lead, place)
    force_lead.reads("Say what the force itself will do.")
    adds_an_action(
        force_lead,
        3,
        OF_THE_FORCE,
        [],
        owner="Helen Marsh",
        start=30,
        due=120,
        year=year,
    )
    submits_the_plan(force_lead, 2)
    year.comes_to(23)
    answers_the_plan(lead, place, 2, "Accept the plan")
    year.comes_to(24)
    assert "The action plan was accepted" in year.mail_of_today("force.lead").text


def sends_the_update(force_lead: Person, lead: Person, place: SimpleNamespace) -> None:
    """Six weeks after publication the force has said what it did at once, and the lead judges that."""
    year = place.year
    year.comes_to(36)
    assert 35 in year.days_of(
        "force.lead", "Due in 7 days", "Update on what was to be done immediately"
    )
    force_lead.open(f"{place.inspection}update/")
    force_lead.fill(
        "What was done about recommendation 1",
        "All open cases were read; four were raised at once.",
    )
    force_lead.press("Send to the inspectorate")
    force_lead.reads("Update sent.")
    year.comes_to(37)
    assert "The update on what was immediate was sent" in year.mail_of_today("lead").text
    judges(lead, place, 1, "Implemented", "The dip sample confirms it.")
    year.comes_to(38)
    assert "A recommendation was judged" in year.mail_of_today("force.lead").text


def comments(commissioner: Person, place: SimpleNamespace) -> None:
    """The commissioner’s office is reminded of its 56 days, of nothing else, and comments in time."""
    year = place.year
    year.comes_to(50)
    assert year.days_of("commissioner") == [28, 49]
    commissioner.open(f"{place.inspection}pcc-comments/")
    commissioner.fill("Comments", "The commissioner welcomes the report and will follow the plan.")
    commissioner.press("Send the comments")
    commissioner.reads("Comments sent.")
    year.comes_to(51)
    assert "The police and crime commissioner commented" in year.mail_of_today("lead").text


def does_an_action(assessor: Person, place: SimpleNamespace) -> None:
    """Whoever owns an action is reminded of its date, of nothing else, and says when it is done."""
    year = place.year
    year.comes_to(65)
    assert year.days_of("assessor") == [42, 63]
    assessor.open(place.recommendations[1])
    assessor.choose("Ready for closure")
    assessor.fill("What has been done", "All sergeants are trained, and the audits run.")
    assessor.press("Save progress")
    assessor.reads("Progress saved.")


def does_the_other_actions(force_lead: Person, place: SimpleNamespace) -> None:
    """The force’s lead says of the other actions that they are done, and is not reminded of them."""
    year = place.year
    year.comes_to(66)
    for action in (OF_THE_COUNCIL, OF_THE_FORCE):
        force_lead.open(place.recommendations[2])
        force_lead.select("What is this about?", f"Action: {action}")
        force_lead.choose("Ready for closure")
        force_lead.fill("What has been done", "It is done.")
        force_lead.press("Save progress")
        force_lead.reads("Progress saved.")


def gets_more_time(force_lead: Person, lead: Person, place: SimpleNamespace) -> None:
    """The force asks for a month, the lead agrees to three weeks; the first date stays on show."""
    year = place.year
    due = months_after(year.first, 3)
    agreed = year.date(year.day_of(due) + 21)
    year.comes_to(year.day_of(due) - 6)
    assert year.days_of("force.lead", IN_THREE_MONTHS, "Due in 7 days") == [year.day - 1]
    force_lead.open(place.recommendations[1])
    force_lead.follow("Ask for more time")
    force_lead.fill_date("New date", year.date(year.day_of(due) + 30))
    force_lead.fill(
        "Why is more time needed?", "The new forms reach the custody suites next month."
    )
    force_lead.press("Ask for more time")
    force_lead.reads("You have asked for more time. The date stays as it is for now.")

    year.comes_to(year.day + 1)
    mail = year.mail_of_today("lead")
    assert "An extension was asked for" in mail.text
    lead.open(link_in(mail.text, "/deadlines/"))
    lead.press("Answer the request")
    lead.choose("Agree to more time")
    lead.fill_date("New date if you agree", agreed)
    lead.fill("Reason for your decision", "Three weeks are enough for two suites.")
    lead.press("Send the answer")
    lead.reads("Your answer is sent.", in_words(agreed), in_words(due))

    year.comes_to(year.day + 1)
    mail = year.mail_of_today("force.lead")
    assert "An extension was decided" in mail.text
    assert in_words(agreed) in mail.text and f"First due on {in_words(due)}." in mail.text
    force_lead.open(place.recommendations[1])
    force_lead.reads(in_words(agreed), in_words(due))
    place.agreed = agreed


def closes_in_time(force_lead: Person, lead: Person, place: SimpleNamespace) -> None:
    """By the new date it is proved, and implemented; no reminder ever called it overdue."""
    year = place.year
    year.comes_to(year.day_of(place.agreed) - 3)
    asks_for_closure(force_lead, place, 2, "Both points are met, as the audits show.", POINTS)
    year.comes_to(year.day + 1)
    judges(lead, place, 2, "Implemented", "The audits are sound.")
    year.comes_to(year.day_of(place.agreed) + 30)
    overdue = year.mails_to("force.lead", IN_THREE_MONTHS, "overdue: it was due on")
    assert not [mail for mail in overdue if in_words(place.agreed) in mail.text]


def revisits(lead: Person, place: SimpleNamespace) -> None:
    """The lead is reminded of the revisit, and says in time that it took place."""
    year = place.year
    due = year.day_of(months_after(year.first, 6))
    year.comes_to(due - 6)
    assert [due - 28, due - 7] == year.days_of("lead", "Revisit to see how")
    revisit = Deadline.objects.get(inspection=place.pk, kind=DeadlineKind.REVISIT)
    lead.open(f"/deadlines/{revisit.pk}/")
    lead.fill("How was it done?", "Two inspectors saw the custody suites for a day.")
    lead.press("Mark as done")
    lead.reads("Marked as done.")


def is_refused_and_becomes_overdue(
    force_lead: Person, lead: Person, place: SimpleNamespace
) -> None:
    """Closure is asked for without evidence and refused; the date counts again, and climbs when it is long over."""
    year = place.year
    due = year.day_of(months_after(year.first, 6))
    year.comes_to(due - 3)
    force_lead.open(place.recommendations[2])
    fills_in_that_it_is_ready(force_lead, "Stays are shorter than they were.")
    force_lead.press("Save progress", expects=200)
    force_lead.choose("It is ready for closure all the same")
    force_lead.press("Save progress")
    force_lead.reads("The inspectorate is asked to close this recommendation.")
    year.comes_to(due - 2)
    judges(lead, place, 3, "Return it with questions", "How long were the stays before and after?")
    cannot_close(lead, place, "Recommendation 3 has not been judged.")
    year.comes_to(due - 1)
    assert "A recommendation was returned with questions" in year.mail_of_today("force.lead").text
    force_lead.open(place.recommendations[2])
    force_lead.reads("How long were the stays before and after?", "In progress")

    year.comes_to(due + 29)
    late = "overdue: it was due on " + in_words(year.date(due))
    assert year.days_of("force.lead", IN_SIX_MONTHS, late) == [
        due + days for days in (1, 7, 14, 21, 28)
    ]
    assert year.days_of("lead", IN_SIX_MONTHS, late)[0] == due + 14
    assert year.days_of("manager", IN_SIX_MONTHS, late) == [due + 28]
    lead.go_to("Deadlines")
    lead.reads("1 overdue", "29 days overdue")

    asks_for_closure(force_lead, place, 3, "The figures for both years are attached.")
    year.comes_to(due + 30)
    judges(lead, place, 3, "Partly implemented", "Nights are as long as before.")
    cannot_close(lead, place, "Recommendation 3 is not implemented yet")


def is_closed_at_last(force_lead: Person, lead: Person, place: SimpleNamespace) -> None:
    """The rest is done, judged, and the inspection closed; after that nobody is told of it any more."""
    year = place.year
    year.comes_to(350)
    asks_for_closure(force_lead, place, 3, "Nights are shorter as well, as the figures show.")
    year.comes_to(351)
    judges(lead, place, 3, "Implemented", "The figures hold for nights and days.")
    year.comes_to(365)
    lead.open(place.inspection)
    lead.press("Close the inspection")
    lead.press("Close the inspection")
    lead.reads("The inspection is now at the stage “Closed”.")
    last = len(year.mails)
    year.comes_to(380)
    assert len(year.mails) == last
    force_lead.go_to("Deadlines")
    force_lead.reads("0 overdue")


def reads_the_messages(force_lead: Person, lead: Person, place: SimpleNamespace) -> None:
    """What was mailed can be read in Assay as well, and each deadline says who was told of it when."""
    year = place.year
    count = len(year.mails_to("force.lead"))
    force_lead.open("/messages/")
    force_lead.reads(f"{count} messages are unread.")
    force_lead.follow(f"Recommendation 3: {IN_SIX_MONTHS}")
    force_lead.reads("1 overdue", "Due, as told then", "Met", "you answer for it")
    force_lead.open("/messages/")
    force_lead.reads(f"{count - 1} messages are unread.")
    force_lead.press("Mark all as read")
    force_lead.reads("You have read everything.")

    lead.open(place.recommendations[2])
    lead.follow("Who was told of it when")
    lead.reads("Helen Marsh", "Owen Hartley", "28 days overdue", "it has been overdue for long")
    lead.open("/messages/record/?person=marsh")
    lead.reads("Helen Marsh", "answers for it")


def every_mail_went_out_once(place: SimpleNamespace) -> None:
    """One mail a person a day at most, each of them once, and none left behind."""
    year = place.year
    assert max(Counter((mail.day, mail.to) for mail in year.mails).values()) == 1
    assert len({str(mail.message["Message-ID"]) for mail in year.mails}) == len(year.mails)
    left = Digest.objects.exclude(status__in=[DigestStatus.SENT, DigestStatus.CANCELLED])
    assert not left.exists()
    assert Digest.objects.filter(status=DigestStatus.SENT).count() == len(year.mails)
    for mail in year.mails:
        for secret in ("four were raised at once", "Nights are", "How long were the stays"):
            assert secret not in mail.text


# -- What they do again and again -----------------------------------------------------------------------------------


def link_in(text: str, part: str) -> str:
    """Return the first address in a mail that leads to `part` of Assay, without its host."""
    found = re.search(rf"https?://[^/\s]+({part}\d+/)", text)
    assert found, text
    return found.group(1)


def fills_in_that_it_is_ready(force_lead: Person, summary: str) -> None:
    force_lead.choose("Ready for closure")
    force_lead.fill("What has been done", summary)


def asks_for_closure(
    force_lead: Person,
    place: SimpleNamespace,
    number: int,
    summary: str,
    proves: list[str] | None = None,
) -> None:
    """Say that a recommendation is ready for closure, with a file that proves it."""
    force_lead.open(place.recommendations[number - 1])
    fills_in_that_it_is_ready(force_lead, summary)
    force_lead.attach("Evidence", "audits.csv", EVIDENCE)
    force_lead.fill("What the evidence shows", "The audits by month.")
    for point in proves or []:
        force_lead.choose(point)
    force_lead.press("Save progress")
    force_lead.reads("The inspectorate is asked to close this recommendation.", "audits.csv")


def judges(lead: Person, place: SimpleNamespace, number: int, decision: str, words: str) -> None:
    """Judge a recommendation, or return it."""
    lead.open(f"{place.recommendations[number - 1]}judge/")
    lead.choose(decision)
    lead.fill("Finding, or your questions", words)
    lead.press("Save and tell the force")
    lead.reads(f"Recommendation {number} is", words)


def cannot_close(lead: Person, place: SimpleNamespace, reason: str) -> None:
    """Find on the overview that the inspection cannot be closed yet, and why."""
    lead.open(place.inspection)
    lead.reads("Close the inspection: not yet, because", reason)
    assert not lead.page.get_by_role("button", name="Close the inspection", exact=True).count()


def opens_the_plan(somebody: Person, place: SimpleNamespace) -> None:
    somebody.open(place.inspection)
    somebody.turn_to("Follow-up")
    somebody.open(f"{place.inspection}plan/")


def adds_an_action(
    force_lead: Person,
    number: int,
    text: str,
    points: list[str],
    *,
    start: int,
    due: int,
    year: Year,
    owner: str = "",
    partner: str = "",
) -> None:
    """Add one action for a recommendation, with whoever sees to it."""
    force_lead.follow(f"Add an action for recommendation {number}")
    force_lead.fill("What will be done", text)
    for point in points:
        force_lead.page.get_by_label(re.compile(re.escape(point))).check()
    if owner:
        force_lead.select("Owner", owner)
    else:
        force_lead.fill("Partner", partner)
    force_lead.fill_date("Start", year.date(start))
    force_lead.fill_date("Due date", year.date(due))
    force_lead.press("Save")
    force_lead.reads(text)


def submits_the_plan(force_lead: Person, version: int) -> None:
    force_lead.press("Submit the plan")
    force_lead.press("Submit the plan")
    force_lead.reads(f"Version {version} of the action plan submitted.")


def answers_the_plan(
    lead: Person, place: SimpleNamespace, version: int, answer: str, comment: str = ""
) -> None:
    """Accept a version of the plan, or return it with a comment on recommendation 3."""
    lead.open(f"{place.inspection}plan/")
    lead.press(f"Accept or return version {version}")
    if comment:
        lead.fill("About recommendation 3", comment)
    lead.press(answer)
    lead.reads(f"Version {version} {'returned' if comment else 'accepted'}.")
