"""The copies of a report: every one says the same, read back as its readers read it, and is the same file again."""

import dataclasses
import datetime as dt
import io
import json
import zipfile

import docx
import lxml.html
import pytest
from openpyxl import load_workbook

from cases import figures
from inspections.models import Stage
from reports import copies, open_data, pdf
from reports.compilation import compile_document
from reports.document import CorrectionNotice, Document, Example, Recommendation
from reports.models import FileKind
from reports.quoted import catalogue
from tests.reports import read_back
from tests.reports.material import make_reportable_inspection

pytestmark = pytest.mark.django_db
PUBLISHED_ON = dt.date(2026, 3, 3)
QUOTING = (
    "Inspectors read [[figure cases digits]] cases and made [[figure recommendations]] recommendations, of which "
    "[[recommendation 1]] is *urgent*.[^1]\n\n## A heading\n\n1. first\n2. second\n\n[^1]: Of [[figure asked digits]]."
)


def compiled(**fields) -> Document:
    inspection = make_reportable_inspection(Stage.PUBLISHED, published_on=PUBLISHED_ON, **fields)
    return compile_document(inspection, figures.for_report(inspection))


def changed(document: Document, kind: str, **fields) -> Document:
    sections = [
        dataclasses.replace(section, **fields) if section.kind == kind else section
        for section in document.sections
    ]
    return dataclasses.replace(document, sections=tuple(sections))


def words_of(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def test_every_figure_is_the_same_in_html_pdf_json_csv_xlsx_and_docx():
    document = changed(compiled(), "summary", body=QUOTING)
    made = copies.make(document)
    printed = pdf.make(document).content
    tables = read_back.of_html(made[FileKind.HTML])
    assert len(tables) == 5
    assert tables == read_back.of_word(made[FileKind.DOCX])
    assert tables == read_back.of_workbook(made[FileKind.TABLES])
    assert tables == read_back.of_json(made[FileKind.JSON])
    assert read_back.missing_in_pdf(printed, tables) == []

    counted = {key: quoted.value for key, quoted in catalogue(document).items()}
    assert counted["cases"] == document.figures.cases > 50
    in_csv = read_back.csv_rows(made[FileKind.FIGURES])
    assert {row["key"]: int(row["value"]) for row in in_csv} == counted
    in_json = json.loads(made[FileKind.JSON])["figures"]
    assert {row["key"]: row["value"] for row in in_json} == counted
    in_workbook = read_back.sheets(made[FileKind.TABLES])["All figures"][1:]
    assert {row[0]: row[1] for row in in_workbook} == counted

    said = f"Inspectors read {counted['cases']} cases and made seven recommendations"
    page = " ".join(lxml.html.fromstring(made[FileKind.HTML].decode()).text_content().split())
    assert said in page
    assert said in words_of(made[FileKind.DOCX])
    assert said in made[FileKind.JSON].decode()
    quoted = lxml.html.fromstring(made[FileKind.HTML].decode()).xpath("//data/@value")
    assert quoted[:2] == [str(counted["cases"]), "7"]


def test_every_recommendation_is_the_same_in_each_copy():
    document = compiled()
    made = copies.make(document)
    there = [
        (number, r.stem, "\n".join(r.points), r.theme, r.timescale, r.due_on)
        for number, r in document.recommendations.items()
    ]
    assert len(there) == 7
    rows = read_back.csv_rows(made[FileKind.RECOMMENDATIONS])
    assert [
        (int(r["number"]), r["recommendation"], r["points"], r["theme"], r["timescale"])
        for r in rows
    ] == [row[:5] for row in there]
    assert [r["due_on"] for r in rows] == [row[5].isoformat() if row[5] else "" for row in there]
    sheet = read_back.sheets(made[FileKind.TABLES])["Recommendations"][1:]
    assert [tuple(row[1:4]) for row in sheet] == [(r[0], r[1], r[2] or None) for r in there]
    assert [row[6].date() if row[6] else None for row in sheet] == [row[5] for row in there]
    page = " ".join(lxml.html.fromstring(made[FileKind.HTML].decode()).text_content().split())
    word = words_of(made[FileKind.DOCX])
    for _, stem, points, *_rest in there:
        for line in (stem, *points.splitlines()):
            assert " ".join(line.split()) in page
            assert line in word


def test_the_same_document_gives_the_same_bytes_and_so_does_its_frozen_form():
    document = changed(compiled(), "summary", body=QUOTING)
    first = copies.make(document)
    assert set(first) == set(FileKind)
    assert copies.make(Document.from_json(json.loads(json.dumps(document.to_json())))) == first


def test_files_of_office_tell_no_moment_of_their_making():
    made = copies.make(compiled())
    for kind in (FileKind.TABLES, FileKind.DOCX):
        with zipfile.ZipFile(io.BytesIO(made[kind])) as archive:
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert b"1980-01-01T00:00:00Z" in archive.read("docProps/core.xml")


def test_no_text_is_a_formula_and_numbers_and_dates_are_real():
    document = compiled()
    hostile = Recommendation(1, "=1+1", ("@SUM(A1)",), "-theme", "+now", PUBLISHED_ON)
    document = dataclasses.replace(document, timescales=())
    document = changed(document, "theme", recommendations=(hostile,))
    made = copies.make(document)
    [row, *_] = read_back.csv_rows(made[FileKind.RECOMMENDATIONS])
    assert (row["recommendation"], row["points"], row["theme"]) == ("'=1+1", "'@SUM(A1)", "'-theme")
    book = load_workbook(io.BytesIO(made[FileKind.TABLES]))
    kinds = {cell.data_type for sheet in book.worksheets for row in sheet.rows for cell in row}
    assert kinds <= {"s", "n", "d"}
    about = book["About this report"]
    assert PUBLISHED_ON in [getattr(c.value, "date", lambda: None)() for c in about["B"]]


def test_hostile_text_stays_text_in_the_word_document():
    text = (
        "<script>alert(1)</script> [x](javascript:alert(1)) ![p](file:///etc/passwd) "
        "[ok](https://example.test/a?b=1&c=2) \x07 [d](data:text/html,x)"
    )
    made = copies.make(changed(compiled(), "summary", body=text))[FileKind.DOCX]
    document = docx.Document(io.BytesIO(made))
    links = [r.target_ref for r in document.part.rels.values() if r.is_external]
    assert links == ["https://example.test/a?b=1&c=2"]
    assert "<script>alert(1)</script>" in words_of(made)


def test_the_word_document_keeps_headings_lists_notes_and_numbered_lists_apart():
    text = "1. one\n2. two\n\nBetween.\n\n1. again\n\n> said\n\n- a\n  - b\n\nDone.[^n]\n\n[^n]: A *note*."
    made = copies.make(changed(compiled(), "summary", body=text))[FileKind.DOCX]
    document = docx.Document(io.BytesIO(made))
    styles = [p.style.name for p in document.paragraphs]
    numbered = [p for p in document.paragraphs if p.style.name == "List Number"]
    assert len({p._p.pPr.numPr.numId.val for p in numbered}) == 2
    assert {"Quote", "List Bullet", "List Bullet 2", "Heading 1", "Title"} <= set(styles)
    assert "1. A note." in [p.text for p in document.paragraphs]


def test_a_draft_and_a_correction_say_so_in_each_copy_for_people():
    document = compiled()
    correction = CorrectionNotice(2, dt.date(2026, 4, 1), "A table was wrong.")
    document = dataclasses.replace(document, number=2, corrections=(correction,))
    made = copies.make(document)
    assert "A table was wrong." in made[FileKind.HTML].decode()
    assert "A table was wrong." in words_of(made[FileKind.DOCX])
    assert ["Corrected", "A table was wrong."] in read_back.sheets(made[FileKind.TABLES])[
        "About this report"
    ]
    draft = copies.make(dataclasses.replace(document, correction_in_draft=True))
    head = docx.Document(io.BytesIO(draft[FileKind.DOCX])).sections[0].header
    assert "Official – sensitive: draft" in head.paragraphs[0].text


def test_case_examples_and_what_a_review_looks_back_at_are_in_the_word_document():
    document = changed(
        compiled(),
        "theme",
        earlier="Children *waited*.",
        summary="They wait less.",
        examples=(
            Example(1, False, "A child waited for [[figure recommendations]] weeks.", "Area"),
        ),
    )
    word = words_of(copies.make(document)[FileKind.DOCX])
    for said in ("Children waited.", "They wait less.", "A child waited for seven weeks."):
        assert said in word


def test_the_columns_of_the_data_files_stay():
    made = copies.make(compiled())
    head = made[FileKind.FIGURES].decode("utf-8-sig").splitlines()[0]
    assert head == ",".join(open_data.FIGURE_COLUMNS)
    assert head.startswith("key,value,unit,label,grade")
    head = made[FileKind.RECOMMENDATIONS].decode("utf-8-sig").splitlines()[0]
    assert head == ",".join(open_data.RECOMMENDATION_COLUMNS)
    data = json.loads(made[FileKind.JSON])
    assert list(data) == ["format", "document", "figures", "tables", "texts"]
