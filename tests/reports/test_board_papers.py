"""The paper for a force's board: asked for with one click, made by a worker, readable by everybody."""

import datetime as dt
import io
import re

import page as checker
import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import Role
from inspections import dates
from inspections.models import Deadline, Stage
from recommendations.publication import set_deadlines
from reports import board_paper, jobs, papers, pdf
from reports.models import BoardPaper, BuildStatus
from tests.support.factories import make_force, make_inspection, make_recommendation, make_user
from tests.support.stack import wait_until
from tests.support.standing import extend, settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def force():
    return make_force("Northmoor Police")


@pytest.fixture
def lead(force):
    return make_user(Role.FORCE_LEAD, force=force, name="Helen Marsh")


@pytest.fixture
def inspection(force):
    published = dates.today() - dt.timedelta(days=130)
    made = make_inspection(Stage.FOLLOW_UP, force=force, published_on=published)
    for number, timescale in enumerate(
        ["three-months", "six-months", "six-months", "none", "three-months"], start=1
    ):
        make_recommendation(made, timescale=timescale, stem=f"Improve thing {number} – at once ✅.")
    set_deadlines(made, published)
    settle(made.recommendations.get(number=5), published + dt.timedelta(days=60))
    extend(made.recommendations.get(number=3), published + dt.timedelta(days=400))
    return made


def text_of(content):
    reader = pypdf.PdfReader(io.BytesIO(content))
    return " ".join(" ".join(each.extract_text() for each in reader.pages).split())


def test_it_is_a_pdf_for_everybody_that_says_what_is_open(inspection, force, lead):
    owner = make_user(Role.FORCE_ASSESSOR, force=force, name="Amir Khan")
    Deadline.objects.filter(recommendation__number=1).update(owner=owner)
    made = pdf.print_html(board_paper.compose(board_paper.gather(force, lead, dates.today())))
    report = checker.validate_pdf_bytes(made.content)
    assert report.is_compliant, str(report)
    said = text_of(made.content)
    assert "Northmoor Police" in said
    assert "4 recommendations are open: 1 overdue, 1 due by" in said
    assert "Amir Khan" in said
    assert "days overdue" in said
    assert "first due" in said
    assert "No date" in said


def test_every_open_recommendation_stands_in_one_of_its_lists(inspection, force, lead, monkeypatch):
    paper = board_paper.gather(force, lead, dates.today())
    assert [each.number for each in paper.overdue] == [1]
    assert [each.number for each in paper.soon] == [2]
    assert [each.number for each in paper.others] == [3, 4]
    assert paper.left_out == 0
    assert paper.due_soon == 1
    monkeypatch.setattr(board_paper, "MOST_LISTED", 1)
    assert board_paper.gather(force, lead, dates.today()).left_out == 1


def test_a_force_of_which_nothing_is_published_gets_a_short_paper(force, lead):
    made = pdf.print_html(board_paper.compose(board_paper.gather(force, lead, dates.today())))
    assert checker.validate_pdf_bytes(made.content).is_compliant
    assert "Nothing is overdue." in text_of(made.content)


def test_gathering_costs_the_same_queries_however_much_is_open(inspection, force, lead):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            board_paper.compose(board_paper.gather(force, lead, dates.today()))
        return len(captured)

    before = queries()
    for number in range(20):
        make_recommendation(inspection, number=100 + number, timescale="three-months")
    set_deadlines(inspection, inspection.published_on)
    assert queries() == before


@pytest.mark.django_db(transaction=True)
def test_one_click_and_a_worker_makes_it(celery_worker, inspection, force, lead, client):
    celery_worker.start()
    client.force_login(lead)
    response = client.post(f"/forces/{force.pk}/board/papers/")
    paper = BoardPaper.objects.get()
    assert response["Location"] == f"/forces/{force.pk}/board/papers/{paper.pk}/"
    wait_until(
        lambda: BoardPaper.objects.get().status == BuildStatus.DONE, what=celery_worker.log()
    )
    page = client.get(response["Location"])
    assert "Refresh" not in page
    file = client.get(f"/forces/{force.pk}/board/papers/{paper.pk}/paper.pdf")
    assert file["Content-Type"] == "application/pdf"
    assert re.search(
        r'attachment; filename="northmoor-police-[\d-]+\.pdf"', file["Content-Disposition"]
    )
    assert "Northmoor Police" in text_of(file.content)


@pytest.mark.django_db(transaction=True)
def test_a_lost_message_is_found_by_the_sweep_and_two_workers_make_one_paper(
    inspection, force, lead
):
    paper = BoardPaper.objects.create(force=force, as_of=dates.today(), requested_by=lead)
    assert papers.sweep() == 0  # its message may still be on its way
    BoardPaper.objects.update(requested_at=timezone.now() - jobs.RESEND_AFTER)
    assert papers.sweep() == 1
    papers.run(paper.pk)
    finished = BoardPaper.objects.get().finished_at
    papers.run(paper.pk)
    paper.refresh_from_db()
    assert (paper.status, paper.finished_at, paper.attempts) == (BuildStatus.DONE, finished, 1)


def test_a_second_click_waits_for_the_same_paper(force, lead):
    first = papers.request(force, by=lead)
    assert papers.request(force, by=lead) == first


def test_a_paper_is_for_the_force_s_own_people(inspection, force, lead, client):
    paper = papers.request(force, by=lead)
    address = f"/forces/{force.pk}/board/papers/"
    for role in (Role.FORCE_ASSESSOR, Role.FORCE_VIEWER):
        client.force_login(make_user(role, force=force))
        assert client.get(f"{address}{paper.pk}/").status_code == 200
        assert client.get(address).status_code == 200
    client.force_login(make_user(Role.FORCE_LEAD))
    assert client.get(f"{address}{paper.pk}/").status_code == 404
    assert client.post(address).status_code == 404
    manager = make_user(Role.MANAGER)
    client.force_login(manager)
    assert client.get(f"{address}{paper.pk}/").status_code == 404
    assert client.post(address).status_code == 403
    with pytest.raises(NotAllowed):
        papers.request(force, by=manager)


def test_a_paper_that_is_not_ready_cannot_be_downloaded(force, lead, client):
    paper = papers.request(force, by=lead)
    client.force_login(lead)
    assert client.get(f"/forces/{force.pk}/board/papers/{paper.pk}/paper.pdf").status_code == 404
    assert client.get(f"/forces/{force.pk}/board/papers/{paper.pk}/")["Refresh"]
