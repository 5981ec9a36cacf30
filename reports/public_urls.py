"""The addresses of published reports for everybody, below `settings.PUBLIC_PREFIX`."""

from django.urls import URLPattern, URLResolver, path

from reports.views import feed, public

app_name = "public"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", public.report_list, name="list"),
    path("feed.atom", feed.feed, name="feed"),
    path("<slug:slug>/", public.report, name="report"),
    path("<slug:slug>/versions/<int:number>/", public.version, name="version"),
    path("<slug:slug>/versions/<int:number>/<str:name>", public.file, name="file"),
    path("<slug:slug>/<str:name>", public.latest_file, name="latest_file"),
]
