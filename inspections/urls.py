"""The pages of inspections, forces and deadlines."""

from django.urls import URLPattern, URLResolver, include, path

from inspections.views import (
    calendar,
    deadlines,
    extensions,
    forces,
    inspections,
    lists,
    moves,
    people,
    starts,
)

inspection_urls: list[URLPattern] = [
    path("", lists.inspection_list, name="list"),
    path("new/", inspections.new, name="new"),
    path("<int:pk>/", inspections.detail, name="detail"),
    path("<int:pk>/dates/", inspections.dates, name="dates"),
    path("<int:pk>/start/", starts.start, name="start"),
    path("<int:pk>/move/<slug:code>/", moves.move, name="move"),
    path("<int:pk>/people/", people.people, name="people"),
    path("<int:pk>/people/<int:user_pk>/remove/", people.remove, name="remove_person"),
    path("<int:pk>/history/", inspections.history, name="history"),
]
force_urls: list[URLPattern] = [
    path("", forces.force_list, name="list"),
    path("<int:pk>/", forces.detail, name="detail"),
]
deadline_urls: list[URLPattern] = [
    path("", deadlines.deadline_list, name="list"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("export/<slug:kind>/", deadlines.export, name="export"),
    path("<int:pk>/", extensions.detail, name="detail"),
    path("<int:pk>/extension/", extensions.ask, name="extension"),
    path("extensions/<int:pk>/", extensions.answer, name="answer_extension"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("inspections/", include((inspection_urls, "inspections"))),
    path("forces/", include((force_urls, "forces"))),
    path("deadlines/", include((deadline_urls, "deadlines"))),
]
