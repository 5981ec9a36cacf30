"""The addresses of the action plan, the update on what was immediate, and the commissioner's comments."""

from django.urls import URLPattern, path

from recommendations.views import accounts, plan_versions, plans

urlpatterns: list[URLPattern] = [
    path("inspections/<int:inspection_pk>/plan/", plans.plan, name="plan"),
    path("inspections/<int:inspection_pk>/plan/submit/", plan_versions.submit, name="plan_submit"),
    path(
        "inspections/<int:inspection_pk>/plan/compare/", plan_versions.compare, name="plan_compare"
    ),
    path(
        "inspections/<int:inspection_pk>/plan/<int:number>/",
        plan_versions.version,
        name="plan_version",
    ),
    path(
        "inspections/<int:inspection_pk>/plan/recommendations/<int:recommendation_pk>/add/",
        plans.add,
        name="plan_action_add",
    ),
    path(
        "inspections/<int:inspection_pk>/plan/recommendations/<int:recommendation_pk>/why/",
        plans.explain,
        name="plan_gap",
    ),
    path("actions/<int:pk>/", plans.edit, name="plan_action"),
    path("actions/<int:pk>/remove/", plans.remove, name="plan_action_remove"),
    path("actions/<int:pk>/put-back/", plans.put_back, name="plan_action_put_back"),
    path("inspections/<int:inspection_pk>/update/", accounts.update, name="update"),
    path(
        "inspections/<int:inspection_pk>/pcc-comments/", accounts.pcc_comments, name="pcc_comments"
    ),
]
