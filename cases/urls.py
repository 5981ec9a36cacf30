"""The pages of cases, audits and figures."""

from django.urls import URLPattern, URLResolver, path

from cases.views import audits, figures, lists, sample

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
    path("cases/<int:pk>/exclude/", audits.exclude, name="exclude"),
    path("cases/<int:pk>/include/", audits.include, name="include"),
]
