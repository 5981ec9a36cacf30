"""The lead reads what was confirmed as not personal data, with who, when and why, and nothing of a blind audit."""

from __future__ import annotations

import html
import re

import pytest
from django.urls import reverse

from accounts.models import Role
from cases import personal_data
from cases.models import CommonTheme, ConfirmedFragment, FindingKind
from cases.personal_data import Place
from inspections import dates, free_text
from inspections.models import DeadlineKind, Side, Stage
from tests.support.factories import make_audit, make_case, make_recommendation, make_user


def text(response):
    assert response.status_code == 200
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def address(inspection):
    return reverse("cases:confirmed", args=[inspection.pk])


def make_common_theme(inspection):
    return CommonTheme.objects.create(
        inspection=inspection,
        framework_id=inspection.framework_id,
        kind=FindingKind.STRENGTH,
        title="Seen at once",
    )


def confirm(where, by, words="Her mother Karen", reason="A charity"):
    personal_data.check({"reason": words}, place=where, by=by, reason=reason)


def test_what_was_confirmed_is_listed_with_who_and_why(client, place):
    case = make_case(place.inspection, reference="GW-7")
    confirm(Place.of_case(case), place.inspector)
    confirm(Place(place.inspection, "section summary"), place.inspector, "jo@example.org", "Ours")
    client.force_login(place.lead)
    page = text(client.get(address(place.inspection)))
    assert "Case GW-7 Karen somebody’s name A charity" in page
    assert place.inspector.name in page
    assert "Showing 1 to 2 of 2 confirmed texts" in page
    assert (
        f'href="{case.get_absolute_url()}"'
        in client.get(address(place.inspection)).content.decode()
    )


def test_an_empty_list_says_what_will_be_here(client, place):
    client.force_login(place.manager)
    assert "Nothing was confirmed" in text(client.get(address(place.inspection)))


def test_only_the_inspectorate_with_access_reads_it(client, place):
    for user, status in [
        (place.lead, 200),
        (place.inspector, 200),
        (place.manager, 200),
        (place.outsider, 404),
        (place.administrator, 404),
        (place.force_lead, 403),
        (place.viewer, 403),
        (place.other_force, 404),
    ]:
        client.force_login(user)
        assert client.get(address(place.inspection)).status_code == status, user.roles


def test_what_the_force_confirmed_in_its_audit_stays_hidden_until_the_inspectorate_has_submitted(
    client, place
):
    case = make_case(place.inspection, reference="GW-8")
    theirs = make_audit(case, side=Side.FORCE)
    confirm(Place.of_audit(theirs), place.assessor, "To secret@example.org", "Confirmed by force")
    client.force_login(place.lead)
    page = text(client.get(address(place.inspection)))
    assert "secret@example.org" not in page
    assert "Confirmed by force" not in page
    make_audit(case, side=Side.INSPECTORATE)
    page = text(client.get(address(place.inspection)))
    assert "Case GW-8, audit: Force secret@example.org" in page


def test_a_place_that_is_gone_is_not_listed(client, place):
    confirm(Place(place.inspection, "recommendation 4711"), place.inspector)
    client.force_login(place.lead)
    assert "Karen" not in text(client.get(address(place.inspection)))


def test_drafts_with_open_words_are_listed_until_they_are_confirmed(client, place):
    case = make_case(place.inspection, reference="GW-9")
    draft = make_audit(
        case, side=Side.INSPECTORATE, submitted=False, reason="Her mother Karen said so"
    )
    client.force_login(place.lead)
    page = text(client.get(address(place.inspection)))
    assert "Drafts that look as if they held personal data" in page
    assert "Case GW-9, audit: Inspectorate Karen" in page
    confirm(Place.of_audit(draft), place.inspector)
    assert "Drafts that look" not in text(client.get(address(place.inspection)))


def test_the_list_costs_the_same_queries_for_any_number(
    client, place, django_assert_max_num_queries
):
    for number in range(60):
        case = make_case(place.inspection, reference=f"Q-{number}")
        confirm(Place.of_case(case), place.inspector)
    assert ConfirmedFragment.objects.count() == 60
    client.force_login(place.lead)
    with django_assert_max_num_queries(20):
        page = text(client.get(address(place.inspection)))
    assert "Showing 1 to 50 of 60" in page


@pytest.mark.parametrize("reason", ["<script>alert(1)</script>", "=1+1"])
def test_words_and_reasons_are_shown_as_text(client, place, reason):
    confirm(Place.of_case(make_case(place.inspection)), place.inspector, reason=reason)
    client.force_login(make_user(Role.MANAGER))
    assert "<script>alert" not in client.get(address(place.inspection)).content.decode()


def test_the_outline_of_the_report_says_how_many_to_read(client, place):
    inspection = place.at(Stage.DRAFTING)
    confirm(Place.of_case(make_case(inspection)), place.inspector)
    client.force_login(place.lead)
    outline = client.get(reverse("reports:outline", args=[inspection.pk]))
    assert "1 text was confirmed as not personal data" in text(outline)
    assert address(inspection) in outline.content.decode()


def test_every_kind_of_place_has_a_title_and_a_page(client, place):
    """A place that no app describes would never be listed, so that nobody would look at what was confirmed there."""
    inspection = place.at(Stage.DRAFTING)
    case = make_case(inspection)
    audit = make_audit(case)
    theme = make_common_theme(inspection)
    recommendation = make_recommendation(inspection)
    deadline = inspection.deadlines.create(
        kind=DeadlineKind.REVISIT,
        label="Revisit",
        responsible=Side.INSPECTORATE,
        due_on=dates.today(),
        first_due_on=dates.today(),
        follow_up_rule=inspection.framework.follow_up_rules.get(kind="revisit"),
    )
    names = [
        f"case {case.pk}",
        f"audit {audit.pk}",
        f"common theme {theme.pk}",
        f"recommendation {recommendation.pk}",
        f"progress {recommendation.pk}",
        f"deadline {deadline.pk}",
        *("section summary", "sample", "stage"),
    ]
    found = free_text.titles(inspection, names, place.lead)
    assert set(found) == set(names)
    client.force_login(place.lead)
    for title, url in found.values():
        assert title
        assert client.get(url).status_code == 200, url
