"""Thematic reports: inspections chosen, their published figures added up, read, printed and taken away."""

import csv
import io
import json

import openpyxl
import page as checker
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.errors import Conflict, NotAllowed
from accounts.models import Role
from cases import figures
from cases.models import Answer, IndicatorAnswer
from cases.personal_data import LooksPersonal
from inspections.models import (
    ComparedAs,
    ComparedPart,
    Comparison,
    ComparisonLine,
    Side,
    Stage,
)
from recommendations.models import Outcome
from reports import pdf, thematic, thematic_builds, thematic_reports, thematic_tables
from reports.compilation import compile_document
from reports.models import BuildStatus, Publication, ThematicBuild, ThematicReport
from reports.thematic import NotComparable, ThematicDocument
from reports.thematic_reports import NothingToAddUp
from tests.support.factories import (
    make_audit,
    make_case,
    make_framework,
    make_inspection,
    make_recommendation,
    make_user,
)
from tests.support.stack import wait_until
from tests.support.standing import settle

pytestmark = pytest.mark.django_db

CAVEAT = "Their scales do not mean the same."


@pytest.fixture
def framework():
    return make_framework()


@pytest.fixture
def inspector():
    return make_user(Role.INSPECTOR, name="Una Reed")


def make_published(framework, *grades, year=2025, of_the_force=(), **fields):
    """A published inspection whose cases, all of the first area, got these grades."""
    fields.setdefault("fieldwork_start", f"{year}-02-02")
    fields.setdefault("fieldwork_end", f"{year}-02-13")
    inspection = make_inspection(Stage.FOLLOW_UP, framework=framework, **fields)
    inspection.refresh_from_db()
    for number, grade in enumerate(grades):
        case = make_case(inspection)
        audit = make_audit(case, Side.INSPECTORATE, grade)
        if number < len(of_the_force):
            make_audit(case, Side.FORCE, of_the_force[number])
        first = framework.indicators.filter(area=case.area)[0]
        IndicatorAnswer.objects.create(
            audit=audit,
            framework=framework,
            indicator=first,
            answer=Answer.NOT_MET if number == 0 else Answer.MET,
        )
    publish(inspection)
    return inspection


def publish(inspection):
    return Publication.objects.create(
        inspection=inspection,
        published_on=inspection.published_on,
        number=inspection.publications.count() + 1,
        document=compile_document(inspection, figures.for_report(inspection)).to_json(),
    )


def scale(framework):
    return [grade.code for grade in framework.grades.all()]


def make(inspections, by, comparison=None, **fields):
    return thematic_reports.make(
        title=fields.pop("title", "Custody across forces"),
        introduction=fields.pop("introduction", "## What this is\n\nA look across **forces**."),
        inspections=inspections,
        comparison=comparison,
        by=by,
        **fields,
    )


@pytest.fixture
def two(framework):
    best, *_others, worst = scale(framework)
    return [
        make_published(framework, best, best, worst, year=2024, of_the_force=[best, worst]),
        make_published(framework, worst, year=2025),
    ]


def make_comparison(*frameworks):
    """Everything of the second framework counts as what stands at the same place in the first."""
    made = Comparison.objects.create(code="pair", title="A pair", caveat=CAVEAT, digest="0" * 64)
    for kind, parts, name in (
        (ComparedAs.GRADE, "grades", "grade"),
        (ComparedAs.AREA, "areas", "area"),
        (ComparedAs.THEME, "themes", "theme"),
    ):
        for order, alike in enumerate(
            zip(*(getattr(f, parts).all() for f in frameworks), strict=True)
        ):
            first = alike[0]
            looks = (
                {"letter": first.letter, "colour_role": first.colour_role}
                if kind == ComparedAs.GRADE
                else {}
            )
            line = ComparisonLine.objects.create(
                comparison=made, kind=kind, code=f"both-{first.code}", order=order,
                label=f"Both: {first.label}", **looks,
            )  # fmt: skip
            for part in alike:
                ComparedPart.objects.create(comparison=made, line=line, **{name: part})
    return made


def test_published_figures_are_added_up_by_area_and_year(two, framework, inspector):
    document = thematic.gather(make(two, inspector))
    assert document.across.headline.total == 4
    assert document.across.headline.counts[0] == 2
    assert document.across.headline.counts[-1] == 2
    assert [(row.label, row.total) for row in document.across.by_year] == [("2024", 3), ("2025", 1)]
    assert [area.total.total for area in document.across.areas] == [4, 0, 0]
    assert [row.total for row in document.across.areas[0].by_year] == [3, 1]
    assert document.across.compared == 2


def test_a_draft_s_figures_are_not_the_published_ones(two, framework, inspector):
    """What was graded after publication is not in the frozen document, nor here; a further version counts alone."""
    report = make(two, inspector)
    make_audit(make_case(two[0]), Side.INSPECTORATE)
    assert thematic.gather(report).across.headline.total == 4
    publish(two[0])
    document = thematic.gather(report)
    assert document.across.headline.total == 5
    assert [each.version for each in document.chosen] == [2, 1]


def test_indicators_and_the_fate_of_recommendations_are_counted(two, inspector):
    for outcome in (Outcome.IMPLEMENTED, Outcome.NO_LONGER_APPLICABLE, None):
        one = make_recommendation(two[0])
        if outcome:
            settle(one, two[0].published_on, outcome)
    document = thematic.gather(make(two, inspector))
    assert [(each.not_met, each.applicable, each.inspections) for each in document.indicators] == [
        (2, 4, 2)
    ]
    fate = document.fates[0]
    assert (fate.all, fate.open, fate.implemented, fate.no_longer_applicable) == (3, 1, 1, 1)
    assert fate.not_judged == 1
    assert document.recommendations == 3


def test_different_frameworks_need_a_comparison_and_print_its_caveat(framework, inspector):
    other = make_framework()
    both = [
        make_published(framework, scale(framework)[0]),
        make_published(other, scale(other)[0], scale(other)[-1]),
    ]
    with pytest.raises(NotComparable, match="different frameworks"):
        make(both, inspector)
    comparison = make_comparison(framework, other)
    document = thematic.gather(make(both, inspector, comparison))
    assert document.across.headline.counts[0] == 2
    assert all(grade.label.startswith("Both: ") for grade in document.across.grades)
    assert CAVEAT in thematic_builds.compose(document)
    third = make_published(make_framework())
    with pytest.raises(NotComparable, match="does not cover"):
        make([*both, third], inspector, comparison)


def test_only_what_was_published_here_can_be_chosen(framework, inspector):
    unpublished = make_inspection(Stage.DRAFTING, framework=framework)
    without_report = make_inspection(Stage.CLOSED, framework=framework)
    for inspection in (unpublished, without_report):
        with pytest.raises(NothingToAddUp):
            make([inspection], inspector)
    with pytest.raises(NothingToAddUp):
        make([], inspector)
    assert not ThematicReport.objects.exists()


def test_two_people_do_not_overwrite_each_other(two, inspector):
    report = make(two, inspector)
    given = {"introduction": "", "inspections": two[:1], "comparison": None, "by": inspector}
    changed = thematic_reports.change(report, title="Anew", version=1, **given)
    assert (changed.title, changed.version, changed.inspections.count()) == ("Anew", 2, 1)
    with pytest.raises(Conflict):
        thematic_reports.change(report, title="Mine", version=1, **given)


def test_inspectors_make_them_and_the_maker_or_a_manager_changes_them(two, inspector):
    report = make(two, inspector)
    assert thematic_reports.may_change(report, make_user(Role.MANAGER))
    assert not thematic_reports.may_change(report, make_user(Role.INSPECTOR))
    for role in (Role.ADMINISTRATOR, Role.FORCE_LEAD):
        force = {"force": two[0].force} if role == Role.FORCE_LEAD else {}
        with pytest.raises(NotAllowed):
            make(two, make_user(role, **force))


def test_a_name_in_its_introduction_is_asked_about(two, inspector):
    with pytest.raises(LooksPersonal):
        make(two, inspector, introduction="We spoke to Oliver Bennett, born 3 May 2012.")
    assert not ThematicReport.objects.exists()


def test_its_queries_are_as_many_for_one_inspection_as_for_twenty(framework, inspector, client):
    best = scale(framework)[0]
    report = make([make_published(framework, best)], inspector)
    client.force_login(inspector)
    client.get("/")

    def queries(address):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    addresses = [f"/reports/thematic/{report.pk}/", "/reports/thematic/new/", "/reports/thematic/"]
    before = [queries(address) for address in addresses]
    many = [make_published(framework, best, year=2000 + number) for number in range(20)]
    report.inspections.set(many)
    make(many, inspector)
    assert [queries(address) for address in addresses] == before


def test_its_json_is_the_document_and_its_tables_are_the_same_as_files(two, inspector, client):
    make_recommendation(two[0])
    report = make(two, inspector)
    document = thematic.gather(report)
    client.force_login(inspector)
    address = f"/reports/thematic/{report.pk}"
    read = ThematicDocument.from_json(json.loads(client.get(f"{address}/data.json").content))
    assert read == document
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(f"{address}/tables.xlsx").content), read_only=True
    )
    sheets = thematic_tables.sheets(document)
    assert len(book.sheetnames) == len(sheets)
    for key, sheet in sheets.items():
        answer = client.get(f"{address}/tables/{key}.csv")
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        head, *rows = csv.reader(io.StringIO(text))
        assert head == list(sheet.head)
        assert len(rows) == len(sheet.rows)
    total = list(csv.reader(io.StringIO(
        b"".join(client.get(f"{address}/tables/by-area.csv").streaming_content).decode("utf-8-sig")
    )))[-1]  # fmt: skip
    assert total[-1] == "4"
    assert client.get(f"{address}/tables/none.csv").status_code == 404
    assert thematic_tables.as_workbook(document) == thematic_tables.as_workbook(document)


def test_its_pdf_is_for_everybody_and_the_same_file_again(two, inspector):
    make_recommendation(two[0])
    document = thematic.gather(make(two, inspector, introduction="Read [this](https://a.example)."))
    made = pdf.print_html(thematic_builds.compose(document))
    report = checker.validate_pdf_bytes(made.content)
    assert report.is_compliant, str(report)
    assert pdf.print_html(thematic_builds.compose(document)).sha256 == made.sha256


def test_inspections_that_found_nothing_make_a_short_report(framework, inspector):
    document = thematic.gather(make([make_published(framework)], inspector, introduction=""))
    kinds = [part.kind for part in thematic_tables.parts(document)]
    assert kinds == ["inspections", "grades", "recommendations", "method"]
    assert checker.validate_pdf_bytes(
        pdf.print_html(thematic_builds.compose(document)).content
    ).is_compliant


def test_inspections_are_chosen_on_a_page(two, inspector, client):
    client.force_login(inspector)
    page = client.get("/reports/thematic/new/?years=2024").content.decode()
    assert f'id="select-{two[0].pk}"' in page
    assert f'id="select-{two[1].pk}"' not in page
    given = {"title": "Across", "introduction": "", "comparison": ""}
    nothing = client.post("/reports/thematic/new/", given)
    assert "Select at least one inspection" in nothing.content.decode()
    chosen = client.post("/reports/thematic/new/", {**given, "inspection": [two[1].pk]})
    report = ThematicReport.objects.get()
    assert chosen["Location"] == f"/reports/thematic/{report.pk}/"
    address = f"/reports/thematic/{report.pk}/change/"
    assert "checked" in client.get(address).content.decode()
    client.post(f"{address}?years=2024", {**given, "version": "1", "everything": "1"})
    assert list(report.inspections.all()) == [two[0]]
    stale = client.post(address, {**given, "version": "1", "inspection": [two[0].pk]})
    assert "Somebody else has changed this report" in stale.content.decode()


def test_what_was_chosen_stays_in_sight_however_the_list_is_narrowed(
    two, inspector, client, monkeypatch
):
    monkeypatch.setattr("reports.views.thematic.MOST_LISTED", 0)
    report = make(two, inspector)
    client.force_login(inspector)
    page = client.get(f"/reports/thematic/{report.pk}/change/?years=1999").content.decode()
    assert all(f'id="select-{each.pk}" checked' in page for each in two)


def test_a_force_sees_none_of_it(two, inspector, client):
    report = make(two, inspector)
    build = thematic_builds.request(report, by=inspector)
    client.force_login(make_user(Role.FORCE_LEAD, force=two[0].force))
    address = f"/reports/thematic/{report.pk}/"
    for path in ("", "change/", "data.json", "tables.xlsx", "tables/by-area.csv",
                 f"builds/{build.pk}/", f"builds/{build.pk}/report.pdf"):  # fmt: skip
        assert client.get(address + path).status_code == 404, path
    assert client.get("/reports/thematic/").status_code == 404
    assert client.get("/reports/thematic/new/").status_code == 404
    assert client.post(f"{address}builds/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_worker_makes_its_pdf_and_the_page_offers_it(celery_worker, two, inspector, client):
    report = make(two, inspector)
    celery_worker.start()
    client.force_login(inspector)
    response = client.post(f"/reports/thematic/{report.pk}/builds/")
    wait_until(
        lambda: ThematicBuild.objects.get().status == BuildStatus.DONE, what=celery_worker.log()
    )
    page = client.get(response["Location"])
    assert "Refresh" not in page
    assert client.get(f"{response['Location']}report.pdf").content.startswith(b"%PDF")


def test_one_that_is_being_made_can_be_cancelled(two, inspector, client):
    build = thematic_builds.request(make(two, inspector), by=inspector)
    client.force_login(inspector)
    client.post(f"/reports/thematic/{build.report_id}/builds/{build.pk}/cancel/")
    build.refresh_from_db()
    assert build.status == BuildStatus.CANCELLED
