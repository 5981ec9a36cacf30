"""Brings the demo into an empty Assay, through the verbs that people use, so that it looks as if they had."""

from __future__ import annotations

import datetime
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import connection, transaction

from accounts.models import Force, LocalAuthority, PolicingArea, User
from demo import afterwards, checking, discussion, judged, known_dates, source
from demo.casework import Auditors, Methodology, at, write_cases
from demo.examples import write_examples
from demo.plans import write_plan
from demo.readings import write_readings
from demo.referrals import write_referrals
from demo.sample import assign_cases, draw_sample
from demo.source import InspectionFacts
from demo.texts import Texts
from demo.writing import write_sections
from inspections import comparisons, deadlines, frameworks, planning, stages
from inspections.models import (
    Framework,
    Inspection,
    InspectionKind,
    Stage,
    StageChange,
)
from recommendations import drafting, progress
from recommendations.models import Recommendation
from reports import approval, publication

MANAGER = "manager@assay.example"
DAYS_FOR_SELF_ASSESSMENT = 28
DAYS_OF_ACCURACY_CHECK = 28
UNKNOWN_CASES = "Nothing is published about the cases of this inspection."


def load_demo(password: str, *, today: datetime.date) -> bool:
    """Load forces, people, inspections and their history in one transaction; False if the demo is there already.

    `password` becomes everybody's. Dates of the invented force are counted from `today`, so the demo never ages;
    dates of published inspections stay. Frameworks that are not loaded yet are.
    """
    if User.objects.filter(email=MANAGER).exists():
        return False
    with transaction.atomic():
        _load_frameworks()
        forces = {raw["code"]: _force(raw) for raw in source.load("forces")}
        people = {raw["email"]: _person(raw, forces, password) for raw in source.load("people")}
        loader = _Inspections(forces, people, today)
        for facts in source.inspections(today):
            loader.bring_in(facts)
        afterwards.confirm_asks(loader.loaded, by=people[MANAGER])
        afterwards.set_policies()
        afterwards.forget_news(loader.loaded)
        # Pages are opened at once, and without statistics PostgreSQL can take minutes for some of them.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return True


def _load_frameworks() -> None:
    for file in sorted((settings.BASE_DIR / "inspections" / "frameworks").glob("*.yaml")):
        frameworks.load(file)
    for file in sorted((settings.BASE_DIR / "inspections" / "comparisons").glob("*.yaml")):
        comparisons.load(file)


def _force(raw: dict[str, Any]) -> Force:
    workforce = raw.get("workforce", {})
    force = Force.objects.create(
        code=raw["code"],
        name=raw["name"],
        nation=raw["nation"],
        languages=raw["languages"],
        area_description=raw.get("area", ""),
        population=raw.get("population"),
        population_note=raw.get("population_note", ""),
        officers=workforce.get("officers"),
        staff=workforce.get("staff"),
        pcsos=workforce.get("pcsos"),
        workforce_as_of=workforce.get("as_of"),
        workforce_source=workforce.get("source", ""),
    )
    for authority in raw.get("local_authorities", []):
        known = {"name": authority} if isinstance(authority, str) else authority
        LocalAuthority.objects.create(force=force, **known)
    for name in raw.get("policing_areas", []):
        PolicingArea.objects.create(force=force, name=name)
    return force


def _person(raw: dict[str, Any], forces: dict[str, Force], password: str) -> User:
    signs_in = raw.get("signs_in", True)
    return User.objects.create_user(
        raw["email"],
        password if signs_in else None,
        name=raw["name"],
        roles=raw["roles"],
        force=forces[raw["force"]] if "force" in raw else None,
        is_active=signs_in,
        works_for_commissioner=raw.get("works_for_commissioner", False),
    )


class _Inspections:
    """Brings inspections in one after the other, each through the stages up to the one it stands at."""

    def __init__(
        self, forces: dict[str, Force], people: dict[str, User], today: datetime.date
    ) -> None:
        self.forces, self.people, self.today = forces, people, today
        self.manager = people[MANAGER]
        self.loaded: dict[str, Inspection] = {}
        self.texts = Texts()

    def bring_in(self, facts: InspectionFacts) -> None:
        inspection = self._plan(facts)
        self.loaded[facts.key] = inspection
        lead = self.people[facts.lead]
        reached = Stage(facts.stage).position
        self._until_fieldwork(inspection, facts, reached)
        if reached < Stage.DRAFTING.position:
            return
        self._move(inspection, "begin_drafting", lead, facts.fieldwork_end)
        recommendations = self._draft(inspection, facts, lead)
        judged.look_back(inspection, facts, recommendations, lead)
        if reached == Stage.DRAFTING.position:
            return
        if reached == Stage.FACTUAL_ACCURACY.position:
            self._have_it_checked(inspection, facts)
            return
        self._publish(inspection, facts)
        self._follow_up(inspection, facts, recommendations)
        write_plan(inspection, facts, self.people, self.today)
        if facts.stage == Stage.CLOSED:
            last = max(
                *(part.on for part in facts.follow_up_met),
                *(one.judged.on for one in facts.recommendations if one.judged),
            )
            self._move(inspection, "close", lead, last)

    def _have_it_checked(self, inspection: Inspection, facts: InspectionFacts) -> None:
        """Send the draft to the force, whose time to reply is not over yet."""
        lead = self.people[facts.lead]
        assert facts.sent_on
        self._move(inspection, "send_for_factual_accuracy", lead, facts.sent_on)
        known_dates.count_reply(inspection, sent=facts.sent_on)
        checking.under_way(
            inspection,
            facts.key,
            today=self.today,
            force_lead=self.people[facts.force_lead],
            lead=lead,
        )

    def _publish(self, inspection: Inspection, facts: InspectionFacts) -> None:
        """Have the draft checked, approved, published and followed up, each on its day."""
        lead, force_lead = self.people[facts.lead], self.people[facts.force_lead]
        assert facts.published_on
        sent = facts.published_on - datetime.timedelta(DAYS_OF_ACCURACY_CHECK)
        self._move(inspection, "send_for_factual_accuracy", lead, sent)
        known_dates.reply_in_time(
            inspection, sent=sent, published_on=facts.published_on, by=force_lead
        )
        checking.check(
            inspection,
            facts.key,
            sent=sent,
            published_on=facts.published_on,
            force_lead=force_lead,
            lead=lead,
        )
        approval.approve(inspection, by=lead)
        publication.publish(
            inspection,
            by=self.manager,
            published_on=facts.published_on,
            assumed=facts.published_assumed,
            month_only=facts.published_month_only,
        )
        self._backdate("publish", inspection, facts.published_on)
        known_dates.approved_before(inspection, facts.published_on)
        known_dates.confirm_start(inspection, facts, by=lead, today=self.today)
        after = facts.published_on + datetime.timedelta(1)
        self._move(inspection, "begin_follow_up", lead, after)

    def _plan(self, facts: InspectionFacts) -> Inspection:
        code, version = facts.framework
        framework = Framework.objects.get(code=code, version=version)
        due = facts.self_assessment_due
        if due is None and framework.areas.filter(sample_quota__gt=0).exists():
            due = facts.fieldwork_start  # no report prints it; it cannot have been later
        inspection = planning.plan(
            force=self.forces[facts.force],
            framework=framework,
            kind=InspectionKind(facts.kind),
            fieldwork_start=facts.fieldwork_start,
            fieldwork_end=facts.fieldwork_end,
            self_assessment_due=due,
            parent=self.loaded[facts.parent] if facts.parent else None,
            by=self.people[facts.lead],
        )
        for email in facts.members:
            planning.add_to_team(inspection, self.people[email], by=self.manager)
        return inspection

    def _until_fieldwork(
        self, inspection: Inspection, facts: InspectionFacts, reached: int
    ) -> None:
        """Bring cases and audits in, and move the inspection to self-assessment and fieldwork."""
        lead = self.people[facts.lead]
        if stages.needs_self_assessment(inspection):
            assert inspection.self_assessment_due
            opened = inspection.self_assessment_due - datetime.timedelta(DAYS_FOR_SELF_ASSESSMENT)
            self._move(inspection, "open_self_assessment", lead, min(opened, self.today))
        write_cases(
            inspection,
            facts.rows,
            methodology=Methodology(inspection.framework),
            auditors=Auditors(
                force=self.people[facts.force_assessor],
                inspectors=[self.people[email] for email in (*facts.members, facts.lead)],
            ),
            texts=self.texts,
            first_reference=facts.first_reference,
            graded_until=self.today,
        )
        if reached < Stage.FIELDWORK.position:
            draw_sample(inspection, facts, self.people[facts.force_assessor])
            return
        if facts.rows:
            self._move(inspection, "begin_fieldwork", lead, facts.fieldwork_start)
            write_referrals(inspection, facts, self.people, self.today)
            if reached == Stage.FIELDWORK.position:
                assign_cases(inspection, lead)
                write_readings(inspection, lead, self.manager, self.people, self.texts)
        else:
            self._begin_fieldwork_without_cases(inspection, facts)

    def _begin_fieldwork_without_cases(
        self, inspection: Inspection, facts: InspectionFacts
    ) -> None:
        """Move on although no sample is known, which no person may: the record says why."""
        StageChange.objects.create(
            inspection=inspection,
            transition="begin_fieldwork",
            from_stage=inspection.stage,
            to_stage=Stage.FIELDWORK,
            by=self.people[facts.lead],
            note=UNKNOWN_CASES,
        )
        inspection.stage = Stage.FIELDWORK
        inspection.save(update_fields=["stage"])
        for deadline in inspection.deadlines.all():
            deadlines.meet(deadline, by=self.people[facts.lead], on=deadline.due_on)
        self._backdate("begin_fieldwork", inspection, facts.fieldwork_start)

    def _draft(
        self, inspection: Inspection, facts: InspectionFacts, lead: User
    ) -> list[Recommendation]:
        """Write sections and recommendations; return these in the order of `facts`."""
        parts = Methodology(inspection.framework)
        recommendations = [
            drafting.add(
                inspection,
                theme=parts.themes[one.theme],
                timescale=parts.timescales[one.timescale],
                stem=one.stem,
                points=one.points,
                by=lead,
            )
            for one in facts.recommendations
        ]
        write_sections(inspection, facts, self.people, self.today)
        write_examples(inspection, facts.examples, lead)
        return recommendations

    def _follow_up(
        self,
        inspection: Inspection,
        facts: InspectionFacts,
        recommendations: list[Recommendation],
    ) -> None:
        """Report the force's progress, and meet what the framework wants after publication, on the days given."""
        force_lead = self.people[facts.force_lead]
        for recommendation, one in zip(recommendations, facts.recommendations, strict=True):
            for update in one.progress:
                progress.report(
                    recommendation,
                    status=update.status,
                    note=update.note,
                    proof=discussion.proof_of(recommendation, update.file),
                    by=force_lead,
                    at=at(update.on, recommendation.number),
                )
            discussion.discuss(
                recommendation,
                one.remarks,
                force_lead=force_lead,
                lead=self.people[facts.lead],
            )
            judged.judge(recommendation, one, self.people[facts.lead])
        for met in facts.follow_up_met:
            deadline = inspection.deadlines.get(follow_up_rule__code=met.rule)
            by = force_lead if deadline.responsible == "force" else self.people[facts.lead]
            deadlines.meet(deadline, by=by, note=met.note, on=met.on)

    def _move(self, inspection: Inspection, code: str, by: User, on: datetime.date) -> None:
        moved = stages.move(inspection, code, by=by)
        inspection.stage = moved.stage
        self._backdate(code, inspection, on)
        if code == "begin_fieldwork":  # the force has met its deadline when it was due, not today
            for deadline in inspection.deadlines.filter(met_on__isnull=False):
                deadline.met_on = min(deadline.due_on, self.today)
                deadline.save(update_fields=["met_on"])

    def _backdate(self, code: str, inspection: Inspection, on: datetime.date) -> None:
        """Say of a move that has just been made when it was made in the past that is told here."""
        moment = at(on, inspection.pk)
        with pgtrigger.ignore("inspections.StageChange:append_only"):
            inspection.stage_changes.filter(transition=code).update(at=moment)
        planned = moment - datetime.timedelta(days=28)
        Inspection.objects.filter(pk=inspection.pk, created_at__gt=planned).update(
            created_at=planned
        )
