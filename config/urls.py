"""The addresses of Assay: each app brings its own."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from config.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("accounts/", include("accounts.sign_in_urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("config.api_urls")),
    path(settings.PUBLIC_PREFIX, include("reports.public_urls")),
    path("", include("accounts.urls")),
    path("", include("inspections.urls")),
    path("", include("cases.urls")),
    path("", include("recommendations.urls")),
    path("", include("reports.urls")),
    path("", include("reminders.urls")),
]
