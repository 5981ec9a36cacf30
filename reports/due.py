"""Publishing at the minute that a manager chose: whatever is due is published, or says why it could not be."""

from __future__ import annotations

import logging

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import DomainError
from config.clock import now
from inspections import news
from inspections.models import Inspection, NewsKind, Party
from reports import publication
from reports.models import Approval

logger = logging.getLogger(__name__)


def publish_due() -> int:
    """Publish every approved report whose minute has come; return how many.

    Each in a transaction of its own, and each once, however many sweeps run side by side or die: the minute goes with
    the publication. What cannot be published keeps its approval with the reason, and the team is told.
    """
    waiting = Approval.objects.standing().filter(publish_at__lte=now(), refused="")
    return sum(_try(pk, of) for pk, of in waiting.values_list("pk", "inspection"))


def _try(pk: int, of: int) -> bool:
    """Publish one; what nobody foresaw of it leaves it to the next sweep, and the others to this one."""
    try:
        return _publish(pk, of)
    except Exception:
        logger.exception("inspection %s could not be published", of)
        return False


def _publish(pk: int, of: int) -> bool:
    with transaction.atomic():
        # Everybody locks the inspection first, so that nobody waits for a second lock crosswise.
        locked = Inspection.objects.select_for_update(of=("self",), skip_locked=True)
        inspection = locked.select_related("force", "framework").filter(pk=of).first()
        approval = (
            Approval.objects.standing()
            .select_related("manager")
            .filter(pk=pk, publish_at__lte=now(), refused="")
            .first()
        )
        if inspection is None or approval is None or approval.manager is None:
            return False
        manager = approval.manager
        try:
            with transaction.atomic():
                if not manager.is_active:
                    raise DomainError(_("%(name)s no longer works here.") % {"name": manager.name})
                publication.publish_next(inspection, by=manager)
        except DomainError as refused:
            logger.warning("inspection %s was not published: %s", inspection.pk, refused)
            approval.refused = str(refused)
            approval.save(update_fields=["refused"])
            label = _("Publication of the report")
            news.tell(inspection, Party.INSPECTORATE, NewsKind.NOT_PUBLISHED, label=label, by=None)
            return False
    return True
