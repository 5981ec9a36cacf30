"""The first page that a person sees."""

from django.urls import URLPattern, URLResolver, path

from accounts import views

urlpatterns: list[URLPattern | URLResolver] = [path("", views.home, name="home")]
