"""A correction that is dropped: the draft reads as what is published, and whatever stays is told beforehand."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Role
from inspections.models import Side, Stage
from reports import corrections, drafted, examples, ordering, sections
from reports.document import Document
from reports.models import CaseExample, ReportOrder
from tests.reports.material import published, write_sections
from tests.support.factories import (
    make_audit,
    make_case,
    make_force,
    make_inspection,
    make_user,
)

pytestmark = pytest.mark.django_db
KEPT = "Officers saw the child on the same evening and wrote down what it said."
LATE = "Nobody told the school for a month."


class Correcting:
    """A published report that tells one example, and its open correction."""

    def __init__(self, *, move=False):
        self.lead = make_user(Role.LEAD_INSPECTOR)
        self.inspector = make_user()
        checking = make_inspection(
            Stage.DRAFTING, force=make_force(), lead=self.lead, team=[self.inspector]
        )
        self.inspection = checking
        self.theme = checking.framework.themes.first()
        self.case, self.other = self.add_case("NM-101"), self.add_case("NM-102")
        write_sections(checking)
        self.told = self.tell(self.case, KEPT)
        examples.release(self.told, version=1, by=self.lead)
        if move:
            self.move("theme-theme-beta")
        checking.stage = Stage.FACTUAL_ACCURACY
        checking.save()
        manager = make_user(Role.MANAGER)
        self.first = published(checking, by=manager, published_on=dt.date(2026, 3, 3))
        checking.refresh_from_db()
        self.correction = corrections.open_one(checking, notice="Otherwise.", by=self.lead)

    def add_case(self, reference):
        case = make_case(self.inspection, reference=reference, assigned_to=self.inspector)
        make_audit(case, Side.INSPECTORATE, "good", by=self.inspector)
        return case

    def tell(self, case, text, **more):
        given = {"theme": self.theme, "good": True, "by": self.inspector} | more
        return examples.make(case, text=text, **given)

    def rewrite(self, example, text):
        return examples.change(
            example,
            version=example.version,
            theme=self.theme,
            good=True,
            text=text,
            by=self.inspector,
        )

    def move(self, key):
        place, version = sections.place_of(self.inspection, key), ordering.version(self.inspection)
        ordering.move(self.inspection, place, up=True, version=version, by=self.lead)

    def stays(self):
        return corrections.stays(self.inspection, self.first, drafted.document(self.inspection))

    def drop(self):
        corrections.drop(self.correction, by=self.lead)

    def differs(self):
        return corrections.changes(self.inspection, self.first, drafted.document(self.inspection))


@pytest.fixture
def report():
    return Correcting()


def test_the_sections_stand_in_the_published_order_again(report):
    report.move("theme-theme-beta")
    assert report.differs() == ["Order of the sections"]
    assert report.stays() == []
    report.drop()
    assert report.differs() == []
    assert ReportOrder.objects.get().version == 2


def test_an_order_that_was_published_is_the_one_that_comes_back():
    report = Correcting(move=True)
    order = [section.key for section in Document.from_json(report.first.document).sections]
    report.move("theme-theme-gamma")
    report.drop()
    assert [each.key for each in drafted.document(report.inspection).sections] == order


def test_an_example_released_meanwhile_is_released_no_more_and_stays_with_its_writer(report):
    late = report.tell(report.other, LATE)
    examples.release(late, version=1, by=report.lead)
    assert (report.differs(), report.stays()) == ([report.theme.label], [])
    report.drop()
    late.refresh_from_db()
    assert (late.text, late.released_at, report.differs()) == (LATE, None, [])


def test_an_example_taken_out_meanwhile_is_released_again_by_whoever_had_released_it(report):
    released = CaseExample.objects.get().released_at
    examples.take_back(report.told, by=report.lead)
    report.drop()
    told = CaseExample.objects.get()
    assert (told.released_by, told.released_at) == (report.lead, released)
    assert report.differs() == []


def test_an_example_removed_meanwhile_comes_back(report):
    examples.remove(report.told, version=1, by=report.inspector)
    assert report.stays() == []
    report.drop()
    told = CaseExample.objects.get()
    assert (told.pk, told.text, told.author) == (report.told.pk, KEPT, report.inspector)
    assert report.differs() == []


def test_an_example_rewritten_meanwhile_keeps_its_words_without_its_release(report):
    rewritten = report.rewrite(report.told, LATE)
    examples.release(rewritten, version=rewritten.version, by=report.lead)
    (sentence,) = report.stays()
    assert "Case example 1 in “Alpha” was rewritten" in sentence.replace(
        report.theme.label, "Alpha"
    )
    report.drop()
    told = CaseExample.objects.get()
    assert (told.text, told.released_at) == (LATE, None)
    assert report.differs() == [report.theme.label]


def test_an_example_rewritten_and_written_back_is_told_again(report):
    report.rewrite(report.rewrite(report.told, LATE), KEPT)
    assert report.stays() == []
    report.drop()
    assert report.differs() == []


def test_a_case_that_another_example_tells_meanwhile_is_not_told_twice(report):
    examples.remove(report.told, version=1, by=report.inspector)
    report.tell(report.case, LATE)
    (sentence,) = report.stays()
    assert "another tells of its case" in sentence
    report.drop()
    assert CaseExample.objects.get().text == LATE


def test_the_page_says_before_what_stays(client, report):
    client.force_login(report.lead)
    page = reverse("reports:drop_correction", args=[report.inspection.pk])
    assert "This stays as it is now" not in client.get(page).content.decode()
    report.rewrite(report.told, LATE)
    text = client.get(page).content.decode()
    assert "This stays as it is now" in text and "was rewritten" in text
    client.post(page)
    assert drafted.open_correction(report.inspection) is None


def write_summary(report, body):
    place = sections.place_of(report.inspection, "summary")
    version = sections.entry(report.inspection, place).version
    sections.save_section(report.inspection, place, body=body, version=version, by=report.lead)


def summary(report):
    return sections.entry(report.inspection, sections.place_of(report.inspection, "summary")).body


def with_two_examples():
    """A published report with two examples, of which the second refers to the first, and a summary that names both."""

    class Two(Correcting):
        def tell(self, case, text, **more):
            if text == KEPT:
                first = super().tell(self.other, LATE)
                examples.release(first, version=1, by=self.lead)
                write_summary(self, "[[example 1]] and [[example 2]].")
                text = f"{KEPT} Unlike [[example 1]]."
            return super().tell(case, text, **more)

    return Two()


def test_references_that_followed_name_the_published_examples_again():
    report = with_two_examples()
    first = CaseExample.objects.get(text=LATE)
    examples.remove(first, version=1, by=report.lead)
    assert summary(report) == f"[[example removed-{first.pk}]] and [[example 1]]."
    assert report.stays() == []
    report.drop()
    assert report.differs() == []
    assert summary(report) == "[[example 1]] and [[example 2]]."
    report.told.refresh_from_db()
    assert report.told.text == f"{KEPT} Unlike [[example 1]]."
    assert report.told.released_at


def test_a_published_text_names_nobody_where_an_example_stays_out():
    report = with_two_examples()
    first = CaseExample.objects.get(text=LATE)
    report.rewrite(first, "Other words.")
    assert len(report.stays()) == 1
    report.drop()
    assert summary(report) == f"[[example removed-{first.pk}]] and [[example 1]]."
    report.told.refresh_from_db()
    assert report.told.text == f"{KEPT} Unlike [[example removed-{first.pk}]]."
