"""A child may still be at risk: an inspector refers the case in two clicks, the force is told at once and answers.

With a real worker and mail server; and with the clock two days on, for what nobody answered.
"""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from accounts.models import Role
from cases.models import UrgentReferral
from inspections.models import Stage
from reminders import tasks
from tests.support.factories import PASSWORD, make_case, make_force, make_inspection, make_user
from tests.support.journey import Person
from tests.support.stack import wait_until

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.django_db(transaction=True),
]
CONCERN = "Child A was seen at the home of the suspect again on Monday."
MUST_ACT = "The duty inspector for child protection"
ANSWER = "Officers saw child A and child B; both stay with a relative."


@pytest.fixture
def people(celery_worker, live_server, new_page):
    """An inspection in fieldwork with two cases, and a function that has somebody sign in."""
    force = make_force("Northmoor Police")
    lead = make_user(Role.LEAD_INSPECTOR, email="lead@assay.example")
    inspector = make_user(Role.INSPECTOR, email="inspector@assay.example")
    make_user(Role.FORCE_LEAD, force=force, email="force.lead@assay.example")
    make_user(Role.MANAGER, email="manager@assay.example")
    make_user(Role.FORCE_LEAD, email="elsewhere@assay.example")
    inspection = make_inspection(Stage.FIELDWORK, force=force, lead=lead, team=[inspector])
    for number in (1, 2):
        make_case(inspection, reference=f"NM-00{number}", route="selected")
    celery_worker.start()

    def sign_in(name):
        person = Person(new_page(), live_server.url, f"{name}@assay.example")
        person.sign_in(PASSWORD)
        return person

    return sign_in


def refers(inspector, reference):
    """From the case's audit: one click to the form, one to send it."""
    inspector.follow(reference)
    inspector.press("Refer urgently")  # a link that looks like a button
    inspector.fill("What is feared?", CONCERN)
    inspector.fill("Who must act?", MUST_ACT)
    inspector.press("Send to the force now")
    inspector.reads("The case is referred.", "Open", CONCERN)


def opens_the_cases(person):
    person.go_to("Inspections")
    person.follow("Northmoor Police", exact=False)
    person.turn_to("Cases")


def mail_to(server, name, number=1):
    """Wait for the mails to somebody, and return the last of them."""
    address = f"{name}@assay.example"
    wait_until(lambda: len(server.mailbox(address)) >= number, what=f"mail {number} to {name}")
    found = server.mailbox(address)
    assert len(found) == number
    return found[-1]


def link_in(mail):
    [path] = set(re.findall(r"/referrals/\d+/", mail.get_body(("plain",)).get_content()))
    return path


def test_it_is_referred_mailed_acknowledged_and_answered(people, mail_server):
    inspector = people("inspector")
    opens_the_cases(inspector)
    refers(inspector, "NM-001")

    mail = mail_to(mail_server, "force.lead")
    assert mail["Subject"] == "Assay: an urgent referral waits for your force"
    for secret in (CONCERN, MUST_ACT, "NM-001"):
        assert secret not in mail.as_string()

    force_lead = people("force.lead")
    due = timezone.localtime(UrgentReferral.objects.get().acknowledge_by)
    force_lead.reads("Acknowledge the urgent referral of case NM-001", f"{due:%H:%M}")
    force_lead.open(link_in(mail))
    force_lead.reads(CONCERN, MUST_ACT, "NM-001")
    force_lead.press("Acknowledge that you have this")
    assert "was acknowledged" in mail_to(mail_server, "lead")["Subject"]
    force_lead.fill("What was done to keep the child safe?", ANSWER)
    force_lead.press("Send the answer")
    force_lead.reads("Your answer is sent.", "Answered", ANSWER)

    answered = mail_to(mail_server, "lead", 2)
    assert "was answered" in answered["Subject"] and ANSWER not in answered.as_string()
    inspector.open(link_in(answered))
    inspector.reads(ANSWER)
    elsewhere = people("elsewhere")
    elsewhere.does_not_read("urgent referral")
    assert elsewhere.page.goto(f"{elsewhere.address}{link_in(mail)}").status == 404
    assert mail_server.mailbox("elsewhere@assay.example") == []


def test_what_nobody_answers_climbs_to_the_manager(people, mail_server, celery_worker, settings):
    inspector = people("inspector")
    opens_the_cases(inspector)
    refers(inspector, "NM-002")
    path = link_in(mail_to(mail_server, "force.lead"))
    celery_worker.stop()

    settings.CLOCK_OFFSET_DAYS = 2
    celery_worker.start(ASSAY_CLOCK_OFFSET_DAYS="2")
    tasks.sweep.delay()

    mail = mail_to(mail_server, "manager")
    assert mail["Subject"] == "Assay: an urgent referral is overdue"
    assert CONCERN not in mail.as_string() and link_in(mail) == path
    assert "is overdue" in mail_to(mail_server, "force.lead", 2)["Subject"]
    manager = people("manager")
    manager.reads("Northmoor Police has not answered the urgent referral of case NM-002", "overdue")
    manager.follow("Northmoor Police has not answered", exact=False)
    manager.reads(CONCERN, "Open", "overdue, was due")
    assert UrgentReferral.objects.open().count() == 1
