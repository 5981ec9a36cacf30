"""Every address at which something about one case may stand."""

from __future__ import annotations

from django.urls import reverse

from cases.models import Answer, Audit, CaseFile
from tests.generated.routes import routes

# what a list can be asked for beside the grades: where an answer may depend on an audit
LIST_QUERIES = [
    *(f"sort={key}" for key in ("grade", "-grade", "force_grade", "state", "difference")),
    *(f"state={state}" for state in ("not_graded", "draft", "submitted", "moderated")),
    *("disagreement=force", "disagreement=reading"),
]


def addresses(case: CaseFile, *, words: list[str] | None = None) -> list[str]:
    """Return every address about this case or its inspection, and the lists by everything that they can be asked for.

    `words` are what the lists are searched for. Addresses that only take in, or are not for everybody, are among them.
    """
    inspection = case.inspection
    known: dict[str, int | str] = {
        "inspections": inspection.pk,
        "cases": case.pk,
        "frameworks": inspection.framework_id,
        "forces": inspection.force_id,
    }
    found = []
    for route in routes():
        if route.is_admin or route.is_sign_in or "logout" in route.name:
            continue
        nouns = {name: route.noun_before(name) for name in route.arguments}
        if "template." in route.template:
            known["template"] = "csv"
        kinds = {"slug": "csv", "kind": "csv", "format": "json"}
        values = {name: known.get(noun, kinds.get(name)) for name, noun in nouns.items()}
        if None not in values.values():
            found.append(route.path(values))
    codes = [grade.code for grade in inspection.framework.grades.all()]
    indicator = case.area.indicators.first().code
    queries = (
        LIST_QUERIES
        + [f"q={word}" for word in words or []]
        + [f"{side}={code}" for side in ("grade", "force_grade") for code in codes]
    )
    queries += [f"indicator={indicator}&answer={answer}" for answer in Answer.values]
    cases, moderation = (
        reverse(name, args=[inspection.pk]) for name in ("cases:list", "cases:moderation")
    )
    found += [f"{cases}?{query}" for query in queries]
    found += [f"{moderation}?{query}" for query in ("kind=force", "kind=reading", "state=settled")]
    audits = Audit.objects.filter(case=case).values_list("pk", flat=True)
    found += [f"/api/v1/audits/{pk}/" for pk in audits]
    api = f"/api/v1/audits/?case={case.pk}"
    found += [f"{api}&grade={code}" for code in codes]
    found += [f"{api}&side=force", f"{api}&status=submitted", f"{api}&status=moderated"]
    return found
