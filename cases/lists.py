"""The list of an inspection's cases: what it can be narrowed, searched and sorted by, for whom.

Cases come from `CaseFile.objects.visible_to`, and every condition on what an audit says asks which of their audits the
person may read, so that no filter, order, search or number tells anybody about an audit that they may not read
(rule 3, and further readings).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import (
    BooleanField,
    Exists,
    F,
    Func,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from accounts.models import User
from cases.models import (
    SEARCH_LANGUAGE,
    Audit,
    AuditQuerySet,
    CaseFile,
    CaseFileQuerySet,
    Finding,
    IndicatorAnswer,
    Reading,
    TaggedFinding,
    UrgentReferral,
)
from inspections.models import Inspection, Side

# What the filter's choices are called in the address, beside codes and the models' own choices.
EXCLUDED, NOT_GRADED, COUNTED, GRADED = "excluded", "not_graded", "counted", "graded"
ME, NOBODY = "me", "none"
FORCE_DIFFERS, READING_DIFFERS = "force", "reading"
OPEN, EVER = "open", "any"


def main_side(inspection: Inspection, user: User) -> Side:
    """Whose audits the list is about for `user`: the inspectorate's, for a force its own until it may read those."""
    if user.is_inspectorate or inspection.force_sees_findings:
        return Side.INSPECTORATE
    return Side.FORCE


def sides_shown(inspection: Inspection, user: User) -> list[Side]:
    """The sides whose grades the list shows `user`, at least of some cases."""
    return (
        [Side.INSPECTORATE, Side.FORCE]
        if main_side(inspection, user) == Side.INSPECTORATE
        else [Side.FORCE]
    )


def cases_of(inspection: Inspection, user: User) -> CaseFileQuerySet:
    """Every case of `inspection` that `user` may open."""
    return CaseFile.objects.visible_to(user).filter(inspection=inspection)


def for_rows(
    cases: CaseFileQuerySet, user: User, audits: AuditQuerySet | None = None
) -> CaseFileQuerySet:
    """Add what a row shows, in two queries more: the audits that `user` may read, and urgent referrals.

    `readable_audits` are each side's own audits and a further reading by `user` (or `audits`, which must be readable);
    `known_referrals` the referrals that `user` may know of.
    """
    if audits is None:
        readable = Audit.objects.readable_by(user).filter(Q(reading=Reading.MAIN) | Q(reader=user))
        audits = readable.only(*SHOWN_OF_AUDIT)
    referrals = UrgentReferral.objects.visible_to(user).order_by("pk").only(*SHOWN_OF_REFERRAL)
    return (
        cases.select_related("assigned_to")
        .only(*SHOWN_OF_CASE)
        .prefetch_related(
            Prefetch("audits", audits, to_attr="readable_audits"),
            Prefetch("referrals", referrals, to_attr="known_referrals"),
        )
    )


SHOWN_OF_CASE = ("reference", "area_id", "route", "excluded_at", "assigned_to__name")
SHOWN_OF_AUDIT = (
    *("case_id", "side", "reading", "reader_id", "status"),
    *("grade_id", "final_grade_id", "first_submitted_at"),
)
SHOWN_OF_REFERRAL = ("case_id", "answered_at")


# -- Narrowing ------------------------------------------------------------------------------------------------------


def narrow(
    cases: CaseFileQuerySet, wanted: dict[str, Any], inspection: Inspection, user: User
) -> CaseFileQuerySet:
    """Return those of `cases` that the filter wants (`CaseFilter.wanted`)."""
    if wanted.get("q"):
        cases = cases.filter(_matching(wanted["q"], inspection, user))
    for name in ("area", "route"):
        if wanted.get(name):
            cases = cases.filter(**{name: wanted[name]})
    for name, condition in CONDITIONS.items():
        if wanted.get(name):
            cases = condition(cases, wanted[name], inspection, user)
    return _by_content(cases, wanted, inspection, user)


def _in_state(
    cases: CaseFileQuerySet, state: str, inspection: Inspection, user: User
) -> CaseFileQuerySet:
    if state == EXCLUDED:
        return cases.filter(excluded_at__isnull=False)
    if state == COUNTED:
        return cases.counted()
    audits = _readable(user, main_side(inspection, user))
    if state == NOT_GRADED:
        return cases.counted().filter(~Exists(audits))
    if state == GRADED:
        return cases.counted().filter(Exists(audits.submitted()))
    return cases.counted().filter(Exists(audits.filter(status=state)))


def _of_grade(side: Side) -> Callable[..., CaseFileQuerySet]:
    def condition(
        cases: CaseFileQuerySet, grade: Any, inspection: Inspection, user: User
    ) -> CaseFileQuerySet:
        return cases.filter(Exists(_readable(user, side).filter(final_grade=grade)))

    return condition


def _assigned(
    cases: CaseFileQuerySet, whom: str, inspection: Inspection, user: User
) -> CaseFileQuerySet:
    if whom == NOBODY:
        return cases.filter(assigned_to__isnull=True)
    return cases.filter(assigned_to=user.pk if whom == ME else int(whom))


def _disagreeing(
    cases: CaseFileQuerySet, which: str, inspection: Inspection, user: User
) -> CaseFileQuerySet:
    """Cases whose audits differ, both of which `user` may read: by what counts, or by what was first read."""
    ours = _readable(user, Side.INSPECTORATE).submitted()
    if which == FORCE_DIFFERS:
        theirs = Audit.objects.readable_by(user).submitted().main().filter(side=Side.FORCE)
        differs = theirs.exclude(final_grade=OuterRef("final_grade"))
    else:
        readings = Audit.objects.readable_by(user).submitted().filter(reading=Reading.SECOND)
        differs = readings.exclude(grade=OuterRef("grade"))
    return cases.filter(Exists(ours.filter(Exists(differs.filter(case=OuterRef("case"))))))


def _urgent(
    cases: CaseFileQuerySet, which: str, inspection: Inspection, user: User
) -> CaseFileQuerySet:
    referrals = UrgentReferral.objects.visible_to(user).filter(case__inspection=inspection)
    if which == OPEN:
        referrals = referrals.open()
    return cases.filter(pk__in=referrals.order_by().values("case"))


CONDITIONS: dict[str, Callable[..., CaseFileQuerySet]] = {
    "state": _in_state,
    "grade": _of_grade(Side.INSPECTORATE),
    "force_grade": _of_grade(Side.FORCE),
    "assigned": _assigned,
    "disagreement": _disagreeing,
    "urgent": _urgent,
}


def _by_content(
    cases: CaseFileQuerySet, wanted: dict[str, Any], inspection: Inspection, user: User
) -> CaseFileQuerySet:
    """Narrow by what the audit of the side that the list is about holds; a common theme may come from either."""
    for model, conditions in (
        (IndicatorAnswer, _named(wanted, indicator="indicator", answer="answer")),
        (Finding, _named(wanted, theme="theme", finding="kind")),
    ):
        if conditions:
            part = model._default_manager.filter(audit=OuterRef("pk"), **conditions)
            audits = _readable(user, main_side(inspection, user))
            cases = cases.filter(Exists(audits.filter(Exists(part))))
    if wanted.get("common_theme"):
        tagged = TaggedFinding.objects.filter(
            common_theme=wanted["common_theme"], finding__audit=OuterRef("pk")
        )
        readable = Audit.objects.main().readable_by(user).filter(case=OuterRef("pk"))
        cases = cases.filter(Exists(readable.filter(Exists(tagged))))
    return cases


def _named(wanted: dict[str, Any], **columns: str) -> dict[str, Any]:
    return {column: wanted[name] for name, column in columns.items() if wanted.get(name)}


def _readable(user: User, side: Side) -> AuditQuerySet:
    """The own audit of `side`, if readable, of the case that an outer query, over cases that `user` may open, is at."""
    return Audit.objects.readable_by(user).main().filter(case=OuterRef("pk"), side=side)


# -- Searching ------------------------------------------------------------------------------------------------------

SHORTEST_WORD = 3  # letters; less than that is a part of a reference


def _matching(text: str, inspection: Inspection, user: User) -> Q:
    """Cases whose reference holds `text`, or whose words, or those of an audit that `user` may read, match it.

    Words are English, searched for as in a search engine: “two words”, or, -not. Each source is a query of its own,
    because only then each uses its index.
    """
    part_of_reference = Q(reference__icontains=text)
    if len(text) < SHORTEST_WORD or all(word.startswith("-") for word in text.split()):
        return part_of_reference  # only what it is not would be every text there is
    query = SearchQuery(text, config=SEARCH_LANGUAGE, search_type="websearch")
    cases = CaseFile.objects.filter(inspection=inspection).order_by()
    audits = Audit.objects.readable_by(user).filter(case__inspection=inspection).order_by()
    holding = [
        _holding(cases, "summary", query).values_list("pk"),
        _holding(audits, "reason", query).values_list("case"),
    ]
    for model, field in ((Finding, "text"), (IndicatorAnswer, "note")):
        said = _holding(model.objects.order_by(), field, query).filter(
            audit__case__inspection=inspection, audit__in=Audit.objects.readable_by(user)
        )
        holding.append(said.values_list("audit__case"))
    return part_of_reference | Q(_among(holding[0].union(*holding[1:])))


def _among(keys: QuerySet[Any, Any]) -> Func:
    """“id = ANY(ARRAY(…))”: the keys are found first, whatever the planner thinks of their number.

    With IN it may walk the cases in the order of the list instead, and ask of each whether it is among them.
    """
    return Func(
        F("pk"),
        ArraySubquery(keys),
        arg_joiner=" = ANY(",
        template="%(expressions)s)",
        output_field=BooleanField(),
    )


def _holding(rows: QuerySet[Any], field: str, query: SearchQuery) -> QuerySet[Any]:
    """Those of `rows` whose `field` holds what is searched for, by the expression that is indexed."""
    return rows.alias(words=SearchVector(field, config=SEARCH_LANGUAGE)).filter(words=query)


# -- Sorting --------------------------------------------------------------------------------------------------------

GRADE = "grade"
COLUMNS = {
    "reference": "reference",
    "area": "area__order",
    "route": "route",
    "assigned": "assigned_to__name",
}


def is_order(key: str, user: User) -> bool:
    """Whether `key` (“-key” reversed) is an order that `user` may ask for."""
    name = key.removeprefix("-")
    return name == GRADE or (name in COLUMNS and (name != "assigned" or user.is_inspectorate))


def sort(cases: CaseFileQuerySet, key: str, inspection: Inspection, user: User) -> CaseFileQuerySet:
    """Return `cases` in the order `key` (“-key” reversed); by reference where that leaves a tie or makes no sense."""
    if not is_order(key, user):
        return cases.order_by("reference")
    name = key.removeprefix("-")
    if name == GRADE:
        rank = _readable(user, main_side(inspection, user)).values(
            rank=Coalesce("final_grade__order", "grade__order")
        )[:1]
        cases = cases.annotate(rank=Subquery(rank))
    if name == "reference":
        return cases.order_by(key)  # as it is indexed
    column = F("rank" if name == GRADE else COLUMNS[name])
    order = column.desc(nulls_last=True) if key.startswith("-") else column.asc(nulls_last=True)
    return cases.order_by(order, "reference")
