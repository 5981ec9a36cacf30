"""No page, list, figure, file or API answer tells anybody what they may not know.

Two ways to find a leak: search every answer for marks that its reader must not see; and change what the reader
must not know, and see whether any answer changes.
"""

from __future__ import annotations

import re
from weakref import WeakKeyDictionary

import pytest
from django.db.models import F

from cases.models import Answer, Audit, CaseFile, Finding, IndicatorAnswer, Reading
from cases.models import Route as CaseRoute
from inspections.models import Grade, Side
from recommendations.models import Recommendation
from reports.models import ReportSection
from tests.generated.routes import routes
from tests.generated.world import ANONYMOUS, CAST, OTHER_FORCE, OWN_FORCE, STAGES, World, mark

pytestmark = pytest.mark.django_db
PAGES = [route for route in routes() if not route.is_sign_in]
BEFORE_SUBMISSION = ["self_assessment", "fieldwork"]
BEFORE_THE_CHECK = [*BEFORE_SUBMISSION, "drafting"]
BEFORE_PUBLICATION = [*BEFORE_THE_CHECK, "factual_accuracy"]

OURS_OF_CASE = ["ours", "ours-finding", "ours-note", "ours-event"]
OURS = [*OURS_OF_CASE, "ours-selected"]
THEIRS = ["theirs", "theirs-finding", "theirs-note", "theirs-event"]
# The inspectorate's working papers, which no force ever reads.
PAPERS = ["common-theme", "fragment", "fragment-reason"]
SELECTED = ["selected", "selected-summary"]
CASES = ["case", "summary", "excluded", "eligible", "referral", *OURS, *THEIRS, *SELECTED, *PAPERS]
DRAFT = ["section", "recommendation"]
# Around a draft: what colleagues tell each other, and what is told of cases but kept back; no force ever reads it.
DESK = ["colleague", "confirmed-figure", "example-kept-back", "correction"]
# What the force says of its draft, and is answered.
CHECK = ["check", "check-answered", "check-answer", "check-reply"]
# Of the follow-up of the published inspection: what each side keeps to itself, and what only those who work on it read.
OF_FORCE = ["force-note", "plan-draft"]
OF_INSPECTORATE = ["our-note", "judgement", "reviewed-case"]
PROOF = ["evidence", "evidence-name"]
FOLLOW_UP = [
    *("progress", "remark", "extension", "plan", "update", "commissioner"),
    *(*OF_FORCE, *OF_INSPECTORATE, *PROOF),
]


def forbidden(who: str) -> set[str]:
    """Marks that `who` must not see anywhere."""

    def marks(stages: list[str], what: list[str]) -> set[str]:
        return {mark(stage, text) for stage in stages for text in what}

    every = list(STAGES)
    drafted = marks(every, [*DESK, *CHECK, "example"]) | marks(BEFORE_PUBLICATION, DRAFT)
    if who == ANONYMOUS or who in OTHER_FORCE:  # a published report is everybody's to read
        return marks(every, CASES + FOLLOW_UP) | drafted
    if who in OWN_FORCE:
        secret = marks(BEFORE_THE_CHECK, [*OURS, *SELECTED, *DRAFT, *CHECK, "example"])
        secret |= marks(every, [*PAPERS, *DESK])
        secret |= marks(every, OF_INSPECTORATE)
        return secret | marks(every, ["referral"]) if who == "force_viewer" else secret
    if who == "administrator" or who.startswith("outside_"):
        of_follow_up = [*OF_FORCE, *PROOF, "judgement", "reviewed-case"]
        return marks(every, CASES + of_follow_up) | drafted
    theirs = marks(every, OF_FORCE)
    if who == "second_reader":  # has yet to read the case, at every stage from fieldwork on
        stages = [s for s in STAGES if s != "self_assessment"]
        return theirs | marks(every, THEIRS) | marks(stages, OURS_OF_CASE)
    return theirs | marks(BEFORE_SUBMISSION, THEIRS)  # who works on the inspection, and managers


def by_reader(*people: str) -> pytest.MarkDecorator:
    """Ask as each of `people`; whoever looks as the same person does so in one process, which fetches all once."""
    groups = {who: pytest.mark.xdist_group(f"answers to {who}") for who in people}
    return pytest.mark.parametrize("who", [pytest.param(who, marks=groups[who]) for who in people])


@by_reader(ANONYMOUS, *CAST)
def test_no_answer_holds_what_its_reader_may_not_know(who: str, world: World) -> None:
    secret = forbidden(who)
    found = {
        path: sorted(text for text in secret if text in body)
        for path, body in unchanged(world, who).items()
    }
    assert not {path: texts for path, texts in found.items() if texts}


@by_reader("inspector")
def test_the_search_would_find_what_an_inspector_may_know(who: str, world: World) -> None:
    seen = "".join(unchanged(world, who).values())
    for what in ("case", "summary", "ours", "ours-finding"):
        assert mark("fieldwork", what) in seen
    for what in (*THEIRS, *OURS, *SELECTED, "section", "recommendation"):
        assert mark("published", what) in seen
    for what in set(FOLLOW_UP) - set(OF_FORCE):
        assert mark("published", what) in seen, what
    for what in ("colleague", "example", "example-kept-back", *CHECK):
        assert mark("factual_accuracy", what) in seen, what


@by_reader("force_lead")
def test_the_search_would_find_what_a_force_may_know(who: str, world: World) -> None:
    seen = "".join(unchanged(world, who).values())
    for what in set(FOLLOW_UP) - set(OF_INSPECTORATE):
        assert mark("published", what) in seen, what
    for what in (*CHECK, "example"):
        assert mark("factual_accuracy", what) in seen, what


@by_reader("inspector", "lead", "manager")
def test_no_answer_depends_on_the_forces_audit_before_the_inspectorates(
    who: str, world: World
) -> None:
    before = answers(world, who, BEFORE_SUBMISSION)
    change_audits(world, Side.FORCE, BEFORE_SUBMISSION)
    assert_same(before, answers(world, who, BEFORE_SUBMISSION))


@by_reader("second_reader")
def test_no_answer_to_a_second_reader_depends_on_any_other_audit_of_the_case(
    who: str, world: World
) -> None:
    stages = [stage for stage in STAGES if stage not in ("self_assessment", "published")]
    before = answers(world, who, stages)
    for side in Side:
        change_audits(world, side, stages, route=CaseRoute.SELF_ASSESSED)
    assert_same(before, answers(world, who, stages))


@by_reader(*OWN_FORCE)
def test_no_answer_depends_on_the_inspectorates_audit_before_the_check(
    who: str, world: World
) -> None:
    before = answers(world, who, BEFORE_THE_CHECK)
    change_audits(world, Side.INSPECTORATE, BEFORE_THE_CHECK)
    assert_same(before, answers(world, who, BEFORE_THE_CHECK))


@by_reader("other_force_lead", "other_force_viewer")
def test_no_answer_depends_on_anything_of_another_force(who: str, world: World) -> None:
    before = unchanged(world, who)
    change_everything(world)
    assert_same(before, answers(world, who))


@by_reader("administrator", "outside_inspector")
def test_no_answer_depends_on_case_material_that_its_reader_may_not_open(
    who: str, world: World
) -> None:
    before = unchanged(world, who)
    change_audits(world, Side.FORCE, list(STAGES))
    change_audits(world, Side.INSPECTORATE, list(STAGES))
    CaseFile.objects.update(summary="Another summary.")
    assert_same(before, answers(world, who))


_known: WeakKeyDictionary[World, dict[str, dict[str, str]]] = WeakKeyDictionary()


def unchanged(world: World, who: str) -> dict[str, str]:
    """All answers that `who` gets in the world as it was made, fetched once; ask before changing anything in it.

    An answer may tell what `who` looked at before, so it is the same only after as long a walk.
    """
    known = _known.setdefault(world, {})
    if who not in known:
        known[who] = answers(world, who)
    return known[who]


def answers(world: World, who: str, stages: list[str] | None = None) -> dict[str, str]:
    """Every answer that `who` gets with 200, by its address, without what differs from request to request."""
    found = {}
    for route in PAGES:
        if route.is_admin and who != "administrator":
            continue
        for stage, path in world.paths(route).items():
            if stages is not None and stage not in stages:
                continue
            response = world.client(who).get(path)
            if response.status_code == 200:
                found[path] = steady(b"".join(response).decode("utf-8", "replace"))
    return found


def steady(body: str) -> str:
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", body)
    return re.sub(r'name="finding-\w+-key" value="\w*"', "", body)  # a new one for each empty row


def assert_same(before: dict[str, str], after: dict[str, str]) -> None:
    # The record of who read a case grows with every look at it. Thematic reports count indicators over whole
    # published inspections, of which no case can be told; a force opens none of them.
    steady_pages = [
        path
        for path in before
        if not path.endswith("/readers/") and not path.startswith("/reports/thematic/")
    ]
    changed = [path for path in steady_pages if before[path] != after.get(path)]
    assert not changed, f"answers that changed: {changed}"
    assert before.keys() == after.keys()


def change_audits(world: World, side: Side, stages: list[str], **only: object) -> None:
    """Give every audit of `side` another grade, other words, and say when it was saved otherwise."""
    inspections = [world.examples[stage].inspection for stage in stages]
    audits = Audit.objects.filter(
        case__inspection__in=inspections, side=side, reading=Reading.MAIN, **only
    )
    for audit in audits:
        other = Grade.objects.filter(framework=audit.framework_id).exclude(pk=audit.grade_id)[0]
        Audit.objects.filter(pk=audit.pk).update(
            grade=other,
            final_grade=other if audit.is_submitted else None,
            reason="Other words.",
            version=F("version") + 3,
        )
    Finding.objects.filter(audit__in=audits).update(text="Another finding.")
    IndicatorAnswer.objects.filter(audit__in=audits).update(answer=Answer.MET, note="Another note.")


def change_everything(world: World) -> None:
    for side in Side:
        change_audits(world, side, list(STAGES))
    inspections = [example.inspection for example in world.examples.values()]
    CaseFile.objects.filter(inspection__in=inspections).update(summary="Another summary.")
    Recommendation.objects.filter(inspection__in=inspections).update(stem="Another stem.")
    ReportSection.objects.filter(inspection__in=inspections).update(body="Another text.")
    world.force.population = 12345
    world.force.save()
