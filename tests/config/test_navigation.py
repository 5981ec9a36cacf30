import pytest
from django.test import RequestFactory

from config.navigation import primary_navigation
from tests.support.factories import Role, make_user

pytestmark = pytest.mark.django_db


def parts(user, path="/"):
    items = primary_navigation(RequestFactory().get(path), user)
    return [str(item["text"]) for item in items], [
        str(item["text"]) for item in items if item["active"]
    ]


def test_everybody_sees_the_same_words_and_only_administrators_one_more():
    everybody = ["Your work", "Inspections", "Recommendations", "Deadlines", "Reports", "Forces"]
    for role in Role:
        names, _ = parts(make_user(role))
        assert names == everybody + (["Administration"] if role == Role.ADMINISTRATOR else [])


def test_a_page_deep_inside_a_part_shows_that_part_as_the_current_one():
    user = make_user()
    assert parts(user, "/inspections/7/cases/")[1] == ["Inspections"]
    assert parts(user, "/")[1] == ["Your work"]
    assert parts(user, "/accounts/password/change/")[1] == []


def test_every_part_opens_for_every_role(client):
    for role in Role:
        user = make_user(role)
        client.force_login(user)
        for item in primary_navigation(RequestFactory().get("/"), user):
            opened = client.get(item["href"], follow=True)  # a force person's “Forces” is their own
            assert opened.status_code == 200, (role, item["href"])
