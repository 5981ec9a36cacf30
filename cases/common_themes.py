"""What the cases of an inspection have in common: people put findings under themes of their own words.

Findings are those of the inspectorate's submitted audits. A theme is a working paper of the inspectorate; no force sees
it. Two people at once: the same finding goes under a theme once, the same title makes one theme, and a theme is
deleted only while nothing is under it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.errors import Conflict, DomainError, NotAllowed
from accounts.models import User
from cases import personal_data
from cases.models import Audit, CommonTheme, Finding, FindingKind, TaggedFinding
from cases.personal_data import Place
from inspections import team
from inspections.models import Area, Inspection, Side

TITLE_LENGTH = 200


class ThemeRefused(DomainError):
    """Something about the theme or the findings is wrong; `field` says which of the form's fields."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class StaleTheme(Conflict):
    """Somebody renamed or deleted the theme since it was read."""


@dataclass(frozen=True)
class NewTheme:
    """A theme to begin. Its area is that of its first findings, or none if they are of several."""

    title: str
    kind: FindingKind


@dataclass(frozen=True)
class Gathered:
    """A theme with how many findings are under it that the person may read, and of how many cases."""

    theme: CommonTheme
    findings: int
    cases: int


def may_gather(inspection: Inspection, user: User) -> bool:
    """Whether `user` may put findings under themes: inspectors of the team."""
    return team.works_on(inspection, user)


def findings(inspection: Inspection, user: User) -> QuerySet[Finding]:
    """Findings of the inspectorate's submitted audits of counted cases that `user` may read; none for a force."""
    if user.is_force:
        return Finding.objects.none()
    audits = (
        Audit.objects.visible_to(user)
        .main()
        .submitted()
        .filter(side=Side.INSPECTORATE, case__inspection=inspection)
        .filter(case__excluded_at__isnull=True)
    )
    return Finding.objects.filter(audit__in=audits).exclude(text="")


def untagged(found: QuerySet[Finding]) -> QuerySet[Finding]:
    """Those of `found` that are under no theme yet."""
    return found.filter(~Exists(TaggedFinding.objects.filter(finding=OuterRef("pk"))))


def gathered(inspection: Inspection, user: User) -> list[Gathered]:
    """Return every theme of `inspection`, with what is under it, in two queries."""
    counts = {
        row["common_theme"]: row
        for row in TaggedFinding.objects.filter(
            common_theme__inspection=inspection, finding__in=findings(inspection, user)
        )
        .order_by()
        .values("common_theme")
        .annotate(findings=Count("pk"), cases=Count("finding__audit__case", distinct=True))
    }
    themes = CommonTheme.objects.visible_to(user).filter(inspection=inspection)
    nothing = {"findings": 0, "cases": 0}
    return [
        Gathered(theme, found["findings"], found["cases"])
        for theme in themes.select_related("area")
        for found in [counts.get(theme.pk, nothing)]
    ]


@transaction.atomic
def gather(
    inspection: Inspection,
    ticked: Collection[int],
    *,
    under: CommonTheme | NewTheme,
    by: User,
    personal_data_reason: str = "",
) -> CommonTheme:
    """Put the findings with these primary keys under a theme, and return it; those already there stay there.

    Raises NotAllowed, ThemeRefused, StaleTheme if somebody deleted the theme meanwhile, and LooksPersonal for its title
    (rule 9).
    """
    _check_may(inspection, by)
    chosen = list(
        findings(inspection, by)
        .filter(pk__in=ticked)
        .select_related("audit__case__area")
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    if not chosen:
        raise ThemeRefused(_("Select at least one finding"), "finding")
    areas = {finding.audit.case.area for finding in chosen}
    if isinstance(under, NewTheme):
        theme = _begin(inspection, under, areas, by, personal_data_reason)
    else:
        theme = _locked(under)
        if theme.inspection_id != inspection.pk:
            raise ThemeRefused(_("This theme belongs to another inspection."), "common_theme")
        if theme.area_id is not None and areas != {theme.area}:
            raise ThemeRefused(
                _("“%(title)s” is about one area, and some of these findings are of another.")
                % {"title": theme.title},
                "common_theme",
            )
    TaggedFinding.objects.bulk_create(
        [TaggedFinding(common_theme=theme, finding=one, tagged_by=by) for one in chosen],
        ignore_conflicts=True,
    )
    return theme


@transaction.atomic
def take_out(theme: CommonTheme, ticked: Iterable[int], *, by: User) -> int:
    """Take the findings with these primary keys out of `theme` again; return how many there were. Raises NotAllowed."""
    _check_may(theme.inspection, by)
    readable = findings(theme.inspection, by).filter(pk__in=ticked)
    taken, _kinds = TaggedFinding.objects.filter(common_theme=theme, finding__in=readable).delete()
    return taken


def rename(
    theme: CommonTheme, title: str, *, was: str, by: User, personal_data_reason: str = ""
) -> None:
    """Give `theme` another title; `was` is the one that `by` read.

    Raises NotAllowed, StaleTheme if it has another one by now, ThemeRefused if a theme of the same area has the title
    already, and LooksPersonal (rule 9).
    """
    _check_may(theme.inspection, by)
    title = _tidy(title)
    try:
        with transaction.atomic():
            _check_title(theme, title, by, personal_data_reason)
            renamed = CommonTheme.objects.filter(pk=theme.pk, title=was).update(title=title)
    except IntegrityError:
        raise ThemeRefused(_("There is already a theme with this title."), "title") from None
    if not renamed:
        raise StaleTheme(_("Somebody else renamed or deleted this theme after you opened it."))


@transaction.atomic
def delete(theme: CommonTheme, *, by: User) -> None:
    """Delete a theme that nothing is under. Raises NotAllowed, ThemeRefused or, if it is gone already, StaleTheme."""
    _check_may(theme.inspection, by)
    theme = _locked(theme)
    under = theme.tagged.count()
    if under:
        raise ThemeRefused(
            ngettext(
                "%(count)d finding is under this theme. Take it out first.",
                "%(count)d findings are under this theme. Take them out first.",
                under,
            )
            % {"count": under}
        )
    theme.delete()


def _check_may(inspection: Inspection, user: User) -> None:
    if not may_gather(inspection, user):
        raise NotAllowed(_("Only inspectors of this inspection’s team gather themes."))


def _begin(
    inspection: Inspection, new: NewTheme, areas: set[Area], by: User, personal_data_reason: str
) -> CommonTheme:
    """Return the theme with that title, made now unless somebody made it before."""
    title = _tidy(new.title)
    theme, made = CommonTheme.objects.get_or_create(
        inspection=inspection,
        area=areas.pop() if len(areas) == 1 else None,
        title=title,
        defaults={"framework_id": inspection.framework_id, "kind": new.kind, "created_by": by},
    )
    if made:
        _check_title(theme, title, by, personal_data_reason)
    return _locked(theme)


def _check_title(theme: CommonTheme, title: str, by: User, reason: str) -> None:
    place = Place(theme.inspection, f"common theme {theme.pk}")
    personal_data.check({"title": title}, place=place, by=by, reason=reason)


def _tidy(title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise ThemeRefused(_("Enter what they have in common"), "title")
    if len(title) > TITLE_LENGTH:
        raise ThemeRefused(
            _("The title must be %(most)d characters or fewer") % {"most": TITLE_LENGTH}, "title"
        )
    return title


def _locked(theme: CommonTheme) -> CommonTheme:
    """Return the theme as it is now, held until the end of the transaction, so that nobody deletes or fills it."""
    found = CommonTheme.objects.select_for_update().filter(pk=theme.pk).first()
    if found is None:
        raise StaleTheme(_("Somebody else deleted this theme after you opened it."))
    found.inspection = theme.inspection
    return found
