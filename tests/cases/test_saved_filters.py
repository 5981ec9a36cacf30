"""Views of the list that somebody keeps under a name: theirs, and harmless whatever they are called."""

import pytest
from django.urls import reverse

from cases import saved_filters
from cases.models import SavedFilter
from tests.support.factories import make_case


def save(client, place, name, query=""):
    address = reverse("cases:save_filter", args=[place.inspection.pk]) + query
    return client.post(address, {"name": name}, follow=True)


def kept(place, user):
    return list(saved_filters.of(place.inspection, user).values_list("name", "query"))


@pytest.fixture
def signed_in(client, place):
    make_case(place.inspection, reference="A-1")
    client.force_login(place.inspector)
    return client


def test_what_is_seen_is_saved_under_a_name_opened_and_deleted(signed_in, place):
    response = save(signed_in, place, "To do", "?state=not_graded&area=alpha&sort=-area&page=3")
    assert "The view “To do” is saved." in response.content.decode()
    assert kept(place, place.inspector) == [("To do", "state=not_graded&area=alpha&sort=-area")]
    page = response.content.decode()
    link = reverse("cases:list", args=[place.inspection.pk])
    assert f'{link}?state=not_graded&amp;area=alpha&amp;sort=-area">To do</a>' in page
    saved = SavedFilter.objects.get()
    delete = reverse("cases:delete_filter", args=[place.inspection.pk, saved.pk])
    assert signed_in.get(delete).status_code == 405
    response = signed_in.post(delete + "?q=A-", follow=True)
    assert "The view “To do” is deleted." in response.content.decode()
    assert response.redirect_chain[0][0] == f"{link}?q=A-"
    assert not SavedFilter.objects.exists()


def test_a_view_of_the_same_name_is_replaced(signed_in, place):
    save(signed_in, place, "Mine", "?assigned=me")
    save(signed_in, place, "  Mine ", "?assigned=none")
    assert kept(place, place.inspector) == [("Mine", "assigned=none")]


def test_views_are_each_persons_own(signed_in, place, client):
    save(signed_in, place, "Mine", "?assigned=me")
    saved = SavedFilter.objects.get()
    client.force_login(place.lead)
    page = client.get(reverse("cases:list", args=[place.inspection.pk])).content.decode()
    assert "Mine" not in page
    delete = reverse("cases:delete_filter", args=[place.inspection.pk, saved.pk])
    assert client.post(delete).status_code == 404
    client.force_login(place.outsider)
    assert client.post(delete).status_code == 404
    assert save(client, place, "Theirs").status_code == 404
    assert kept(place, place.inspector) == [("Mine", "assigned=me")]


@pytest.mark.parametrize(
    "query",
    [
        "?state=nonsense&next=http://evil.test&<script>=1&sort=evil&q=",
        "?area=%00&grade=%27%22%3E&page=-1&assigned=999999&common_theme=1",
        "?state=&state=%0d%0aSet-Cookie:x",
    ],
)
def test_of_a_hostile_query_nothing_is_kept(signed_in, place, query):
    response = save(signed_in, place, "View", query)
    assert response.status_code == 200
    assert response.redirect_chain[0][0] == reverse("cases:list", args=[place.inspection.pk])
    assert kept(place, place.inspector) == [("View", "")]


def test_hostile_words_to_search_for_are_kept_as_words(signed_in, place):
    save(signed_in, place, "View", "?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E%26state%3Ddraft")
    assert kept(place, place.inspector) == [
        ("View", "q=%22%3E%3Cscript%3Ealert%281%29%3C%2Fscript%3E%26state%3Ddraft")
    ]
    page = signed_in.get(reverse("cases:list", args=[place.inspection.pk])).content.decode()
    assert "<script>alert" not in page


def test_a_hostile_name_is_shown_as_text(signed_in, place):
    page = save(signed_in, place, '"><script>alert(1)</script>').content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\u202eb", "a\x00b"])
def test_a_name_that_cannot_be_shown_is_refused_with_a_sentence(signed_in, place, name):
    response = save(signed_in, place, name)
    assert response.status_code == 200
    assert "assay-notification--problem" in response.content.decode()
    assert not SavedFilter.objects.exists()


def test_nobody_keeps_more_than_thirty(signed_in, place):
    for number in range(saved_filters.MOST):
        saved_filters.save(place.inspection, name=f"View {number}", query="", by=place.inspector)
    assert "Delete one" in save(signed_in, place, "One more").content.decode()
    assert "is saved" in save(signed_in, place, "View 3", "?q=A-1").content.decode()
    assert len(kept(place, place.inspector)) == saved_filters.MOST
