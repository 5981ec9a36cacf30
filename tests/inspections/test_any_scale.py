"""Methodology is data: the framework that docs/frameworks.md writes, with four grades, works from its YAML alone."""

import re

import pytest
from django.conf import settings as django_settings
from django.urls import reverse

from cases import grading
from cases.grading import NewFinding
from inspections.frameworks import load
from inspections.models import Side, Stage
from recommendations import drafting
from tests.support.factories import make_case, make_inspection, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def framework(tmp_path):
    text = (django_settings.BASE_DIR / "docs" / "frameworks.md").read_text()
    [example] = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    path = tmp_path / "example.yaml"
    path.write_text(example)
    return load(path)


def test_the_documented_example_has_four_grades(framework):
    assert list(framework.grades.values_list("label", flat=True)) == [
        "Outstanding",
        "Good",
        "Requires improvement",
        "Inadequate",
    ]


def test_pages_grade_and_count_by_the_four_grades(client, framework):
    inspector = make_user()
    inspection = make_inspection(Stage.FIELDWORK, framework=framework, team=[inspector])
    first, second = make_case(inspection), make_case(inspection, area="custody")
    client.force_login(inspector)
    page = client.get(reverse("cases:audit", args=[first.pk])).text
    for grade in framework.grades.all():
        assert grade.label in page
    for case, code in ((first, "outstanding"), (second, "requires-improvement")):
        audit = grading.save(
            case,
            side=Side.INSPECTORATE,
            by=inspector,
            version=0,
            grade=framework.grades.get(code=code),
            reason="Because of what the file shows.",
            findings=[NewFinding("a", "investigation", "strength", "Prompt.")],
        )
        grading.submit(audit, by=inspector, version=audit.version)
    figures = client.get(reverse("cases:figures", args=[inspection.pk])).text
    for label in ("Outstanding", "Good", "Requires improvement", "Inadequate"):
        assert label in figures


def test_its_timescales_and_themes_are_offered_for_recommendations(framework):
    lead = make_user()
    inspection = make_inspection(Stage.DRAFTING, framework=framework, team=[lead])
    recommendation = drafting.add(
        inspection,
        theme=framework.themes.get(code="investigation"),
        timescale=framework.timescales.get(code="immediately"),
        stem="We recommend that the force keeps better records.",
        points=[],
        by=lead,
    )
    assert recommendation.timescale.label == "Immediately"
