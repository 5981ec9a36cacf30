"""The PDF of a report: what it says, that everybody can read it, and that it reads nothing but its own assets."""

import dataclasses
import datetime as dt
import io
import re
import socketserver
import threading

import page
import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks import report_texts
from cases import figures
from cases.figures import Row, SampleRow
from inspections.models import InspectionKind, Stage
from reports import pdf, pdf_check
from reports.compilation import compile_document
from reports.document import (
    CorrectionNotice,
    Document,
    EarlierInspection,
    EarlierJudgement,
    Example,
)
from tests.reports.material import make_real_framework, make_reportable_inspection
from tests.support.factories import make_inspection, make_recommendation

pytestmark = pytest.mark.django_db


def compiled(inspection) -> Document:
    return compile_document(inspection, figures.for_report(inspection))


def read(made: pdf.Pdf) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(made.content))


def text_of(made: pdf.Pdf) -> str:
    return " ".join(" ".join(p.extract_text() for p in read(made).pages).split())


def assert_for_everybody(made: pdf.Pdf) -> None:
    report = page.validate_pdf_bytes(made.content)
    assert report.is_compliant, str(report)


def with_text(document: Document, body: str) -> Document:
    changed = [dataclasses.replace(section, body=body) for section in document.sections]
    return dataclasses.replace(document, sections=tuple(changed))


@pytest.fixture
def draft():
    return compiled(make_reportable_inspection())


@pytest.fixture
def published():
    return compiled(make_reportable_inspection(Stage.PUBLISHED, published_on=dt.date(2026, 3, 3)))


def test_it_meets_pdf_ua_with_a_title_a_language_and_bookmarks(draft):
    made = pdf.make(draft)
    assert_for_everybody(made)
    reader = read(made)
    assert reader.metadata
    assert reader.metadata.title == f"{draft.title} – Draft"
    assert reader.root_object["/Lang"] == "en-gb"
    top = [entry.title for entry in reader.outline if not isinstance(entry, list)]
    assert top[:4] == ["Contents", "Summary", "Context for the force", "Case file analysis"]
    assert "Police detention" in top
    assert top[-2:] == ["Annex A: How we inspected", "Annex B: Glossary"]


def test_the_contents_name_the_pages_on_which_chapters_begin(draft):
    made = pdf.make(draft)
    reader = read(made)
    contents = reader.pages[1].extract_text()
    for entry in reader.outline:
        if isinstance(entry, list) or entry.title == "Contents":
            continue
        number = (reader.get_destination_page_number(entry) or 0) + 1
        line = next(line for line in contents.splitlines() if line.startswith(entry.title))
        assert line.split()[-1] == str(number)


def test_every_page_of_a_draft_says_so_and_no_page_of_a_published_report(draft, published):
    for one_page in read(pdf.make(draft)).pages:
        assert "Official – sensitive: draft" in one_page.extract_text()
    made = pdf.make(published)
    assert_for_everybody(made)
    for one_page in read(made).pages:
        assert "draft" not in one_page.extract_text().lower()


def test_pages_after_the_cover_carry_force_chapter_and_number(draft):
    pages = read(pdf.make(draft)).pages
    for number, one_page in enumerate(pages[1:], start=2):
        text = one_page.extract_text()
        assert "Northmoor Police" in text
        assert str(number) in text.split()


def test_the_same_document_makes_the_same_file(published):
    first, second = pdf.make(published), pdf.make(published)
    assert first.content == second.content
    assert first.sha256 == second.sha256
    again = pdf.make(Document.from_json(published.to_json()))
    assert again.sha256 == first.sha256


def test_the_only_date_inside_is_that_of_publication(published):
    metadata = read(pdf.make(published)).metadata
    assert metadata is not None
    assert metadata["/CreationDate"].startswith("D:20260303")
    assert "/ModDate" not in metadata


def test_every_figure_equals_a_count_made_with_sql():
    inspection = make_reportable_inspection()
    document = compiled(inspection)
    text = text_of(pdf.make(document))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT area.label, grade."order", count(*) FROM cases_audit audit
            JOIN cases_casefile c ON c.id = audit.case_id
            JOIN inspections_area area ON area.id = c.area_id
            JOIN inspections_grade grade ON grade.id = audit.grade_id
            WHERE c.inspection_id = %s AND audit.side = 'inspectorate' AND audit.status = 'submitted'
              AND c.excluded_at IS NULL
            GROUP BY 1, 2
            """,
            [inspection.pk],
        )
        counted: dict[str, list[int]] = {}
        for area, order, number in cursor.fetchall():
            counted.setdefault(area, [0, 0, 0])[order - 1] = number
    assert len(counted) == 8
    for area, numbers in counted.items():
        assert f"{area} {' '.join(map(str, numbers))} {sum(numbers)}" in text
    totals = [sum(column) for column in zip(*counted.values(), strict=True)]
    assert f"Total {' '.join(map(str, totals))} {sum(totals)}" in text
    good, improve, inadequate = totals
    assert (
        f"Inspectors graded {sum(totals)} cases: Good {good}, Requires improvement {improve}, "
        f"Inadequate {inadequate}." in text
    )


def test_it_says_what_is_due_when_once_it_is_published():
    inspection = make_reportable_inspection(
        Stage.PUBLISHED, published_on=dt.date(2026, 11, 30), published_on_assumed=True
    )
    text = text_of(pdf.make(compiled(inspection)))
    assert "Published on 30 November 2026" in text
    assert "this one is assumed" in text
    assert "28 February 2027" in text  # three months, clamped to the month's end
    assert "30 May 2027" in text


def test_a_draft_says_in_words_what_will_be_due(draft):
    text = text_of(pdf.make(draft))
    assert "3 months after publication" in text
    assert "6 weeks after publication" in text


def test_an_inspection_without_cases_texts_or_recommendations_has_a_report():
    inspection = make_inspection(Stage.DRAFTING)
    made = pdf.make(compiled(inspection))
    assert_for_everybody(made)
    assert "No case files were part of this inspection." in text_of(made)


def test_a_review_shows_what_it_looks_back_at_and_reprints_it():
    parent = make_reportable_inspection(
        Stage.PUBLISHED, published_on=dt.date(2026, 1, 5), published_on_assumed=True
    )
    review = make_inspection(
        Stage.DRAFTING,
        force=parent.force,
        framework=make_real_framework("pir-2016"),
        kind=InspectionKind.POST_INSPECTION_REVIEW,
        parent=parent,
    )
    made = pdf.make(compiled(review))
    assert_for_everybody(made)
    text = text_of(made)
    assert "Post-inspection review" in text
    assert "Published on 5 January 2026. The source prints no publication date" in text
    assert "Annex C: Recommendations of the earlier inspection" in text
    assert "bring appropriate adults to the station within two hours" in text


def test_long_and_hostile_texts_do_not_break_it(draft):
    hostile = "\n\n".join(
        [
            "##### deep first\n\n# then high\n\n### then deeper",
            "<script>alert(1)</script> <b>no tag</b> & < >",
            "[a link](https://a.example/path) and [none](javascript:alert(1))",
            "W" * 400,
            "1. one\n   - two\n     - three\n\n> quoted\n\n---\n\n```\ncode\n```",
            "sign 🚓 of the fonts’ limits: ŵ ŷ é “quoted” – dash … 漢",
            "A long paragraph. " * 400,
        ]
    )
    made = pdf.make(with_text(draft, hostile))
    assert_for_everybody(made)
    text = text_of(made)
    assert "<script>alert(1)</script>" in text
    assert "sign □ of the fonts’ limits: ŵ ŷ é “quoted” – dash … □" in text


class _Counting(socketserver.BaseRequestHandler):
    def handle(self):
        self.server.asked += 1


@pytest.fixture
def listener():
    with socketserver.TCPServer(("127.0.0.1", 0), _Counting) as server:
        server.asked = 0
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_it_reads_no_file_and_no_address_whatever_a_text_asks_for(draft, listener, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("The secret of the file.")
    here = f"http://127.0.0.1:{listener.server_address[1]}"
    wishes = "\n\n".join(
        [
            f"![x]({here}/x.png) <img src='{here}/y.png'> <img src='file://{secret}'>",
            f"<style>@import url({here}/z.css); body {{ background: url({here}/b.png) }}</style>",
            f"<link rel=stylesheet href='file://{secret}'><object data='file://{secret}'></object>",
            f"<svg><image href='{here}/s.png'/></svg> <a href='file://{secret}'>secret</a>",
            f"[x](file://{secret}) ![x](report:../models.py) <link rel=attachment href='file://{secret}'>",
        ]
    )
    made = pdf.make(with_text(draft, wishes))
    assert listener.asked == 0
    assert b"The secret of the file." not in made.content
    assert not read(made).attachments


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1/",
        "https://a.example/x.css",
        "data:text/css,p{}",
        "report:../models.py",
        "report:/etc/passwd",
        "report:",
        "report.css",
        "ftp://a.example/x",
    ],
)
def test_the_fetcher_refuses_everything_but_its_own_assets(address):
    with pytest.raises(pdf.NothingElse):
        pdf._fetcher().fetch(address)


def test_even_a_template_that_asks_for_more_gets_nothing(listener):
    import weasyprint

    here = f"http://127.0.0.1:{listener.server_address[1]}"
    html = (
        f"<html lang=en><title>x</title><link rel=stylesheet href='{here}/a.css'>"
        f"<style>@font-face {{ font-family: x; src: url('{here}/f.ttf') }} p {{ font-family: x; "
        f"background: url('{here}/b.png') }}</style><p>text<img alt=x src='{here}/i.png'>"
        f"<a rel=attachment href='file:///etc/passwd'>x</a>"
    )
    made = weasyprint.HTML(string=html, url_fetcher=pdf._fetcher()).write_pdf()
    assert listener.asked == 0
    assert b"root:" not in made


def test_the_lists_name_every_table_and_figure_with_its_page(published):
    reader = read(pdf.make(published))
    pages = [one.extract_text() for one in reader.pages]
    lines = [re.sub(r"[ .]{4,}", " ", line) for line in pages[1].splitlines()]
    listed = [line for line in lines if re.match(r"(Table|Figure) \d", line)]
    numbers = [line.partition(":")[0] for line in listed]
    assert numbers == [f"Table {n}" for n in range(1, 8)] + [f"Figure {n}" for n in range(1, 4)]
    for line in listed:
        words, _space, number = line.rpartition(" ")
        assert words in " ".join(pages[int(number) - 1].split())


def test_each_footnote_stands_at_the_foot_of_the_page_that_refers_to_it():
    document = report_texts.make(40)

    def marked(section):
        key = section.key
        body = re.sub(r"(?m)^\[\^(\d+)\]: ", rf"[^\1]: note-{key}-\1# ", section.body)
        body = re.sub(r"(?<=\S)\[\^(\d+)\]", rf" call-{key}-\1#[^\1]", body)
        return dataclasses.replace(section, body=body)

    made = pdf.make(dataclasses.replace(document, sections=tuple(map(marked, document.sections))))
    seen = 0
    for one_page in read(made).pages:
        text = one_page.extract_text()
        called = set(re.findall(r"call-(\S+?)#", text))
        assert called == set(re.findall(r"note-(\S+?)#", text)), text
        seen += len(called)
    assert seen > 20


def bookmarks(entries):
    for entry in entries:
        if isinstance(entry, list):
            yield from bookmarks(entry)
        else:
            yield entry.title


def test_a_footnote_in_a_heading_is_no_part_of_its_bookmark(published):
    body = (
        "## In *custody*[^1] “&” “<b>” `code`\n\nText[^2].\n\n"
        "### [[figure recommendations]] [steps](https://a.example)[^1]\n\nMore.\n\n"
        "Two\nlines[^2]\n---\n\n"
        "## Without a note\n\n[^1]: First note.\n[^2]: Second note."
    )
    section, *others = published.sections
    changed = dataclasses.replace(section, earlier="", summary="", body=body)
    document = dataclasses.replace(published, sections=(changed, *others))
    made = pdf.make(document)
    assert_for_everybody(made)
    listed = list(bookmarks(read(made).outline))
    place = listed.index("In custody “&” “<b>” code")
    count = len(published.recommendations)
    words = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")[count]
    assert listed[place + 1 : place + 4] == [f"{words} steps", "Two lines", "Without a note"]
    text = text_of(made)
    assert "In custody1 “&”" in text.replace(" 1", "1")
    assert "First note." in text
    assert pdf.make(document).content == made.content


def test_no_page_is_empty_or_nearly_so():
    pages = [one.extract_text() for one in read(pdf.make(report_texts.make(40))).pages]
    for number, text in enumerate(pages[1:], start=2):
        assert len(text.split()) > 40, (number, text)


def test_a_table_of_many_rows_repeats_its_heading_on_each_page_and_has_no_chart(published):
    counted = published.figures
    one, none = (tuple(n for _ in counted.grades) for n in (1, 0))
    totals = tuple(120 for _ in counted.grades)
    rows = tuple(Row(f"a{n}", f"Area {n}", one) for n in range(120))
    many = dataclasses.replace(
        counted,
        by_area=rows,
        by_route=(Row("r", "The sample", totals), Row("s", "Selected", none)),
        headline=Row("all", "", totals),
        matrix=tuple(dataclasses.replace(row, counts=none) for row in counted.matrix),
        matrix_by_area=(),
        sample=tuple(SampleRow(row.code, row.label, 0, 3, 0) for row in rows),
        cases=360,
    )
    made = pdf.make(dataclasses.replace(published, figures=many))
    assert_for_everybody(made)
    texts = [one_page.extract_text() for one_page in read(made).pages]
    headed = [text for text in texts if "Area of practice" in text]
    assert sum(bool(re.search(r"^Area \d+ 1 1 1 3$", text, re.MULTILINE)) for text in headed) >= 3
    assert "Cases in each area of practice" not in " ".join(texts)


def test_cases_stand_in_boxes_that_say_whether_practice_was_good(published):
    told = (
        Example(1, True, "A boy was found **quickly**.", "Missing children"),
        Example(2, False, "A girl waited for a week.", "Missing children", also=(1,)),
    )
    theme = next(section for section in published.sections if section.kind == "theme")
    changed = dataclasses.replace(theme, examples=told)
    made = pdf.make(
        dataclasses.replace(
            published,
            sections=tuple(changed if s is theme else s for s in published.sections),
        )
    )
    assert_for_everybody(made)
    text = text_of(made)
    assert "Case example 1: good practice Missing children A boy was found quickly." in text
    assert "Case example 2: poor practice" in text
    assert "Case example 1 tells of the same case." in text


def test_a_review_says_in_each_section_what_was_found_and_asked_for_before(published):
    earlier = EarlierInspection(
        title="Northmoor Police, full inspection 2024",
        published_on=dt.date(2024, 3, 1),
        published_on_assumed=False,
        recommendations=tuple(published.recommendations.values()),
        judgements=(EarlierJudgement(1, "Partly implemented", "Some of it was done.", 2),),
    )
    theme = next(section for section in published.sections if section.kind == "theme")
    changed = dataclasses.replace(
        theme, earlier="Then it was poor.", earlier_recommendations=(1,), summary="Now it is fair."
    )
    made = pdf.make(
        dataclasses.replace(
            published,
            earlier=earlier,
            sections=tuple(changed if s is theme else s for s in published.sections),
        )
    )
    assert_for_everybody(made)
    text = text_of(made)
    parts = [
        "What the earlier inspection found Then it was poor.",
        "What the earlier inspection recommended Earlier recommendation 1",
        "Partly implemented: it goes on as recommendation 2",
        "Summary of what we found this time Now it is fair.",
        "What we found in detail",
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_a_correction_is_said_on_page_one(published):
    notices = (
        CorrectionNotice(2, dt.date(2026, 4, 1), "Table 2 had a wrong number."),
        CorrectionNotice(3, dt.date(2026, 5, 1), "The fieldwork had a wrong date."),
    )
    made = pdf.make(dataclasses.replace(published, number=3, corrections=notices))
    assert_for_everybody(made)
    first = " ".join(read(made).pages[0].extract_text().split())
    assert "Correction in version 3 1 May 2026 The fieldwork had a wrong date." in first
    assert "Table 2 had a wrong number." in first


def test_links_are_links_whatever_stands_in_them(published):
    body = "[**bold** and `code`](https://a.example) and [two\\\nlines](https://b.example)"
    made = pdf.make(with_text(published, body))
    assert_for_everybody(made)
    assert "bold and code and two lines" in text_of(made)


def test_a_pdf_that_not_everybody_could_read_is_refused_in_plain_words():
    import weasyprint

    made = weasyprint.HTML(string="<p>Hello", url_fetcher=pdf._fetcher()).write_pdf()
    assert pdf_check.faults(made) == [
        "The PDF has no structure for screen readers.",
        "The PDF does not say its language.",
        "The PDF has no title.",
    ]
    with pytest.raises(pdf.PdfRefused, match="no title"):
        pdf.print_html("<html lang=en><p>Hello")


def test_only_liberation_fonts_are_inside(draft):
    made = pdf.make(with_text(draft, "`code` *slanted* **bold** 漢 🚓"))
    found = set()
    for one_page in read(made).pages:
        fonts = one_page["/Resources"].get("/Font", {})
        found |= {font.get_object()["/BaseFont"].rpartition("+")[2] for font in fonts.values()}
    assert found
    assert all(name.startswith(("Liberation-Sans", "LiberationSans")) for name in found), found


def test_recommendations_stand_in_their_section_and_gathered_by_timescale(draft):
    text = text_of(pdf.make(draft))
    stem = "Northmoor Police should record each breach by a registered offender"
    assert text.count(stem) == 2


def test_a_document_survives_json(published):
    assert Document.from_json(published.to_json()) == published


def test_a_document_of_another_format_is_refused(published):
    with pytest.raises(ValueError, match="format 99"):
        Document.from_json({**published.to_json(), "format": 99})


def test_compiling_costs_the_same_with_many_recommendations():
    inspection = make_reportable_inspection()
    with CaptureQueriesContext(connection) as few:
        compiled(inspection)
    for _ in range(20):
        make_recommendation(inspection, theme="leadership", points=["a", "b"])
    with CaptureQueriesContext(connection) as many:
        compiled(inspection)
    assert len(many) <= len(few)
