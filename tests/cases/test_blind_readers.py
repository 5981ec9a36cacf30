"""Who was asked to read a case blind learns before submitting nothing of what others said of it: from no address.

The strongest way to say “no trace”: every page, file and API answer that the reader can open is fetched, the hidden
audits are given other grades and words behind everybody's back, and every answer is the same, byte for byte.
"""

import io
import re
import zipfile

import pytest
from django.db.models import F
from django.urls import reverse

from accounts.models import Role
from cases import calibration, figures, grading, moderation, readings
from cases.content import NewFinding
from cases.models import (
    Answer,
    Audit,
    ConfirmedFragment,
    Finding,
    FindingKind,
    IndicatorAnswer,
    Reading,
)
from inspections.models import Side, TeamMember
from tests.support.addresses import addresses
from tests.support.factories import make_audit, make_case, make_user

SECRET = "Zanzibar-lighthouse"
OTHER = "Aral-ferry"
UNSTEADY = re.compile(
    r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]*"|value="[0-9a-f]{16}"|\d\d:\d\d(:\d\d)?'
)


@pytest.fixture
def reader(place):
    user = make_user(Role.INSPECTOR, name="Second Reader")
    TeamMember.objects.create(inspection=place.inspection, user=user)
    return user


@pytest.fixture
def case(place):
    """A case of which everybody has said what is not to be learnt."""
    found = make_case(place.inspection, reference="A-1")
    theirs = make_audit(found, Side.FORCE, "good", by=place.assessor)
    ours = make_audit(found, grade="bad", by=place.inspector)
    for audit in (theirs, ours):
        fill(audit)
        say(audit, "good", SECRET)
    confirm(ours)
    return found


@pytest.fixture
def others(place, reader):
    """Further cases, so that figures and lists are not empty."""
    for number, (ours, theirs) in enumerate([("good", "bad"), ("bad", "bad"), ("fair", "good")]):
        each = make_case(place.inspection, reference=f"B-{number}")
        make_audit(each, Side.FORCE, theirs, by=place.assessor)
        make_audit(each, grade=ours, by=place.inspector, findings={"theme-alpha": "Seen late."})
        make_audit(each, grade="good", by=place.lead, reading=Reading.SECOND, reader=place.lead)


def fill(audit):
    """Give an audit an answer and a finding."""
    indicator = audit.case.area.indicators.first()
    IndicatorAnswer.objects.create(
        audit=audit, framework_id=audit.framework_id, indicator=indicator, answer=Answer.MET
    )
    theme = audit.case.inspection.framework.themes.first()
    Finding.objects.create(
        audit=audit, framework_id=audit.framework_id, theme=theme, kind=FindingKind.STRENGTH
    )


def say(audit, grade, words):
    """Let an audit say another grade and other words, behind everybody's back."""
    chosen = audit.case.inspection.framework.grades.get(code=grade)
    Audit.objects.filter(pk=audit.pk).update(
        grade=chosen,
        final_grade=chosen,
        reason=words,
        timeline=[{"what": words, "on": "2026-01-05", "at": "", "precision": "day", "cause": ""}],
        people=[{"kind": "child", "age": len(words), "sex": "female"}],
        version=F("version") + 1,
    )
    best = grade == "good"
    IndicatorAnswer.objects.filter(audit=audit).update(
        answer=Answer.MET if best else Answer.NOT_MET, note=words
    )
    Finding.objects.filter(audit=audit).update(
        kind=FindingKind.STRENGTH if best else FindingKind.WEAKNESS, text=words
    )


def confirm(audit):
    """Let somebody have said that a piece of the audit's text is not personal data."""
    ConfirmedFragment.objects.create(
        inspection=audit.case.inspection,
        case=audit.case,
        place=f"audit {audit.pk}",
        field="reason",
        kind="postcode",
        fragment=SECRET,
        reason=SECRET,
        confirmed_by=audit.updated_by,
    )


def fetch(client, user, case):
    """Return what `user` gets at every address that answers."""
    client.force_login(user)
    answers = {}
    for address in addresses(case, words=[SECRET, OTHER]):
        if address.endswith("/readers/"):
            continue  # who has read the case: it grows by this very question
        response = client.get(address)
        if response.status_code not in (404, 405):
            answers[address] = f"{response.status_code} {steady(response, address)}"
    return answers


def steady(response, address):
    body = b"".join(response) if response.streaming else response.content
    if body.startswith(b"PK"):
        parts = zipfile.ZipFile(io.BytesIO(body))
        body = b"".join(parts.read(n) for n in parts.namelist() if not n.startswith("docProps"))
    text = UNSTEADY.sub("", body.decode("utf-8", "replace"))
    return text + response.headers.get("Location", "")


def traces(answers):
    """Addresses in whose answers the secret words stand, save where the reader's own question is repeated."""
    return [
        address
        for address, text in answers.items()
        if (SECRET in text or OTHER in text) and "q=" not in address
    ]


def test_the_addresses_include_those_that_matter(case):
    found = " ".join(addresses(case))
    for part in ("/figures/", "/moderation/", "/calibration/", "/audit/", "/report/", "/api/v1/"):
        assert part in found, part


@pytest.mark.parametrize("reading", [Reading.SECOND, Reading.CALIBRATION])
def test_no_answer_depends_on_what_the_first_inspector_or_the_force_said(
    client, place, case, reader, others, reading
):
    """`cases:detail` and the like are among the addresses; so are figures, the API and the report's draft."""
    if reading == Reading.SECOND:
        readings.ask(case, reader, by=place.lead)
    else:
        third = make_user(Role.INSPECTOR)
        TeamMember.objects.create(inspection=place.inspection, user=third)
        calibration.start(case, [reader, third], by=place.lead)
        submit_reading(case, third, "good")
    before = fetch(client, reader, case)
    for audit in Audit.objects.filter(case=case).exclude(reader=reader):
        say(audit, "bad", OTHER)
    after = fetch(client, reader, case)
    assert before.keys() == after.keys()
    assert [address for address in before if before[address] != after[address]] == []
    assert traces(before) == traces(after) == []


def test_no_answer_depends_on_how_a_lead_settled_the_case(client, place, case, reader, others):
    readings.ask(case, reader, by=place.lead)
    scale = place.framework.grades
    ours = Audit.objects.main().get(case=case, side=Side.INSPECTORATE)
    ours = moderation.settle(
        ours, scale.get(code="fair"), SECRET, by=place.lead, version=ours.version
    )
    before = fetch(client, reader, case)
    moderation.settle(ours, scale.get(code="bad"), OTHER, by=place.lead, version=ours.version)
    after = fetch(client, reader, case)
    assert [address for address in before if before[address] != after[address]] == []
    assert traces(before) == []


def test_a_lead_who_reads_blind_is_as_blind_as_anybody(client, place, case, others):
    readings.ask(case, place.lead, by=place.lead)
    before = fetch(client, place.lead, case)
    for audit in Audit.objects.filter(case=case, reading=Reading.MAIN):
        say(audit, "bad", OTHER)
    after = fetch(client, place.lead, case)
    assert [address for address in before if before[address] != after[address]] == []
    assert traces(before) == []


@pytest.mark.parametrize("person", ["inspector", "lead"])
def test_no_answer_depends_on_a_reading_before_our_own_audit_is_submitted(
    client, place, reader, others, person
):
    """The first inspector is blind to the second as well; whoever directs both waits for both."""
    case = make_case(place.inspection, reference="A-1")
    draft = make_audit(case, grade="fair", submitted=False, by=place.inspector)
    readings.ask(case, reader, by=place.lead)
    again = submit_reading(case, reader, "good")
    fill(again)
    say(again, "good", SECRET)
    user = getattr(place, person)
    before = fetch(client, user, case)
    say(again, "bad", OTHER)
    after = fetch(client, user, case)
    assert [address for address in before if before[address] != after[address]] == []
    assert traces(before) == []
    assert Audit.objects.visible_to(user).filter(pk=draft.pk).exists()


@pytest.mark.parametrize("person", ["force_lead", "viewer"])
def test_a_force_never_learns_of_readings_or_of_the_grade_that_was_settled_anew(
    client, place, case, reader, person
):
    place_at_check = place.at("factual_accuracy")
    again = make_audit(case, grade="good", by=reader, reading=Reading.SECOND, reader=reader)
    fill(again)
    say(again, "good", SECRET)
    ours = Audit.objects.main().get(case=case, side=Side.INSPECTORATE)
    Audit.objects.filter(case=case, reading=Reading.MAIN).update(reason="Plain words.")
    ours.refresh_from_db()
    ours = moderation.settle(
        ours, place.framework.grades.get(code="fair"), "Seen.", by=place.lead, version=ours.version
    )
    user = getattr(place, person)
    before = fetch(client, user, case)
    say(again, "bad", OTHER)
    Audit.objects.filter(pk=ours.pk).update(grade=place.framework.grades.get(code="bad"))
    after = fetch(client, user, case)
    assert place_at_check.force_sees_findings
    assert [address for address in before if before[address] != after[address]] == []


def submit_reading(case, person, grade):
    """Write and submit the reading that `person` was asked for, as its page does."""
    audit = Audit.objects.filter(case=case, reader=person).first()
    if audit is None:
        return make_audit(case, grade=grade, by=person, reading=Reading.SECOND, reader=person)
    saved = grading.save(
        case,
        side=Side.INSPECTORATE,
        by=person,
        version=audit.version,
        grade=case.inspection.framework.grades.get(code=grade),
        reason="Read blind.",
        findings=[NewFinding("k1", "theme-alpha", FindingKind.STRENGTH, "Seen at once.", [])],
    )
    return grading.submit(saved, by=person, version=saved.version)


# -- Before and after ---------------------------------------------------------------------------------------------


def test_after_their_submission_everything_stands_side_by_side(client, place, case, reader):
    readings.ask(case, reader, by=place.lead)
    audits = Audit.objects.visible_to(reader).filter(case=case)
    assert [audit.reader for audit in audits] == [reader]
    submit_reading(case, reader, "good")
    assert audits.all().count() == 3
    client.force_login(reader)
    page = client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert SECRET in page
    assert "Read blind." in page


def test_a_reader_writes_their_own_audit_and_not_the_first(place, case, reader):
    readings.ask(case, reader, by=place.lead)
    first = Audit.objects.main().get(case=case, side=Side.INSPECTORATE)
    again = submit_reading(case, reader, "good")
    assert again.reader == reader
    assert grading.own_audit(case, reader) == again
    assert grading.own_audit(case, place.lead) == first
    first.refresh_from_db()
    assert first.reason == SECRET


def test_a_reader_who_reopens_their_own_reading_stays_able_to_read_the_others(place, case, reader):
    readings.ask(case, reader, by=place.lead)
    again = submit_reading(case, reader, "good")
    grading.reopen(again, by=reader, reason="A page was missing.")
    assert Audit.objects.visible_to(reader).filter(case=case).count() == 3


def test_a_blind_reader_counts_the_case_as_not_graded(place, case, reader):
    assert figures.for_inspection(place.inspection, reader).graded == 1
    readings.ask(case, reader, by=place.lead)
    found = figures.for_inspection(place.inspection, reader)
    assert (found.cases, found.graded, found.compared) == (1, 0, 0)
    assert figures.for_inspection(place.inspection, place.lead).graded == 1


def test_a_draft_of_the_report_leaves_out_cases_that_somebody_reads_blind(place, case, reader):
    assert figures.for_report(place.inspection).graded == 1
    readings.ask(case, reader, by=place.lead)
    assert figures.for_report(place.inspection).graded == 0
    submit_reading(case, reader, "good")
    assert figures.for_report(place.inspection).graded == 1
