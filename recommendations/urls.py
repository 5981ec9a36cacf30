"""The addresses of recommendations."""

from django.urls import URLPattern, URLResolver, path

from recommendations.views import drafting, follow_up, reading

app_name = "recommendations"
urlpatterns: list[URLPattern | URLResolver] = [
    path("recommendations/", reading.recommendation_list, name="list"),
    path("recommendations/<int:pk>/", reading.detail, name="detail"),
    path("recommendations/<int:pk>/edit/", drafting.edit, name="edit"),
    path("recommendations/<int:pk>/remove/", drafting.remove, name="remove"),
    path("recommendations/<int:pk>/move/", drafting.move, name="move"),
    path(
        "inspections/<int:inspection_pk>/recommendations/",
        reading.inspection_recommendations,
        name="inspection",
    ),
    path("inspections/<int:inspection_pk>/recommendations/add/", drafting.add, name="add"),
    path("inspections/<int:inspection_pk>/follow-up/", follow_up.overview, name="follow_up"),
]
