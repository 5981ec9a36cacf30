"""The English that reports are written in: numbers in words, what is counted, and what a sentence says of it.

Nothing here is a word of a framework: grades, areas, timescales and themes come from the document and the framework.
"""

from __future__ import annotations

import re


def words(listed: str) -> frozenset[str]:
    """Return the words of a list in one string."""
    return frozenset(listed.split())


ONES = {
    word: value
    for value, word in enumerate(
        (
            *(
                "zero",
                "one",
                "two",
                "three",
                "four",
                "five",
                "six",
                "seven",
                "eight",
                "nine",
                "ten",
            ),
            *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
            *("eighteen", "nineteen"),
        )
    )
}
TENS = {
    word: value * 10
    for value, word in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), start=2
    )
}
FRACTIONS = {
    "half": 2,
    "third": 3,
    "thirds": 3,
    "quarter": 4,
    "quarters": 4,
    "fifth": 5,
    "fifths": 5,
    "tenth": 10,
    "tenths": 10,
}
NOTHING = {"none", "no", "neither"}
EVERYTHING = {"all", "every"}
EACH = {"each", "every"}
IS = words(
    "is are was were be been being has have had do does did will would should could can must may"
)
MOST = {"most", "majority"}

# What is counted. The weak ones count other things, too.
CASES = words("case cases file files audit audits")
WEAK_CASES = words(
    "investigation investigations enquiry enquiries inquiry inquiries referral referrals incident incidents"
)
RECOMMENDATIONS = {"recommendation", "recommendations"}
PEOPLE = words("child children boy boys girl girls person people victim victims")

# Numbers of these are not counts of cases, whatever the sentence says else.
BEFORE_A_NUMBER = words(
    "section sections s annex chapter table figure paragraph recommendation recommendations example examples "
    "page aged age version phase level article part regulation number no. january february march april may "
    "june july august september october november december"
)
AFTER_A_NUMBER = words(
    "year years month months week weeks day days hour hours minute minutes am pm times mile miles million "
    "billion january february march april june july august september october november december"
)
COMPARED = {
    "more than": ">",
    "over": ">",
    "above": ">",
    "in excess of": ">",
    "at least": ">=",
    "no fewer than": ">=",
    "not fewer than": ">=",
    "no less than": ">=",
    "fewer than": "<",
    "less than": "<",
    "under": "<",
    "below": "<",
    "at most": "<=",
    "up to": "<=",
    "no more than": "<=",
    "about": "~",
    "around": "~",
    "approximately": "~",
    "some": "~",
    "roughly": "~",
    "nearly": "~",
    "almost": "~",
    "close to": "~",
    "just over": "~>",
    "slightly more than": "~>",
    "just under": "~<",
    "slightly fewer than": "~<",
}

# Stand between a number and its noun's verb, so the number stands for cases that were named before.
AFTER_CASES_LEFT_OUT = words(
    "was were is are had have has been be being to as by in on not each only also were, rated graded assessed "
    "judged considered found viewed thought deemed marked received of out further more others other overall "
    "and or but we inspectors itself them these those should must need needed will would partly fully wholly "
    "for due"
)
PREPOSITIONS_AND_VERBS = AFTER_CASES_LEFT_OUT | words(
    "that which who where when with from at into after before because while there did do does made make makes"
)
DETERMINERS = words("the these those all its our their his her your every other same")
AFTER_A_GRADE = words(
    "in by because due while whereas when where with and or but overall too also on as nor that which since "
    "after before for at of respectively altogether of between was were is are it they we, itself"
)
JOINS_GRADES = words("or was were as either being is are")
EXAMINED = re.compile(
    r"^(?:re-?)?(?:examined?$|examining|review|audit|(?:self-)?assess(?!ment)|read$|reads$|reading$|look|inspect(?!ion|or)|"
    r"selected|chose$|sampled|graded?$|grading|considered|analysed|studied|rated$|judged|checked)"
)
OPERATIONAL = re.compile(
    r"\b(?:each|per|every|received|receives|backlog|queue|waiting|caseloads?|carr(?:y|ied|ies|ying)|manages?|daily|"
    r"weekly|monthly|annually|discuss(?:es)?|in the (?:\w+ )?(?:year|months) to)\b"
    r"|\b(?:cases|files)\s+a\s+(?:day|week|month|year)\b|\bnew cases\b",
    re.IGNORECASE,
)
RESTRICTS = words("where which that who in involving when whose with needed requiring featuring")
LEADS_TO_A_WHOLE = words("of these those the all our")
TELLS_A_TOTAL = re.compile(r"^(?:mak|made|contain|includ|end|list|has$|have$|had$)")

INSPECTORS = re.compile(r"^(?:we|us|inspectors?|inspectors’|inspectorate|hmic|hmicfrs)$")
FORCE = re.compile(r"^(?:force|constabulary|assessors?)$")
FORCES_OWN_GRADE = words("own assessor assessors assessment assessments grade grades grading view")
OWN_ROUTE = re.compile(r"\bself[- ]assess\w*", re.IGNORECASE)
OTHER_ROUTE = re.compile(
    r"\b(?:further|additional|extra|more|other)\s+(?:[\w-]+\s+){0,3}(?:cases|files|audits|sample)\b"
    r"|\bselected by (?:us|inspectors)\b",
    re.IGNORECASE,
)
IN_ALL = re.compile(
    r"\b(?:overall|in total|in all|altogether|all together|of all (?:the )?(?:\d+ )?cases)\b(?! [\w-]+ cases)",
    re.IGNORECASE,
)
SAME = re.compile(
    r"\bsame (?:grade|judgement|assessment|view|conclusion)|\bagreed with\b|\bagreement\b|\bidentical\b",
    re.IGNORECASE,
)
DIFFERENT = re.compile(
    r"\bdisagreed\b|\bdiffer(?:ed|ent grade|s)?\b|\bdifferent grades?\b", re.IGNORECASE
)
BETTER = re.compile(
    r"\b(?:more highly|higher|better|(?:more |over-?)(?:generous(?:ly)?|positive(?:ly)?)|too high(?:ly)?|over-?graded|"
    r"more favourabl[ey])\b",
    re.IGNORECASE,
)
WORSE = re.compile(
    r"\b(?:less highly|lower|worse|more harshly|more severely|stricter|less generous(?:ly)?|less favourabl[ey])\b",
    re.IGNORECASE,
)
GIVES_GRADES = re.compile(
    r"\b(?:grad(?:ed?|es|ing)|assess(?:ed)?|rated?|judg(?:ed|ement)|marked)\b", re.IGNORECASE
)
SAME_CASES = re.compile(
    r"\b(?:these|those|the same|its)(?: \w+)? (?:cases|files)\b|\bof (?:these|those|them)\b",
    re.IGNORECASE,
)
IN_ONE_CASE = re.compile(
    r"\b(?:in|for|from) (?:at least )?one (?:[\w-]+ ){0,3}(?:case|example|instance)\b",
    re.IGNORECASE,
)
YEAR = re.compile(r"^(?:19|20)\d\d$")

_SUFFIXES = ("ations", "ation", "ing", "ies", "ied", "ly", "ed", "es", "s", "y", "e")


def stem(word: str) -> str:
    """Return `word` without its ending, so that “requires” and “requiring” are one: rough, and enough for names.

    A number in words is the number in figures.
    """
    word = word.casefold().replace("’s", "").replace("'s", "").strip("’'")
    if word in ONES or word in TENS:
        return str(ONES.get(word, TENS.get(word)))
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            rest = word[: -len(suffix)]
            return rest[:-1] if suffix == "ly" and rest.endswith("e") else rest
    return word
