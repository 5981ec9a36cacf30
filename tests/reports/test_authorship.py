"""Who writes which section, how far each is, and what colleagues say of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.errors import NotAllowed
from accounts.models import Role
from cases.personal_data import LooksPersonal
from inspections import dates
from inspections.models import Stage, TeamMember
from reports import authorship, section_comments, sections, work
from reports.models import SectionComment, SectionStatus
from tests.support.factories import make_inspection, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make_user(Role.LEAD_INSPECTOR)


@pytest.fixture
def inspector():
    return make_user(Role.INSPECTOR)


@pytest.fixture
def inspection(lead, inspector):
    inspection = make_inspection(Stage.DRAFTING, lead=lead)
    TeamMember.objects.create(inspection=inspection, user=inspector)
    return inspection


@pytest.fixture
def place(inspection):
    return sections.place_of(inspection, "summary")


def save(inspection, place, by, body="Words.", version=0):
    return sections.save_section(inspection, place, body=body, version=version, by=by)


def test_a_section_has_an_author_before_anybody_wrote_it(inspection, place, lead, inspector):
    authorship.assign(inspection, place, inspector, was=None, by=lead)
    entry = sections.entry(inspection, place)
    assert (entry.author, entry.version, entry.is_missing) == (inspector, 0, True)
    saved = save(inspection, place, inspector)
    assert (saved.version, saved.author) == (1, inspector)


def test_two_people_who_give_a_section_to_somebody_do_not_overwrite_each_other(
    inspection, place, lead, inspector
):
    authorship.assign(inspection, place, inspector, was=None, by=lead)
    with pytest.raises(authorship.StaleAuthor):
        authorship.assign(inspection, place, lead, was=None, by=lead)
    authorship.assign(inspection, place, None, was=inspector.pk, by=inspector)
    assert sections.entry(inspection, place).author is None


def test_authors_are_of_the_team_and_the_team_and_managers_say_so(inspection, place, lead):
    stranger = make_user(Role.INSPECTOR)
    with pytest.raises(authorship.NotOfTheTeam):
        authorship.assign(inspection, place, stranger, was=None, by=lead)
    with pytest.raises(NotAllowed):
        authorship.assign(inspection, place, lead, was=None, by=stranger)
    authorship.assign(inspection, place, lead, was=None, by=make_user(Role.MANAGER))
    checking = make_inspection(Stage.FACTUAL_ACCURACY, lead=lead)
    with pytest.raises(NotAllowed):
        authorship.assign(checking, place, lead, was=None, by=lead)


def test_an_author_says_that_it_is_ready_and_a_lead_that_it_stands(
    inspection, place, lead, inspector
):
    save(inspection, place, inspector)
    ready = authorship.set_status(inspection, place, SectionStatus.READY, version=1, by=inspector)
    assert (ready.status, ready.version) == (SectionStatus.READY, 1)
    with pytest.raises(NotAllowed):
        authorship.set_status(inspection, place, SectionStatus.AGREED, version=1, by=inspector)
    authorship.set_status(inspection, place, SectionStatus.AGREED, version=1, by=lead)
    assert sections.entry(inspection, place).status == SectionStatus.AGREED


def test_a_text_that_was_agreed_and_changed_waits_to_be_agreed_again(
    inspection, place, lead, inspector
):
    save(inspection, place, inspector)
    authorship.set_status(inspection, place, SectionStatus.AGREED, version=1, by=lead)
    same = save(inspection, place, inspector, version=1)
    assert (same.version, same.status) == (1, SectionStatus.AGREED)
    changed = save(inspection, place, inspector, "Other words.", version=1)
    assert (changed.version, changed.status) == (2, SectionStatus.READY)


def test_nobody_agrees_to_a_text_that_they_have_not_read(inspection, place, lead, inspector):
    with pytest.raises(authorship.NothingToRead):
        authorship.set_status(inspection, place, SectionStatus.READY, version=0, by=lead)
    save(inspection, place, inspector)
    save(inspection, place, inspector, "Other words.", version=1)
    with pytest.raises(sections.StaleSection):
        authorship.set_status(inspection, place, SectionStatus.AGREED, version=1, by=lead)


def test_colleagues_comment_until_somebody_settles_it(inspection, place, lead, inspector):
    said = section_comments.comment(inspection, place, " Say why. ", by=lead)
    assert said.text == "Say why."
    assert section_comments.open_counts(inspection) == {"summary": 1}
    section_comments.settle(said, by=inspector)
    assert section_comments.open_counts(inspection) == {}
    with pytest.raises(section_comments.AlreadySettled):
        section_comments.settle(said, by=lead)


def test_comments_are_of_the_inspectorate_and_name_no_child(inspection, place, lead):
    force_lead = make_user(Role.FORCE_LEAD, force=inspection.force)
    for other in (force_lead, make_user(Role.INSPECTOR)):
        with pytest.raises(NotAllowed):
            section_comments.comment(inspection, place, "Words.", by=other)
    for empty in ("", " \r\n "):
        with pytest.raises(section_comments.NothingSaid):
            section_comments.comment(inspection, place, empty, by=lead)
    with pytest.raises(LooksPersonal):
        section_comments.comment(inspection, place, "Ask child@home.example.", by=lead)
    section_comments.comment(inspection, place, "Words.", by=lead)
    assert not SectionComment.objects.visible_to(force_lead).exists()


def test_what_is_somebody_s_own_to_write_or_to_read_is_told_to_them(
    inspection, place, lead, inspector
):
    authorship.assign(inspection, place, inspector, was=None, by=lead)
    section_comments.comment(inspection, place, "Begin with the children.", by=lead)
    (item,) = work.work_for(inspector, dates.today())
    assert "1 section is yours to write" in str(item.detail)
    assert "1 comment on your sections" in str(item.detail)
    save(inspection, place, inspector)
    authorship.set_status(inspection, place, SectionStatus.READY, version=1, by=inspector)
    (item,) = work.work_for(lead, dates.today())
    assert "1 section is ready to be read" in str(item.detail)
    assert "7 sections have no text yet" in str(item.detail)


def test_what_waits_costs_the_same_for_one_draft_and_for_many(lead):
    def draft():
        inspection = make_inspection(Stage.DRAFTING, lead=lead)
        save(inspection, sections.place_of(inspection, "summary"), lead)

    draft()
    with CaptureQueriesContext(connection) as one:
        work.work_for(lead, dates.today())
    draft()
    draft()
    with CaptureQueriesContext(connection) as many:
        work.work_for(lead, dates.today())
    assert len(many) == len(one)
