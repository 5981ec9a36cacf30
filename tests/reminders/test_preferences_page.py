"""How a person wants to be told, and who is told while they are away."""

import pytest

from accounts.errors import NotAllowed
from accounts.models import Role
from reminders import preferences
from reminders.models import Channel, Preference
from tests.reminders.conftest import NOON, TODAY, days
from tests.support.factories import make_force, make_user

pytestmark = pytest.mark.django_db
ADDRESS = "/messages/preferences/"


@pytest.fixture
def lead(client, world, at):
    at(NOON)
    client.force_login(world.force_lead)
    return world.force_lead


def away(stand_in):
    """What the form sends of somebody who is away from today for a week."""
    dates: dict[str, int] = {}
    for name, day in (("away_from", TODAY), ("away_until", TODAY + days(7))):
        dates |= {f"{name}-day": day.day, f"{name}-month": day.month, f"{name}-year": day.year}
    return {"channel": "both", "stand_in": stand_in.pk if stand_in else "", **dates}


def test_somebody_chooses_to_be_told_in_assay_only(client, lead):
    page = client.get(ADDRESS).content.decode()
    assert "What is overdue, and urgent referrals, are mailed to you in any case." in page

    response = client.post(ADDRESS, {"channel": "in_app"}, follow=True)

    assert "Saved." in response.content.decode()
    assert Preference.objects.get(user=lead).channel == Channel.IN_APP


def test_somebody_goes_away_and_names_who_is_told_instead(client, lead, world):
    other = make_user(Role.FORCE_LEAD, force=world.force, name="Jo Field")

    client.post(ADDRESS, away(other))

    saved = Preference.objects.get(user=lead)
    assert (saved.away_from, saved.away_until, saved.stand_in) == (TODAY, TODAY + days(7), other)
    client.force_login(other)
    assert (
        "instead of Helen Marsh from 3 June 2026 to 10 June 2026"
        in client.get(ADDRESS).content.decode()
    )


def test_somebody_is_back(client, lead, world):
    other = make_user(Role.FORCE_LEAD, force=world.force)
    client.post(ADDRESS, away(other))

    client.post(ADDRESS, {"channel": "both"})

    assert Preference.objects.get(user=lead).stand_in is None


def test_an_absence_that_is_over_is_not_shown_again(client, lead, world):
    other = make_user(Role.FORCE_LEAD, force=world.force)
    preferences.save(
        lead,
        channel=Channel.MAIL,
        away_from=TODAY - days(9),
        away_until=TODAY - days(2),
        stand_in=other,
    )

    page = client.get(ADDRESS).content.decode()

    assert 'value="25"' not in page
    assert client.post(ADDRESS, {"channel": "mail"}).status_code == 302


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"away_from-day": "", "away_from-month": "", "away_from-year": ""},
            "Enter your first day away",
        ),
        (
            {"away_until-day": "", "away_until-month": "", "away_until-year": ""},
            "Enter your last day away",
        ),
        ({"stand_in": ""}, "Select who is told instead of you"),
        ({"away_until-day": "1"}, "The last day must not come before the first"),
        (
            {"away_from-day": "1", "away_until-day": "2"},
            "The last day away must be today or later",
        ),
        ({"away_from-day": "32"}, "must be a real date"),
        ({"channel": "pigeon"}, "Select"),
    ],
)
def test_an_absence_that_makes_no_sense_is_refused(client, lead, world, change, words):
    other = make_user(Role.FORCE_LEAD, force=world.force)

    response = client.post(ADDRESS, away(other) | change)

    assert response.status_code == 200
    assert words in response.content.decode()
    assert not Preference.objects.filter(user=lead).exists()


def test_only_people_who_may_know_stand_in(client, lead, world):
    gone = make_user(Role.FORCE_LEAD, force=world.force, is_active=False)
    viewer = make_user(Role.FORCE_VIEWER, force=world.force)
    elsewhere = make_user(Role.FORCE_LEAD, force=make_force())
    for other in (gone, viewer, elsewhere, world.lead, lead):
        assert client.post(ADDRESS, away(other)).status_code == 200
        with pytest.raises(NotAllowed):
            preferences.save(
                lead, channel="both", away_from=TODAY, away_until=TODAY, stand_in=other
            )
    assert not Preference.objects.exists()


def test_every_role_has_somebody_of_its_kind_to_stand_in(world):
    commissioner = {"force": world.force, "works_for_commissioner": True}
    for roles, fields in [
        ((Role.LEAD_INSPECTOR,), {}),
        ((Role.MANAGER,), {}),
        ((Role.INSPECTOR,), {}),
        ((Role.ADMINISTRATOR,), {}),
        ((Role.FORCE_VIEWER,), commissioner),
    ]:
        one, other = make_user(*roles, **fields), make_user(*roles, **fields)
        assert other in preferences.possible_stand_ins(one)
