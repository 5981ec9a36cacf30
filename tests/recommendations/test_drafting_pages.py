"""Drafting recommendations through the pages, scripts or not."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from inspections.models import Inspection, Stage
from recommendations.models import Recommendation
from tests.support.factories import make_inspection, make_recommendation, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def inspector(client):
    user = make_user(Role.INSPECTOR)
    client.force_login(user)
    return user


@pytest.fixture
def inspection(inspector):
    return make_inspection(Stage.DRAFTING, team=[inspector])


def typed(inspection, **changes):
    framework = inspection.framework
    return {
        "theme": framework.themes.get(code="theme-alpha").pk,
        "timescale": framework.timescales.get(code="three-months").pk,
        "stem": "The force should improve:",
        "points": "its records\r\n\r\n  its meetings  ",
        **changes,
    }


def list_address(inspection):
    return f"/inspections/{inspection.pk}/recommendations/"


def test_points_are_lines_of_one_box(client, inspection):
    response = client.post(list_address(inspection) + "add/", typed(inspection))

    assert response.url == list_address(inspection)
    points = Recommendation.objects.get().points.values_list("text", flat=True)
    assert list(points) == ["its records", "its meetings"]


def test_save_and_add_another_comes_back_to_an_empty_form(client, inspection):
    address = list_address(inspection) + "add/"

    assert client.post(address, {**typed(inspection), "then": "another"}).url == address


def test_errors_keep_what_was_typed(client, inspection):
    page = client.post(
        list_address(inspection) + "add/", {"points": "kept", "stem": " "}
    ).content.decode()

    for error in ("Select a theme", "Enter what the force must do", "Select a timescale"):
        assert error in page
    assert ">\r\nkept</textarea>" in page or ">kept</textarea>" in page
    assert not Recommendation.objects.exists()


def test_a_theme_of_another_framework_is_refused(client, inspection):
    other = make_inspection(Stage.DRAFTING)

    page = client.post(
        list_address(inspection) + "add/",
        typed(inspection, theme=other.framework.themes.all()[0].pk),
    ).content.decode()

    assert "Select theme from the list" in page


def test_the_list_stands_in_the_order_of_the_themes(client, inspection):
    for theme, stem in (("theme-beta", "Of beta"), ("theme-alpha", "Of alpha")):
        theme_pk = inspection.framework.themes.get(code=theme).pk
        client.post(list_address(inspection) + "add/", typed(inspection, theme=theme_pk, stem=stem))

    page = client.get(list_address(inspection)).content.decode()

    assert page.index("Theme alpha") < page.index("Of alpha") < page.index("Theme beta")
    assert page.index("Recommendation 1<") < page.index("Of alpha") < page.index("Of beta")


def test_the_second_of_two_savers_sees_both_texts_and_can_save_knowingly(client, inspection):
    colleague = make_user(Role.INSPECTOR, name="Owen Hartley")
    inspection.team.create(user=colleague)
    client.post(list_address(inspection) + "add/", typed(inspection))
    recommendation = Recommendation.objects.get()
    address = f"/recommendations/{recommendation.pk}/edit/"
    client.post(address, typed(inspection, version=1, stem="Saved first"))
    Recommendation.objects.update(updated_by=colleague)

    response = client.post(address, typed(inspection, version=1, stem="Saved second"))

    assert response.status_code == 409
    page = response.content.decode()
    assert "Owen Hartley saved this recommendation" in page
    assert page.count("Saved first") == 1
    assert page.count("Saved second") == 2, "beside theirs, and still in the form"
    assert Recommendation.objects.get().stem == "Saved first"
    [version] = re.findall(r'name="version" value="(\d+)"', page)
    again = client.post(address, typed(inspection, version=version, stem="Saved second"))
    assert again.status_code == 302
    assert Recommendation.objects.get().stem == "Saved second"


def test_pressing_save_twice_is_no_conflict(client, inspection):
    client.post(list_address(inspection) + "add/", typed(inspection))
    address = f"/recommendations/{Recommendation.objects.get().pk}/edit/"

    for _ in range(2):
        response = client.post(address, typed(inspection, version=1, stem="Once"))
        assert response.status_code == 302


def test_what_was_typed_survives_that_somebody_removed_it(client, inspection):
    recommendation = make_recommendation(inspection, version=1)
    address = f"/recommendations/{recommendation.pk}/edit/"
    client.post(f"/recommendations/{recommendation.pk}/remove/", {"version": 1})

    response = client.post(address, typed(inspection, version=1, stem="My words"))

    assert response.status_code == 409
    page = response.content.decode()
    assert "Somebody removed this recommendation" in page and "My words" in page
    assert f'action="{list_address(inspection)}add/"' in page
    assert client.post("/recommendations/999999/edit/", typed(inspection)).status_code == 404


def test_what_was_typed_survives_that_the_stage_moved_on(client, inspection):
    recommendation = make_recommendation(inspection, version=1)
    Inspection.objects.update(stage=Stage.FACTUAL_ACCURACY)

    response = client.post(
        f"/recommendations/{recommendation.pk}/edit/",
        typed(inspection, version=1, stem="My words"),
    )

    assert response.status_code == 409
    page = response.content.decode()
    assert "only while the report is being drafted" in page
    assert "My words" in page
    assert Recommendation.objects.get().stem != "My words"


def test_removing_asks_first_and_says_to_how_many(client, inspection):
    first = make_recommendation(inspection, version=1)
    make_recommendation(inspection)
    make_recommendation(inspection)
    address = f"/recommendations/{first.pk}/remove/"

    page = client.get(address).content.decode()
    assert "The 2 recommendations after it move up" in page
    assert Recommendation.objects.count() == 3

    client.post(address, {"version": 1})
    numbers = Recommendation.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2]


def test_what_somebody_changed_is_asked_about_again(client, inspection):
    recommendation = make_recommendation(inspection, version=2)

    response = client.post(
        f"/recommendations/{recommendation.pk}/remove/", {"version": 1}, follow=True
    )

    assert "It was not removed" in response.content.decode()
    assert Recommendation.objects.exists()


def test_moving_up_and_down_by_buttons(client, inspection):
    one = make_recommendation(inspection, stem="one")
    make_recommendation(inspection, stem="two")

    assert client.get(f"/recommendations/{one.pk}/move/").status_code == 405
    client.post(f"/recommendations/{one.pk}/move/", {"to": "down"})

    one.refresh_from_db()
    assert one.number == 2


def test_readers_get_no_editing(client, inspection):
    recommendation = make_recommendation(inspection)
    client.force_login(make_user(Role.MANAGER))

    page = client.get(list_address(inspection)).content.decode()
    assert "Add a recommendation" not in page and "Remove" not in page
    for address in ("edit", "remove"):
        assert client.get(f"/recommendations/{recommendation.pk}/{address}/").status_code == 403
        assert client.post(f"/recommendations/{recommendation.pk}/{address}/").status_code == 403
    assert client.post(f"/recommendations/{recommendation.pk}/move/").status_code == 403
    assert client.get(list_address(inspection) + "add/").status_code == 403


def test_others_do_not_know_of_a_draft(client, inspection):
    recommendation = make_recommendation(inspection)
    client.force_login(make_user(Role.FORCE_LEAD, force=inspection.force))

    assert client.get(f"/recommendations/{recommendation.pk}/edit/").status_code == 404
    assert client.get(list_address(inspection)).status_code == 404


def test_the_list_costs_the_same_for_one_as_for_fifty(client, inspection):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(list_address(inspection))
        return len(captured)

    make_recommendation(inspection, points=["a"])
    with_one = queries()
    for _ in range(50):
        make_recommendation(inspection, points=["a", "b"])
    assert queries() == with_one


def test_what_looks_like_personal_data_is_asked_about_before_it_is_saved(client, inspection):
    address = list_address(inspection) + "add/"
    words = typed(inspection, points="one\r\nwrite to jo@example.org")

    page = client.post(address, words).content.decode()
    assert "This looks like personal data: an email address" in page
    assert not Recommendation.objects.exists()

    client.post(address, {**words, "confirmed_reason": "It is the office’s"})
    recommendation = Recommendation.objects.get()
    assert recommendation.points.count() == 2
    edit = f"/recommendations/{recommendation.pk}/edit/"
    again = {**words, "version": 1}
    assert client.post(edit, again).status_code == 302  # confirmed before, at this place
    again |= {"stem": "The force should ask jo@example.com:", "version": 2}
    assert "This looks like personal data" in client.post(edit, again).content.decode()
