"""No filter, order, search, count or export of the list tells anybody about an audit that they may not read."""

from __future__ import annotations

import re

import pytest
from django.http import QueryDict
from django.urls import reverse

from cases import lists
from cases.list_filter import CaseFilter
from cases.models import (
    Answer,
    Audit,
    AuditStatus,
    CommonTheme,
    Finding,
    FindingKind,
    IndicatorAnswer,
    Reading,
    Route,
    TaggedFinding,
)
from inspections.models import Side, Stage
from tests.support.factories import make_audit, make_case, make_user

# One thing, and its opposite, that a hidden audit might say.
SAYS = [
    {"grade": "good", "reason": "Zebra lighthouse.", "kind": "strength", "theme": "theme-alpha",
     "answer": "met", "note": "Giraffe.", "tagged": 0, "status": "submitted"},
    {"grade": "bad", "reason": "Other words.", "kind": "concern", "theme": "theme-beta",
     "answer": "not_met", "note": "Nothing.", "tagged": 1, "status": "submitted"},
    {"grade": "fair", "reason": "Third words.", "kind": "weakness", "theme": "theme-gamma",
     "answer": "not_recorded", "note": "Lion.", "tagged": 1, "status": "draft"},
]  # fmt: skip
WORDS = [
    *("zebra", "giraffe", "lighthouse", "words", "lion", "a finding", "nothing or zebra"),
    *("B-1", "b-", "B-2", "-zebra", '"zebra lighthouse"'),
]
SORTS = ["", *(f"{sign}{key}" for key in ("grade", *lists.COLUMNS) for sign in ("", "-"))]


def every_query(place, user):
    """Every choice of every filter that there is for `user`, every order, and searches."""
    form = CaseFilter(QueryDict(), inspection=place.inspection, user=user)
    for name, field in form.fields.items():
        for value, _text in getattr(field, "choices", []):
            if value:
                yield f"{name}={value}"
    for answer in Answer.values:
        yield f"indicator=alpha-1&answer={answer}"
    for kind in FindingKind.values:
        yield from (f"theme=theme-{word}&finding={kind}" for word in ("alpha", "beta", "gamma"))
    yield from (f"q={word}" for word in WORDS)
    yield from (f"sort={key}" for key in SORTS)
    yield from (f"state=not_graded&force_grade={grade}" for grade in ("good", "fair", "bad"))
    yield "disagreement=force&state=graded&sort=-grade"


def found(place, user, query):
    """The references that the list shows for `query`, in its order."""
    data = QueryDict(query)
    form = CaseFilter(data, inspection=place.inspection, user=user)
    there = lists.cases_of(place.inspection, user)
    narrowed = lists.narrow(there, form.wanted, place.inspection, user)
    ordered = lists.sort(narrowed, data.get("sort", ""), place.inspection, user)
    return list(ordered.values_list("reference", flat=True))


def files_and_page(client, place, user):
    client.force_login(user)
    texts = []
    for name, args in (
        ("cases:list", [place.inspection.pk]),
        ("cases:export", [place.inspection.pk, "csv"]),
        ("cases:export", [place.inspection.pk, "csv?indicators=1"]),
    ):
        address = reverse(name, args=[a if a != "csv?indicators=1" else "csv" for a in args])
        response = client.get(address + ("?indicators=1" if "csv?indicators=1" in args else ""))
        assert response.status_code == 200
        content = b"".join(response) if response.streaming else response.content
        text = content.decode()
        texts.append(re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text))
    return texts


def say(place, audit, what):
    """Let `audit` say this and nothing else, as verbs would leave it."""
    framework = place.framework
    grade = framework.grades.get(code=what["grade"])
    submitted = what["status"] != AuditStatus.DRAFT
    Audit.objects.filter(pk=audit.pk).update(
        grade=grade,
        final_grade=grade if submitted else None,
        status=what["status"],
        reason=what["reason"],
    )
    audit.findings.all().delete()
    audit.answers.all().delete()
    finding = Finding.objects.create(
        audit=audit, framework=framework, kind=what["kind"], text=f"A finding: {what['reason']}",
        theme=framework.themes.get(code=what["theme"]),
    )  # fmt: skip
    IndicatorAnswer.objects.create(
        audit=audit, framework=framework, answer=what["answer"], note=what["note"],
        indicator=framework.indicators.get(code="alpha-1"),
    )  # fmt: skip
    themes = CommonTheme.objects.order_by("title")
    TaggedFinding.objects.create(common_theme=themes[what["tagged"]], finding=finding)


@pytest.fixture
def case(place):
    """The case that it is about, among others; two common themes."""
    for title in ("First", "Second"):
        CommonTheme.objects.create(
            inspection=place.inspection, framework=place.framework, kind="strength", title=title
        )
    for reference, grade in (("A-1", "good"), ("C-1", "bad")):
        other = make_case(place.inspection, reference=reference, area="alpha")
        make_audit(other, grade=grade, by=place.lead)
        make_audit(other, Side.FORCE, "fair")
    make_case(place.inspection, reference="B-2", area="alpha")
    return make_case(place.inspection, reference="B-1", area="alpha", summary="A case.")


def force_audit(place, case, **fields):
    return make_audit(case, Side.FORCE, "good", by=place.assessor, **fields)


def reading_of(place, case, reader, **fields):
    return make_audit(case, reading=Reading.SECOND, reader=reader, by=reader, **fields)


def of_force_before_ours(place, case):
    """The force's audit, of which the inspectorate learns nothing before it has submitted its own."""
    return place.lead, force_audit(place, case)


def of_force_while_ours_is_a_draft(place, case):
    make_audit(case, grade="good", submitted=False, by=place.inspector)
    return place.inspector, force_audit(place, case)


def of_manager(place, case):
    return place.manager, force_audit(place, case)


def ours_in_fieldwork(place, case):
    """The inspectorate's audit, for the force."""
    return place.force_lead, make_audit(case, by=place.inspector)


def second_reading_at_factual_accuracy(place, case):
    """A further reading, of which the force never learns."""
    make_audit(case, by=place.inspector)
    audit = reading_of(place, case, place.inspector)
    place.at(Stage.FACTUAL_ACCURACY)
    return place.force_lead, audit


def first_audit_for_a_second_reader(place, case):
    """The inspectorate's own audit, of which whoever reads the case again learns nothing before they are done."""
    ours = make_audit(case, by=place.lead)
    force_audit(place, case)
    reader = another_inspector(place)
    empty = {"grade": "", "reason": "", "submitted": False}
    Audit.objects.filter(pk=reading_of(place, case, reader, **empty).pk).update(grade=None)
    return reader, ours


def force_audit_for_a_second_reader(place, case):
    _reader, _ours = first_audit_for_a_second_reader(place, case)
    return _reader, case.audits.get(side=Side.FORCE)


def another_reading_for_a_second_reader(place, case):
    reader, _ours = first_audit_for_a_second_reader(place, case)
    return reader, reading_of(place, case, another_inspector(place))


def unfinished_reading_for_everybody_else(place, case):
    make_audit(case, by=place.lead)
    audit = reading_of(place, case, another_inspector(place), submitted=False)
    Audit.objects.filter(pk=audit.pk).update(first_submitted_at=None)
    return place.lead, audit


def another_inspector(place):
    user = make_user()
    place.inspection.team.create(user=user)
    return user


HIDDEN = [
    of_force_before_ours,
    of_force_while_ours_is_a_draft,
    of_manager,
    ours_in_fieldwork,
    second_reading_at_factual_accuracy,
    first_audit_for_a_second_reader,
    force_audit_for_a_second_reader,
    another_reading_for_a_second_reader,
    unfinished_reading_for_everybody_else,
]


@pytest.mark.parametrize("hidden", HIDDEN, ids=lambda one: one.__name__)
def test_nothing_that_can_be_asked_depends_on_what_a_hidden_audit_says(client, place, case, hidden):
    user, audit = hidden(place, case)
    assert audit not in Audit.objects.visible_to(user)
    statements = SAYS
    if audit.reading == Reading.SECOND and not audit.is_submitted:
        statements = [{**what, "status": "draft"} for what in SAYS]
    elif audit.side == Side.INSPECTORATE and not user.is_force:
        # whether it is submitted at all is no secret: it opens the force's audit to everybody else
        statements = SAYS[:2]
    known: dict[str, list[str]] = {}
    pages: list[str] = []
    for what in statements:
        say(place, audit, what)
        for query in every_query(place, user):
            answer = found(place, user, query)
            assert answer == known.setdefault(query, answer), (query, what)
        answers = files_and_page(client, place, user)
        pages = pages or answers
        assert answers == pages
    assert len(known) > 60


def test_what_is_submitted_is_found_by_all_that_it_says(place, case):
    """The test above is worth something: each of these finds a case by what a readable audit says."""
    audit = make_audit(case, by=place.inspector)
    force_audit(place, case)
    reading_of(place, case, another_inspector(place), grade="bad")
    say(place, audit, {**SAYS[1], "status": "submitted"})
    theme = CommonTheme.objects.get(title="Second").pk
    for query in (
        *("grade=bad", "force_grade=good", "disagreement=force", "q=other+words", "q=nothing"),
        *("indicator=alpha-1", "answer=not_met", "indicator=alpha-1&answer=not_met"),
        *("finding=concern", "theme=theme-beta", "theme=theme-beta&finding=concern"),
        f"common_theme={theme}",
    ):
        assert "B-1" in found(place, place.lead, query), query
    for query in (
        *("grade=good", "answer=met", "finding=strength", "theme=theme-alpha", "q=zebra"),
        *("theme=theme-alpha&finding=concern", "indicator=alpha-2", "urgent=any"),
    ):
        assert "B-1" not in found(place, place.lead, query), query


def test_a_second_reading_that_differs_is_found_once_it_is_submitted(place, case):
    ours = make_audit(case, grade="good", by=place.lead)
    same = reading_of(place, case, another_inspector(place), grade="good")
    assert found(place, place.lead, "disagreement=reading") == []
    grade = place.framework.grades.get(code="bad")
    Audit.objects.filter(pk=same.pk).update(grade=grade, final_grade=grade)
    assert found(place, place.lead, "disagreement=reading") == ["B-1"]
    Audit.objects.filter(pk=ours.pk).update(grade=grade, final_grade=grade)
    assert found(place, place.lead, "disagreement=reading") == []


def test_a_selected_case_is_in_no_answer_to_the_force_in_fieldwork(place, case):
    make_case(place.inspection, reference="S-1", route=Route.SELECTED, summary="Zebra.")
    for query in every_query(place, place.force_lead):
        assert "S-1" not in found(place, place.force_lead, query)
    assert "S-1" in found(place, place.lead, "q=zebra")


def test_a_force_has_no_field_for_what_it_may_not_ask(place):
    fields = CaseFilter(QueryDict(), inspection=place.inspection, user=place.viewer).fields
    assert not {"grade", "assigned", "disagreement", "urgent", "common_theme"} & set(fields)
    fields = CaseFilter(QueryDict(), inspection=place.inspection, user=place.force_lead).fields
    assert "urgent" in fields
