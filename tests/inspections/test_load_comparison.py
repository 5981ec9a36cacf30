"""`manage.py load_comparison`: every part of every framework counts once, and what is loaded never changes."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from inspections import comparisons, frameworks
from inspections.comparisons import ComparisonError
from inspections.frameworks import Outcome
from inspections.models import ComparedAs, Comparison

pytestmark = pytest.mark.django_db
FOLDER = Path(comparisons.__file__).parent
SHIPPED = FOLDER / "comparisons" / "child-protection.yaml"
ADEQUATE = "      - ncpi 2014 adequate\n"


@pytest.fixture
def loaded_frameworks():
    return {
        f"{found.code} {found.version}": found
        for found in map(frameworks.load, sorted((FOLDER / "frameworks").glob("*.yaml")))
    }


@pytest.fixture
def changed(tmp_path):
    def write(before: str, after: str) -> Path:
        text = SHIPPED.read_text(encoding="utf-8")
        assert before in text
        path = tmp_path / "changed.yaml"
        path.write_text(text.replace(before, after, 1), encoding="utf-8")
        return path

    return write


def sentences_of(path: Path) -> list[str]:
    with pytest.raises(ComparisonError) as caught:
        comparisons.load(path)
    assert not Comparison.objects.exists()
    return [each.sentence for each in caught.value.problems]


def test_the_one_that_comes_along_sets_every_part_of_its_frameworks_somewhere(loaded_frameworks):
    comparison, outcome = comparisons.load(SHIPPED)

    assert outcome == Outcome.LOADED
    for kind, name in ((ComparedAs.GRADE, "grades"), (ComparedAs.AREA, "areas")):
        parts = comparison.parts.filter(line__kind=kind)
        assert parts.count() == sum(
            getattr(framework, name).count() for framework in loaded_frameworks.values()
        )
    between = comparison.lines.get(kind=ComparedAs.GRADE, order=2)
    assert {part.grade.code for part in between.parts.select_related("grade")} == {
        "adequate",
        "requires-improvement",
        "requiring-improvement",
    }
    assert comparisons.load(SHIPPED)[1] == Outcome.UNCHANGED


def test_a_part_left_out_is_named(loaded_frameworks, changed):
    assert sentences_of(changed(ADEQUATE, "")) == [
        "These are set beside nothing: ncpi 2014 adequate."
    ]


def test_a_part_that_counts_twice_or_is_unknown_is_named(loaded_frameworks, changed):
    assert sentences_of(changed(ADEQUATE, ADEQUATE + ADEQUATE + "      - ncpi 2014 fine\n")) == [
        "“ncpi 2014 adequate” is here twice.",
        "No framework of this comparison has “ncpi 2014 fine”.",
    ]


def test_a_framework_that_is_not_loaded_is_named(changed):
    assert "No framework “ncpi 2014” is loaded. Load it first." in sentences_of(
        changed("pir 2016]", "pir 2016]")
    )


def test_a_comparison_needs_a_caveat(loaded_frameworks, changed):
    assert sentences_of(changed("caveat: >-", "caveat: ''\nunknown: >-"))[0] == (
        "This field is empty."
    )


def test_another_definition_needs_another_code(loaded_frameworks, changed):
    comparisons.load(SHIPPED)

    with pytest.raises(CommandError, match="never changes. Give the changed definition a new code"):
        call_command("load_comparison", str(changed("letter: B", "letter: M")))

    assert Comparison.objects.get().lines.get(kind=ComparedAs.GRADE, order=2).letter == "B"
    out = io.StringIO()
    call_command("load_comparison", str(SHIPPED), stdout=out)
    assert out.getvalue() == "child-protection: there already, unchanged.\n"
