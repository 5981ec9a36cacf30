"""Texts that look personal are saved only with a reason, which stays on record for that place (rule 9)."""

from __future__ import annotations

import io

import pytest
from django.db import transaction

from accounts.errors import NotAllowed
from cases import hand_in, imports, personal_data, sampling
from cases.models import CaseFile, ConfirmedFragment
from cases.personal_data import LooksPersonal, Place, check, unresolved
from inspections import dates, deadlines, stages
from inspections.models import DeadlineKind, Side, Stage
from tests.support.factories import make_case

WHY = "It is the shared mailbox of the unit"


@pytest.fixture
def where(place) -> Place:
    return Place.of_case(make_case(place.inspection))


def test_the_refusal_names_field_words_and_text(place, where):
    with pytest.raises(LooksPersonal) as refused:
        check({"reason": "fine", "summary": "To jo@example.org"}, place=where, by=place.inspector)
    assert list(refused.value.fields) == ["summary"]
    assert refused.value.texts["summary"] == "To jo@example.org"
    assert "an email address (“jo@example.org”)" in refused.value.about("summary")
    assert not ConfirmedFragment.objects.exists()


def test_a_reason_lets_the_text_pass_and_is_kept_with_who_and_where(place, where):
    texts = {"summary": "To jo@example.org and her mother Karen"}
    check(texts, place=where, by=place.inspector, reason=f" {WHY} ")
    kept = {row.kind: row for row in ConfirmedFragment.objects.all()}
    assert {kind: row.fragment for kind, row in kept.items()} == {
        "email": "jo@example.org",
        "name": "Karen",
    }
    row = kept["email"]
    assert (row.reason, row.field, row.confirmed_by) == (WHY, "summary", place.inspector)
    assert (row.inspection, row.case, row.place) == (
        where.inspection,
        where.case,
        f"case {where.case.pk}",
    )


def test_what_was_confirmed_passes_there_and_nowhere_else(place, where):
    texts = {"summary": "To jo@example.org"}
    check(texts, place=where, by=place.inspector, reason=WHY)
    check(texts, place=where, by=place.lead)
    other = Place.of_case(make_case(place.inspection))
    assert list(unresolved(texts, other)) == ["summary"]
    more = {"summary": "To jo@example.org and jo@example.com"}
    with pytest.raises(LooksPersonal) as refused:
        check(more, place=where, by=place.inspector)
    assert [each.found for each in refused.value.fields["summary"]] == ["jo@example.com"]


@pytest.mark.parametrize("reason", ["", "   ", "\u200b\u200c", "…", "- .", "\u2060\n"])
def test_a_reason_that_nobody_can_read_is_none(place, where, reason):
    with pytest.raises(LooksPersonal):
        check({"summary": "jo@example.org"}, place=where, by=place.inspector, reason=reason)


def test_a_reason_may_repeat_the_words_but_holds_no_personal_data_of_its_own(place, where):
    text = {"summary": "Her mother Karen"}
    check(text, place=where, by=place.inspector, reason="Karen is the name of a charity")
    with pytest.raises(LooksPersonal) as refused:
        check(
            {"summary": "jo@example.org"},
            place=where,
            by=place.inspector,
            reason="Ask Jayden Smith, 07700 900123",
        )
    assert list(refused.value.fields) == ["personal_data_reason"]


def test_the_first_word_stands_when_two_confirm_at_once(place, where):
    texts = {"summary": "jo@example.org"}
    found = unresolved(texts, where)
    personal_data.confirmation.record(found, place=where, by=place.inspector, reason="First")
    personal_data.confirmation.record(found, place=where, by=place.lead, reason="Second")
    assert ConfirmedFragment.objects.get().reason == "First"


def test_nothing_is_confirmed_where_the_save_fails(place, where):
    with pytest.raises(RuntimeError), transaction.atomic():
        check({"summary": "jo@example.org"}, place=where, by=place.inspector, reason=WHY)
        raise RuntimeError
    assert not ConfirmedFragment.objects.exists()


def test_a_text_without_suspicions_costs_no_query(place, where, django_assert_num_queries):
    with django_assert_num_queries(0):
        check({"summary": "The child was seen alone."}, place=where, by=place.inspector)
    with django_assert_num_queries(1):
        unresolved({"summary": "jo@example.org", "reason": "jo@example.com"}, where)


def test_a_case_refused_for_its_summary_is_not_there(place):
    wanted = {
        "reference": "A-1",
        "area": place.framework.areas.all()[0],
        "summary": "jo@example.org",
        "selection_reason": "A chance to see it",
    }
    with pytest.raises(LooksPersonal):
        sampling.add_case(place.inspection, **wanted, by=place.inspector)
    assert not CaseFile.objects.exists()
    case = sampling.add_case(
        place.inspection, **wanted, by=place.inspector, personal_data_reason=WHY
    )
    assert ConfirmedFragment.objects.get().case == case


def test_the_reason_of_an_exclusion_is_checked(place):
    case = make_case(place.inspection)
    with pytest.raises(LooksPersonal):
        sampling.exclude(case, reason="Jayden said so", by=place.lead)
    with pytest.raises(NotAllowed):
        sampling.exclude(case, reason="Jayden said so", by=place.inspector)
    assert sampling.exclude(
        case, reason="Jayden said so", personal_data_reason="A project", by=place.lead
    ).excluded_at


def test_an_import_shows_the_words_and_keeps_the_reason_for_every_row(place):
    head = "reference,area,summary,selection reason\n"
    content = (
        f"{head}A-1,alpha,Her mother Karen rang,Chosen\nA-2,alpha,Nothing,Chosen\n"
        "A-3,beta,To jo@example.org,Chosen\n"
    )
    with pytest.raises(imports.ImportErrors) as refused:
        imports.import_cases(place.inspection, io.BytesIO(content.encode()), by=place.inspector)
    assert refused.value.may_be_confirmed
    assert [(p.row, p.column) for p in refused.value.problems] == [(2, "summary"), (4, "summary")]
    assert refused.value.problems[0].excerpts == ("Her mother <mark>Karen</mark> rang",)
    imports.import_cases(
        place.inspection,
        io.BytesIO(content.encode()),
        personal_data_reason="Invented",
        by=place.inspector,
    )
    kept = ConfirmedFragment.objects.order_by("case__reference")
    assert [(row.case.reference, row.fragment) for row in kept] == [
        ("A-1", "Karen"),
        ("A-3", "jo@example.org"),
    ]


def test_a_file_with_another_problem_asks_for_no_reason(place):
    content = "reference,area,summary,selection reason\nA-1,nowhere,Her mother Karen rang,Chosen\n"
    with pytest.raises(imports.ImportErrors) as refused:
        imports.import_cases(place.inspection, io.BytesIO(content.encode()), by=place.inspector)
    assert not refused.value.may_be_confirmed


def test_the_note_of_a_move_is_checked_before_the_inspection_moves(place):
    wanted = {"by": place.lead, "note": "Ring Jayden Smith on 07700 900123"}
    place.at(Stage.FACTUAL_ACCURACY)
    with pytest.raises(LooksPersonal):
        stages.move(place.inspection, "return_to_drafting", **wanted)
    place.inspection.refresh_from_db()
    assert place.inspection.stage == Stage.FACTUAL_ACCURACY
    stages.move(
        place.inspection, "return_to_drafting", **wanted, personal_data_reason="The press officer"
    )
    assert set(ConfirmedFragment.objects.values_list("place", flat=True)) == {"stage"}


def test_the_note_on_a_deadline_is_checked(place):
    deadline = deadlines.set_deadline(
        place.inspection,
        DeadlineKind.FOLLOW_UP,
        label="Action plan",
        responsible=Side.FORCE,
        due_on=dates.today(),
        follow_up_rule=place.framework.follow_up_rules.first(),
    )
    with pytest.raises(LooksPersonal):
        deadlines.mark_as_done(deadline, by=place.force_lead, note="Sent to jo@example.org")
    done = deadlines.mark_as_done(
        deadline, by=place.force_lead, note="Sent to jo@example.org", personal_data_reason=WHY
    )
    assert done.met_on
    assert ConfirmedFragment.objects.get().place == f"deadline {deadline.pk}"


def test_the_reason_for_a_return_is_checked(place):
    inspection = place.at(Stage.SELF_ASSESSMENT)
    inspection.handed_in_at, inspection.handed_in_by = dates.now(), place.force_lead
    inspection.save()
    with pytest.raises(LooksPersonal):
        hand_in.return_to_force(inspection, reason="Her mother Karen", by=place.lead)
    returned = hand_in.return_to_force(
        inspection, reason="Her mother Karen", personal_data_reason="A charity", by=place.lead
    )
    assert returned.returned_reason == "Her mother Karen"
