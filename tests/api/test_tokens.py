"""Tokens: printed once, hashed at rest, expiring, and no use to anybody who may no longer sign in."""

import datetime

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from knox.models import AuthToken

from accounts.tokens import issue
from tests.support.factories import make_user

pytestmark = pytest.mark.django_db
ME = "/api/v1/me/"


def ask(client, token):
    return client.get(ME, headers={"authorization": f"Bearer {token}"})


def test_the_command_prints_a_token_that_works_and_nothing_else(client, capsys):
    user = make_user(email="indira@assay.example", name="Indira")
    call_command("api_token", "Indira@Assay.example")
    printed, said = capsys.readouterr()
    assert len(printed.split()) == 1
    response = ask(client, printed.strip())
    assert response.status_code == 200
    assert response.json()["id"] == user.pk
    assert "A token for Indira, valid until " in said
    assert printed.strip() not in said


def test_only_its_hash_is_kept(client):
    token, _ = issue(make_user())
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM knox_authtoken")
        kept = str(cursor.fetchall())
    assert token not in kept
    assert token[15:] not in kept


def test_it_is_valid_for_90_days_unless_told(client):
    token, expires = issue(make_user())
    assert timezone.now() + datetime.timedelta(days=89, hours=23) < expires
    assert expires < timezone.now() + datetime.timedelta(days=90, minutes=1)
    with time_machine.travel(expires - datetime.timedelta(minutes=1), tick=False):
        assert ask(client, token).status_code == 200
    with time_machine.travel(expires + datetime.timedelta(seconds=1), tick=False):
        assert ask(client, token).status_code == 401


def test_the_command_takes_another_number_of_days(capsys):
    call_command("api_token", make_user().email, days=2)
    expiry = AuthToken.objects.get().expiry
    assert expiry < timezone.now() + datetime.timedelta(days=2, minutes=1)


@pytest.mark.parametrize("days", [0, -1, 367, 10**12])
def test_nobody_gets_a_token_for_ever(days):
    with pytest.raises(CommandError, match="valid for 1 to 366 days"):
        call_command("api_token", make_user().email, days=days)


def test_the_command_knows_nobody_by_an_unknown_address():
    with pytest.raises(CommandError, match="Nobody here has the e-mail address x@y.example"):
        call_command("api_token", "x@y.example")


def test_somebody_who_may_not_sign_in_gets_none():
    user = make_user(is_active=False, name="Gone")
    with pytest.raises(CommandError, match="Gone may not sign in"):
        call_command("api_token", user.email)


def test_a_token_stops_working_when_its_person_may_no_longer_sign_in(client):
    user = make_user()
    token, _ = issue(user)
    assert ask(client, token).status_code == 200
    user.is_active = False
    user.save()
    response = ask(client, token)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer a b",
        "Bearer " + "0" * 64,
        "Bearer é",
        "Bearer \xff\xfe",
        "Bearer a\x00b",
        "Token x",
    ],
)
def test_what_is_no_token_is_refused(client, header):
    issue(make_user())
    assert client.get(ME, headers={"authorization": header}).status_code == 401


def test_a_part_of_a_token_is_no_token(client):
    token, _ = issue(make_user())
    assert ask(client, token[:15]).status_code == 401
    assert ask(client, token[:15] + "0" * 49).status_code == 401
