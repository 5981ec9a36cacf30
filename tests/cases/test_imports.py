"""A file of cases comes in whole or not at all, and no hostile file does harm."""

import datetime as dt
import io
import time
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from accounts.errors import NotAllowed
from cases import imports, uploads
from cases.imports import ImportErrors, Problem, import_cases
from cases.models import CaseFile, Route
from inspections.models import Stage
from tests.cases.conftest import make_place
from tests.support.factories import make_case

HEAD = "reference,area,date opened,summary\n"


def csv(text, encoding="utf-8"):
    return io.BytesIO(text.encode(encoding))


def xlsx(*rows, prepare=None):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if prepare:
        prepare(book)
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def bring(place, file, by=None, **more):
    return import_cases(place.inspection, file, by=by or place.inspector, **more)


def problems(place, file, **more):
    with pytest.raises(ImportErrors) as refused:
        bring(place, file, **more)
    assert not CaseFile.objects.exists()
    return refused.value.problems


def test_rows_of_a_csv_file_become_cases(place):
    text = f"{HEAD}A-1,Area alpha,27/3/2025,First\nA-2,BETA,2025-03-28,\nA-3,gamma,,\n"
    cases = bring(place, csv(text))
    assert [(c.reference, c.area.code, c.route) for c in cases] == [
        ("A-1", "alpha", Route.SELECTED),
        ("A-2", "beta", Route.SELECTED),
        ("A-3", "gamma", Route.SELECTED),
    ]
    first = CaseFile.objects.get(reference="A-1")
    assert (first.opened_on, first.summary) == (dt.date(2025, 3, 27), "First")
    assert first.added_by == place.inspector


def test_rows_of_a_workbook_become_cases(place):
    file = xlsx(
        ["Summary", "Reference", "Area", "Date opened", "Notes of ours"],
        ["Text", 14, "Area alpha", dt.datetime(2025, 3, 27), "x"],
        [None, None, None, None, None],
        ["", "A-2", "Area beta", "28/3/2025", None],
    )
    bring(place, file)
    assert list(CaseFile.objects.values_list("reference", "opened_on", "summary")) == [
        ("14", dt.date(2025, 3, 27), "Text"),
        ("A-2", dt.date(2025, 3, 28), ""),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_what_excel_saves_as_text_is_read_in_any_of_its_encodings(place, encoding, separator):
    text = f"{HEAD}A-1,alpha,,The child’s café – £5\n".replace(",", separator)
    bring(place, csv(text, encoding))
    assert CaseFile.objects.get().summary == "The child’s café – £5"


def test_every_problem_is_named_by_row_and_column_and_nothing_comes_in(place):
    text = (
        f"{HEAD}A-1,alpha,,fine\nA-2,Nowhere,31/2/2025,jo@example.org\n,beta,,\n"
        "a-1,alpha,,again\nJohn Smith,alpha,,\n"
    )
    found = problems(place, csv(text))
    assert [(row, column) for row, column, *_ in found] == [
        (3, "area"),
        (3, "date opened"),
        (3, "summary"),
        (4, "reference"),
        (5, "reference"),
        (6, "reference"),
    ]
    assert "Row 2 of this file" in found[4].sentence


def test_a_reference_that_the_inspection_has_already_is_a_problem(place):
    make_case(place.inspection, reference="A-1")
    with pytest.raises(ImportErrors) as refused:
        bring(place, csv(f"{HEAD}A-2,alpha,,\na-1,alpha,,\n"))
    assert [(p.row, p.column) for p in refused.value.problems] == [(3, "reference")]
    assert CaseFile.objects.count() == 1


def test_a_row_beyond_the_quota_is_a_problem(db):
    place = make_place(Stage.SELF_ASSESSMENT, quota=1)
    found = problems(place, csv(f"{HEAD}A-1,alpha,,\nA-2,alpha,,\n"), by=place.assessor)
    assert [(p.row, p.column) for p in found] == [(3, "area")]


def test_confirming_that_nothing_is_personal_lets_the_file_in(place):
    file = f"{HEAD}A-1,alpha,,jo@example.org\n"
    assert bring(place, csv(file), personal_data_reason="It is the office’s")


def test_formulas_stay_the_text_they_are(place):
    bring(place, xlsx(["reference", "area", "summary"], ["A-1", "alpha", '=HYPERLINK("http://x")']))
    assert CaseFile.objects.get().summary == '=HYPERLINK("http://x")'


def test_a_formula_is_no_reference(place):
    found = problems(place, xlsx(["reference", "area"], ["=1+1", "alpha"]))
    assert found[0].column == "reference"


def test_cells_that_were_merged_are_empty_but_for_the_first(place):
    file = xlsx(
        ["reference", "area"],
        ["A-1", "alpha"],
        ["A-2", "alpha"],
        prepare=lambda book: book.active.merge_cells("B2:B3"),
    )
    assert [(p.row, p.column) for p in problems(place, file)] == [(3, "area")]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\n\n\n", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "neither"),
        (b"PK\x03\x04 not really", "neither"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "old or a protected"),
        (b"\xff\xfeA", "neither"),
        (b"name,area\nA-1,alpha\n", "Missing: reference"),
        (b"reference,area,area\nA-1,alpha,beta\n", "twice"),
        (b"reference,area\n", "no cases"),
        (b'reference,area\nA-1,"alpha\n', "quotation mark"),
        (b"reference,area,summary\nA-1,alpha," + b"x" * 200_000, "quotation mark|too long"),
        (b"x" * (uploads.MAX_BYTES + 1), "larger than 5 MB"),
    ],
)
def test_what_cannot_be_read_is_said_plainly(place, content, says):
    (problem,) = problems(place, io.BytesIO(content))
    assert any(part in problem.sentence for part in says.split("|")), problem


def archive(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    out.seek(0)
    return out


def test_a_zip_that_is_no_workbook_is_refused(place):
    (problem,) = problems(place, archive(readme="hello"))
    assert "damaged" in problem.sentence


def test_a_zip_bomb_is_refused_before_it_unpacks(place):
    bomb = archive(**{"xl/worksheets/sheet1.xml": b"\0" * 400_000_000})
    assert len(bomb.getvalue()) < uploads.MAX_BYTES
    started = time.process_time()
    (problem,) = problems(place, bomb)
    assert "unpacks" in problem.sentence
    assert time.process_time() - started < 1


def test_entities_in_a_workbook_are_not_expanded(place):
    good = xlsx(["reference", "area"], ["A-1", "alpha"])
    lol = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    evil = io.BytesIO()
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(evil, "w") as target:
        for name in source.namelist():
            content = source.read(name).decode()
            if name.endswith("sheet1.xml"):
                content = lol + content.replace("alpha", "&b;")
            target.writestr(name, content)
    evil.seek(0)
    (problem,) = problems(place, evil)
    assert "damaged" in problem.sentence


def test_ten_thousand_rows_come_in_and_one_more_does_not(place):
    rows = "".join(f"A-{number},alpha,,\n" for number in range(10_000))
    (problem,) = problems(place, csv(f"{HEAD}{rows}B-1,alpha,,\n"))
    assert "10,000" in problem.sentence
    assert len(bring(place, csv(HEAD + rows))) == 10_000


def test_a_sheet_that_claims_a_million_rows_and_columns_is_read_as_far_as_it_goes(place):
    def spread(book):
        book.active["XFD2"] = "far right"
        book.active["A1048576"] = "far down"

    file = xlsx(["reference", "area"], ["A-1", "alpha"], prepare=spread)
    started = time.process_time()
    (case,) = bring(place, file)
    assert case.reference == "A-1"
    assert time.process_time() - started < 10


def test_characters_that_are_no_text_are_refused(place):
    (problem,) = problems(place, io.BytesIO(b"reference,area\nA-1,al\0pha\n"))
    assert "neither" in problem.sentence
    found = problems(place, io.BytesIO("reference,area\nA-1,al\0pha\n".encode("utf-16")))
    assert found == [Problem(2, "", "This row holds characters that are not text.")]


def test_who_may_not_add_cases_may_not_import_any(place):
    for person in (place.manager, place.outsider, place.force_lead, place.administrator):
        with pytest.raises(NotAllowed):
            bring(place, csv(f"{HEAD}A-1,alpha,,\n"), by=person)


def test_the_templates_can_be_filled_in_and_imported(place):
    text = imports.csv_template().decode("utf-8-sig")
    bring(place, io.BytesIO(f"\ufeff{text}A-1,Area alpha,,\r\n".encode()))
    book = load_workbook(io.BytesIO(imports.xlsx_template(place.framework.areas.all())))
    assert [row[0].value for row in book.worksheets[1].iter_rows(min_row=2)] == [
        "Area alpha",
        "Area beta",
        "Area gamma",
    ]
    book.worksheets[0].append(["A-2", "Area beta", None, None])
    filled = io.BytesIO()
    book.save(filled)
    filled.seek(0)
    bring(place, filled)
    assert CaseFile.objects.count() == 2


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_nothing_that_assay_writes_into_a_sheet_is_a_formula(start):
    assert imports.harmless(f"{start}cmd") == f"'{start}cmd"
    assert imports.harmless("A-1") == "A-1"
