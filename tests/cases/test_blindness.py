"""Neither side learns before its time what the other said (rule 3), from no page, filter, order, count or answer."""

import itertools
import re

import pytest
from django.urls import reverse

from cases import figures, grading
from cases.models import Route
from inspections.models import Side, Stage
from tests.support.factories import make_audit, make_case

SECRET = "Zanzibar-lighthouse"
PAGES = ["cases:sample", "cases:list", "cases:figures", "inspections:detail", "inspections:history"]


def fetch(client, user, url):
    client.force_login(user)
    response = client.get(url, follow=True)
    assert response.status_code == 200, url
    text = response.content.decode()
    # without what differs each time: the token, times, the keys drawn for findings still to be written
    return re.sub(
        r'name="csrfmiddlewaretoken" value="[^"]*"|value="[0-9a-f]{16}"|\d\d:\d\d', "", text
    )


def regrade(audit, grade, **words):
    """Change behind everybody's back what a submitted audit says."""
    audit.grade = audit.final_grade = audit.case.inspection.framework.grades.get(code=grade)
    for field, text in words.items():
        setattr(audit, field, text)
    audit.save()


def everything(client, user, place, case):
    """Every page, list address and API answer in which something about the case may stand."""
    pk = place.inspection.pk
    urls = [reverse(name, args=[pk]) for name in PAGES] + ["/"]
    urls += [reverse(name, args=[case.pk]) for name in ("cases:detail", "cases:audit")]
    case_list = reverse("cases:list", args=[pk])
    urls += [f"{case_list}?sort={sort}" for sort in ("grade", "-grade", "route", "area")]
    for grade in ("good", "fair", "bad"):
        urls += [f"{case_list}?grade={grade}", f"{case_list}?force_grade={grade}"]
        urls += [f"{case_list}?force_grade={grade}&state=not_graded"]
    urls += [f"{case_list}?state={s}" for s in ("not_graded", "draft", "submitted", "excluded")]
    urls += [
        f"{case_list}?q={SECRET}",
        f"/api/v1/cases/{case.pk}/",
        f"/api/v1/cases/?inspection={pk}",
    ]
    urls += [f"/api/v1/audits/?case={case.pk}", f"/api/v1/audits/?grade=bad&case={case.pk}"]
    urls += [f"/api/v1/inspections/{pk}/figures/"]
    return {url: fetch(client, user, url) for url in urls}


@pytest.mark.parametrize("person", ["inspector", "lead", "manager"])
def test_no_page_differs_by_what_the_force_said(client, place, person):
    """The strongest way to say "no trace": with another grade of the force every page is the same, byte for byte."""
    case = make_case(place.inspection, reference="A-1")
    make_audit(make_case(place.inspection, reference="A-2", route=Route.SELECTED), grade="fair")
    audit = make_audit(
        case, Side.FORCE, "good", by=place.assessor, reason=SECRET, findings={"theme-alpha": SECRET}
    )
    user = getattr(place, person)
    before = everything(client, user, place, case)
    assert not any(
        SECRET
        in page.replace(f"q={SECRET}", "")
        .replace(f'value="{SECRET}"', "")
        .replace(f": {SECRET}", "")
        for page in before.values()
    )
    regrade(audit, "bad", reason="Other words.")
    after = everything(client, user, place, case)
    for url, page in before.items():
        assert page == after[url], url


@pytest.mark.parametrize("person", ["inspector", "lead", "manager"])
def test_no_draft_of_the_report_differs_by_what_the_force_said_of_a_case_not_graded_yet(
    client, place, person
):
    done, case = (make_case(place.inspection, reference=name) for name in ("A-1", "A-2"))
    make_audit(done, Side.FORCE, "fair", by=place.assessor)
    make_audit(done, grade="bad", by=place.inspector)
    audit = make_audit(case, Side.FORCE, "good", by=place.assessor)
    names = ["reports:preview", "reports:outline"]
    if person == "manager":
        names += ["reports:publish"]
    urls = [reverse(name, args=[place.inspection.pk]) for name in names]
    user = getattr(place, person)
    before = [fetch(client, user, url) for url in urls]
    regrade(audit, "bad")
    assert [fetch(client, user, url) for url in urls] == before


def test_a_draft_of_our_own_opens_nothing(place):
    case = make_case(place.inspection)
    theirs = make_audit(case, Side.FORCE)
    make_audit(case, submitted=False)
    assert theirs not in type(theirs).objects.visible_to(place.inspector)


def test_after_our_submission_both_stand_side_by_side_even_if_ours_is_reopened(client, place):
    case = make_case(place.inspection)
    make_audit(case, Side.FORCE, "good", reason=SECRET, by=place.assessor)
    ours = make_audit(case, grade="bad", by=place.inspector)
    page = fetch(client, place.inspector, reverse("cases:detail", args=[case.pk]))
    assert SECRET in page
    assert "Differs" in page
    grading.reopen(ours, by=place.inspector, reason="A page was missing.")
    assert SECRET in fetch(client, place.inspector, reverse("cases:detail", args=[case.pk]))


@pytest.mark.parametrize("person", ["force_lead", "assessor", "viewer"])
@pytest.mark.parametrize("stage", [Stage.FIELDWORK, Stage.DRAFTING])
def test_no_page_differs_by_what_the_inspectorate_did(client, place, person, stage):
    place.at(stage)
    case = make_case(place.inspection, reference="A-1")
    make_audit(case, Side.FORCE, "good", by=place.assessor)
    user = getattr(place, person)
    before = everything(client, user, place, case)
    make_audit(case, grade="bad", by=place.inspector, reason=SECRET)
    selected = make_case(place.inspection, reference="S-1", route=Route.SELECTED, summary=SECRET)
    make_audit(selected, grade="bad", by=place.inspector)
    after = everything(client, user, place, case)
    for url, page in before.items():
        assert page == after[url], url
    assert client.get(reverse("cases:detail", args=[selected.pk])).status_code == 404


def test_the_force_reads_submitted_audits_from_the_factual_accuracy_check_on(client, place):
    place.at(Stage.FACTUAL_ACCURACY)
    case = make_case(place.inspection)
    make_audit(case, grade="bad", by=place.inspector, reason=SECRET)
    draft = make_case(place.inspection)
    make_audit(draft, submitted=False, reason="Not for the force yet.")
    assert SECRET in fetch(client, place.viewer, reverse("cases:detail", args=[case.pk]))
    page = fetch(client, place.viewer, reverse("cases:detail", args=[draft.pk]))
    assert "Not for the force yet." not in page


def test_a_force_sees_no_earlier_version_of_the_inspectorates_audit(client, place):
    case = make_case(place.inspection)
    audit = make_audit(case, grade="bad", by=place.inspector, reason=SECRET)
    audit = grading.reopen(audit, by=place.inspector, reason="Moderated in private.")
    audit = grading.save(
        case,
        side=Side.INSPECTORATE,
        by=place.inspector,
        version=audit.version,
        grade=place.framework.grades.get(code="good"),
        reason="Better.",
    )
    grading.submit(audit, by=place.inspector, version=audit.version)
    place.at(Stage.FACTUAL_ACCURACY)
    page = fetch(client, place.force_lead, reverse("cases:detail", args=[case.pk]))
    assert "Better." in page
    assert SECRET not in page
    assert "Moderated in private." not in page
    assert SECRET in fetch(client, place.lead, reverse("cases:detail", args=[case.pk]))


def test_strangers_and_administrators_find_nothing_here(client, place):
    case = make_case(place.inspection)
    make_audit(case)
    urls = [
        reverse(f"cases:{name}", args=[place.inspection.pk])
        for name in ("sample", "list", "figures", "add", "import")
    ]
    urls += [reverse("cases:template", args=[place.inspection.pk, "csv"])]
    urls += [
        reverse(f"cases:{name}", args=[case.pk])
        for name in ("detail", "audit", "reopen", "exclude")
    ]
    people = (place.administrator, place.outsider, place.other_force)
    for person, url in itertools.product(people, urls):
        client.force_login(person)
        assert client.get(url).status_code == 404, (person.roles, url)
        assert client.post(url).status_code in (404, 405), (person.roles, url)


def test_the_count_of_excluded_cases_follows_what_a_person_may_open(place):
    place.at(Stage.DRAFTING)
    make_case(place.inspection, route=Route.SELECTED)
    assert figures.for_inspection(place.inspection, place.viewer).cases == 0
