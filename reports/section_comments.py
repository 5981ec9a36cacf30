"""What colleagues say to each other about a section of a draft, until somebody settles it. No force reads it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.errors import Conflict, DomainError, NotAllowed
from accounts.models import User
from cases import personal_data
from config.clock import now
from inspections import team
from inspections.models import Inspection
from reports.models import SectionComment
from reports.sections import Place

LONGEST_COMMENT_CHARACTERS = 4_000


class NothingSaid(DomainError):
    """A comment needs words."""


class AlreadySettled(Conflict):
    """Somebody else has settled this comment."""


def may_comment(inspection: Inspection, user: User) -> bool:
    """Whether `user` may comment on the draft, and settle comments: the team and managers."""
    return user.is_inspectorate and team.reads_content(inspection, user)


def comment(
    inspection: Inspection, place: Place, text: str, *, by: User, personal_data_reason: str = ""
) -> SectionComment:
    """Say something about a section. Raises NothingSaid, NotAllowed, LooksPersonal (rule 9)."""
    said = text.replace("\r\n", "\n").strip()
    if not may_comment(inspection, by):
        raise NotAllowed(_("Only the team and managers comment on a draft."))
    if not said:
        raise NothingSaid(_("Enter a comment."))
    if len(said) > LONGEST_COMMENT_CHARACTERS:
        raise NothingSaid(
            _("A comment must be %(count)d characters or fewer.")
            % {"count": LONGEST_COMMENT_CHARACTERS}
        )
    where = personal_data.Place(inspection, f"section-comment {place.key}")
    personal_data.check({"text": said}, place=where, by=by, reason=personal_data_reason)
    return SectionComment.objects.create(
        inspection=inspection, section_key=place.key, text=said, by=by
    )


def settle(found: SectionComment, *, by: User) -> SectionComment:
    """Say that a comment has been dealt with; it stays on record. Raises AlreadySettled, NotAllowed."""
    if not may_comment(found.inspection, by):
        raise NotAllowed(_("Only the team and managers comment on a draft."))
    changed = SectionComment.objects.filter(pk=found.pk, settled_at__isnull=True).update(
        settled_by=by, settled_at=now()
    )
    if not changed:
        raise AlreadySettled(_("Somebody else has settled this comment."))
    found.refresh_from_db()
    return found


def open_counts(inspection: Inspection) -> dict[str, int]:
    """Return how many comments wait to be settled, by the key of their section (one query)."""
    found: dict[str, int] = {}
    for key in SectionComment.objects.filter(
        inspection=inspection, settled_at__isnull=True
    ).values_list("section_key", flat=True):
        found[key] = found.get(key, 0) + 1
    return found
