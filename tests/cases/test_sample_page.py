"""The sample page and the forms by which cases come in."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import CaseFile
from inspections.models import Side, Stage
from tests.support.factories import make_audit, make_case


def address(place, name="sample", *more):
    return reverse(f"cases:{name}", args=[place.inspection.pk, *more])


def cells(page, row):
    line = next(line for line in re.findall(r"<tr.*?</tr>", page, re.S) if row in line)
    return [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td.*?</td>", line, re.S)]


def test_the_sample_stands_against_its_quota(client, place):
    place.at(Stage.SELF_ASSESSMENT)
    make_audit(make_case(place.inspection), Side.FORCE)
    make_case(place.inspection)
    make_case(place.inspection, area="beta")
    client.force_login(place.assessor)
    page = client.get(address(place)).content.decode()
    assert cells(page, "Area alpha") == ["2", "2", "0", "1"]
    assert cells(page, "Area gamma") == ["2", "0", "2", "0"]
    assert cells(page, "All areas") == ["6", "3", "3", "1"]


def test_a_case_is_added_and_what_was_typed_is_kept_when_it_is_refused(client, place):
    client.force_login(place.inspector)
    area = place.framework.areas.all()[1]
    data = {
        "reference": "John Smith",
        "area": area.pk,
        "summary": "Typed text",
        "selection_reason": "To see how the force deals with it.",
        "opened_on-day": "31",
        "opened_on-month": "2",
        "opened_on-year": "2025",
    }
    page = client.post(address(place, "add"), data).content.decode()
    assert "Typed text" in page
    assert "Date opened must be a real date" in page
    data |= {"opened_on-day": "28"}
    page = client.post(address(place, "add"), data).content.decode()
    assert "hold a digit" in page
    assert re.search(rf'value="{area.pk}"[^>]*checked', page)
    response = client.post(address(place, "add"), data | {"reference": " DA-1 ", "another": "1"})
    assert response.url == address(place, "add")
    case = CaseFile.objects.get()
    assert (case.reference, case.area, case.summary) == ("DA-1", area, "Typed text")
    assert case.selection_reason == "To see how the force deals with it."
    assert client.post(address(place, "add"), data | {"reference": "DA-2"}).status_code == 302


def upload(content, name="cases.csv"):
    return SimpleUploadedFile(name, content)


def test_a_file_is_imported_and_its_problems_are_listed(client, place):
    client.force_login(place.inspector)
    bad = b"reference,area\nA-1,alpha\nA-2,<script>alert(1)</script>\n"
    page = client.post(address(place, "import"), {"file": upload(bad)}).content.decode()
    assert "Nothing was imported: the file has 1 problem." in page
    assert "<script>alert" not in page
    assert cells(page, "is not an area") == [
        "area",
        "“&lt;script&gt;alert(1)&lt;/script&gt;” is not an area of this framework",
    ]
    good = upload(b"reference,area\nA-1,alpha\nA-2,beta\n")
    response = client.post(address(place, "import"), {"file": good}, follow=True)
    assert "2 cases are added." in response.content.decode()
    assert CaseFile.objects.count() == 2


def test_a_thousand_problems_are_not_all_shown(client, place):
    client.force_login(place.inspector)
    bad = b"reference,area\n" + b"A-1,nowhere\n" * 1000
    page = client.post(address(place, "import"), {"file": upload(bad)}).content.decode()
    assert "more." in page
    assert len(re.findall(r"<tr", page)) <= 102


def test_no_file_an_empty_one_and_a_large_one_are_said_plainly(client, place):
    client.force_login(place.inspector)
    assert "Select a CSV or XLSX file" in client.post(address(place, "import")).content.decode()
    page = client.post(address(place, "import"), {"file": upload(b"")}).content.decode()
    assert "The file is empty" in page
    page = client.post(
        address(place, "import"), {"file": upload(b"x" * (6 * 1024 * 1024))}
    ).content.decode()
    assert "larger than 5 MB" in page


def test_the_templates_are_downloads(client, place):
    client.force_login(place.assessor)
    for kind in ("csv", "xlsx"):
        response = client.get(address(place, "template", kind))
        assert response["Content-Disposition"] == f'attachment; filename="cases-template.{kind}"'
        assert response.content
    assert client.get(address(place, "template", "exe")).status_code == 404


def test_who_may_not_add_sees_no_button_and_is_refused(client, place):
    for person in (place.manager, place.viewer, place.assessor):
        client.force_login(person)
        assert "Add a case" not in client.get(address(place)).content.decode()
        for name in ("add", "import"):
            assert client.get(address(place, name)).status_code == 403
            assert client.post(address(place, name)).status_code == 403


def test_inspectors_say_why_they_select_a_case_and_the_force_is_not_asked(client, place):
    client.force_login(place.inspector)
    data = {"reference": "A-1", "area": place.framework.areas.all()[0].pk}
    page = client.post(address(place, "add"), data).content.decode()
    assert "Enter why you select this case" in page
    data["selection_reason"] = "Mail from jo@example.org"
    page = client.post(address(place, "add"), data).content.decode()
    assert "looks like personal data" in page
    assert not CaseFile.objects.exists()
    place.at(Stage.SELF_ASSESSMENT)
    client.force_login(place.assessor)
    assert "Why do you select" not in client.get(address(place, "add")).content.decode()
    client.post(address(place, "add"), data)
    assert CaseFile.objects.get().selection_reason == ""


def test_the_template_of_inspectors_has_a_column_for_the_reason_and_the_forces_has_not(
    client, place
):
    client.force_login(place.inspector)
    assert b"reason for selection" in client.get(address(place, "template", "csv")).content
    good = upload(b"reference,area,reason for selection\nA-1,alpha,Long delays\nA-2,beta,\n")
    client.post(address(place, "import"), {"file": good})
    assert list(CaseFile.objects.values_list("reference", "selection_reason")) == [
        ("A-1", "Long delays"),
        ("A-2", ""),
    ]
    place.at(Stage.SELF_ASSESSMENT)
    client.force_login(place.assessor)
    assert b"selection" not in client.get(address(place, "template", "csv")).content
    refused = upload(b"reference,area,reason for selection\nA-3,alpha,Long delays\n")
    page = client.post(address(place, "import"), {"file": refused}).content.decode()
    assert "Only inspectors say why they selected a case" in page


def test_the_sample_page_takes_the_same_queries_for_any_number_of_cases(client, place):
    place.at(Stage.SELF_ASSESSMENT)
    client.force_login(place.assessor)

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get(address(place)).status_code == 200
        return len(found)

    make_audit(make_case(place.inspection), Side.FORCE)
    few = queries()
    for area in ("alpha", "beta", "gamma") * 10:
        make_audit(make_case(place.inspection, area=area), Side.FORCE)
    assert queries() <= few
