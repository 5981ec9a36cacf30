"""The pages of the random draw: a list goes in, a preview, the draw, and its proof."""

import hashlib
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases import draws
from cases.models import CaseFile, SampleDraw
from inspections.models import Stage
from tests.cases.conftest import make_place
from tests.support.factories import make_case


@pytest.fixture
def place(db):
    return make_place(Stage.SELF_ASSESSMENT)


def address(place, name="draw", *more):
    return reverse(f"cases:{name}", args=[place.inspection.pk, *more])


def upload(text, name="list.csv"):
    return {"file": SimpleUploadedFile(name, text.encode())}


LIST = "reference,area\n" + "".join(
    f"{area[0].upper()}-{number},{area}\n"
    for area in ("alpha", "beta", "gamma")
    for number in range(5)
)


def hidden_list(page):
    [value] = re.findall(r'name="list" value="([^"]*)"', page, re.S)
    return value


def test_the_force_uploads_its_list_sees_what_would_be_drawn_and_draws(client, place):
    client.force_login(place.assessor)
    page = client.post(address(place), upload(LIST)).content.decode()
    assert "Draw 6 cases" in page
    assert not SampleDraw.objects.exists()
    response = client.post(address(place), {"list": hidden_list(page)})
    recorded = SampleDraw.objects.get()
    assert response.url == address(place, "draw_detail", recorded.pk)
    page = client.get(response.url).content.decode()
    assert "the same cases come out" in page
    assert recorded.seed in page
    assert recorded.eligible_sha256 in page
    for area, names in recorded.drawn.items():
        for name in names:
            assert name in page
            assert draws.number_of(recorded.seed, area, name) in page
    assert CaseFile.objects.count() == 6
    assert "the sample is complete" in client.get(address(place)).content.decode().lower()


def test_a_browser_sends_the_list_back_with_other_line_ends(client, place):
    client.force_login(place.assessor)
    page = client.post(address(place), upload(LIST)).content.decode()
    client.post(address(place), {"list": hidden_list(page).replace("\n", "\r\n")})
    assert CaseFile.objects.count() == 6


def test_an_area_with_too_few_cases_is_said_before_the_draw(client, place):
    make_case(place.inspection, area="alpha", reference="A-0")
    client.force_login(place.assessor)
    text = "reference,area\na-0,alpha\nA-1,alpha\nB-1,beta\n"
    page = client.post(address(place), upload(text)).content.decode()
    assert "“Area beta”: the sample lacks 2, and the list has 1" in page
    assert "“Area gamma”: the sample lacks 2, and the list has 0" in page
    assert "“Area alpha”: the sample lacks" not in page
    assert "1 reference of the list is in this inspection already" in page
    assert "Draw 2 cases" in page
    page = client.post(address(place), upload("reference,area\na-0,alpha\n")).content.decode()
    assert "Nothing would be drawn from this list." in page


def test_problems_of_the_list_are_told_by_row_and_nothing_is_drawn(client, place):
    client.force_login(place.assessor)
    bad = "reference,area\nA-1,alpha\nA-1,beta\n<b>1,nowhere\n"
    page = client.post(address(place), upload(bad)).content.decode()
    assert "What to mend in the file" in page
    assert "Row 2 of this file has the same reference" in page
    assert "<b>1" not in page
    assert "Select a CSV or XLSX file" in client.post(address(place)).content.decode()


@pytest.mark.parametrize("text", ["", "delta:A-1", "alpha:Anna Jones", "x" * 100])
def test_a_list_that_was_bent_on_its_way_back_draws_nothing(client, place, text):
    client.force_login(place.assessor)
    response = client.post(address(place), {"list": text}, follow=True)
    assert response.status_code == 200
    assert not CaseFile.objects.exists()


def test_the_draws_of_two_browsers_do_not_exceed_the_quota(client, place):
    client.force_login(place.assessor)
    text = hidden_list(client.post(address(place), upload(LIST)).content.decode())
    client.post(address(place), {"list": text})
    client.force_login(place.force_lead)
    response = client.post(address(place), {"list": text}, follow=True)
    assert "The sample is complete: there is nothing to draw." in response.content.decode()
    assert CaseFile.objects.count() == 6


def test_the_list_is_a_download_whose_checksum_is_the_recorded_one(client, place):
    recorded = draws.draw(place.inspection, {"alpha": ["A-1", "A-2", "A-3"]}, by=place.assessor)
    for person in (place.assessor, place.viewer, place.inspector, place.manager):
        client.force_login(person)
        content = client.get(address(place, "draw_list", recorded.pk)).content
        assert hashlib.sha256(content).hexdigest() == recorded.eligible_sha256
        assert client.get(address(place, "draw_detail", recorded.pk)).status_code == 200


def test_draws_of_one_force_are_not_there_for_another(client, place):
    recorded = draws.draw(place.inspection, {"alpha": ["A-1"]}, by=place.assessor)
    other = make_place(Stage.SELF_ASSESSMENT)
    for person in (place.other_force, place.outsider, place.administrator):
        client.force_login(person)
        for name in ("draw_detail", "draw_list"):
            assert client.get(address(place, name, recorded.pk)).status_code == 404
        assert client.get(address(place)).status_code == 404
    client.force_login(other.assessor)
    assert client.get(address(other, "draw_detail", recorded.pk)).status_code == 404


def test_who_may_not_draw_reads_only(client, place):
    for person in (place.inspector, place.manager, place.viewer):
        client.force_login(person)
        assert "Nothing was drawn" in client.get(address(place)).content.decode()
        assert client.post(address(place), upload(LIST)).status_code == 403
        assert client.post(address(place), {"list": "alpha:A-1"}).status_code == 403
    place.at(Stage.FIELDWORK)
    client.force_login(place.assessor)
    assert client.post(address(place), {"list": "alpha:A-1"}).status_code == 403


def test_the_templates_are_downloads(client, place):
    client.force_login(place.assessor)
    for kind in ("csv", "xlsx"):
        assert client.get(address(place, "draw_template", kind)).content
    assert client.get(address(place, "draw_template", "exe")).status_code == 404
