"""Signing in, out, and getting back in, through the pages and a real mail server."""

import pytest

from tests.support.factories import PASSWORD, make_user
from tests.support.stack import assert_accessible, follow

pytestmark = pytest.mark.django_db(transaction=True)


def sign_in(page, live_server, email, password=PASSWORD):
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    follow(page.get_by_role("button", name="Sign in"))


def test_a_person_signs_in_with_their_address_in_any_case(gallery, live_server, page):
    user = make_user(email="indira@assay.example")
    page.goto(f"{live_server.url}/gallery/list")
    assert page.get_by_role("heading", name="Sign in").is_visible()
    assert_accessible(page)
    page.get_by_label("Email address").fill("Indira@Assay.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    follow(page.get_by_role("button", name="Sign in"))
    assert page.url.endswith("/gallery/list")
    assert user.name in page.get_by_role("banner").inner_text()


def test_a_wrong_password_gets_a_plain_sentence(live_server, page):
    make_user(email="indira@assay.example")
    sign_in(page, live_server, "indira@assay.example", "not-the-password")
    assert page.title().startswith("Error: Sign in")
    assert page.get_by_role("link", name="Enter a correct email address and password").is_visible()
    assert page.get_by_label("Email address").input_value() == "indira@assay.example"
    assert page.get_by_label("Password", exact=True).input_value() == ""
    assert_accessible(page)


def test_an_empty_form_says_what_to_enter(live_server, page):
    sign_in(page, live_server, "", "")
    links = page.locator(".govuk-error-summary a").all_inner_texts()
    assert links == ["Enter your email address", "Enter your password"]


def test_ten_wrong_passwords_lock_the_address_out_even_for_the_right_one(client, settings):
    make_user(email="indira@assay.example")
    for number in range(settings.AXES_FAILURE_LIMIT):
        email = "INDIRA@assay.example" if number % 2 else "indira@assay.example"
        response = client.post("/accounts/login/", {"login": email, "password": "wrong"})
    response = client.post(
        "/accounts/login/", {"login": "indira@assay.example", "password": PASSWORD}
    )
    assert response.status_code == 429
    assert "Too many attempts" in response.text
    make_user(email="other@assay.example")
    response = client.post(
        "/accounts/login/", {"login": "other@assay.example", "password": PASSWORD}
    )
    assert response.status_code == 302


def test_a_forgotten_password_is_reset_by_a_mailed_link_that_works_once(
    live_server, page, mail_server
):
    make_user(email="indira@assay.example")
    page.goto(f"{live_server.url}/accounts/login/")
    follow(page.get_by_role("link", name="I have forgotten my password"))
    assert_accessible(page)
    page.get_by_label("Email address").fill("indira@assay.example")
    follow(page.get_by_role("button", name="Send the link"))
    assert page.get_by_role("heading", name="Check your email").is_visible()
    assert_accessible(page)

    [message] = mail_server.messages
    assert message["Subject"] == "Reset your Assay password"
    text = message.get_body(("plain",)).get_content()
    [link] = [word for word in text.split() if "/password/reset/key/" in word]
    page.goto(link)
    assert_accessible(page)
    page.get_by_label("New password", exact=True).fill("short")
    page.get_by_label("New password again").fill("different")
    follow(page.get_by_role("button", name="Change password"))
    assert page.locator(".govuk-error-summary").is_visible()
    assert_accessible(page)
    page.get_by_label("New password", exact=True).fill("a-brand-new-phrase-26")
    page.get_by_label("New password again").fill("a-brand-new-phrase-26")
    follow(page.get_by_role("button", name="Change password"))
    assert page.get_by_role("heading", name="Your password is changed").is_visible()

    page.goto(link)
    assert page.get_by_role("heading", name="This link no longer works").is_visible()
    assert_accessible(page)


def test_nobody_learns_whether_an_address_is_known(live_server, page, mail_server):
    page.goto(f"{live_server.url}/accounts/password/reset/")
    page.get_by_label("Email address").fill("stranger@assay.example")
    follow(page.get_by_role("button", name="Send the link"))
    assert page.get_by_role("heading", name="Check your email").is_visible()
    assert not mail_server.messages


def test_a_person_changes_their_password(gallery, live_server, page):
    make_user(email="indira@assay.example")
    page.goto(f"{live_server.url}/gallery/list")
    page.get_by_label("Email address").fill("indira@assay.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    follow(page.get_by_role("button", name="Sign in"))
    follow(page.get_by_role("link", name="Change password"))
    assert_accessible(page)
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_label("New password", exact=True).fill("a-brand-new-phrase-26")
    page.get_by_label("New password again").fill("a-brand-new-phrase-26")
    follow(page.get_by_role("button", name="Change password"))
    assert page.get_by_text("Your password is changed.").is_visible()


def test_nobody_signs_up_or_adds_an_address_by_themselves(client):
    page = client.get("/accounts/signup/")
    assert "An administrator adds people" in page.text
    assert client.post("/accounts/signup/", {"email": "a@b.example"}).status_code == 200
    client.force_login(make_user())
    assert client.get("/accounts/email/").status_code == 404


@pytest.mark.parametrize(
    "path", ["accounts/signup/", "accounts/inactive/", "accounts/password/reset/key/done/"]
)
def test_the_rarer_pages_pass_axe(live_server, page, path):
    page.goto(f"{live_server.url}/{path}")
    assert_accessible(page)


def test_signing_out_asks_first_when_somebody_follows_a_link(gallery, live_server, page):
    make_user(email="indira@assay.example")
    page.goto(f"{live_server.url}/gallery/list")
    page.get_by_label("Email address").fill("indira@assay.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    follow(page.get_by_role("button", name="Sign in"))
    page.goto(f"{live_server.url}/accounts/logout/")
    assert_accessible(page)
    follow(page.get_by_role("main").get_by_role("button", name="Sign out"))
    assert page.get_by_text("You have signed out.").is_visible()
