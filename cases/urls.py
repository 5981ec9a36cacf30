"""The pages of cases, audits and figures."""

from django.urls import URLPattern, URLResolver, path

from cases.views import (
    agreement,
    assignment,
    audit_page,
    audits,
    bulk,
    calibrations,
    common_themes,
    draws,
    exports,
    figures,
    hand_in,
    lists,
    moderation,
    readings,
    referrals,
    sample,
    tally,
)

app_name = "cases"
urlpatterns: list[URLPattern | URLResolver] = [
    path("inspections/<int:pk>/sample/", sample.sample, name="sample"),
    path("inspections/<int:pk>/sample/hand-in/", hand_in.hand_in_page, name="hand_in"),
    path("inspections/<int:pk>/sample/return/", hand_in.return_page, name="return_sample"),
    path("inspections/<int:pk>/sample/draw/", draws.draw, name="draw"),
    path(
        "inspections/<int:pk>/sample/draw/template.<slug:kind>",
        draws.template,
        name="draw_template",
    ),
    path("inspections/<int:pk>/sample/draw/<int:draw_pk>/", draws.detail, name="draw_detail"),
    path(
        "inspections/<int:pk>/sample/draw/<int:draw_pk>/list.txt", draws.listed, name="draw_list"
    ),
    path(
        "inspections/<int:pk>/sample/assignment/", assignment.assignment_page, name="assignment"
    ),
    path("inspections/<int:pk>/sample/assignment/evenly/", assignment.spread, name="spread"),
    path("inspections/<int:pk>/cases/", lists.case_list, name="list"),
    path("inspections/<int:pk>/cases/next/", lists.next_case, name="next"),
    path("inspections/<int:pk>/cases/views/", lists.save_filter, name="save_filter"),
    path(
        "inspections/<int:pk>/cases/views/<int:filter_pk>/delete/",
        lists.delete_filter,
        name="delete_filter",
    ),
    path("inspections/<int:pk>/cases/export.<slug:kind>", exports.export, name="export"),
    path("inspections/<int:pk>/cases/bulk/", bulk.bulk, name="bulk"),
    path("inspections/<int:pk>/cases/add/", sample.add, name="add"),
    path("inspections/<int:pk>/cases/import/", sample.import_file, name="import"),
    path("inspections/<int:pk>/cases/template.<slug:kind>", sample.template, name="template"),
    path("inspections/<int:pk>/figures/", figures.inspection_figures, name="figures"),
    path("inspections/<int:pk>/figures/indicators/", tally.indicator_tally, name="tally"),
    path("inspections/<int:pk>/figures/agreement/", agreement.agreement_page, name="agreement"),
    path("inspections/<int:pk>/figures/themes/", common_themes.theme_list, name="common_themes"),
    path(
        "inspections/<int:pk>/figures/themes/<int:theme_pk>/",
        common_themes.theme_page,
        name="common_theme",
    ),
    path("cases/<int:pk>/", audits.detail, name="detail"),
    path("cases/<int:pk>/audit/", audit_page.audit, name="audit"),
    path("cases/<int:pk>/audit/reopen/", audits.reopen, name="reopen"),
    path("inspections/<int:pk>/cases/moderation/", moderation.queue, name="moderation"),
    path("inspections/<int:pk>/cases/calibration/", calibrations.calibrations, name="calibrations"),
    path("cases/<int:pk>/moderate/", moderation.moderate, name="moderate"),
    path("cases/<int:pk>/readings/ask/", readings.ask, name="ask_reading"),
    path("cases/<int:pk>/readings/withdraw/", readings.withdraw, name="withdraw_reading"),
    path("cases/<int:pk>/calibrate/", calibrations.calibrate, name="calibrate"),
    path("cases/<int:pk>/calibrate/close/", calibrations.close, name="close_calibration"),
    path("inspections/<int:pk>/cases/referrals/", referrals.referral_list, name="referrals"),
    path("cases/<int:pk>/refer/", referrals.refer, name="refer"),
    path("referrals/<int:pk>/", referrals.referral, name="referral"),
    path("cases/<int:pk>/exclude/", audits.exclude, name="exclude"),
    path("cases/<int:pk>/include/", audits.include, name="include"),
]
