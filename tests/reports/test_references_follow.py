"""A text that says “see recommendation 4” goes on naming the same one when the numbers change, and never another."""

import pytest
from django.urls import reverse

from accounts.models import Role
from cases import figures, sampling
from inspections.models import Side, Stage
from recommendations import drafting
from reports import examples, guards, ordering, section_versions, sections
from reports.compilation import compile_document
from reports.models import CaseExample, ReportSection, SectionStatus
from reports.references import plain, retargeted
from tests.support.factories import make_audit, make_case, make_inspection, make_user

pytestmark = pytest.mark.django_db


class Drafted:
    """An inspection being drafted with recommendations a, b and c on its first theme, and a summary to write."""

    def __init__(self):
        self.lead = make_user(Role.LEAD_INSPECTOR, name="Ann Lead")
        self.inspector = make_user(name="Ben Inspector")
        self.inspection = make_inspection(Stage.DRAFTING, lead=self.lead, team=[self.inspector])
        self.themes = list(self.inspection.framework.themes.all())
        self.place = sections.place_of(self.inspection, "summary")
        self.made = {stem: self.add(stem) for stem in "abc"}

    def add(self, stem, theme=0):
        return drafting.add(self.inspection, by=self.lead, **self.content(stem, theme))

    def content(self, stem, theme=0):
        timescale = self.inspection.framework.timescales.first()
        return {"stem": stem, "theme": self.themes[theme], "timescale": timescale}

    def write(self, body):
        version = sections.entry(self.inspection, self.place).version
        return sections.save_section(
            self.inspection, self.place, body=body, version=version, by=self.inspector
        )

    @property
    def summary(self):
        return ReportSection.objects.get(inspection=self.inspection, kind="summary")

    def remove(self, stem):
        drafting.remove(self.made[stem], version=1, by=self.lead)

    def tell(self, number, theme=0, text="What happened."):
        """An example of a case of its own, not released yet."""
        case = make_case(self.inspection, reference=f"NM-{number}", assigned_to=self.inspector)
        make_audit(case, Side.INSPECTORATE, "good", by=self.inspector)
        return examples.make(
            case, theme=self.themes[theme], good=True, text=text, by=self.inspector
        )

    def release(self, example):
        example.refresh_from_db()
        return examples.release(example, version=example.version, by=self.lead)

    def obstacles(self):
        return [each.text for each in guards.before_approval(self.inspection)]


@pytest.fixture
def drafted():
    return Drafted()


def test_removing_one_moves_the_references_to_those_after_it(drafted):
    drafted.write("See [[recommendation 1]], [[recommendation 3]] and [[ recommendation 3 ]].")
    drafted.remove("b")
    assert drafted.summary.body == (
        "See [[recommendation 1]], [[recommendation 2]] and [[ recommendation 2 ]]."
    )


def test_adding_one_before_others_moves_the_references_to_them(drafted):
    drafted.add("z", theme=1)
    drafted.write("See [[recommendation 3]] and [[recommendation 4]].")
    drafted.add("d")
    assert drafted.summary.body == "See [[recommendation 3]] and [[recommendation 5]]."


def test_two_that_change_places_change_places_in_one_text_and_neither_is_taken_twice(drafted):
    drafted.write("[[recommendation 1]], [[recommendation 2]], [[recommendation 3]].")
    drafting.move(drafted.made["a"], up=False, by=drafted.lead)
    assert drafted.summary.body == (
        "[[recommendation 2]], [[recommendation 1]], [[recommendation 3]]."
    )


def test_moving_the_first_to_a_later_theme_shifts_all_at_once(drafted):
    drafted.write("[[recommendation 1]], [[recommendation 2]], [[recommendation 3]].")
    drafting.edit(drafted.made["a"], version=1, by=drafted.lead, **drafted.content("a", theme=1))
    assert drafted.summary.body == (
        "[[recommendation 3]], [[recommendation 1]], [[recommendation 2]]."
    )


def test_a_removed_one_is_named_by_nobody_and_stands_in_the_way_whatever_has_its_number(drafted):
    drafted.write("See [[recommendation 2]].")
    drafted.remove("b")
    drafted.add("d")
    assert drafted.summary.body == "See [[recommendation removed]]."
    assert any(
        "it named a recommendation that was removed." in each for each in drafted.obstacles()
    )


def test_the_texts_of_every_part_and_of_examples_follow_too(drafted):
    example = drafted.tell(1, text="As [[recommendation 3]] says.")
    drafted.release(example)
    drafted.remove("a")
    example.refresh_from_db()
    assert example.text == "As [[recommendation 2]] says."
    assert example.released_at


def test_whoever_has_the_section_open_is_told_and_nothing_is_overwritten(drafted, client):
    read = drafted.write("See [[recommendation 3]].")
    drafted.remove("a")
    client.force_login(drafted.inspector)
    answer = client.post(
        reverse("reports:section", args=[drafted.inspection.pk, "summary"]),
        {"body": "See [[recommendation 3]]. My new words.", "version": read.version},
    )
    assert "My new words." in answer.content.decode()
    assert drafted.summary.body == "See [[recommendation 2]]."
    with pytest.raises(sections.StaleSection):
        sections.save_section(
            drafted.inspection, drafted.place, body="Mine.", version=read.version, by=drafted.lead
        )


def test_the_versions_tell_who_changed_the_numbers(drafted):
    drafted.write("See [[recommendation 3]].")
    drafted.remove("a")
    found = section_versions.versions(drafted.inspection, drafted.place)
    assert [(each.number, each.by) for each in found] == [(1, "Ben Inspector"), (2, "Ann Lead")]


def test_a_text_that_names_none_that_moved_is_no_new_version(drafted):
    drafted.write("See [[recommendation 1]] and [[figure cases]].")
    drafted.remove("c")
    assert drafted.summary.version == 1


def test_an_agreed_text_stays_agreed_until_it_names_something_that_is_gone(drafted):
    drafted.write("See [[recommendation 2]] and [[recommendation 3]].")
    ReportSection.objects.update(status=SectionStatus.AGREED)
    drafted.remove("a")
    assert drafted.summary.status == SectionStatus.AGREED
    drafted.remove("b")
    assert drafted.summary.status == SectionStatus.READY


def test_nothing_follows_what_did_not_happen(drafted):
    drafted.write("See [[recommendation 3]].")
    with pytest.raises(drafting.StaleRecommendation):
        drafting.remove(drafted.made["a"], version=7, by=drafted.lead)
    assert drafted.summary.body == "See [[recommendation 3]]."


@pytest.mark.parametrize(
    ("typed", "led"),
    [
        (
            "[[recommendation 1]] `[[recommendation 2]]`",
            "[[recommendation 2]] `[[recommendation 1]]`",
        ),
        (r"\[[recommendation 1]]", r"\[[recommendation 1]]"),
        ("recommendation 1, [[example 1]]", "recommendation 1, [[example 1]]"),
        ("[[recommendation 01]]", "[[recommendation 2]]"),
        (
            "[[recommendation 12]] [[recommendation x]]",
            "[[recommendation 12]] [[recommendation x]]",
        ),
    ],
)
def test_what_the_report_reads_as_a_reference_follows_and_nothing_else(typed, led):
    assert retargeted(typed, "recommendation", {"1": "2", "2": "1"}) == led


def test_a_further_example_before_others_moves_the_references_to_them(drafted):
    first, second = drafted.tell(1), drafted.tell(2)
    drafted.release(second)
    drafted.write("See [[example 1]].")
    drafted.release(first)
    assert drafted.summary.body == "See [[example 2]]."


@pytest.mark.parametrize("how", ["taken back", "changed", "excluded"])
def test_an_example_that_is_out_is_named_by_nobody_and_again_once_it_is_back(drafted, how):
    first, second = drafted.tell(1), drafted.tell(2)
    first, second = drafted.release(first), drafted.release(second)
    drafted.write("See [[example 1]] and [[example 2]].")
    if how == "taken back":
        examples.take_back(first, by=drafted.lead)
    elif how == "excluded":
        sampling.exclude(first.case, reason="Wrong.", by=drafted.lead)
    else:
        content = {"theme": first.theme, "good": True, "text": "Later.", "by": drafted.inspector}
        examples.change(first, version=first.version, **content)
    assert drafted.summary.body == f"See [[example removed-{first.pk}]] and [[example 1]]."
    told = "it named a case example that was taken out of the report."
    assert any(told in each for each in drafted.obstacles())
    if how == "excluded":
        sampling.include(first.case, by=drafted.lead)
    else:
        drafted.release(first)
    assert drafted.summary.body == "See [[example 1]] and [[example 2]]."


def test_a_removed_example_is_not_taken_for_the_next(drafted):
    first, second = drafted.release(drafted.tell(1)), drafted.release(drafted.tell(2))
    drafted.write("See [[example 1]] and [[example 2]].")
    examples.remove(first, version=first.version, by=drafted.lead)
    assert drafted.summary.body == f"See [[example removed-{first.pk}]] and [[example 1]]."
    assert CaseExample.objects.get() == second


def test_examples_of_sections_that_change_places_keep_their_references(drafted):
    for theme in (0, 1):
        drafted.release(drafted.tell(theme, theme=theme, text=f"Example of theme {theme}."))
    drafted.write("See [[example 1]], then [[example 2]].")
    place = sections.place_of(drafted.inspection, f"theme-{drafted.themes[0].code}")
    version = ordering.version(drafted.inspection)
    ordering.move(drafted.inspection, place, up=False, version=version, by=drafted.lead)
    assert drafted.summary.body == "See [[example 2]], then [[example 1]]."
    document = compile_document(drafted.inspection, figures.for_report(drafted.inspection))
    assert document.examples[2].text == "Example of theme 0."
    assert plain(drafted.summary.body, document) == "See example 2, then example 1."
