"""The files with which the demo's force proves what it says, and what both sides write about it."""

from __future__ import annotations

import io
from collections.abc import Sequence

from accounts.models import User
from demo.casework import at
from demo.source import FileFacts, RemarkFacts
from recommendations import remarks
from recommendations.evidence import Proof, Upload
from recommendations.models import Recommendation


def proof_of(recommendation: Recommendation, file: FileFacts | None) -> Proof:
    """Return the evidence that goes with a word on progress."""
    if file is None:
        return Proof()
    points = list(recommendation.points.filter(order__in=file.points))
    content = io.BytesIO(file.content.encode())
    return Proof([Upload(content, file.name)], file.shows, points)


def discuss(
    recommendation: Recommendation,
    said: Sequence[RemarkFacts],
    *,
    force_lead: User,
    lead: User,
) -> None:
    """Let both sides write what they said, on their days."""
    for number, remark in enumerate(said, start=recommendation.number):
        remarks.write(
            recommendation,
            text=remark.text,
            private=remark.private,
            by=force_lead if remark.of_force else lead,
            at=at(remark.on, number),
        )
