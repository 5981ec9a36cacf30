"""The pages of cases, audits and figures."""

from django.urls import URLPattern, URLResolver, path

from cases.views import audits, figures, lists, referrals, sample

app_name = "cases"
urlpatterns: list[URLPattern | URLResolver] = [
    path("inspections/<int:pk>/sample/", sample.sample, name="sample"),
    path("inspections/<int:pk>/cases/", lists.case_list, name="list"),
    path("inspections/<int:pk>/cases/add/", sample.add, name="add"),
    path("inspections/<int:pk>/cases/import/", sample.import_file, name="import"),
    path("inspections/<int:pk>/cases/template.<slug:kind>", sample.template, name="template"),
    path("inspections/<int:pk>/figures/", figures.inspection_figures, name="figures"),
    path("cases/<int:pk>/", audits.detail, name="detail"),
    path("cases/<int:pk>/audit/", audits.audit, name="audit"),
    path("cases/<int:pk>/audit/reopen/", audits.reopen, name="reopen"),
    path("inspections/<int:pk>/cases/referrals/", referrals.referral_list, name="referrals"),
    path("cases/<int:pk>/refer/", referrals.refer, name="refer"),
    path("referrals/<int:pk>/", referrals.referral, name="referral"),
    path("cases/<int:pk>/exclude/", audits.exclude, name="exclude"),
    path("cases/<int:pk>/include/", audits.include, name="include"),
]
