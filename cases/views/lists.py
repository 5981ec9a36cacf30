"""The cases of an inspection as a list: narrowed, sorted, kept as a view, taken away as a file."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import DomainError
from accounts.models import User
from cases import bulk, grading, lists, queue, sampling, saved_filters
from cases.list_filter import CaseFilter, SaveFilterForm
from cases.models import Audit, CaseFile, CaseFileQuerySet, Reading, Route
from cases.navigation import sections
from cases.presentation import is_submitted, state_tag
from cases.views import get_inspection
from config.paging import LongPaginator
from inspections import methodology
from inspections.models import Grade, Inspection, Side
from inspections.navigation import subnav


class Asked(NamedTuple):
    """What an address of the list asks for: `found` are the cases in its order, `form` the filter."""

    inspection: Inspection
    form: CaseFilter
    found: CaseFileQuerySet
    sort: str

    @property
    def query(self) -> str:
        """The address's query without what makes no sense, to come back to the same list."""
        return urlencode({**self.form.saved, **({"sort": self.sort} if self.sort else {})})

    @property
    def href(self) -> str:
        """The address of the list itself."""
        address = reverse("cases:list", args=[self.inspection.pk])
        return f"{address}?{self.query}" if self.query else address


def asked_for(request: HttpRequest, pk: int) -> Asked:
    """Return the cases that the address asks for, among those that the person may open; 404 for no such inspection."""
    inspection, user = get_inspection(request, pk), request.user
    form = CaseFilter(request.GET, inspection=inspection, user=user)
    key = request.GET.get("sort", "")
    key = key if lists.is_order(key, user) else ""
    found = lists.narrow(lists.cases_of(inspection, user), form.wanted, inspection, user)
    return Asked(inspection, form, lists.sort(found, key, inspection, user), key)


def case_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Every case of an inspection that the person may open, 50 a page, narrowed and sorted by the address."""
    asked, user = asked_for(request, pk), request.user
    inspection = asked.inspection
    there = lists.cases_of(inspection, user)
    pages = LongPaginator(asked.found, lambda keys: lists.for_rows(there.filter(pk__in=keys), user))
    page = pages.get_page(request.GET.get("page"))
    actions = bulk.actions(inspection, user)
    return render(
        request,
        "cases/list.html",
        {
            "inspection": inspection,
            "subnav": subnav(inspection, user, "cases"),
            "sections": sections(inspection, user, "cases", "list"),
            "form": asked.form,
            "page": page,
            "head": _head(lists.sides_shown(inspection, user), user),
            "rows": _rows(list(page), inspection, user),
            "is_filtered": bool(asked.form.wanted),
            "shows_assigned": user.is_inspectorate,
            "query": asked.query,
            "actions": {name: action.text for name, action in actions.items()},
            "saved": saved_filters.of(inspection, user),
            "save_form": SaveFilterForm(),
            "grades": queue.grades_now(inspection, user),
            "may_add": sampling.may_add(inspection, user),
        },
    )


def next_case(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to the next case for the person to grade; looked for only when somebody asks, as it is slow to find."""
    inspection = get_inspection(request, pk)
    case = queue.next_case(inspection, request.user)
    if case is None:
        messages.info(request, _("There is no case left for you to grade here."))
        return redirect("cases:list", inspection.pk)
    return redirect("cases:audit", case.pk)


def _head(shown: list[Side], user: User) -> list[dict[str, str]]:
    titles = {Side.INSPECTORATE: _("Inspectorate"), Side.FORCE: _("Force")}
    grades = [
        {"text": titles[side], "sort": "grade"} if place == 0 else {"text": titles[side]}
        for place, side in enumerate(shown)
    ]
    assigned = [{"text": _("Assigned to"), "sort": "assigned"}] if user.is_inspectorate else []
    return [
        {"text": _("Reference"), "sort": "reference"},
        {"text": _("Area"), "sort": "area"},
        {"text": _("Route"), "sort": "route"},
        *grades,
        {"text": _("State")},
        *assigned,
    ]


def _rows(cases: list[CaseFile], inspection: Inspection, user: User) -> list[dict[str, Any]]:
    """Describe each case of a page; a case that waits for the person's grade links to its audit."""
    side = grading.side_of(user) if queue.grades_now(inspection, user) else None
    shown, main = lists.sides_shown(inspection, user), lists.main_side(inspection, user)
    framework = methodology.of(inspection.framework)
    areas = {area.pk: area.label for area in framework.areas}
    grades = {grade.pk: grade for grade in framework.grades}
    routes = {route.value: str(route.label) for route in Route}
    to_read, to_grade = (_addresses(name) for name in ("cases:detail", "cases:audit"))
    rows = []
    for case in cases:
        audits, mine = _by_side(case, user)
        own = mine or audits.get(side or main)
        waits = (
            side is not None
            and not case.excluded_at
            and not is_submitted(own)
            and (side == Side.INSPECTORATE or case.route == Route.SELF_ASSESSED)
        )
        rows.append(
            {
                "case": case,
                "href": (to_grade if waits else to_read).format(case.pk),
                "area": areas[case.area_id],
                "route": routes[case.route],
                "grades": [_grade(audits.get(one), grades) for one in shown],
                "state": state_tag(case, audits.get(main)),
                "reading": mine is not None and not is_submitted(mine),
                "assigned": case.assigned_to.name if case.assigned_to else None,
                "urgent": any(not one.answered_at for one in case.known_referrals),  # type: ignore[attr-defined]
            }
        )
    return rows


def _addresses(name: str) -> str:
    """The address of a page of a case with “{}” for its key: fifty of them are slow to look up one by one."""
    return reverse(name, args=[0]).replace("/0/", "/{}/")


def _by_side(case: CaseFile, user: User) -> tuple[dict[str, Audit], Audit | None]:
    """The sides' own audits that `user` may read, and a further reading by `user`."""
    audits, mine = {}, None
    for audit in case.readable_audits:  # type: ignore[attr-defined]
        if audit.reading == Reading.MAIN:
            audits[audit.side] = audit
        else:
            mine = audit
    return audits, mine


def _grade(audit: Audit | None, grades: dict[int, Grade]) -> Grade | None:
    """What counts; of a draft, what it says so far."""
    key = (audit.final_grade_id or audit.grade_id) if audit else None
    return grades[key] if key else None


# -- Views that a person keeps ----------------------------------------------------------------------------------------


@require_POST
def save_filter(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what the address asks for under a name."""
    asked = asked_for(request, pk)
    form = SaveFilterForm(request.POST)
    if form.is_valid():
        name = form.cleaned_data["name"]
        try:
            saved_filters.save(asked.inspection, name=name, query=asked.query, by=request.user)
        except DomainError as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("The view “%(name)s” is saved.") % {"name": name})
    else:
        messages.error(request, " ".join(str(error) for error in form.errors["name"]))
    return redirect(asked.href)


@require_POST
def delete_filter(request: HttpRequest, pk: int, filter_pk: int) -> HttpResponse:
    """Forget a view; 404 unless it is the person's own."""
    asked = asked_for(request, pk)
    saved = get_object_or_404(saved_filters.of(asked.inspection, request.user), pk=filter_pk)
    saved.delete()
    messages.success(request, _("The view “%(name)s” is deleted.") % {"name": saved.name})
    return redirect(asked.href)
