import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import path

from tests.config import gallery as gallery_urls
from tests.support.factories import make_user


def forbidden(request):
    raise PermissionDenied


def broken(request):
    raise RuntimeError("on purpose")


urlpatterns = [path("forbidden", forbidden), path("broken", broken), *gallery_urls.urlpatterns]

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(settings):
    settings.ROOT_URLCONF = "tests.config.test_error_pages"
    client = Client(raise_request_exception=False)
    client.force_login(make_user(name="Indira Inspector"))
    return client


def test_a_missing_page_says_so_inside_the_layout(client):
    response = client.get("/no/such/page")
    assert response.status_code == 404
    assert "Page not found" in response.text
    assert "Indira Inspector" in response.text


def test_a_forbidden_page_says_so(client):
    response = client.get("/forbidden")
    assert response.status_code == 403
    assert "You may not do this" in response.text


def test_a_failure_says_sorry_and_no_more(client):
    response = client.get("/broken")
    assert response.status_code == 500
    assert "Sorry, something went wrong" in response.text
    assert "on purpose" not in response.text


def test_a_form_without_its_token_is_told_to_try_again(client):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/accounts/login/", {"login": "x"})
    assert response.status_code == 403
    assert "Please try again" in response.text
