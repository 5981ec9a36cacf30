"""The pages that are measured: who asks for what, and which rows they show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.test import Client
from django.urls import reverse

from accounts.models import User
from benchmarks.across import make_thematic_report
from benchmarks.sweep import Sweep
from benchmarks.world import World
from cases.models import Audit, CaseFile
from inspections.models import Side, Stage
from recommendations.models import Recommendation

Response = Any  # the test client adds to Django's response, and no stub says so
_ROW = re.compile(rb"<tbody.*?</tbody>", re.DOTALL)


@dataclass
class Page:
    """One measured page. `ask` asks for it once; `floor` asks for its bare counterpart with as many rows."""

    name: str
    user: User
    address: str
    world: World
    expected_status: int = 200
    like: str = ""  # the page whose bare view is this one's, too

    def __post_init__(self) -> None:
        self.client = Client()
        self.client.force_login(self.user)

    def ask(self) -> Response:
        return self._checked(self.client.get(self.address))

    def floor(self, shown: int) -> Response:
        return self._checked(self.client.get(self.floor_address(shown)))

    def floor_address(self, shown: int) -> str:
        return reverse(f"floor-{self.like or self.name}", args=[self.world.inspection.pk, shown])

    def shown(self, response: Response) -> int:
        """How many rows `response` shows: of tables, or things to do, or texts to fill in."""
        content = response.content
        if self.name == "home":
            return content.count(b'class="assay-work__item"')
        if self.name == "audit_page":
            return content.count(b"<textarea")
        return sum(body.count(b"<tr") for body in _ROW.findall(content))

    def _checked(self, response: Response) -> Response:
        if response.status_code != self.expected_status:
            raise AssertionError(f"{self.name} answered {response.status_code}")
        return response


class SaveGrade(Page):
    """Submitting an audit: another case that nobody has graded yet for each request."""

    def __post_init__(self) -> None:
        super().__post_init__()
        framework = self.world.inspection.framework
        self.grade = framework.grades.all()[0].code
        self.themes = [theme.code for theme in framework.themes.all()[:3]]
        self.indicators: dict[int, list[str]] = {}
        for area, code in framework.indicators.values_list("area", "code"):
            self.indicators.setdefault(area, []).append(code)
        self.cases: Iterator[tuple[int, int]] = self._ungraded()

    def ask(self) -> Response:
        case, area = next(self.cases)
        return self._checked(
            self.client.post(reverse("cases:audit", args=[case]), self._form(area))
        )

    def _form(self, area: int) -> dict[str, str]:
        """An answer to each indicator of the area, three findings, grade and reason."""
        form = {
            "version": "0",
            "grade": self.grade,
            "reason": "Risk was recognised early, and the record shows why each decision was made.",
            "action": "submit",
        }
        form |= {f"answer-{code}": "partly" for code in self.indicators[area]}
        for number, theme in enumerate(self.themes):
            parts = {
                "key": f"finding{number}",
                "theme": theme,
                "kind": "strength",
                "text": "Leaders had made sure that the team was trained.",
            }
            form |= {f"finding-{number}-{part}": value for part, value in parts.items()}
        return form

    def floor(self, shown: int) -> Response:
        return self._checked(self.client.post(self.floor_address(1)))

    def shown(self, response: Response) -> int:
        return 1

    def _ungraded(self) -> Iterator[tuple[int, int]]:
        ours = Audit.objects.filter(case=OuterRef("pk"), side=Side.INSPECTORATE)
        cases = CaseFile.objects.filter(~Exists(ours), inspection=self.world.inspection)
        return iter(list(cases.order_by("pk").values_list("pk", "area")))


def _case_lists(world: World) -> list[Page]:
    """The list of cases as it opens, narrowed, searched, and its last page."""
    address = reverse("cases:list", args=[world.inspection.pk])
    grade = world.inspection.framework.grades.all()[0].code
    return [
        Page("case_list", world.inspector, address, world),
        *(
            Page(name, world.inspector, f"{address}?{query}", world, like="case_list")
            for name, query in (
                ("case_list_filtered", "state=not_graded"),
                ("case_list_by_grade", f"grade={grade}"),
                ("case_list_searched", "q=strategy+meeting"),
                ("case_list_last_page", "page=last"),
            )
        ),
    ]


def _recommendations(world: World) -> list[Page]:
    """The list of recommendations and what is counted over them: by all forces, by one, and by wording."""
    force = reverse("recommendations:board", args=[world.inspection.force_id])
    some = Recommendation.objects.filter(inspection__stage=Stage.FOLLOW_UP).order_by("pk")[:1]
    alike = [reverse("recommendations:same_ask", args=[one.pk]) for one in some]
    return [
        Page("recommendations", world.manager, reverse("recommendations:list"), world, like="deadlines"),
        Page("tracker", world.manager, reverse("recommendations:tracker"), world, like="figures"),
        Page("board", world.manager, force, world, like="figures"),
        *(Page("same_ask", world.manager, address, world, like="deadlines") for address in alike),
    ]  # fmt: skip


def _across(world: World) -> list[Page]:
    """A thematic report of all that was published, the desk, and a force's page."""
    report = reverse("reports:thematic", args=[make_thematic_report(world.manager).pk])
    force = reverse("forces:detail", args=[world.inspection.force_id])
    return [
        Page("thematic", world.manager, report, world, like="figures"),
        Page("desk", world.manager, reverse("reports:desk"), world, like="national_list"),
        Page("force", world.manager, force, world, like="figures"),
    ]


def pages(world: World) -> list[Page | Sweep]:
    """Return every page to measure, in the order of the report."""
    inspection = world.inspection
    waiting = next(SaveGrade("save_grade", world.inspector, "", world, 302).cases)[0]
    return [
        Page("home", world.inspector, reverse("home"), world),
        *_case_lists(world),
        Page("audit_page", world.inspector, reverse("cases:audit", args=[waiting]), world),
        SaveGrade("save_grade", world.inspector, "", world, 302),
        Page("figures", world.inspector, reverse("cases:figures", args=[inspection.pk]), world),
        Page("tally", world.inspector, reverse("cases:tally", args=[inspection.pk]), world),
        Page("deadlines", world.manager, reverse("deadlines:list"), world),
        Page("calendar", world.manager, reverse("deadlines:calendar"), world, like="deadlines"),
        Page("national_list", world.manager, reverse("inspections:list"), world),
        *_recommendations(world),
        *_across(world),
        Sweep(),
    ]
