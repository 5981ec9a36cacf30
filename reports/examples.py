"""Case examples: an account of a case that names nobody, written by its inspector, released for the report by a lead.

What a lead released is what the report tells: whoever changes an account afterwards takes the release back with it.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Conflict, DomainError, NotAllowed
from accounts.models import User
from cases import personal_data
from cases.models import Audit, AuditStatus, CaseFile, Reading
from inspections import team
from inspections.models import Inspection, Side, Stage, Theme
from reports import renumbering, sections
from reports.models import CaseExample

LONGEST_ACCOUNT_CHARACTERS = 6_000


class ExampleRefused(DomainError):
    """The example cannot be saved or released as it is; `field` says what of it must change."""

    def __init__(self, message: str, field: str = "text") -> None:
        self.field = field
        super().__init__(message)


class StaleExample(Conflict):
    """Somebody has changed the example since it was read; `current` is how it is now, None if it is gone."""

    def __init__(self, current: CaseExample | None) -> None:
        self.current = current
        super().__init__(_("Somebody else has changed this example in the meantime."))


def themes(inspection: Inspection) -> list[Theme]:
    """Return the themes that the report has a section for, in its order."""
    return [place.theme for place in sections.ordered_places(inspection) if place.theme]


def are_read_by(inspection: Inspection, user: User) -> bool:
    """Whether the pages of examples are for `user`: the team and managers. A force reads them in its draft."""
    return user.is_inspectorate and team.reads_content(inspection, user)


def visible(inspection: Inspection, user: User) -> QuerySet[CaseExample]:
    """Return the examples that `user` may read now; none of a case that they have yet to read blind."""
    owed = Audit.objects.unfinished_readings_of(user).filter(case__inspection=inspection)
    return (
        CaseExample.objects.visible_to(user)
        .filter(inspection=inspection)
        .exclude(case__in=owed.values("case"))
        .select_related("case__area", "theme", "author", "released_by")
    )


def is_open(inspection: Inspection) -> bool:
    """Whether examples can be written and changed: from fieldwork on, as long as the text of the report can."""
    return inspection.stage == Stage.FIELDWORK or sections.is_open(inspection)


def may_make(case: CaseFile, user: User) -> bool:
    """Whether `user` may tell of `case`: its inspector or a lead of the team, once the inspectorate has graded it.

    One or two queries. Its inspector is whom it is assigned to, and whoever submitted the audit of it.
    """
    inspection = case.inspection
    if case.excluded_at or not team.works_on(inspection, user) or not is_open(inspection):
        return False
    owed = Audit.objects.unfinished_readings_of(user).filter(case=case)
    graded = Audit.objects.filter(
        case=case, side=Side.INSPECTORATE, reading=Reading.MAIN, status=AuditStatus.SUBMITTED
    ).first()
    if graded is None or owed.exists():
        return False
    inspectors = {case.assigned_to_id, graded.submitted_by_id}
    return user.pk in inspectors or team.leads(inspection, user)


def is_read_blind(case: CaseFile) -> bool:
    """Whether somebody of the team was asked for a further reading of `case` and has not submitted it yet."""
    owed = case.audits.exclude(reading=Reading.MAIN).filter(first_submitted_at__isnull=True)
    return owed.filter(reader__in=case.inspection.team.values("user")).exists()


def may_change(example: CaseExample, user: User) -> bool:
    """Whether `user` may change or remove the example: who wrote it, or a lead, as long as it is open."""
    inspection = example.inspection
    own = example.author_id == user.pk and team.works_on(inspection, user)
    return (own or team.leads(inspection, user)) and is_open(inspection)


def may_release(inspection: Inspection, user: User) -> bool:
    """Whether `user` may release examples: a lead of the inspection, while the report is being written."""
    return team.leads(inspection, user) and sections.is_open(inspection)


def others_of(case: CaseFile, example: CaseExample | None = None) -> QuerySet[CaseExample]:
    """Return the other examples that tell of the same case."""
    found = case.examples.select_related("theme")
    return found.exclude(pk=example.pk) if example else found


def make(
    case: CaseFile,
    *,
    theme: Theme,
    good: bool,
    text: str,
    by: User,
    told_again: str = "",
    personal_data_reason: str = "",
) -> CaseExample:
    """Write an account of `case` for the section on `theme`; nobody reads it in a report before a lead released it.

    Raises NotAllowed, LooksPersonal (rule 9), and ExampleRefused: for a case that was told before without `told_again`,
    which says why, and for a text that has the case's reference in it.
    """
    with transaction.atomic():
        inspection = _locked(case.inspection)
        if not may_make(CaseFile.objects.select_related("inspection").get(pk=case.pk), by):
            raise NotAllowed(
                _("Examples are made by the inspector of a case, once its audit is submitted.")
            )
        again = _checked(case, None, theme, text, told_again)
        try:
            with transaction.atomic():
                made = CaseExample.objects.create(
                    inspection=inspection,
                    framework_id=inspection.framework_id,
                    case=case,
                    theme=theme,
                    good=good,
                    text=_clean(text),
                    told_again=again,
                    author=by,
                )
        except IntegrityError as error:  # somebody told the case at the same moment
            raise _told_before() from error
        _check_words(made, by, personal_data_reason)
        return made


@transaction.atomic
def change(
    example: CaseExample,
    *,
    version: int,
    theme: Theme,
    good: bool,
    text: str,
    by: User,
    told_again: str = "",
    personal_data_reason: str = "",
) -> CaseExample:
    """Change the account that somebody had read as `version`; a lead has to release it anew.

    Raises StaleExample if somebody changed it in between (rule 5), and what `make` raises.
    """
    with renumbering.examples_followed(example.inspection, by=by):
        current = _current(example, version)
        if not may_change(current, by):
            raise NotAllowed(
                _(
                    "Examples are changed by whoever wrote them, or a lead, until the draft goes out."
                )
            )
        again = _checked(current.case, current, theme, text, told_again)
        current.theme, current.good, current.text = theme, good, _clean(text)
        current.told_again = again
        current.version += 1
        current.released_by, current.released_at = None, None
        try:
            with transaction.atomic():
                current.save()
        except IntegrityError as error:
            raise _told_before() from error
        _check_words(current, by, personal_data_reason)
    current.refresh_from_db(fields=["text", "version"])
    return current


@transaction.atomic
def release(example: CaseExample, *, version: int, by: User) -> CaseExample:
    """Let the report tell the account that `by`, a lead, has read as `version`.

    The draft is the same for the whole team, so nobody may still have to read the case blind. Such readings are done
    before drafting begins, except of a case that was excluded then and counts again.
    Raises StaleExample, NotAllowed, and ExampleRefused for a case that was excluded or is read blind.
    """
    with renumbering.examples_followed(example.inspection, by=by):
        inspection = _locked(example.inspection)
        current = _current(example, version)
        if not may_release(inspection, by):
            raise NotAllowed(_("A lead of the inspection releases examples, in drafting."))
        if current.case.excluded_at:
            raise ExampleRefused(_("The case has been excluded, so no report tells of it."))
        if is_read_blind(current.case):
            raise ExampleRefused(
                _(
                    "A colleague has yet to read this case. Release the example once they have submitted."
                )
            )
        where = personal_data.Place(inspection, place_name(current), current.case)
        personal_data.check({"text": current.text}, place=where, by=by)
        current.released_by, current.released_at = by, timezone.now()
        current.save(update_fields=["released_by", "released_at", "updated_at"])
    current.refresh_from_db(fields=["text", "version"])
    return current


def take_back(example: CaseExample, *, by: User) -> None:
    """Take an account out of the report again; it stays for whoever wrote it. Raises NotAllowed."""
    with renumbering.examples_followed(example.inspection, by=by):
        inspection = _locked(example.inspection)
        if not may_release(inspection, by):
            raise NotAllowed(_("A lead of the inspection takes examples out of the report."))
        CaseExample.objects.filter(pk=example.pk).update(
            released_by=None, released_at=None, updated_at=timezone.now()
        )


def remove(example: CaseExample, *, version: int, by: User) -> None:
    """Remove an example that somebody had read as `version`. Raises StaleExample and NotAllowed."""
    with renumbering.examples_followed(example.inspection, by=by):
        current = _current(example, version)
        if not may_change(current, by):
            raise NotAllowed(_("Examples are removed by whoever wrote them, or a lead."))
        current.delete()


def place_name(example: CaseExample) -> str:
    """Return what texts of the example are called where something in them was confirmed as no personal data."""
    return f"example {example.pk}"


def case_links(case: CaseFile, user: User) -> list[tuple[str, str]]:
    """Return what the page of a case offers: to make an example of it."""
    if not may_make(case, user):
        return []
    return [(_("Make an example"), reverse("reports:add_example", args=[case.pk]))]


def _locked(inspection: Inspection) -> Inspection:
    """A stage move waits for this lock, so that no example changes behind the back of a publication."""
    return Inspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk)


def _current(example: CaseExample, version: int) -> CaseExample:
    found = CaseExample.objects.select_related("case", "inspection", "theme", "author")
    current = found.select_for_update(of=("self",)).filter(pk=example.pk).first()
    if current is None or current.version != version:
        raise StaleExample(current)
    return current


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _checked(
    case: CaseFile, example: CaseExample | None, theme: Theme, text: str, told_again: str
) -> str:
    """Refuse what no example can be; return why the case is told again, or nothing if it is not."""
    if theme not in themes(case.inspection):
        raise ExampleRefused(_("Select a theme of this report."), "theme")
    if not _clean(text):
        raise ExampleRefused(_("Enter what happened in this case."))
    if len(_clean(text)) > LONGEST_ACCOUNT_CHARACTERS:
        raise ExampleRefused(
            _("The account must be %(count)d characters or fewer")
            % {"count": LONGEST_ACCOUNT_CHARACTERS}
        )
    if case.reference.casefold() in text.casefold():
        raise ExampleRefused(_("Take out the reference of the case: readers must not find it."))
    if not others_of(case, example).exists():
        return ""
    if not personal_data.says_something(told_again):
        raise _told_before()
    return _clean(told_again)


def _told_before() -> ExampleRefused:
    return ExampleRefused(
        _("Another example tells of this case already. Enter why it is told again."), "told_again"
    )


def _check_words(example: CaseExample, by: User, reason: str) -> None:
    where = personal_data.Place(example.inspection, place_name(example), example.case)
    texts = {"text": example.text, "told_again": example.told_again}
    personal_data.check(texts, place=where, by=by, reason=reason)
