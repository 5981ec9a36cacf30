"""The addresses of recommendations."""

from django.urls import URLPattern, URLResolver, path

from recommendations import drafting_views, views

app_name = "recommendations"
urlpatterns: list[URLPattern | URLResolver] = [
    path("recommendations/", views.recommendation_list, name="list"),
    path("recommendations/<int:pk>/", views.detail, name="detail"),
    path("recommendations/<int:pk>/edit/", drafting_views.edit, name="edit"),
    path("recommendations/<int:pk>/remove/", drafting_views.remove, name="remove"),
    path("recommendations/<int:pk>/move/", drafting_views.move, name="move"),
    path(
        "inspections/<int:inspection_pk>/recommendations/",
        views.inspection_recommendations,
        name="inspection",
    ),
    path("inspections/<int:inspection_pk>/recommendations/add/", drafting_views.add, name="add"),
]
