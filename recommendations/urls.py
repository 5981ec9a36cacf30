"""The addresses of recommendations."""

from django.urls import URLPattern, URLResolver, path

from recommendations import plan_urls
from recommendations.views import (
    asks,
    board,
    detail,
    drafting,
    evidence,
    follow_up,
    judging,
    lists,
    reading,
    reviews,
)

app_name = "recommendations"
urlpatterns: list[URLPattern | URLResolver] = [
    path("recommendations/", lists.recommendation_list, name="list"),
    path("recommendations/export/<slug:kind>/", lists.export, name="export"),
    path("forces/<int:force_pk>/board/", board.show, name="board"),
    path("recommendations/tracker/", lists.national, name="tracker"),
    path("recommendations/asks/", asks.ask_list, name="asks"),
    path("recommendations/asks/<int:pk>/", asks.ask, name="ask"),
    path("recommendations/<int:pk>/same-ask/", asks.same_ask, name="same_ask"),
    path("recommendations/<int:pk>/take-out/", asks.take_out, name="take_out"),
    path("recommendations/<int:pk>/", detail.detail, name="detail"),
    path("recommendations/<int:pk>/remarks/", detail.remark, name="remark"),
    path("evidence/<int:pk>/", evidence.download, name="evidence"),
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
    path("follow-up/", judging.queue_page, name="queue"),
    path("recommendations/<int:pk>/judge/", judging.judge, name="judge"),
    path("inspections/<int:inspection_pk>/review/", reviews.overview, name="review"),
    path(
        "inspections/<int:inspection_pk>/review/<int:recommendation_pk>/",
        reviews.one,
        name="review_one",
    ),
    path(
        "inspections/<int:inspection_pk>/then-and-now/",
        reviews.then_and_now_page,
        name="then_and_now",
    ),
    *plan_urls.urlpatterns,
]
