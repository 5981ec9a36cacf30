"""What a framework may say about the facts, events and urgent referrals of a case, and how it is refused."""

import io

import pytest
from django.core.management import call_command

from inspections import methodology
from inspections.frameworks import FrameworkError, load
from tests.inspections.test_load_framework import SMALL
from tests.support.factories import make_inspection

pytestmark = pytest.mark.django_db

FACTS = """\
  - code: school
    label: School
    facts:
      - {code: told, label: School told, kind: moment}
      - {code: came, label: Somebody came, kind: moment}
      - {code: seen, label: Child seen, kind: yes_no}
      - {code: risk, label: Risk, kind: choice, options: [High, Low]}
    waits:
      - {code: wait, label: Told to visit, from: told, to: came}
event_types:
  - {code: report, label: Report}
delay_causes:
  - {code: late, label: Nobody free}
urgent_referral: {acknowledge_within_hours: 2, answer_within_hours: 12}
"""
WITH_FACTS = SMALL.replace("  - {code: school, label: School}\n", FACTS)


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "facts.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_facts_waits_events_and_hours_are_loaded_as_written(write):
    framework = load(write(WITH_FACTS))
    school = framework.areas.get(code="school")
    assert list(school.facts.values_list("code", "kind", "options")) == [
        ("told", "moment", []),
        ("came", "moment", []),
        ("seen", "yes_no", []),
        ("risk", "choice", ["High", "Low"]),
    ]
    wait = school.waits.get()
    assert (wait.start.code, wait.end.code) == ("told", "came")
    assert framework.event_types.get().label == "Report"
    assert framework.delay_causes.get().label == "Nobody free"
    assert (framework.referral_acknowledge_hours, framework.referral_answer_hours) == (2, 12)


def test_a_definition_that_replaces_another_replaces_its_facts(write):
    load(write(WITH_FACTS))
    framework = load(write(WITH_FACTS.replace("Told to visit", "From word to visit")))
    assert framework.waits.get().label == "From word to visit"
    assert framework.facts.count() == 4


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "words"),
    [
        (", options: [High, Low]", "", 20, "areas.2.facts.4.options", "needs the options"),
        ("yes_no}", "yes_no, options: [A]}", 19, "areas.2.facts.3.options", "Only a choice"),
        ("[High, Low]", "[High, High]", 20, "areas.2.facts.4.options", "twice"),
        ("to: came", "to: seen", 22, "areas.2.waits.1.to", "told, came"),
        ("from: told", "from: came", 22, "areas.2.waits.1.to", "two different"),
        ("code: came", "code: told", 18, "areas.2.facts.2.code", "already used in line 17"),
        ("kind: yes_no", "kind: maybe", 19, "areas.2.facts.3.kind", "moment, yes_no"),
        (
            "answer_within_hours: 12",
            "answer_within_hours: 1",
            27,
            "urgent_referral.answer_within_hours",
            "before the acknowledgement",
        ),
    ],
)
def test_each_mistake_in_facts_is_told_at_its_line(write, old, new, line, field, words):
    with pytest.raises(FrameworkError) as caught:
        load(write(WITH_FACTS.replace(old, new, 1)))
    problem = next(each for each in caught.value.problems if each.field == field)
    assert problem.line == line
    assert words in problem.sentence


def test_a_changed_file_of_a_used_version_can_be_passed_over(write):
    framework = load(write(WITH_FACTS))
    make_inspection(framework=framework)
    out = io.StringIO()
    changed = write(WITH_FACTS.replace("Nobody free", "No officer free"))

    call_command("load_framework", "--keep-used", str(changed), stdout=out)

    assert "stays as it is" in out.getvalue()
    assert framework.delay_causes.get().label == "Nobody free"


def test_the_parts_of_a_framework_are_read_once(write, django_assert_num_queries):
    framework = load(write(WITH_FACTS))
    first = methodology.of(framework)

    with django_assert_num_queries(0):
        assert methodology.of(framework) is first
    school = next(area for area in first.areas if area.code == "school")
    assert [fact.code for fact in first.facts_of(school.pk)] == ["told", "came", "seen", "risk"]
    assert [wait.code for wait in first.waits_of(school.pk)] == ["wait"]


def test_a_definition_that_replaces_another_is_read_anew(write):
    methodology.of(load(write(WITH_FACTS)))
    framework = load(write(WITH_FACTS.replace("Nobody free", "No officer free")))
    assert [cause.label for cause in methodology.of(framework).delay_causes] == ["No officer free"]
