"""The language that a page says it is in is the one that it is in."""

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.translation import to_locale

from tests.support.factories import make_user

pytestmark = pytest.mark.django_db


def test_every_language_that_is_offered_has_a_catalogue():
    for code, _name in settings.LANGUAGES:
        files = [root / to_locale(code) / "LC_MESSAGES" for root in settings.LOCALE_PATHS]
        assert code == settings.LANGUAGE_CODE or any((one / "django.mo").exists() for one in files)


@pytest.mark.parametrize("prefers", ["cy", "cy-GB, en;q=0.5", "fr", "en-US", "*", ""])
def test_a_browser_that_prefers_another_language_is_told_that_pages_are_in_english(client, prefers):
    ours = {"accept-language": prefers}
    pages = [client.get(reverse("account_login"), headers=ours)]
    client.force_login(make_user())
    pages.append(client.get(reverse("home"), headers=ours))
    for page in pages:
        assert page.status_code == 200
        assert '<html lang="en-gb"' in page.text
        assert page["Content-Language"] == "en-gb"
