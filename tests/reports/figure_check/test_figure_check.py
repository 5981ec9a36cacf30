"""How well the figure check reads: on the written set, and on published reports where their text is at hand."""

import dataclasses
import os
import sys

import pytest

from reports.document import Section
from reports.figure_check.checking import check
from reports.figure_check.outcomes import Verdict
from reports.figure_check.reading import sentences
from reports.markdown import render
from reports.references import References, problems
from tests.reports.documents import make_document
from tests.reports.figure_check.material import Written, written_set
from tests.reports.figure_check.published import published

FLAGGED = {Verdict.DISAGREES.value, Verdict.CANNOT_PLACE.value}
SET = written_set()


def verdict_of(written: Written) -> str:
    """Return what the check makes of a sentence of the set, behind what stands before it."""
    found = check_text(written, f"{written.after} {written.says}".strip())
    before = len(check_text(written, written.after)) if written.after else 0
    return found[-1].verdict.value if len(found) > before else Verdict.NO_COUNT.value


def check_text(written, text):
    section = Section("summary", "summary", "Summary", text)
    document = dataclasses.replace(written.document, sections=(*written.document.sections, section))
    return check(document, written.names)


def measure(half):
    """Return precision and recall of flagging what should be, and which agreeing sentences were flagged."""
    verdicts = [(each, verdict_of(each)) for each in half]
    right = sum(each.is_ in FLAGGED and got in FLAGGED for each, got in verdicts)
    flagged = sum(got in FLAGGED for _each, got in verdicts)
    wanted = sum(each.is_ in FLAGGED for each, _got in verdicts)
    agreeing = [each.says for each, got in verdicts if each.is_ == "agrees" and got in FLAGGED]
    return right / flagged, right / wanted, agreeing


@pytest.mark.parametrize(
    ("held_out", "precision", "recall"), [(False, 0.99, 0.99), (True, 0.9, 0.95)]
)
def test_it_flags_what_no_table_has_and_little_else(held_out, precision, recall, capsys):
    half = [each for each in SET if each.held_out == held_out]
    got = measure(half)
    with capsys.disabled():
        name = "held out" if held_out else "tuned on"
        sys.stdout.write(
            f"\nfigure check, {len(half)} sentences {name}: precision {got[0]:.2f}, recall {got[1]:.2f}"
        )
    assert got[0] >= precision
    assert got[1] >= recall


@pytest.mark.parametrize(
    "text",
    [
        "Of \ue0007\ue001 cases, three were good.",
        "Of \ue000" + "9" * 5000 + "\ue001 cases, three were good.",
        "Of " + "9" * 400 + " cases, three were good.",
    ],
)
def test_signs_and_numbers_that_nobody_means_are_read_like_any_other(text):
    document = make_document(sections=(Section("summary", "summary", "Summary", text),))
    assert [each.verdict.value in FLAGGED for each in check(document)] == [True]


@pytest.mark.parametrize(
    "piece", ["*a ", "_a ", "`", "[", "[a](", "[a](b ", "[^", "a\n=\n", "3 good, "]
)
def test_a_long_text_of_marks_without_fellows_is_read_to_its_end(piece):
    text = (piece * 60_000)[:60_000]
    document = make_document(sections=(Section("summary", "summary", "Summary", text),))
    assert isinstance(check(document), tuple)
    assert len(problems(text, document)) <= 1
    assert render(text, heading_level=3)


def test_no_sentence_that_it_was_tuned_on_is_flagged_although_it_agrees():
    assert measure([each for each in SET if not each.held_out])[2] == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("The answer is no. Recommendation 4 cannot wait.", 2),
        ("It is no. [[recommendation 1]] cannot wait.", 2),
        ("The answer to no. 4 came late. It was short.", 2),
        ("Recommendations nos. 4 and 5 came late.", 1),
    ],
)
def test_no_ends_a_sentence_unless_a_number_follows(text, count):
    document = make_document()
    references = References(document)
    assert len(sentences(text, references)) == count


def test_the_written_set_is_large_and_has_every_kind():
    assert len(SET) >= 150
    for held_out in (False, True):
        kinds = {each.is_ for each in SET if each.held_out == held_out}
        assert kinds == {verdict.value for verdict in Verdict}


PUBLISHED = os.environ.get("ASSAY_PUBLISHED", "")


@pytest.mark.skipif(not PUBLISHED, reason="ASSAY_PUBLISHED names no folder of published reports")
def test_nothing_that_agrees_is_flagged_in_published_reports(capsys):
    for name, document, names in published(PUBLISHED):
        found = check(document, names)
        verdicts = [each.verdict for each in found]
        with capsys.disabled():
            sys.stdout.write(
                f"\n{name}: {verdicts.count(Verdict.AGREES)} agree, "
                f"{verdicts.count(Verdict.CANNOT_PLACE)} cannot be placed"
            )
        assert Verdict.DISAGREES not in verdicts
        # What cannot be placed counts something that no table of these reports has.
        assert verdicts.count(Verdict.CANNOT_PLACE) <= 2
