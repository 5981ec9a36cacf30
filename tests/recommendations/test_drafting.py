"""Adding, changing, removing and ordering the recommendations of a draft."""

import threading

import pytest
from django.db import connection

from accounts.errors import NotAllowed
from accounts.models import Role
from inspections.models import Stage
from recommendations import drafting
from recommendations.models import Recommendation
from tests.support.factories import make_inspection, make_recommendation, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def inspector():
    return make_user(Role.INSPECTOR)


@pytest.fixture
def inspection(inspector):
    return make_inspection(Stage.DRAFTING, team=[inspector])


def content(inspection, theme="theme-alpha", timescale="three-months", **more):
    framework = inspection.framework
    return {
        "theme": framework.themes.get(code=theme),
        "timescale": framework.timescales.get(code=timescale),
        "stem": "The force should improve its records.",
        "points": ["of meetings", "of visits"],
        **more,
    }


def numbers_by_stem(inspection):
    return dict(inspection.recommendations.order_by("number").values_list("stem", "number"))


def test_a_recommendation_is_added_with_its_points(inspection, inspector):
    added = drafting.add(
        inspection,
        by=inspector,
        **content(inspection, stem=" Improve. ", points=["one", "  ", " two "]),
    )

    assert (added.number, added.stem, added.version) == (1, "Improve.", 1)
    assert [point.text for point in added.points.all()] == ["one", "two"]


def test_numbers_follow_the_order_of_the_themes(inspection, inspector):
    for stem, theme in [("c", "theme-gamma"), ("a", "theme-alpha"), ("b", "theme-beta")]:
        drafting.add(inspection, by=inspector, **content(inspection, theme, stem=stem))
    drafting.add(inspection, by=inspector, **content(inspection, "theme-alpha", stem="a2"))

    assert numbers_by_stem(inspection) == {"a": 1, "a2": 2, "b": 3, "c": 4}


def test_a_recommendation_that_changes_theme_goes_to_that_themes_end(inspection, inspector):
    first = drafting.add(inspection, by=inspector, **content(inspection, stem="first"))
    drafting.add(inspection, by=inspector, **content(inspection, "theme-beta", stem="second"))

    drafting.edit(first, version=1, by=inspector, **content(inspection, "theme-beta", stem="first"))

    assert numbers_by_stem(inspection) == {"second": 1, "first": 2}


def test_an_edit_replaces_text_and_points_and_counts_up_the_version(inspection, inspector):
    added = drafting.add(inspection, by=inspector, **content(inspection))

    saved = drafting.edit(
        added, version=1, by=inspector, **content(inspection, stem="New.", points=["only"])
    )

    assert (saved.stem, saved.version, saved.updated_by) == ("New.", 2, inspector)
    assert [point.text for point in saved.points.all()] == ["only"]


def test_the_second_of_two_people_who_save_gets_the_firsts_text_and_changes_nothing(
    inspection, inspector
):
    added = drafting.add(inspection, by=inspector, **content(inspection))
    drafting.edit(added, version=1, by=inspector, **content(inspection, stem="First saved."))

    with pytest.raises(drafting.StaleRecommendation) as stale:
        drafting.edit(added, version=1, by=inspector, **content(inspection, stem="Second."))

    assert stale.value.current.stem == "First saved."
    assert Recommendation.objects.get().stem == "First saved."


def test_an_edit_of_what_was_removed_says_so(inspection, inspector):
    added = drafting.add(inspection, by=inspector, **content(inspection))
    drafting.remove(Recommendation.objects.get(), version=1, by=inspector)

    with pytest.raises(drafting.StaleRecommendation) as stale:
        drafting.edit(added, version=1, by=inspector, **content(inspection))

    assert stale.value.current is None


def test_removing_one_closes_the_gap_and_keeps_what_it_said_on_record(inspection, inspector):
    for stem in ("one", "two", "three"):
        drafting.add(inspection, by=inspector, **content(inspection, stem=stem))

    drafting.remove(inspection.recommendations.get(stem="one"), version=1, by=inspector)

    assert numbers_by_stem(inspection) == {"two": 1, "three": 2}
    history = Recommendation.pgh_event_model.objects.filter(stem="one", pgh_label="delete")
    assert history.count() == 1


def test_one_that_somebody_changed_is_not_removed(inspection, inspector):
    added = drafting.add(inspection, by=inspector, **content(inspection))
    drafting.edit(added, version=1, by=inspector, **content(inspection, stem="Better."))

    with pytest.raises(drafting.StaleRecommendation):
        drafting.remove(added, version=1, by=inspector)

    assert Recommendation.objects.count() == 1


def test_moving_swaps_neighbours_of_one_theme_and_stops_at_its_ends(inspection, inspector):
    for stem, theme in [("a1", "theme-alpha"), ("a2", "theme-alpha"), ("b1", "theme-beta")]:
        drafting.add(inspection, by=inspector, **content(inspection, theme, stem=stem))
    a1, b1 = (inspection.recommendations.get(stem=stem) for stem in ("a1", "b1"))

    drafting.move(a1, up=False, by=inspector)
    assert numbers_by_stem(inspection) == {"a2": 1, "a1": 2, "b1": 3}
    drafting.move(a1, up=False, by=inspector)
    drafting.move(b1, up=True, by=inspector)
    assert numbers_by_stem(inspection) == {"a2": 1, "a1": 2, "b1": 3}


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage != Stage.DRAFTING])
def test_nothing_changes_at_any_other_stage(inspector, stage):
    inspection = make_inspection(stage, team=[inspector])
    recommendation = make_recommendation(inspection, version=1)

    with pytest.raises(drafting.NotDrafting):
        drafting.add(inspection, by=inspector, **content(inspection))
    with pytest.raises(drafting.NotDrafting):
        drafting.edit(recommendation, version=1, by=inspector, **content(inspection))
    with pytest.raises(drafting.NotDrafting):
        drafting.remove(recommendation, version=1, by=inspector)


def test_only_the_team_writes(inspection):
    force = inspection.force
    for person in (
        make_user(Role.LEAD_INSPECTOR),
        make_user(Role.MANAGER),
        make_user(Role.ADMINISTRATOR),
        make_user(Role.FORCE_LEAD, force=force),
    ):
        assert not drafting.may_draft(inspection, person)
        with pytest.raises(NotAllowed):
            drafting.add(inspection, by=person, **content(inspection))


@pytest.mark.django_db(transaction=True)
def test_two_people_who_add_at_once_get_two_numbers():
    people = [make_user(), make_user()]
    inspection = make_inspection(Stage.DRAFTING, team=people)
    words = content(inspection)
    problems = []

    def add(person):
        try:
            for _ in range(5):
                drafting.add(inspection, by=person, **words)
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=add, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not problems
    numbers = inspection.recommendations.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 11))
