"""People and inspections that most tests about cases start from."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from accounts.models import Force, Role, User
from inspections.models import Framework, Inspection, Stage
from tests.support.factories import make_force, make_framework, make_inspection, make_user


@dataclass
class Place:
    """One inspection with everybody who has to do with it, and some who have not."""

    inspection: Inspection
    framework: Framework
    force: Force
    lead: User
    inspector: User
    outsider: User
    manager: User
    administrator: User
    force_lead: User
    assessor: User
    viewer: User
    other_force: User

    def at(self, stage: Stage) -> Inspection:
        """Put the inspection at `stage`, as its moves would."""
        self.inspection.stage = stage
        self.inspection.save()
        return self.inspection


def make_place(stage: Stage = Stage.FIELDWORK, quota: int = 2, indicators: int = 2) -> Place:
    force, framework = make_force(), make_framework(quota=quota, indicators=indicators)
    lead, inspector = make_user(Role.LEAD_INSPECTOR), make_user(Role.INSPECTOR)
    return Place(
        inspection=make_inspection(
            stage, force=force, framework=framework, team=[inspector], lead=lead
        ),
        framework=framework,
        force=force,
        lead=lead,
        inspector=inspector,
        outsider=make_user(Role.LEAD_INSPECTOR),
        manager=make_user(Role.MANAGER),
        administrator=make_user(Role.ADMINISTRATOR),
        force_lead=make_user(Role.FORCE_LEAD, force=force),
        assessor=make_user(Role.FORCE_ASSESSOR, force=force),
        viewer=make_user(Role.FORCE_VIEWER, force=force),
        other_force=make_user(Role.FORCE_LEAD),
    )


@pytest.fixture
def place(db) -> Place:
    """An inspection in fieldwork; two sample cases of each area are due."""
    return make_place()
