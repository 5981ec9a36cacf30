"""Numbers that somebody typed: digits, small enough for a row; everything else is none, and never a fault."""

import pytest

from accounts.models import Role
from config import numbers
from inspections.models import Stage
from tests.support.factories import make_case, make_inspection, make_recommendation, make_user

TOO_LONG = "9" * 5000  # int() refuses more than 4,300 digits


def test_digits_are_a_number():
    assert [numbers.whole(typed) for typed in ("0", "7", "012")] == [0, 7, 12]
    assert numbers.whole(str(numbers.BIGGEST)) == numbers.BIGGEST


@pytest.mark.parametrize("typed", ["", "-1", "1.5", " 1", "1_0", "²", "٣", "9" * 19, TOO_LONG])
def test_everything_else_is_none(typed):
    assert numbers.whole(typed) is None


def test_of_several_the_numbers_are_left():
    assert numbers.wholes(["3", "x", TOO_LONG, "1"]) == [3, 1]


@pytest.mark.django_db
def test_a_number_of_thousands_of_digits_is_nonsense_wherever_it_is_sent(client):
    person = make_user(Role.MANAGER, Role.LEAD_INSPECTOR, Role.INSPECTOR)
    client.force_login(person)
    drafted = make_inspection(Stage.DRAFTING, lead=person)
    case, draft = make_case(drafted), make_recommendation(drafted)
    published = make_recommendation(make_inspection(Stage.PUBLISHED))
    sent = {
        f"/inspections/{drafted.pk}/sample/assignment/": {"case": TOO_LONG},
        f"/inspections/{drafted.pk}/cases/bulk/": {"case": TOO_LONG, "action": "assign"},
        f"/cases/{case.pk}/readings/withdraw/": {"reading": TOO_LONG},
        f"/recommendations/{draft.pk}/edit/": {"take": TOO_LONG},
        f"/recommendations/{draft.pk}/remove/": {"version": TOO_LONG},
        f"/recommendations/{published.pk}/same-ask/": {"same": TOO_LONG, "title": "Ask"},
        f"/recommendations/{published.pk}/judge/": {"seen": f":{TOO_LONG}", "outcome": "x"},
        "/reports/thematic/new/": {"inspection": TOO_LONG, "title": "One"},
        f"/inspections/{drafted.pk}/report/order/": {"version": TOO_LONG, "section": "summary"},
    }
    asked = {
        "/inspections/new/": {"force": drafted.force_id, "parent": TOO_LONG},
        "/deadlines/": {"force": TOO_LONG, "owner": TOO_LONG, "inspection": TOO_LONG},
        f"/inspections/{drafted.pk}/report/sections/summary/": {"version": TOO_LONG},
    }
    client.raise_request_exception = False
    answers = [(address, client.post(address, data).status_code) for address, data in sent.items()]
    answers += [(address, client.get(address, data).status_code) for address, data in asked.items()]
    assert not [(address, status) for address, status in answers if status >= 500]
