"""The addresses of the API, version 1."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.routers import SimpleRouter

from accounts.api import ForceViewSet, MeView
from cases.api import AuditViewSet, CaseViewSet, FiguresView, NewCasesView, NewCaseView
from cases.api_figures import AgreementView, TallyView
from cases.api_referrals import NewReferralView, ReferralViewSet
from config.api import not_found
from inspections.api import DeadlineViewSet, FrameworkViewSet, InspectionViewSet
from inspections.api_extensions import ExtensionViewSet, NewExtensionView
from recommendations.api import RecommendationViewSet
from recommendations.api_plans import (
    CommissionerCommentViewSet,
    ImmediateUpdateViewSet,
    PlanVersionViewSet,
)
from reports.api import PublicationViewSet
from reports.api_builds import BuildViewSet, NewBuildView

router = SimpleRouter(use_regex_path=False)
for prefix, viewset in (
    ("forces", ForceViewSet),
    ("frameworks", FrameworkViewSet),
    ("inspections", InspectionViewSet),
    ("cases", CaseViewSet),
    ("audits", AuditViewSet),
    ("referrals", ReferralViewSet),
    ("recommendations", RecommendationViewSet),
    ("deadlines", DeadlineViewSet),
    ("extensions", ExtensionViewSet),
    ("action-plans", PlanVersionViewSet),
    ("immediate-updates", ImmediateUpdateViewSet),
    ("commissioner-comments", CommissionerCommentViewSet),
    ("publications", PublicationViewSet),
    ("builds", BuildViewSet),
):
    router.register(prefix, viewset, basename=f"api-{prefix}")

urlpatterns = [
    path("schema/", SpectacularJSONAPIView.as_view(), name="api-schema"),
    path("me/", MeView.as_view(), name="api-me"),
    path("inspections/<int:pk>/builds/", NewBuildView.as_view(), name="api-inspections-builds"),
    path("inspections/<int:pk>/cases/", NewCaseView.as_view(), name="api-inspections-cases"),
    path(
        "inspections/<int:pk>/cases/import/", NewCasesView.as_view(), name="api-inspections-import"
    ),
    path("cases/<int:pk>/referrals/", NewReferralView.as_view(), name="api-cases-referrals"),
    path(
        "deadlines/<int:pk>/extensions/",
        NewExtensionView.as_view(),
        name="api-deadlines-extensions",
    ),
    path("inspections/<int:pk>/figures/", FiguresView.as_view(), name="api-inspections-figures"),
    path("inspections/<int:pk>/tally/", TallyView.as_view(), name="api-inspections-tally"),
    path(
        "inspections/<int:pk>/agreement/",
        AgreementView.as_view(),
        name="api-inspections-agreement",
    ),
    path("", include(router.urls)),
    re_path("", not_found, name="api-not-found"),
]
