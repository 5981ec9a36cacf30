"""Published reports for everybody: no sign-in, no cookies, cacheable, findable, every version and file."""

import dataclasses
import datetime as dt
import hashlib
import io
import xml.etree.ElementTree as ElementTree

import pytest
from django.urls import reverse

from accounts.models import Role
from cases import figures
from inspections.models import Inspection, InspectionKind, Stage
from reports import copies, freezing, public
from reports.compilation import compile_document
from reports.document import CorrectionNotice
from reports.models import Correction, FileKind, Publication, PublishedFile
from reports.pdf import Pdf
from tests.support.factories import make_force, make_inspection, make_recommendation, make_user

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 nothing but a beginning"
ATOM = "{http://www.w3.org/2005/Atom}"


def publish(inspection, *, number=1, body="", files=True, notice="") -> Publication:
    """One version of a report, as publishing and the worker leave it; its PDF is none."""
    document = compile_document(inspection, figures.for_report(inspection), number=number)
    if body:
        sections = [dataclasses.replace(s, body=body) for s in document.sections]
        document = dataclasses.replace(document, sections=tuple(sections))
    if notice:
        told = CorrectionNotice(number, dt.date(2026, 5, 1), notice)
        document = dataclasses.replace(document, corrections=(told,))
    publication = Publication.objects.create(
        inspection=inspection,
        number=number,
        published_on=inspection.published_on,
        document=document.to_json(),
    )
    if notice:
        Correction.objects.create(
            inspection=inspection,
            notice=notice,
            opened_by=make_user(Role.LEAD_INSPECTOR),
            publication=publication,
        )
    if files:
        made = Pdf(PDF, hashlib.sha256(PDF).hexdigest(), 1)
        freezing.store(publication, made, freezing.copies_of(publication))
        publication.refresh_from_db()
    return publication


def inspected(name="Marchshire Police", **fields):
    inspection = make_inspection(Stage.FOLLOW_UP, force=make_force(name), **fields)
    make_recommendation(inspection, stem="Check every cell")
    return inspection


@pytest.fixture
def publication():
    return publish(inspected())


def assert_for_every_cache(answer) -> None:
    assert answer.status_code == 200
    assert answer["Cache-Control"].startswith("public, max-age=")
    assert "Set-Cookie" not in answer.headers
    assert not answer.cookies
    assert not {"cookie", "accept-language"} & set(answer.get("Vary", "").lower().split(", "))
    assert answer["ETag"]


def addresses(publication):
    words = public.slug(publication.inspection)
    return [
        reverse("public:list"),
        reverse("public:feed"),
        reverse("public:report", args=[words]),
        reverse("public:version", args=[words, 1]),
        reverse("public:file", args=[words, 1, "report.pdf"]),
        *(reverse("public:file", args=[words, 1, form.name]) for form in copies.FORMATS.values()),
        reverse("public:latest_file", args=[words, "report.json"]),
    ]


def test_anybody_reads_every_page_and_file_without_a_cookie_and_asks_again_for_nothing(
    client, publication
):
    for address in addresses(publication):
        answer = client.get(address)
        assert_for_every_cache(answer)
        again = client.get(address, headers={"if-none-match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b""), address
        assert client.head(address).status_code == 200
        assert client.post(address).status_code == 405
    assert not client.cookies


def test_whoever_is_signed_in_gets_the_same_page_as_everybody(client, publication):
    address = reverse("public:report", args=[public.slug(publication.inspection)])
    anonymous = client.get(address).content
    user = make_user(Role.MANAGER)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get(address)
    assert answer.content == anonymous
    assert_for_every_cache(answer)
    assert user.name not in answer.content.decode()


def test_whatever_language_a_browser_prefers_it_gets_the_same_page_in_the_reports_own(
    client, publication
):
    for address in addresses(publication):
        plain, welsh = client.get(address), client.get(address, headers={"accept-language": "cy"})
        assert welsh.getvalue() == plain.getvalue()
        assert welsh.get("ETag") == plain.get("ETag")
        assert "accept-language" not in welsh.get("Vary", "").lower()
        assert welsh["Content-Language"] == "en-gb"


def test_files_are_what_was_frozen_and_say_so_by_their_hash(client, publication):
    words = public.slug(publication.inspection)
    page = client.get(reverse("public:report", args=[words])).content.decode()
    for stored in PublishedFile.objects.exclude(kind=FileKind.HTML):
        form = copies.FORMATS[FileKind(stored.kind)]
        address = reverse("public:file", args=[words, 1, form.name])
        answer = client.get(address)
        assert answer.content == bytes(stored.content)
        assert answer["ETag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
        assert answer["Content-Type"] == form.content_type
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "immutable" in answer["Cache-Control"]
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert address in page
        assert stored.sha256 in page
    frozen = PublishedFile.objects.get(kind=FileKind.HTML)
    assert bytes(frozen.content).decode() in page


def test_until_the_files_are_made_the_page_is_there_and_says_so(client):
    publication = publish(inspected(), files=False)
    words = public.slug(publication.inspection)
    page = client.get(reverse("public:report", args=[words])).content.decode()
    assert "are being made" in page
    assert "Check every cell" in page
    for name in ("report.pdf", "report.json", "nothing.txt", "report.html"):
        assert client.get(reverse("public:file", args=[words, 1, name])).status_code == 404


@pytest.mark.parametrize(
    "stage", [s for s in Stage if s not in {Stage.PUBLISHED, Stage.FOLLOW_UP, Stage.CLOSED}]
)
def test_nothing_of_a_report_that_is_not_published_is_public(client, stage):
    inspection = make_inspection(stage)
    words = public.slug(inspection)
    assert client.get(reverse("public:report", args=[words])).status_code == 404
    assert client.get(reverse("public:file", args=[words, 1, "report.json"])).status_code == 404
    assert str(inspection) not in client.get(reverse("public:list")).content.decode()


def test_an_address_leads_to_the_report_whatever_its_words_have_become(client, publication):
    number = publication.inspection_id
    answer = client.get(reverse("public:report", args=[f"some-old-name-{number}"]))
    assert answer.status_code == 301
    assert "max-age=300" in answer["Cache-Control"]  # a force may take its old name again
    assert answer["Location"] == reverse(
        "public:report", args=[public.slug(publication.inspection)]
    )
    for wrong in ("nothing", "nothing-0", "nothing-999999999"):
        assert client.get(reverse("public:report", args=[wrong])).status_code == 404


def test_a_correction_is_shown_first_and_the_old_version_stays_and_says_what_counts(client):
    inspection = inspected()
    publish(inspection)
    publish(inspection, number=2, notice="A table had the wrong year.")
    words = public.slug(inspection)
    latest = client.get(reverse("public:report", args=[words])).content.decode()
    assert "This report was corrected on 1 May 2026." in latest
    assert "A table had the wrong year." in latest
    old = client.get(reverse("public:version", args=[words, 1])).content.decode()
    assert "It was corrected: what counts is version 2." in old
    assert client.get(reverse("public:file", args=[words, 1, "report.json"])).status_code == 200
    listed = client.get(reverse("public:list")).content.decode()
    assert listed.count(f'href="{reverse("public:report", args=[words])}"') == 1
    assert "Corrected: version 2" in listed


def test_the_list_is_searched_by_words_force_year_and_kind(client):
    first = publish(inspected("Marchshire Police"), body="Officers of the harbour wait for keys.")
    earlier = make_inspection(Stage.FOLLOW_UP, force=make_force("Elsewhere Police"))
    again = make_inspection(
        Stage.PUBLISHED,
        force=earlier.force,
        framework=earlier.framework,
        kind=InspectionKind.RE_INSPECTION,
        parent=earlier,
        published_on=dt.date(2027, 1, 5),
        fieldwork_start=dt.date(2026, 11, 2),
        fieldwork_end=dt.date(2026, 11, 13),
    )
    second = publish(again)

    def found(**query):
        page = client.get(reverse("public:list"), query).content.decode()
        there = [
            reverse("public:report", args=[public.slug(p.inspection)]) for p in (first, second)
        ]
        return [address in page for address in there]

    assert found() == [True, True]
    assert found(words="harbours key") == [True, False]
    assert found(words="elsewhere") == [False, True]
    assert found(words='"no such words"') == [False, False]
    assert found(force=first.inspection.force_id) == [True, False]
    assert found(year="2027") == [False, True]
    assert found(kind=InspectionKind.RE_INSPECTION) == [False, True]
    for nonsense in ("'", "\\", "& | !", "a" * 500, "%00", "\x00", "<:*"):
        assert client.get(reverse("public:list"), {"words": nonsense}).status_code == 200
    assert (
        client.get(reverse("public:list"), {"page": "x", "force": "x", "year": "x"}).status_code
        == 200
    )


def test_a_long_list_costs_no_more_queries_than_a_short_one(client, django_assert_num_queries):
    publish(inspected())
    address = reverse("public:list")
    with django_assert_num_queries(4):
        client.get(address)
    for number in range(3):
        publish(inspected(f"Force {number}"), files=False)
    with django_assert_num_queries(4):
        client.get(address)


def test_the_feed_is_atom_with_an_entry_for_each_version(client):
    inspection = inspected()
    publish(inspection)
    publish(inspection, number=2, notice="A table had the wrong year.", files=False)
    answer = client.get(reverse("public:feed"))
    assert answer["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.parse(io.BytesIO(answer.content)).getroot()
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == [
        f"{inspection}: version 2",
        str(inspection),
    ]
    assert "wrong year" in (entries[0].findtext(f"{ATOM}summary") or "")
    links = [entry.find(f"{ATOM}link").get("href") for entry in entries]
    for number, link in zip((2, 1), links, strict=True):
        assert link.endswith(reverse("public:version", args=[public.slug(inspection), number]))
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 2


def test_the_feed_has_old_reports_at_their_own_day_behind_newer_ones(client):
    new = publish(inspected("Newshire Police"), files=False)
    old = inspected("Oldshire Police")
    Inspection.objects.filter(pk=old.pk).update(published_on=dt.date(2015, 7, 1))
    old.refresh_from_db()
    publish(old, files=False)
    feed = ElementTree.fromstring(client.get(reverse("public:feed")).content)
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == [str(new.inspection), str(old)]
    assert entries[1].findtext(f"{ATOM}published") == "2015-07-01T00:00:00+01:00"
    assert "Fieldwork: " in (entries[1].findtext(f"{ATOM}summary") or "")


def test_a_report_of_which_only_the_month_is_known_is_nowhere_given_a_day(client):
    inspection = inspected()
    Inspection.objects.filter(pk=inspection.pk).update(
        published_on=dt.date(2015, 7, 1), published_on_assumed=True, published_month_only=True
    )
    inspection.refresh_from_db()
    publication = publish(inspection, files=False)
    listed = client.get(reverse("public:list")).text
    page = client.get(public.address(publication)).text
    assert "Published in July 2015. The source prints only the month" in listed
    assert "July 2015. The source prints only the month" in page
    assert "1 July 2015" not in listed
    assert "on 1 July 2015. The source prints only the month" in page.split("count from", 1)[1]
    assert "1 July 2015" not in page.split("count from", 1)[0]


def test_the_list_says_how_long_a_pdf_is(client, publication):
    assert "PDF, 1 page, 1 kB" in client.get(reverse("public:list")).text


def test_what_xml_cannot_write_does_not_end_the_feed(client):
    inspection = inspected()
    publish(inspection)
    publish(inspection, number=2, notice="Copied\x0bfrom elsewhere\x01.", files=False)
    feed = ElementTree.fromstring(client.get(reverse("public:feed")).content)
    assert "Copied from elsewhere" in (feed.findtext(f"{ATOM}entry/{ATOM}summary") or "")


def test_the_signed_in_page_offers_every_copy_and_the_public_page(client, publication):
    user = make_user(Role.MANAGER)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("reports:publication", args=[publication.pk])).content.decode()
    words = public.slug(publication.inspection)
    assert reverse("public:report", args=[words]) in page
    for form in copies.FORMATS.values():
        assert reverse("public:file", args=[words, 1, form.name]) in page


def test_a_feed_without_entries_is_the_same_whenever_it_is_asked_for(client):
    first = client.get("/published/feed.atom")
    assert client.get("/published/feed.atom").content == first.content
    assert b"1970-01-01T00:00:00" in first.content
