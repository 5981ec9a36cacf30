"""Whoever writes finds every count beside the text, inserts it, and is told what leads nowhere."""

import pytest
from django.urls import reverse

from accounts.models import Role
from inspections.models import Side, Stage
from reports.picker import groups
from reports.references import parse, plain
from tests.reports.documents import make_document
from tests.support.factories import make_audit, make_case, make_inspection, make_user


def test_everything_that_can_be_inserted_says_what_the_list_promises():
    document = make_document()
    found = groups(document)
    choices = [choice for group in found for choice in group.choices]
    references = [choice.reference for choice in choices]
    assert len(references) == len(set(references))
    assert "[[figure cases.custody.bad]]" in references
    assert "[[recommendation 2]]" in references
    for choice in choices:
        reference = choice.reference
        if parse(reference)[0].kind == "figure":
            reference = reference.replace("]]", " digits]]")
        assert plain(f"so {reference}", document) == f"so {choice.says}"


@pytest.fixture
def drafted(db):
    lead = make_user(Role.LEAD_INSPECTOR)
    inspection = make_inspection(Stage.DRAFTING, lead=lead)
    for grade in ("good", "bad", "bad"):
        make_audit(make_case(inspection), Side.INSPECTORATE, grade, by=lead)
    return inspection, lead


def test_the_page_of_a_section_offers_counts_and_shows_them_in_the_preview(drafted, client):
    inspection, lead = drafted
    client.force_login(lead)
    address = reverse("reports:section", args=[inspection.pk, "summary"])
    assert "[[figure cases.bad]]" in client.get(address).content.decode()
    sent = {
        "version": 0,
        "body": "[[figure cases.bad]] were bad. See [[recommendation 1]].",
        "preview": "1",
    }
    page = client.post(address, sent).content.decode()
    assert '<data class="report-figure" value="2">Two</data> were bad.' in page
    assert "the report has no recommendation 1" in page


def test_a_text_with_a_loose_reference_is_saved_and_the_writer_is_told(drafted, client):
    inspection, lead = drafted
    client.force_login(lead)
    address = reverse("reports:section", args=[inspection.pk, "summary"])
    saved = client.post(address, {"version": 0, "body": "[[figure nothing]]"})
    assert saved.url == address
    page = client.get(address).content.decode()
    assert "there is no figure called “nothing”" in page
    outline = client.get(reverse("reports:outline", args=[inspection.pk])).content.decode()
    assert "there is no figure called “nothing”" in outline


def test_a_draft_follows_the_cases(drafted, client):
    inspection, lead = drafted
    client.force_login(lead)
    address = reverse("reports:section", args=[inspection.pk, "summary"])
    client.post(address, {"version": 0, "body": "In all [[figure cases.bad]]."})
    preview = reverse("reports:preview", args=[inspection.pk])
    assert 'value="2">two</data>' in client.get(preview).content.decode()
    make_audit(make_case(inspection), Side.INSPECTORATE, "bad", by=lead)
    assert 'value="3">three</data>' in client.get(preview).content.decode()
