"""Any number of recommendations with deadlines, extensions and actions, by the database itself: quick, and many."""

from __future__ import annotations

import datetime
from itertools import cycle

import pgtrigger
from django.db import connection, transaction

from accounts.models import Force, Role, User
from demo import source
from demo.generator import DAYS_OF_FIELDWORK, DAYS_TO_PUBLICATION
from inspections.models import Framework, Inspection, InspectionKind, Stage, TeamMember

AN_INSPECTION = 20  # recommendations
OLDEST_DAYS = 4 * 365  # since publication; the newer, the more of them


def write_recommendations(number: int, today: datetime.date) -> list[Inspection]:
    """Add `number` recommendations, in inspections of twenty each that were published until `today`, the newest last.

    Their forces, frameworks and people are those that `demo.generator` has made. Of a hundred recommendations 20 are
    implemented, 10 ready for closure; 10 have an extension; 40 have an action, with an owner and a deadline. That is
    about as many open deadlines as recommendations. History is not written: nothing that is measured reads it.
    """
    words = source.load("generated")
    values = {
        "each": str(AN_INSPECTION),
        "today": f"DATE '{today.isoformat()}'",
        "stems": _texts([*words["recommendations"].values(), *[words["any"]]]),
        "points": _texts(words["points"]),
    }
    last = Inspection.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with transaction.atomic(), pgtrigger.ignore(), connection.cursor() as cursor:
        _inspections(-(-number // AN_INSPECTION), today)
        for statement in _STATEMENTS:
            # pgtrigger adds parameters by position, so these few constants of ours go into the text
            for name, value in {**values, "last": str(last)}.items():
                statement = statement.replace(f":{name}:", value)
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return list(Inspection.objects.filter(pk__gt=last).order_by("published_on", "pk"))


def _inspections(number: int, today: datetime.date) -> None:
    """Published inspections, each with a lead; forces, frameworks and leads take turns."""
    forces = cycle(Force.objects.order_by("pk"))
    full = Framework.objects.filter(kinds__contains=[InspectionKind.FULL])
    frameworks = cycle(full.order_by("code", "version"))
    leads = cycle(User.objects.filter(roles__contains=[Role.LEAD_INSPECTOR]).order_by("pk"))
    made = []
    for count in range(number):
        days = int(OLDEST_DAYS * (1 - (count + 1) / number) ** 2)
        published = today - datetime.timedelta(days)
        start = published - datetime.timedelta(DAYS_TO_PUBLICATION)
        made.append(
            Inspection(
                force=next(forces),
                framework=next(frameworks),
                kind=InspectionKind.FULL,
                stage=Stage.FOLLOW_UP,
                fieldwork_start=start,
                fieldwork_end=start + datetime.timedelta(DAYS_OF_FIELDWORK - 1),
                published_on=published,
                counts_from=published,
            )
        )
    Inspection.objects.bulk_create(made, batch_size=1_000)
    TeamMember.objects.bulk_create(
        [TeamMember(inspection=one, user=next(leads), is_lead=True) for one in made],
        batch_size=1_000,
    )


def _texts(words: list[str]) -> str:
    """`words` as an array of PostgreSQL; a percent sign would be taken for a parameter (hence `mod` below)."""
    quoted = ", ".join("'" + text.replace("'", "''") + "'" for text in words)
    assert "%" not in quoted, words
    return f"ARRAY[{quoted}]"


_RECOMMENDATIONS = """
    WITH themes AS (
        SELECT id, framework_id, row_number() OVER of_one - 1 AS place,
            count(*) OVER (PARTITION BY framework_id) AS all_of
        FROM inspections_theme WINDOW of_one AS (PARTITION BY framework_id ORDER BY "order")
    ),
    timescales AS (
        SELECT id, framework_id, row_number() OVER of_one - 1 AS place,
            count(*) OVER (PARTITION BY framework_id) AS all_of
        FROM inspections_timescale
        WHERE amount IS NOT NULL AND unit <> 'none'
        WINDOW of_one AS (PARTITION BY framework_id ORDER BY "order")
    )
    INSERT INTO recommendations_recommendation (
        inspection_id, framework_id, number, theme_id, timescale_id, stem, progress_status, outcome, settled_on,
        version, updated_at
    )
    SELECT inspection.id, inspection.framework_id, n, themes.id, timescales.id,
        (:stems:)[1 + mod(inspection.id + n, cardinality(:stems:))] || ' It should begin with '
            || (:points:)[1 + mod(inspection.id / 7 + n, cardinality(:points:))] || '.',
        CASE WHEN mod(inspection.id + n, 10) < 3 THEN 'complete'
            WHEN mod(n, 2) = 0 THEN 'in_progress' ELSE 'not_started' END,
        CASE WHEN mod(inspection.id + n, 10) < 2 THEN 'implemented' ELSE '' END,
        CASE WHEN mod(inspection.id + n, 10) < 2
            THEN inspection.published_on + (:today: - inspection.published_on) * n / (:each: + 1) END,
        1, now()
    FROM inspections_inspection inspection
    CROSS JOIN generate_series(1, :each:) AS n
    JOIN themes ON themes.framework_id = inspection.framework_id AND themes.place = mod(n, themes.all_of)
    JOIN timescales
        ON timescales.framework_id = inspection.framework_id
        AND timescales.place = mod(n + inspection.id, timescales.all_of)
    WHERE inspection.id > :last:
"""
_POINTS = """
    INSERT INTO recommendations_recommendationpoint (recommendation_id, "order", text)
    SELECT id, n, (:points:)[1 + mod(id + n, cardinality(:points:))]
    FROM recommendations_recommendation CROSS JOIN generate_series(1, 2) AS n
    WHERE inspection_id > :last: AND mod(number, 2) = 0
"""
# An extension of two months is agreed for one in ten, which the date then follows.
_THEIR_DEADLINES = """
    INSERT INTO inspections_deadline (
        inspection_id, kind, subject_id, label, responsible, basis, counts_from, unit, amount, first_due_on, due_on,
        moved_on, met_on, met_note
    )
    SELECT inspection_id, 'recommendation', id, 'Recommendation ' || number || ': ' || left(stem, 120), 'force',
        'publication', counts_from, unit, amount, first, first + CASE WHEN extended THEN 61 ELSE 0 END,
        CASE WHEN extended THEN first END,
        CASE WHEN progress_status = 'complete' THEN least(first, :today:) END, ''
    FROM (
        SELECT recommendation.*, inspection.counts_from, timescale.unit, timescale.amount,
            mod(recommendation.id, 10) = 5 AS extended,
            (inspection.counts_from + CASE timescale.unit
                WHEN 'months' THEN make_interval(months => timescale.amount)
                WHEN 'weeks' THEN make_interval(weeks => timescale.amount)
                ELSE make_interval(days => timescale.amount) END)::date AS first
        FROM recommendations_recommendation recommendation
        JOIN inspections_inspection inspection ON inspection.id = recommendation.inspection_id
        JOIN inspections_timescale timescale ON timescale.id = recommendation.timescale_id
        WHERE inspection.id > :last:
    ) AS dated
"""
_TIE_DEADLINES = """
    UPDATE recommendations_recommendation recommendation SET deadline_id = deadline.id
    FROM inspections_deadline deadline
    WHERE deadline.kind = 'recommendation' AND deadline.subject_id = recommendation.id
        AND recommendation.inspection_id > :last:
"""
_EXTENSIONS = """
    INSERT INTO inspections_extension (
        deadline_id, from_on, wanted_on, reason, asked_by_id, asked_at, decision, agreed_on, answer,
        decided_by_id, decided_at
    )
    SELECT deadline.id, deadline.first_due_on, deadline.due_on, 'Partners need longer.', asking.id,
        deadline.first_due_on - 7, 'agreed', deadline.due_on, 'Agreed.', member.user_id, deadline.first_due_on - 3
    FROM inspections_deadline deadline
    JOIN inspections_inspection inspection ON inspection.id = deadline.inspection_id
    JOIN inspections_teammember member ON member.inspection_id = inspection.id AND member.is_lead
    JOIN accounts_user asking ON asking.force_id = inspection.force_id AND 'force_lead' = ANY (asking.roles)
    WHERE inspection.id > :last: AND deadline.due_on <> deadline.first_due_on
"""
_FOLLOW_UP = """
    INSERT INTO inspections_deadline (
        inspection_id, kind, follow_up_rule_id, label, responsible, basis, counts_from, unit, amount, first_due_on,
        due_on, met_on, met_note
    )
    SELECT inspection_id, kind, rule_id, label, who, 'publication', counts_from, unit, amount, due, due,
        CASE WHEN due < :today: AND mod(inspection_id + rule_id, 5) <> 0 THEN due END, ''
    FROM (
        SELECT inspection.id AS inspection_id, rule.id AS rule_id, rule.label, rule.responsible AS who,
            inspection.counts_from, rule.unit, rule.amount,
            CASE rule.kind WHEN 'other' THEN 'follow_up' ELSE rule.kind END AS kind,
            (inspection.counts_from + CASE rule.unit
                WHEN 'months' THEN make_interval(months => rule.amount)
                WHEN 'weeks' THEN make_interval(weeks => rule.amount)
                ELSE make_interval(days => rule.amount) END)::date AS due
        FROM inspections_inspection inspection
        JOIN inspections_followuprule rule ON rule.framework_id = inspection.framework_id
        WHERE inspection.id > :last:
    ) AS dated
"""
_PLANS = """
    INSERT INTO recommendations_actionplan (inspection_id, version, updated_at)
    SELECT id, 1, now() FROM inspections_inspection WHERE id > :last:
"""
_ACTIONS = """
    INSERT INTO recommendations_action (
        plan_id, recommendation_id, text, owner_id, partner, starts_on, due_on, status, position, submitted, version,
        updated_at
    )
    SELECT plan.id, recommendation.id, 'Go through what is recorded and brief every team.', owner.id, '',
        deadline.first_due_on - 60, deadline.due_on,
        recommendation.progress_status, 1, true, 1, now()
    FROM recommendations_recommendation recommendation
    JOIN recommendations_actionplan plan ON plan.inspection_id = recommendation.inspection_id
    JOIN inspections_deadline deadline ON deadline.id = recommendation.deadline_id
    JOIN inspections_inspection inspection ON inspection.id = recommendation.inspection_id
    JOIN accounts_user owner ON owner.force_id = inspection.force_id
        AND (CASE mod(recommendation.number, 2) WHEN 0 THEN 'force_lead' ELSE 'force_assessor' END) = ANY (owner.roles)
    WHERE inspection.id > :last: AND mod(recommendation.number, 5) < 2
"""
_ACTION_DEADLINES = """
    INSERT INTO inspections_deadline (
        inspection_id, kind, subject_id, label, responsible, owner_id, basis, unit, first_due_on, due_on,
        met_on, met_note
    )
    SELECT plan.inspection_id, 'action', action.id,
        'Action for recommendation ' || recommendation.number, 'force', action.owner_id, 'action_plan', '',
        action.due_on, action.due_on, CASE WHEN action.status = 'complete' THEN least(action.due_on, :today:) END, ''
    FROM recommendations_action action
    JOIN recommendations_actionplan plan ON plan.id = action.plan_id
    JOIN recommendations_recommendation recommendation ON recommendation.id = action.recommendation_id
    WHERE plan.inspection_id > :last:
"""
_TIE_ACTIONS = """
    UPDATE recommendations_action action SET deadline_id = deadline.id
    FROM inspections_deadline deadline
    WHERE deadline.kind = 'action' AND deadline.subject_id = action.id AND deadline.inspection_id > :last:
"""
_ANALYZE = "ANALYZE inspections_inspection, recommendations_recommendation, inspections_deadline"
_STATEMENTS = [
    _ANALYZE,
    *(_RECOMMENDATIONS, _ANALYZE, _POINTS),
    *(_THEIR_DEADLINES, _ANALYZE, _TIE_DEADLINES, _EXTENSIONS, _FOLLOW_UP),
    *(_PLANS, _ACTIONS, _ACTION_DEADLINES, _TIE_ACTIONS),
]
