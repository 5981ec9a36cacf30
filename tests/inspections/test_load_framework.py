"""`manage.py load_framework`: what is accepted, what is refused, and in which words."""

import io
import re
import threading
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from inspections import frameworks
from inspections.frameworks import FrameworkError, FrameworkInUse, load
from inspections.models import Framework
from tests.support.factories import make_inspection

SHIPPED = sorted((Path(frameworks.__file__).parent / "frameworks").glob("*.yaml"))

SMALL = """\
code: small
version: "1"
title: A small framework
kinds: [full]
grades:
  - {code: yes, label: "Yes", letter: Y, rank: 1, colour_role: strong}
  - {code: no, label: "No", letter: N, rank: 2, colour_role: poor}
areas:
  - code: street
    label: Street
    sample_quota: 2
    indicators:
      - {code: street-1, text: Somebody looked}
  - {code: school, label: School}
themes:
  - {code: first, label: First contact}
timescales:
  - {code: now, label: Now, unit: days, amount: 0}
  - {code: ever, label: At some time, unit: none}
follow_up:
  - {code: news, label: News, who: force, unit: weeks, amount: 6, timescales: [now]}
glossary:
  - {term: child, definition: Somebody under 18.}
""".replace("code: yes", 'code: "yes"').replace("code: no,", 'code: "no",')


@pytest.fixture
def write(tmp_path):
    def write(text: str = SMALL, name: str = "small.yaml") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def problems_of(path: Path) -> list[tuple[int, str, str]]:
    with pytest.raises(FrameworkError) as caught:
        load(path)
    assert all(problem.file == str(path) for problem in caught.value.problems)
    return [(each.line, each.field, each.sentence) for each in caught.value.problems]


@pytest.mark.django_db
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_framework_loads(path):
    framework = load(path)
    assert f"{framework.code}-{framework.version}" == path.stem
    assert [grade.order for grade in framework.grades.all()] == list(
        range(1, framework.grades.count() + 1)
    )


@pytest.mark.django_db
def test_the_2014_sample_is_33_cases(write):
    framework = load(next(path for path in SHIPPED if path.stem == "ncpi-2014"))
    assert sum(framework.areas.values_list("sample_quota", flat=True)) == 33
    assert framework.areas.count() == 9


@pytest.mark.django_db
def test_parts_are_loaded_as_written(write):
    framework = load(write())
    assert [str(grade) for grade in framework.grades.all()] == ["Yes", "No"]
    street, school = framework.areas.all()
    assert (street.sample_quota, school.sample_quota) == (2, 0)
    assert [str(indicator) for indicator in street.indicators.all()] == ["Somebody looked"]
    assert [(each.unit, each.amount) for each in framework.timescales.all()] == [
        ("days", 0),
        ("none", None),
    ]
    rule = framework.follow_up_rules.get()
    assert (rule.responsible, rule.timescale_codes) == ("force", ["now"])
    assert framework.glossary.get().term == "child"


@pytest.mark.django_db
def test_the_same_definition_again_changes_nothing(write):
    first = load(write())
    grades = list(first.grades.values_list("pk", flat=True))
    again = load(write("# only a comment more\n" + SMALL))
    assert again == first
    assert list(again.grades.values_list("pk", flat=True)) == grades


@pytest.mark.django_db
def test_a_changed_definition_replaces_a_version_that_nothing_uses(write):
    first = load(write())
    second = load(write(SMALL.replace("label: School", "label: Schools and colleges")))
    assert second == first
    assert list(second.areas.values_list("label", flat=True)) == ["Street", "Schools and colleges"]


@pytest.mark.django_db
def test_a_changed_definition_of_a_used_version_is_refused(write):
    make_inspection(framework=load(write()))
    load(write())  # unchanged: still fine
    with pytest.raises(FrameworkInUse) as caught:
        load(write(SMALL.replace("label: School", "label: Schools")))
    [problem] = caught.value.problems
    assert (problem.line, problem.field) == (2, "version")
    assert "new version" in problem.sentence
    assert Framework.objects.get().areas.get(code="school").label == "School"


@pytest.mark.django_db
def test_a_second_version_stands_beside_the_first(write):
    used = load(write())
    make_inspection(framework=used)
    second = load(write(SMALL.replace('version: "1"', 'version: "2"').replace("School", "Schools")))
    assert second != used
    assert used.areas.get(code="school").label == "School"
    assert second.areas.get(code="school").label == "Schools"


@pytest.mark.django_db
def test_all_errors_are_told_at_once_with_line_and_field(write):
    text = SMALL.replace("colour_role: poor", "colour_role: red").replace(
        "rank: 2", "rank: 3, weight: 5"
    )
    text = text.replace("sample_quota: 2", "sample_quota: -2").replace(
        "timescales: [now]", "timescales: [now, soon]"
    )
    text = text.replace('version: "1"', "version: 1").replace(
        "kinds: [full]", "kinds: [full, half]"
    )
    found = {(line, field) for line, field, _sentence in problems_of(write(text))}
    assert found == {
        (2, "version"),
        (4, "kinds.2"),
        (5, "grades"),
        (7, "grades.2.weight"),
        (7, "grades.2.colour_role"),
        (11, "areas.1.sample_quota"),
        (21, "follow_up.1.timescales"),
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "new", "line", "field", "words"),
    [
        ("title: A small framework\n", "", 1, "title", "missing"),
        ("title: A small framework", "title:", 3, "title", "empty"),
        ("title: A small framework", "title: No", 3, "title", "in quotes"),
        ("title: A small framework", "title: [a, b]", 3, "title", "must be a text"),
        ("title: A small framework", "title: " + "x" * 201, 3, "title", "201 characters"),
        ("kinds: [full]", "kinds: full", 4, "kinds", "must be a list"),
        ("kinds: [full]", "kinds: []", 4, "kinds", "at least 1"),
        ("kinds: [full]", "kinds: [full, full]", 4, "kinds", "twice"),
        ("label: School", "label: School, label: Skool", 14, "areas.2.label", "twice"),
        ("code: school", "code: street", 14, "areas.2.code", "already used in line 9"),
        ("label: School", "label: STREET", 14, "areas.2.label", "already used in line 10"),
        ("code: school", "code: The School", 14, "areas.2.code", "no code"),
        ("letter: N", "letter: NOPE", 7, "grades.2.letter", "4 characters"),
        ("letter: N", "letter: Y", 7, "grades.2.letter", "already used"),
        ("rank: 2", "rank: 1", 7, "grades.2.rank", "already used"),
        ("rank: 2", "rank: two", 7, "grades.2.rank", "whole number"),
        ("unit: days, amount: 0", "unit: days", 18, "timescales.1.amount", "missing"),
        ("unit: none", "unit: none, amount: 3", 19, "timescales.2.amount", "no amount"),
        ("unit: days, amount: 0", "unit: years, amount: 1", 18, "timescales.1.unit", "months"),
        ("who: force", "who: everybody", 21, "follow_up.1.who", "force, inspectorate"),
        ("unit: weeks", "unit: none", 21, "follow_up.1.unit", "not one of"),
        ("- {code: street-1, text: Somebody looked}", "- look", 13, "areas.1.indicators.1", "name"),
    ],
)
def test_each_mistake_is_told_in_a_plain_sentence(write, old, new, line, field, words):
    assert old in SMALL
    found = problems_of(write(SMALL.replace(old, new)))
    assert [(where, path) for where, path, _ in found] == [(line, field)], found
    assert words in found[0][2]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("- a\n- b\n", "name: value"),
        ("code: [unclosed", "not valid YAML"),
        ("code: \x07", "not allow"),
        (SMALL + "---\n" + SMALL, "second document"),
        ("a: &a [x, x]\nb: [*a, *a]\n", "Aliases"),
        ("code: !!python/object/apply:os.system ['true']\n", "Tags"),
        ("[" * 5000, "nested deeper"),
        ("title: " + "x" * 1_000_001, "larger than 1 MB"),
    ],
)
def test_a_file_that_is_no_definition_is_refused_at_once(write, text, words):
    [(_line, _field, sentence)] = problems_of(write(text))
    assert words in sentence


@pytest.mark.django_db
def test_a_file_that_is_not_utf_8_is_refused(tmp_path):
    path = tmp_path / "latin.yaml"
    path.write_bytes("code: a\ntitle: Pérez\n".encode("latin-1"))
    [(line, _field, sentence)] = problems_of(path)
    assert line == 2
    assert "UTF-8" in sentence


@pytest.mark.django_db
def test_a_missing_file_is_told_plainly(tmp_path):
    [(_line, _field, sentence)] = problems_of(tmp_path / "nowhere.yaml")
    assert sentence == "The file cannot be read: No such file or directory."


@pytest.mark.django_db
def test_the_command_loads_all_files_or_none(write):
    good, bad = write(), write(SMALL.replace("code: small", "code: Bad"), "bad.yaml")
    with pytest.raises(CommandError) as caught:
        call_command("load_framework", str(good), str(bad))
    assert re.match(rf"{bad}, line 1, code: ", str(caught.value))
    assert not Framework.objects.exists()
    out = io.StringIO()
    call_command("load_framework", str(good), stdout=out)
    call_command("load_framework", str(good), stdout=out)
    assert out.getvalue() == "small 1: loaded.\nsmall 1: there already, unchanged.\n"


@pytest.mark.django_db(transaction=True)
def test_two_people_who_load_the_same_file_at_once_load_it_once(write):
    path, errors, barrier = write(), [], threading.Barrier(2)

    def run() -> None:
        try:
            barrier.wait()
            load(path)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert Framework.objects.get().grades.count() == 2


@pytest.mark.django_db
def test_a_follow_up_has_a_kind_and_may_be_the_commissioners_and_for_every_inspection(write):
    text = SMALL.replace(
        "glossary:",
        "  - {code: pcc, label: Comments, kind: pcc_comments, who: commissioner, unit: days, amount: 56}\n"
        "glossary:",
    )
    news, comments = load(write(text)).follow_up_rules.all()
    assert (news.kind, news.responsible, news.timescale_codes) == ("other", "force", ["now"])
    assert (comments.kind, comments.responsible) == ("pcc_comments", "commissioner")
    assert (comments.unit, comments.amount, comments.timescale_codes) == ("days", 56, [])


@pytest.mark.django_db
def test_time_for_the_factual_accuracy_check_is_28_days_unless_the_file_says_otherwise(write):
    framework = load(write())
    assert (framework.accuracy_unit, framework.accuracy_amount) == ("days", 28)
    said = SMALL.replace('version: "1"', 'version: "2"')
    said += "factual_accuracy: {unit: weeks, amount: 3}\n"
    framework = load(write(said))
    assert (framework.accuracy_unit, framework.accuracy_amount) == ("weeks", 3)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("added", "field"),
    [
        ("factual_accuracy: {unit: none, amount: 3}", "factual_accuracy.unit"),
        ("factual_accuracy: {unit: days, amount: 0}", "factual_accuracy.amount"),
        ("factual_accuracy: {unit: days}", "factual_accuracy.amount"),
    ],
)
def test_a_time_for_the_check_that_is_none_is_refused(write, added, field):
    assert [place for _line, place, _sentence in problems_of(write(f"{SMALL}{added}\n"))] == [field]


@pytest.mark.django_db
def test_a_kind_of_follow_up_that_nobody_knows_is_refused(write):
    text = SMALL.replace("label: News,", "label: News, kind: letter,")
    ((_line, field, sentence),) = problems_of(write(text))
    assert field == "follow_up.1.kind" and "action_plan" in sentence


@pytest.mark.django_db
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_framework_asks_the_commissioner_for_comments_within_56_days(path):
    rule = load(path).follow_up_rules.get(kind="pcc_comments")
    assert (rule.responsible, rule.unit, rule.amount) == ("commissioner", "days", 56)
    assert rule.timescale_codes == []
