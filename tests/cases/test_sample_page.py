"""The sample page and the forms by which cases come in."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile
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
    assert cells(page, "Area alpha") == ["2", "2", "1"]
    assert cells(page, "Area gamma") == ["2", "0", "0"]
    assert cells(page, "All areas") == ["6", "3", "1"]


def test_a_case_is_added_and_what_was_typed_is_kept_when_it_is_refused(client, place):
    client.force_login(place.inspector)
    area = place.framework.areas.all()[1]
    data = {
        "reference": "John Smith",
        "area": area.pk,
        "summary": "Typed text",
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
