"""An account of a case is written by its inspector, released by a lead, and told by the report in a box."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import Access, Role
from cases import figures
from cases.models import ConfirmedFragment
from cases.personal_data import LooksPersonal
from inspections.models import Side, Stage
from reports import examples, loose_references, sections
from reports.compilation import compile_document
from reports.examples import ExampleRefused
from reports.models import CaseExample
from reports.writing_work import drafts
from tests.support.factories import (
    make_audit,
    make_case,
    make_inspection,
    make_reading,
    make_user,
)

pytestmark = pytest.mark.django_db
ACCOUNT = "Officers saw the child on the same evening and wrote down what it said."


class Told:
    """An inspection being drafted, its lead, and a case that an inspector of the team has graded."""

    def __init__(self, stage=Stage.DRAFTING):
        self.lead = make_user(Role.LEAD_INSPECTOR)
        self.inspector = make_user()
        self.colleague = make_user()
        self.inspection = make_inspection(
            stage, lead=self.lead, team=[self.inspector, self.colleague]
        )
        self.theme = self.inspection.framework.themes.first()
        self.case = self.add_case("NM-101")

    def add_case(self, reference):
        case = make_case(self.inspection, reference=reference, assigned_to=self.inspector)
        make_audit(case, Side.INSPECTORATE, "good", by=self.inspector)
        return case

    def make(self, case=None, **content):
        content = {
            "theme": self.theme,
            "good": True,
            "text": ACCOUNT,
            "by": self.inspector,
        } | content
        return examples.make(case or self.case, **content)

    def change(self, example, **content):
        content = {
            "version": example.version,
            "theme": self.theme,
            "good": True,
            "text": "Later words.",
            "by": self.inspector,
        } | content
        return examples.change(example, **content)

    def document(self):
        return compile_document(self.inspection, figures.for_report(self.inspection))


@pytest.fixture
def told():
    return Told()


def test_the_report_tells_what_a_lead_released_and_nothing_else(told):
    example = told.make()
    assert not told.document().examples
    examples.release(example, version=1, by=told.lead)
    assert [each.text for each in told.document().examples.values()] == [ACCOUNT]
    examples.take_back(example, by=told.lead)
    assert not told.document().examples


def test_a_change_takes_the_release_back(told):
    example = told.make()
    examples.release(example, version=1, by=told.lead)
    changed = told.change(example)
    assert (changed.version, changed.released_at, changed.released_by) == (2, None, None)
    assert not told.document().examples


def test_only_a_lead_releases_and_only_what_they_have_read(told):
    example = told.make()
    with pytest.raises(NotAllowed):
        examples.release(example, version=1, by=told.inspector)
    told.change(example)
    with pytest.raises(examples.StaleExample):
        examples.release(example, version=1, by=told.lead)


def test_two_who_change_it_at_once_lose_nothing(told):
    example = told.make()
    told.change(example, text="First.")
    with pytest.raises(examples.StaleExample) as stale:
        told.change(example, text="Second.")
    assert stale.value.current.text == "First."


def test_a_case_is_told_again_only_with_a_reason_and_the_report_says_so(told):
    first = told.make()
    with pytest.raises(examples.ExampleRefused) as refused:
        told.make(text="Again.")
    assert refused.value.field == "told_again"
    second = told.make(text="Again.", told_again="It shows another thing, too.")
    for each in (first, second):
        examples.release(each, version=1, by=told.lead)
    assert [each.also for each in told.document().examples.values()] == [(2,), (1,)]


def test_its_inspector_or_a_lead_makes_it_once_the_audit_is_submitted(told):
    with pytest.raises(NotAllowed):
        told.make(by=told.colleague)
    with pytest.raises(NotAllowed):
        told.make(by=make_user(Role.MANAGER))
    ungraded = make_case(told.inspection, reference="NM-102", assigned_to=told.inspector)
    with pytest.raises(NotAllowed):
        told.make(ungraded)
    assert told.make(by=told.lead).author == told.lead


def test_nobody_reads_an_example_of_a_case_that_they_have_yet_to_read_blind():
    told = Told(Stage.FIELDWORK)
    told.make()
    make_reading(told.case, told.colleague, by=told.lead)
    assert not examples.visible(told.inspection, told.colleague).exists()
    assert examples.visible(told.inspection, told.inspector).exists()
    assert not examples.may_make(told.case, told.colleague)


def test_nothing_changes_after_the_draft_has_gone_out(told):
    example = told.make()
    told.inspection.stage = Stage.FACTUAL_ACCURACY
    told.inspection.save()
    for attempt in (
        lambda: told.change(example),
        lambda: told.make(told.add_case("NM-103")),
        lambda: examples.release(example, version=1, by=told.lead),
        lambda: examples.remove(example, version=1, by=told.inspector),
    ):
        with pytest.raises(NotAllowed):
            attempt()


@pytest.mark.parametrize("text", ["", "  \n", "x" * 6_001, "As in nm-101."])
def test_some_texts_are_no_example(told, text):
    with pytest.raises(examples.ExampleRefused):
        told.make(text=text)
    assert not CaseExample.objects.exists()


def test_what_looks_like_personal_data_is_refused_until_somebody_says_why_it_is_none(told):
    text = "Officers spoke to Emily Watson, aged 9, on 07700 900123."
    with pytest.raises(LooksPersonal):
        told.make(text=text)
    assert not CaseExample.objects.exists()
    example = told.make(text=text, personal_data_reason="All of it is made up.")
    assert ConfirmedFragment.objects.filter(place=examples.place_name(example)).exists()


def test_an_example_of_a_case_that_was_excluded_is_told_no_more(told):
    example = told.make()
    examples.release(example, version=1, by=told.lead)
    told.case.excluded_at, told.case.excluded_reason = example.created_at, "Not one of ours."
    told.case.save()
    assert not told.document().examples
    with pytest.raises(examples.ExampleRefused):
        examples.release(example, version=1, by=told.lead)


def test_the_page_of_a_case_leads_to_its_example(told, client):
    client.force_login(told.inspector)
    page = client.get(told.case.get_absolute_url()).content.decode()
    assert reverse("reports:add_example", args=[told.case.pk]) in page
    client.force_login(told.colleague)
    page = client.get(told.case.get_absolute_url()).content.decode()
    assert reverse("reports:add_example", args=[told.case.pk]) not in page
    assert client.get(reverse("reports:add_example", args=[told.case.pk])).status_code == 403


def test_an_example_is_made_changed_released_and_removed_on_its_pages(told, client):
    client.force_login(told.inspector)
    content = {"theme": told.theme.pk, "good": "poor", "text": ACCOUNT}
    posted = client.post(reverse("reports:add_example", args=[told.case.pk]), content)
    example = CaseExample.objects.get()
    page = reverse("reports:example", args=[told.inspection.pk, example.pk])
    assert (posted.status_code, posted.url, example.good) == (302, page, False)
    assert Access.objects.filter(subject="case", subject_id=told.case.pk, user=told.inspector)
    client.post(page, content | {"version": 1, "text": "Changed."})
    conflict = client.post(page, content | {"version": 1, "text": "Mine."})
    assert conflict.status_code == 409
    assert "Mine." in conflict.content.decode()
    client.force_login(told.lead)
    act = reverse("reports:release_example", args=[told.inspection.pk, example.pk])
    client.post(act, {"version": 2, "what": "release"})
    example.refresh_from_db()
    assert example.released_by == told.lead
    assert (
        "Released"
        in client.get(reverse("reports:examples", args=[told.inspection.pk])).content.decode()
    )
    client.post(act, {"version": 2, "what": "remove"})
    assert not CaseExample.objects.exists()


def test_a_second_example_of_a_case_is_asked_why(told, client):
    told.make()
    client.force_login(told.inspector)
    address = reverse("reports:add_example", args=[told.case.pk])
    assert 'name="told_again"' in client.get(address).content.decode()
    content = {"theme": told.theme.pk, "good": "good", "text": "Again."}
    assert client.post(address, content).status_code == 200
    assert client.post(address, content | {"told_again": "Other side of it."}).status_code == 302


def test_a_lead_is_told_what_is_to_be_released(told):
    def work():
        return "; ".join(str(item.detail) for item in drafts(told.lead))

    example = told.make()
    assert "1 case example is to be released" in work()
    examples.release(example, version=1, by=told.lead)
    assert "to be released" not in work()


def test_the_force_and_strangers_see_none_of_these_pages(told, client):
    example = told.make()
    inspection = told.inspection
    inspection.stage = Stage.FACTUAL_ACCURACY
    inspection.save()
    for user in (make_user(Role.FORCE_LEAD, force=inspection.force), make_user()):
        client.force_login(user)
        for address in (
            reverse("reports:examples", args=[inspection.pk]),
            reverse("reports:example", args=[inspection.pk, example.pk]),
        ):
            assert client.get(address).status_code == 404


def test_a_reference_that_leads_nowhere_is_found_wherever_it_stands(told):
    example = told.make(text="See [[recommendation 7]].")
    outline = sections.outline(told.inspection)
    assert loose_references.find(told.inspection, outline) == []
    examples.release(example, version=1, by=told.lead)
    place = outline[0].place
    sections.save_section(
        told.inspection,
        place,
        body="[[figure nothing]] of [[figure cases]]",
        version=0,
        by=told.lead,
    )
    found = loose_references.find(told.inspection, sections.outline(told.inspection))
    assert [each.why.split(":")[0] for each in found] == [
        "“[[figure nothing]]”",
        "“[[recommendation 7]]”",
    ]


def test_no_report_tells_a_case_that_somebody_of_the_team_has_yet_to_read_blind(told):
    """Drafting waits for such readings, unless the case was excluded then; it can count again."""
    example = told.make()
    reading = make_reading(told.case, told.colleague, by=told.lead)
    with pytest.raises(ExampleRefused, match="yet to read this case"):
        examples.release(example, version=1, by=told.lead)
    assert told.document().examples == {}
    reading.first_submitted_at = timezone.now()
    reading.save()
    examples.release(example, version=1, by=told.lead)
    assert [each.text for each in told.document().examples.values()] == [ACCOUNT]


def test_a_reading_that_somebody_left_behind_with_the_team_keeps_no_example_back(told):
    example = told.make()
    make_reading(told.case, told.colleague, by=told.lead)
    told.inspection.team.filter(user=told.colleague).delete()
    assert examples.release(example, version=1, by=told.lead).released_at
