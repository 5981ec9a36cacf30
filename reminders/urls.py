"""The addresses of messages: what a person was told, how they want to be told, and whether it all works."""

from django.urls import URLPattern, URLResolver, path

from reminders.views import feeds, inbox, operating, preferences, record

app_name = "messages"
urlpatterns: list[URLPattern | URLResolver] = [
    path("messages/", inbox.message_list, name="list"),
    path("messages/<int:pk>/", inbox.detail, name="detail"),
    path("messages/read/", inbox.read_all, name="read_all"),
    path("messages/preferences/", preferences.edit, name="preferences"),
    path("messages/record/", record.everything, name="record"),
    path("messages/record/<slug:kind>/", record.export, name="record_export"),
    path("deadlines/<int:deadline_pk>/messages/", record.of_deadline, name="told"),
    path("messages/calendar/", feeds.feed_list, name="feeds"),
    path("messages/calendar/<int:pk>/revoke/", feeds.revoke, name="revoke_feed"),
    path("calendar/<str:secret>.ics", feeds.calendar, name="calendar"),
    path("messages/outbox/", operating.outbox, name="outbox"),
]
