"""Leads say who grades which case: by hand, or dealt out evenly."""

import datetime as dt
import threading
from collections import Counter
from itertools import accumulate, product

import pytest
from django.db import connection

from accounts.errors import NotAllowed
from accounts.models import Role
from cases import assignment, history, sampling
from cases.models import Audit, CaseFile
from inspections import planning
from inspections.models import Side, Stage, TeamMember
from tests.cases.conftest import make_place
from tests.support.factories import make_audit, make_case, make_inspection, make_user


def many(place, **areas):
    """Cases of the inspection, so many of each area."""
    return [
        make_case(place.inspection, area=area, reference=f"{area}-{number:03}")
        for area, count in areas.items()
        for number in range(count)
    ]


def join(place, *names):
    people = [make_user(name=name) for name in names]
    for person in people:
        TeamMember.objects.create(inspection=place.inspection, user=person)
    return people


def whose(place):
    return dict(CaseFile.objects.values_list("reference", "assigned_to"))


def per_area(place):
    """How many cases each has of each area."""
    return Counter(CaseFile.objects.values_list("area__code", "assigned_to"))


def test_the_lead_assigns_cases_to_an_inspector_and_takes_them_back(place):
    one, two, three = many(place, alpha=3)
    assert assignment.assign([one, two], place.inspector, by=place.lead) == 2
    one.refresh_from_db()
    assert (one.assigned_to, one.assigned_by) == (place.inspector, place.lead)
    assert assignment.assign([one], None, by=place.lead) == 1
    assert list(whose(place).values()) == [None, place.inspector.pk, None]
    assert three.assigned_to is None


def test_only_the_lead_assigns_and_only_until_publication(place):
    [case] = many(place, alpha=1)
    for person in (
        *(place.inspector, place.outsider, place.manager, place.administrator),
        *(place.force_lead, place.assessor, place.other_force),
    ):
        with pytest.raises(NotAllowed):
            assignment.assign([case], place.inspector, by=person)
        with pytest.raises(NotAllowed):
            assignment.spread(place.inspection, [case], [place.inspector], by=person)
    place.inspection.published_on = dt.date(2026, 3, 3)
    place.at(Stage.PUBLISHED)
    with pytest.raises(NotAllowed):
        assignment.assign([case], place.inspector, by=place.lead)


def test_a_case_is_assigned_only_to_an_inspector_of_the_team(place):
    [case] = many(place, alpha=1)
    for person in (place.outsider, place.manager, place.assessor, make_user()):
        with pytest.raises(assignment.NotOfTheTeam):
            assignment.assign([case], person, by=place.lead)
        with pytest.raises(assignment.NotOfTheTeam):
            assignment.spread(place.inspection, [case], [place.inspector, person], by=place.lead)
    assert whose(place) == {"alpha-000": None}


def test_cases_of_two_inspections_are_not_assigned_at_once(place):
    other = make_inspection(framework=place.framework, lead=place.lead)
    with pytest.raises(assignment.SeveralInspections):
        assignment.assign(
            [make_case(place.inspection), make_case(other)], place.lead, by=place.lead
        )
    assert assignment.assign([], place.inspector, by=place.lead) == 0


def test_reassigning_keeps_the_draft_and_whoever_gets_the_case_goes_on_with_it(place):
    [case] = many(place, alpha=1)
    draft = make_audit(case, by=place.lead, submitted=False, reason="So far.")
    assignment.assign([case], place.lead, by=place.lead)
    assignment.assign([case], place.inspector, by=place.lead)
    assert Audit.objects.get() == draft
    assert Audit.objects.get().reason == "So far."


def test_the_record_tells_of_every_change_and_of_nothing_else(place):
    [case] = many(place, alpha=1)
    for person in (place.inspector, place.inspector, place.lead, place.lead):
        assignment.assign([case], person, by=place.lead)
    events = CaseFile.pgh_event_model.objects.filter(pgh_obj=case.pk).order_by("pgh_id")
    assert [(event.assigned_to_id, event.assigned_by_id) for event in events] == [
        (None, None),
        (place.inspector.pk, place.lead.pk),
        (place.lead.pk, place.lead.pk),
    ]


def test_the_history_of_a_case_tells_inspectors_who_had_it_and_the_force_nothing_of_it(place):
    [case] = many(place, alpha=1)
    assignment.assign([case], place.inspector, by=place.lead)
    assignment.assign([case], None, by=place.lead)
    told = [(h.title, h.by) for h in history.happenings(case, [], place.inspector)]
    assert told == [
        ("Assigned to nobody", place.lead.name),
        (f"Assigned to {place.inspector.name}", place.lead.name),
        ("Case added", ""),
    ]
    assert [h.title for h in history.happenings(case, [], place.viewer)] == ["Case added"]


def test_cases_are_dealt_out_evenly_in_total_and_in_each_area(place):
    join(place, "Ada", "Ben")
    among = assignment.inspectors(place.inspection)
    assert len(among) == 4
    cases = many(place, alpha=5, beta=3, gamma=9)
    got = assignment.spread(place.inspection, cases, among, by=place.lead)
    assert sorted(got.values()) == [4, 4, 4, 5]
    counts = per_area(place)
    for area in ("alpha", "beta", "gamma"):
        numbers = [counts[area, person.pk] for person in among]
        assert max(numbers) - min(numbers) <= 1, area


def test_of_people_who_start_alike_nobody_gets_two_more_than_another():
    for people, *sizes in product((1, 2, 3, 5, 7), *[(0, 1, 4, 9, 10)] * 3):
        hands = assignment._even_hands(sum(sizes), [3] * people)
        turns = assignment._turns(hands)
        assert len(turns) == sum(sizes)
        assert max(hands) - min(hands) <= 1
        for start, size in zip(accumulate([0, *sizes]), sizes, strict=False):
            counts = Counter(turns[start : start + size])
            numbers = [counts[person] for person in range(people)]
            assert max(numbers) - min(numbers) <= 1, (people, sizes)


def test_who_has_fewer_open_cases_gets_more(place):
    cases = many(place, alpha=4, beta=6)
    assignment.assign(cases[:4], place.inspector, by=place.lead)
    got = assignment.spread(
        place.inspection, cases[4:], [place.inspector, place.lead], by=place.lead
    )
    assert got == {place.inspector: 1, place.lead: 5}


def test_graded_cases_are_no_workload_and_are_not_dealt_out(place):
    cases = many(place, alpha=6)
    assignment.assign(cases[:4], place.inspector, by=place.lead)
    for case in cases[:4]:
        make_audit(case, by=place.inspector)
    sampling.exclude(cases[4], reason="Sealed.", by=place.lead)
    got = assignment.spread(place.inspection, cases, [place.inspector, place.lead], by=place.lead)
    assert sorted(got.values()) == [0, 1]
    assert [whose(place)[case.reference] for case in cases[:5]] == [place.inspector.pk] * 4 + [None]


def test_the_preview_is_what_comes_and_the_same_cases_always_go_to_the_same_people(place):
    join(place, "Ada")
    among = assignment.inspectors(place.inspection)
    cases = many(place, alpha=4, beta=3)
    preview = assignment.shares(place.inspection, cases, among)
    assert not CaseFile.objects.exclude(assigned_to=None).exists()
    got = assignment.spread(place.inspection, reversed(cases), among[::-1], by=place.lead)
    assert {share.inspector: share.gets for share in preview} == got
    first = whose(place)
    CaseFile.objects.update(assigned_to=None)
    assignment.spread(place.inspection, cases, among, by=place.lead)
    assert whose(place) == first


def test_open_cases_of_who_leaves_the_team_are_nobodys_and_their_drafts_stay(place):
    open_case, begun, graded = many(place, alpha=3)
    assignment.assign([open_case, begun, graded], place.inspector, by=place.lead)
    make_audit(begun, by=place.inspector, submitted=False)
    make_audit(graded, by=place.inspector)
    planning.remove_from_team(place.inspection, place.inspector, by=place.manager)
    assert list(whose(place).values()) == [None, None, place.inspector.pk]
    begun.refresh_from_db()
    assert begun.assigned_by == place.manager
    assert begun.audits.count() == 1
    loads = {load.inspector: load for load in assignment.workloads(place.inspection)}
    assert loads[place.inspector][1:] == (1, 1, False)


def test_workloads_count_open_and_done_for_everybody_and_for_nobody(place):
    cases = many(place, alpha=3, beta=2)
    assignment.assign(cases[:3], place.inspector, by=place.lead)
    make_audit(cases[0], by=place.lead)
    make_audit(cases[1], by=place.inspector, submitted=False)
    make_audit(cases[2], Side.FORCE)
    loads = {load.inspector: load for load in assignment.workloads(place.inspection)}
    assert (loads[place.inspector].open, loads[place.inspector].done) == (2, 1)
    assert (loads[place.lead].open, loads[place.lead].done) == (0, 0)
    assert (loads[None].open, loads[None].done) == (2, 0)
    areas = {area.code: area.pk for area in place.framework.areas.all()}
    counted = assignment.by_area(place.inspection)
    assert counted[areas["alpha"]] == {place.inspector.pk: 2}
    assert counted[areas["beta"]] == {None: 2}


def test_of_two_leads_at_once_the_later_one_stands_and_nobody_sees_an_error(transactional_db):
    place = make_place()
    second = make_user(Role.LEAD_INSPECTOR)
    TeamMember.objects.create(inspection=place.inspection, user=second, is_lead=True)
    cases = many(place, alpha=10)
    start, problems = threading.Barrier(2), []

    def deal(lead, to):
        start.wait()
        try:
            assignment.assign(cases, to, by=lead)
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    pairs = [(place.lead, place.inspector), (second, second)]
    threads = [threading.Thread(target=deal, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert len(set(whose(place).values())) == 1
    events = CaseFile.pgh_event_model.objects.filter(pgh_obj=cases[0].pk)
    assert {event.assigned_by_id for event in events} == {None, place.lead.pk, second.pk}
