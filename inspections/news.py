"""Telling the other side what was done: a row in the same transaction, from which `reminders` makes messages."""

from __future__ import annotations

from accounts.models import User
from inspections.models import Inspection, News, NewsKind, Party


def tell(
    inspection: Inspection,
    party: Party,
    kind: NewsKind,
    *,
    label: str,
    by: User | None,
    subject_id: int | None = None,
) -> News:
    """Put on record that `party` has to be told of `kind`; whoever did it is not told themselves.

    `label` goes into mails: it names a thing (“Recommendation 4”), and repeats nothing that somebody wrote. Call it in
    the transaction of what happened, so that neither stands without the other (rule 8).
    """
    return News.objects.create(
        inspection=inspection,
        party=party,
        kind=kind,
        subject_id=subject_id,
        label=label[:300],
        by=by,
    )
