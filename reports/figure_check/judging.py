"""Holds what a sentence claims against the rows of the tables."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from cases.models import Route
from reports.document import Document
from reports.figure_check import english, vocabulary
from reports.figure_check.agreement import judge_agreement, relation_in
from reports.figure_check.claims import Amount, Pair, Reading, read
from reports.figure_check.outcomes import Outcome, Verdict, all_true, true, true_total
from reports.figure_check.reading import CLOSE, OPEN, Sentence
from reports.figure_check.recommended import is_about_recommendations, judge_recommendations
from reports.figure_check.scopes import (
    Agreement,
    Scope,
    Share,
    Side,
    agreements,
    recommendation_shares,
    scopes,
)
from reports.figure_check.vocabulary import Vocabulary
from reports.figure_check.words import Kind, Token, tokens
from reports.quoted import Quoted

# “3[[figure cases]]”, “[[figure cases]]ty”, “[[figure cases]]%”: the reader sees another figure than was inserted.
BEFORE_A_FIGURE = re.compile(rf"[\w£]-?{OPEN}(\d+){CLOSE}")
AFTER_A_FIGURE = re.compile(rf"{OPEN}(\d+){CLOSE}(?:-?\w|%|[.,]\d)")


@dataclass
class Context:
    """What the sentences before it, and the headings above, were about."""

    areas: frozenset[str] = frozenset()
    headed: frozenset[str] = frozenset()
    route: str | None = None
    side: Side | None = None
    paragraph: int = -1
    counted_in: int = -1  # the last paragraph that counted cases


@dataclass(frozen=True)
class Cues:
    """What the sentence itself says of the cases that it is about."""

    areas: frozenset[str]
    perhaps: frozenset[str]
    route: str | None
    in_all: bool
    other_year: bool


@dataclass(frozen=True)
class _About:
    """Which cases grades are given to, and by which sides, as far as the sentence says."""

    cues: Cues
    sides: Set[Side]

    def is_counted_by(self, quoted: Quoted) -> bool:
        """Whether an inserted figure counts these cases, in the eyes of these sides."""
        named = self.cues.areas | self.cues.perhaps
        same_area = not self.cues.areas or quoted.area in named
        route = self.cues.route
        same_route = route is None or quoted.route == route or quoted.area is not None
        both_sides = quoted.force_grade is not None
        return (
            same_area and same_route and (both_sides or not self.sides or quoted.side in self.sides)
        )


class Judge:
    """Judges the sentences of one document, in their order."""

    def __init__(self, document: Document, vocabulary: Vocabulary) -> None:
        self.document, self.vocabulary = document, vocabulary
        self.scopes: list[Scope] = scopes(document)
        self.agreements: list[Agreement] = agreements(document)
        self.shares: list[Share] = recommendation_shares(document)
        self.scale = [grade.code for grade in document.figures.grades]
        self.years = {document.fieldwork_start.year, document.fieldwork_end.year}

    def judge(self, sentence: Sentence, context: Context, *, earlier: bool = False) -> Outcome:
        """Return what the tables make of `sentence`, and let `context` know what it was about.

        `earlier` sentences tell of another inspection, of which only recommendations are known.
        """
        found = tokens(sentence, self.vocabulary)
        reading = read(found, sentence.text, self.vocabulary.force, self.scale)
        self._begin(sentence, context)
        cues = self._cues(found, sentence.text)
        outcome = Outcome(about=_said_of(cues, context))
        self._joined(sentence, outcome)
        if is_about_recommendations(reading):
            judge_recommendations(reading, self.shares, outcome)
        if not english.IN_ONE_CASE.search(sentence.text) or reading.pairs:
            self._cases(reading, cues, context, outcome, earlier=earlier)
        self._remember(reading, cues, context)
        return outcome

    def _joined(self, sentence: Sentence, outcome: Outcome) -> None:
        """Refuse a figure that was inserted into a word or a number."""
        for pattern in (BEFORE_A_FIGURE, AFTER_A_FIGURE):
            for match in pattern.finditer(sentence.marked):
                quoted = sentence.quoted[int(match[1])][1]
                if quoted is not None:
                    outcome.add(Verdict.DISAGREES, [(quoted.value, quoted.label)])

    def _begin(self, sentence: Sentence, context: Context) -> None:
        if sentence.paragraph == context.paragraph:
            return
        stemmed = vocabulary.stems(sentence.heading)
        sure, _perhaps = vocabulary.areas_in(stemmed, [True] * len(stemmed), self.vocabulary)
        context.headed = frozenset(sure)
        context.paragraph = sentence.paragraph
        if sentence.paragraph > context.counted_in + 1:
            context.areas, context.route, context.side = frozenset(), None, None

    def _cues(self, found: list[Token], words: str) -> Cues:
        stemmed = [english.stem(word) for token in found for word in token.text.split()]
        near = _near_cases(found)
        sure, perhaps = vocabulary.areas_in(stemmed, near, self.vocabulary)
        route = None
        if english.OWN_ROUTE.search(words):
            route = Route.SELF_ASSESSED.value
        elif english.OTHER_ROUTE.search(words):
            route = Route.SELECTED.value
        years = {int(t.text) for t in found if english.YEAR.match(t.text)}
        return Cues(
            frozenset(sure),
            frozenset(perhaps),
            route,
            bool(english.IN_ALL.search(words)),
            bool(years) and not years & self.years,
        )

    def _remember(self, reading: Reading, cues: Cues, context: Context) -> None:
        counts = bool(reading.pairs) or any(a.unit == "cases" for a in reading.amounts)
        if cues.areas:
            context.areas = cues.areas
        elif (cues.route and not english.SAME_CASES.search(reading.words)) or (
            cues.in_all and counts
        ):
            context.areas = frozenset()
        if cues.route:
            context.route = cues.route
        elif cues.areas or cues.in_all:
            context.route = None
        if reading.sides:
            context.side = reading.sides[-1][1]
        if counts or (cues.areas and reading.words.rstrip().endswith(":")):
            context.counted_in = context.paragraph

    # Cases

    def _cases(
        self, reading: Reading, cues: Cues, context: Context, outcome: Outcome, *, earlier: bool
    ) -> None:
        if earlier:
            if reading.pairs or any(self._counts_cases(reading, a) for a in reading.rest):
                outcome.add(Verdict.CANNOT_PLACE)
            return
        relation = relation_in(reading)
        wholes = [
            amount
            for amount in reading.rest
            if amount.unit in {"cases", "left_out", "weak"} and self._is_total(reading, amount)
        ]
        totals = {
            int(a.token.value) for a in wholes if not a.token.share and a.token.compared == "="
        }
        here = Outcome()
        for group in _groups(reading.pairs):
            self._group(group, reading, cues, context, totals, here)
        if relation:
            judge_agreement(reading, cues.areas, relation, self.agreements, here)
        else:
            for amount in reading.rest:
                self._alone(amount, reading, cues, context, wholes, here)
        if cues.other_year and here.verdict is Verdict.DISAGREES:
            here.verdict = Verdict.CANNOT_PLACE
        outcome.add(here.verdict, here.counted)

    def _group(
        self,
        pairs: list[Pair],
        reading: Reading,
        cues: Cues,
        context: Context,
        totals: set[int],
        outcome: Outcome,
    ) -> None:
        """Judge the grades that belong together: one row of one table has to have them all."""
        said = {side for _at, side in reading.sides}
        sides = {pair.side for pair in pairs if pair.side} or said
        about = _About(cues, sides)
        typed = [pair for pair in pairs if not self._reference(pair, about, outcome)]
        if not typed:
            return
        side = typed[0].side
        given = self._given_by_force(reading, pairs)
        own = any(pair.side == "force" and pair not in pairs for pair in reading.pairs)
        narrow, wide = self._candidates(cues, context, side, given, own)
        options = narrow or wide
        of_whole = [s for s in options if totals & s.totals and s.counts]
        if totals and not narrow and not of_whole and not cues.perhaps:
            rows = [s for s in self.scopes if s.area is None and s.counts and s.force_grade is None]
            of_whole = [s for s in rows if totals & s.totals and s.side == (side or s.side)]
        if of_whole:
            options = of_whole
        if any(all_true(typed, scope) for scope in options):
            outcome.add(Verdict.AGREES)
            return
        if not narrow and not of_whole and self._is_whole_row(typed):
            everywhere = [s for s in self.scopes if side is None or s.side == side]
            if any(all_true(typed, scope) for scope in everywhere):
                outcome.add(Verdict.AGREES)
                return
        self._refuse(
            typed,
            options,
            cues,
            outcome,
            narrow=bool(narrow) or bool(of_whole),
            unknown_whole=bool(totals) and not of_whole,
        )

    def _refuse(
        self,
        pairs: list[Pair],
        options: Sequence[Scope],
        cues: Cues,
        outcome: Outcome,
        *,
        narrow: bool,
        unknown_whole: bool,
    ) -> None:
        known = [scope for scope in options if scope.counts]
        counted = [
            (
                sum(scope.counts[grade] for grade in pair.grades),
                f"{self._labels(pair.grades)}, {scope.label}",
            )
            for scope in known[:1]
            for pair in pairs
            if not true(pair.amount.token, sum(scope.counts[g] for g in pair.grades), scope.total)
        ]
        unsure = not narrow and (
            cues.perhaps or unknown_whole or (len(pairs) == 1 and self._elsewhere(pairs))
        )
        restricted = any(pair.amount.restricted for pair in pairs) and not narrow
        if not known or unsure or restricted:
            outcome.add(Verdict.CANNOT_PLACE, counted)
        else:
            outcome.add(Verdict.DISAGREES, counted)

    def _elsewhere(self, pairs: list[Pair]) -> bool:
        return any(all_true(pairs, scope) for scope in self.scopes if scope.counts)

    def _candidates(
        self, cues: Cues, context: Context, side: Side | None, given: str | None, own: bool
    ) -> tuple[list[Scope], list[Scope]]:
        """Return the rows that the sentence names itself, and those that it may mean."""
        with_grades = [scope for scope in self.scopes if scope.counts]
        if given is not None and side != "force":
            return [s for s in with_grades if s.force_grade == given], []
        rows = [scope for scope in with_grades if scope.force_grade is None]
        sides: set[Side] = {side} if side else {"inspectorate", context.side or "inspectorate"}
        rows = [scope for scope in rows if scope.side in sides]
        both = side == "force" or context.side == "force" or own
        if cues.route != Route.SELF_ASSESSED and not both:
            rows = [s for s in rows if not s.compared]
        if cues.areas:
            return [s for s in rows if s.area in cues.areas and (not cues.route or s.compared)] or [
                s for s in rows if s.area in cues.areas
            ], []
        if cues.route:
            return [s for s in rows if s.route == cues.route and s.area is None], []
        if cues.in_all and not context.areas:
            return [s for s in rows if s.area is None and s.route is None], []
        named = cues.perhaps | context.areas | context.headed
        routes = {context.route, None} if not context.areas else {None}
        if own:
            routes = routes | {Route.SELF_ASSESSED.value}
        whole = [
            s
            for s in rows
            if s.area is None and (s.side == "force" or s.route in routes) and not s.compared
        ]
        whole.sort(key=lambda s: s.route != context.route)
        return [], [s for s in rows if s.area in named] + whole

    def _given_by_force(self, reading: Reading, pairs: list[Pair]) -> str | None:
        """Return the grade of the force in “of the 22 that the force graded good, inspectors graded eight …”."""
        for pair in reading.pairs:
            if pair.side != "force" or len(pair.grades) != 1 or pair in pairs:
                continue
            grade = next(iter(pair.grades))
            rows = [s for s in self.scopes if s.force_grade == grade]
            linked = pair.amount.is_whole and pair.at < min(p.at for p in pairs)
            if linked and rows:
                return grade
        return None

    def _is_whole_row(self, pairs: list[Pair]) -> bool:
        graded = {grade for pair in pairs for grade in pair.grades}
        return len(pairs) > 1 and len(graded) == len(self.scale)

    def _reference(self, pair: Pair, about: _About, outcome: Outcome) -> bool:
        """Return whether a figure was inserted that is about what the words around it say.

        One of other cases is held against the tables like a typed one; one of another grade, or of no cases, is wrong.
        """
        quoted = pair.amount.token.quoted
        if quoted is None:
            return False
        if quoted.unit != "cases" or (quoted.grade or quoted.force_grade) not in {
            None,
            *pair.grades,
        }:
            outcome.add(Verdict.DISAGREES, [(quoted.value, quoted.label)])
            return True
        if not (quoted.grade or quoted.force_grade) or not about.is_counted_by(quoted):
            return False
        outcome.add(Verdict.AGREES)
        return True

    def _labels(self, grades: frozenset[str]) -> str:
        return " / ".join(g.label for g in self.document.figures.grades if g.code in grades)

    # Numbers of cases without a grade

    def _counts_cases(self, reading: Reading, amount: Amount) -> bool:
        if amount.unit == "cases":
            if reading.operational and not amount.is_whole:
                return False
            return not (amount.token.value == 1 and not amount.is_whole and not amount.token.share)
        return amount.unit == "weak" and reading.examines and bool(reading.pairs)

    def _is_total(self, reading: Reading, amount: Amount) -> bool:
        """Whether the number is all cases of something: “the 12 cases”, “examined 12 cases”, “a further 28 cases”."""
        if amount.token.share or amount.of_whole is not None:
            return False
        if amount.is_whole:
            return True
        if amount.unit == "left_out":
            return False
        found = reading.tokens
        before = [t.lower for t in found[max(0, amount.at - 7) : amount.at]]
        noun = amount.noun_at if amount.noun_at is not None else amount.at
        after = [t.lower for t in found[noun + 1 : noun + 6]]
        if reading.pairs and found[noun + 1 : noun + 2] and found[noun + 1].text == ":":
            return True
        if any(english.EXAMINED.match(word) for word in [*before, *after]):
            return True
        said = " ".join(token.text for token in found[max(0, amount.at - 2) : noun + 1])
        return bool(english.OTHER_ROUTE.search(said))

    def _alone(
        self,
        amount: Amount,
        reading: Reading,
        cues: Cues,
        context: Context,
        wholes: list[Amount],
        outcome: Outcome,
    ) -> None:
        whole = amount in wholes
        quoted = amount.token.quoted
        if quoted is not None and quoted.unit != "cases":
            if amount.unit == "cases":
                outcome.add(Verdict.DISAGREES, [(quoted.value, quoted.label)])
            return
        if quoted is not None and not (
            whole and cues.areas and quoted.area not in cues.areas | cues.perhaps
        ):
            outcome.add(Verdict.AGREES)
            return
        if amount.token.share:
            if self._counts_cases(reading, amount) and amount.token.value not in {0.5, 1.0}:
                outcome.add(Verdict.CANNOT_PLACE)
            return
        if not self._counts_cases(reading, amount) and not (
            whole and reading.pairs and amount.unit in {"left_out", "weak"}
        ):
            if amount.of_whole is not None and amount.unit == "left_out" and reading.pairs:
                outcome.add(Verdict.CANNOT_PLACE)
            return
        if not whole:
            outcome.add(Verdict.CANNOT_PLACE)
            return
        narrow, wide = self._totals(cues, context)
        options = narrow or wide
        if any(true_total(amount.token, scope) for scope in options):
            outcome.add(Verdict.AGREES)
        elif (
            amount.restricted
            or (reading.operational and not narrow)
            or (cues.perhaps and not narrow)
        ):
            outcome.add(Verdict.CANNOT_PLACE)
        else:
            counted = [(max(scope.totals), scope.label) for scope in options[:1]]
            outcome.add(Verdict.DISAGREES, counted)

    def _totals(self, cues: Cues, context: Context) -> tuple[list[Scope], list[Scope]]:
        if cues.areas:
            routes = {None, cues.route or context.route}
            return [s for s in self.scopes if s.area in cues.areas and s.route in routes], []
        if cues.route:
            areas = context.areas or {None}
            rows = [s for s in self.scopes if s.route == cues.route and s.force_grade is None]
            return [s for s in rows if s.area in areas or s.area is None], []
        whole = [s for s in self.scopes if s.area is None and s.force_grade is None]
        if cues.in_all and not context.areas:
            return [s for s in whole if s.route is None], []
        named = cues.perhaps | context.areas | context.headed
        return [], [s for s in self.scopes if s.area in named] + whole


def _said_of(cues: Cues, context: Context) -> str:
    """Return which cases a sentence is about, as one text that changes when that does."""
    areas = sorted(cues.areas or context.areas | context.headed)
    return f"{areas} {cues.route or context.route} {context.side}"


def _near_cases(found: list[Token]) -> list[bool]:
    """Return for each word whether it names cases beside it: “custody cases”, “children held overnight in custody”."""
    near: list[bool] = []
    for at, token in enumerate(found):
        following = found[at + 1] if at + 1 < len(found) else None
        counted = token.weak and any(
            each.kind is Kind.AMOUNT for each in found[max(0, at - 3) : at]
        )
        beside = (
            counted
            or following is not None
            and (following.kind is Kind.CASES or following.lower in english.PEOPLE)
        )
        before = found[max(0, at - 6) : at]
        told = any(each.lower in english.PEOPLE for each in before) or any(
            each.kind is Kind.CASES
            and index < len(before) - 1
            and before[index + 1].lower in {"of", "in", "involving"}
            for index, each in enumerate(before)
        )
        near += [beside or told] * len(token.text.split())
    return near


def _groups(pairs: list[Pair]) -> list[list[Pair]]:
    """Return pairs that one side gave to the same cases; a grade that comes again begins others."""
    groups: list[list[Pair]] = []
    for pair in pairs:
        last = groups[-1] if groups else []
        again = any(pair.grades & other.grades for other in last)
        if not last or again or last[-1].side != pair.side:
            groups.append([])
        groups[-1].append(pair)
    return groups
