"""The addresses of reports: an inspection's draft, and what was published."""

from django.urls import URLPattern, URLResolver, path

from config.spreadsheets import KINDS, XLSX
from reports.views import (
    accuracy,
    approval,
    checks,
    corrections,
    desk,
    drafts,
    examples,
    papers,
    pdfs,
    publications,
    section_work,
    thematic,
    thematic_pdfs,
    writing,
)

JSON = "json"

app_name = "reports"
urlpatterns: list[URLPattern | URLResolver] = [
    path("reports/", publications.publication_list, name="list"),
    path("reports/<int:pk>/", publications.detail, name="publication"),
    path("reports/<int:pk>/report.pdf", publications.download, name="download"),
    path("reports/<int:pk>/build/", publications.retry, name="retry"),
    path("inspections/<int:pk>/report/", drafts.outline, name="outline"),
    path("inspections/<int:pk>/report/preview/", drafts.preview, name="preview"),
    path("inspections/<int:pk>/report/order/", drafts.reorder, name="reorder"),
    path("inspections/<int:pk>/report/authors/", section_work.assign, name="assign"),
    path("inspections/<int:pk>/report/sections/<slug:key>/", writing.section, name="section"),
    path(
        "inspections/<int:pk>/report/sections/<slug:key>/preview/",
        writing.section_preview,
        name="section_preview",
    ),
    path(
        "inspections/<int:pk>/report/sections/<slug:key>/status/",
        section_work.status,
        name="section_status",
    ),
    path(
        "inspections/<int:pk>/report/sections/<slug:key>/versions/",
        section_work.versions,
        name="section_versions",
    ),
    path(
        "inspections/<int:pk>/report/sections/<slug:key>/versions/compare/",
        section_work.compare,
        name="section_compare",
    ),
    path(
        "inspections/<int:pk>/report/sections/<slug:key>/comments/",
        section_work.comments,
        name="section_comments",
    ),
    path(
        "inspections/<int:pk>/report/sections/<slug:key>/comments/<int:comment_pk>/settle/",
        section_work.settle_comment,
        name="settle_comment",
    ),
    path("inspections/<int:pk>/report/publish/", approval.publish_page, name="publish"),
    path("inspections/<int:pk>/report/checks/", checks.overview, name="checks"),
    path(
        "inspections/<int:pk>/report/checks/figures/<slug:name>/",
        checks.confirm,
        name="confirm_figure",
    ),
    path("inspections/<int:pk>/report/approval/", approval.approval_page, name="approval"),
    path("inspections/<int:pk>/report/correction/", corrections.correction, name="correction"),
    path("inspections/<int:pk>/report/correction/drop/", corrections.drop, name="drop_correction"),
    path("inspections/<int:pk>/report/accuracy/", accuracy.overview, name="accuracy"),
    path("inspections/<int:pk>/report/accuracy/reply/", accuracy.reply, name="accuracy_reply"),
    path(
        "inspections/<int:pk>/report/accuracy/sections/<slug:key>/",
        accuracy.comment,
        name="accuracy_comment",
    ),
    path(
        "inspections/<int:pk>/report/accuracy/comments/<int:said_pk>/",
        accuracy.answer,
        name="accuracy_answer",
    ),
    path(
        "inspections/<int:pk>/report/accuracy/comments/<int:said_pk>/withdraw/",
        accuracy.withdraw,
        name="accuracy_withdraw",
    ),
    path(
        "inspections/<int:pk>/report/accuracy/record/",
        accuracy.ask_for_record,
        name="ask_for_accuracy_record",
    ),
    path(
        "inspections/<int:pk>/report/accuracy/records/<int:record_pk>/",
        accuracy.record,
        name="accuracy_record",
    ),
    path(
        "inspections/<int:pk>/report/accuracy/records/<int:record_pk>/record.pdf",
        accuracy.download_record,
        name="accuracy_record_pdf",
    ),
    path("inspections/<int:pk>/report/builds/", pdfs.build, name="build"),
    path("inspections/<int:pk>/report/builds/<int:build_pk>/", pdfs.status, name="build_status"),
    path(
        "inspections/<int:pk>/report/builds/<int:build_pk>/cancel/",
        pdfs.cancel,
        name="cancel_build",
    ),
    path(
        "inspections/<int:pk>/report/builds/<int:build_pk>/draft.pdf",
        pdfs.draft_pdf,
        name="draft_pdf",
    ),
    path("inspections/<int:pk>/report/examples/", examples.example_list, name="examples"),
    path(
        "inspections/<int:pk>/report/examples/<int:example_pk>/", examples.example, name="example"
    ),
    path(
        "inspections/<int:pk>/report/examples/<int:example_pk>/release/",
        examples.release,
        name="release_example",
    ),
    path("cases/<int:case_pk>/example/", examples.add, name="add_example"),
    path("forces/<int:force_pk>/board/papers/", papers.paper_list, name="board_papers"),
    path("forces/<int:force_pk>/board/papers/<int:pk>/", papers.paper, name="board_paper"),
    path(
        "forces/<int:force_pk>/board/papers/<int:pk>/paper.pdf",
        papers.download,
        name="board_paper_pdf",
    ),
    path("reports/desk/", desk.overview, name="desk"),
    path("reports/thematic/", thematic.thematic_list, name="thematic_list"),
    path("reports/thematic/new/", thematic.add, name="add_thematic"),
    path("reports/thematic/<int:pk>/", thematic.detail, name="thematic"),
    path("reports/thematic/<int:pk>/change/", thematic.change, name="change_thematic"),
    *(
        path(
            f"reports/thematic/<int:pk>/tables/<slug:key>.{kind}",
            thematic.table,
            {"kind": kind},
            name=f"thematic_{kind}",
        )
        for kind in KINDS
    ),
    path(
        "reports/thematic/<int:pk>/tables.xlsx",
        thematic.data,
        {"kind": XLSX},
        name="thematic_workbook",
    ),
    path(
        "reports/thematic/<int:pk>/data.json", thematic.data, {"kind": JSON}, name="thematic_json"
    ),
    path("reports/thematic/<int:pk>/builds/", thematic_pdfs.build, name="build_thematic"),
    path(
        "reports/thematic/<int:pk>/builds/<int:made_pk>/",
        thematic_pdfs.status,
        name="thematic_build",
    ),
    path(
        "reports/thematic/<int:pk>/builds/<int:made_pk>/cancel/",
        thematic_pdfs.cancel,
        name="cancel_thematic_build",
    ),
    path(
        "reports/thematic/<int:pk>/builds/<int:made_pk>/report.pdf",
        thematic_pdfs.download,
        name="thematic_pdf",
    ),
]
