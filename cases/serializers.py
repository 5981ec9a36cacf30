"""Cases, audits and figures as the API shows them, and cases and audits as it takes them in."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cases import content, durations, moderation, sampling, uploads
from cases.durations import PRECISIONS
from cases.models import Answer, Audit, CaseFile, FindingKind
from inspections.serializers import PersonalDataConfirmation

MAX_VERSION = 2_147_483_647


class AnswerSerializer(serializers.Serializer[Any]):
    indicator = serializers.SlugField(
        max_length=50, help_text="Code of an indicator of the case’s area."
    )
    answer = serializers.ChoiceField(choices=Answer.choices, allow_blank=True, default="")
    note = serializers.CharField(max_length=content.NOTE_LENGTH, allow_blank=True, default="")


class FindingSerializer(serializers.Serializer[Any]):
    key = serializers.RegexField(
        content.KEY_PATTERN,
        max_length=40,
        help_text="Yours to choose; it stays with the finding when the audit is saved again.",
    )
    theme = serializers.SlugField(
        max_length=50, allow_blank=True, help_text="Code of a theme; empty only in a draft."
    )
    kind = serializers.ChoiceField(
        choices=FindingKind.choices, allow_blank=True, help_text="Empty only in a draft."
    )
    text = serializers.CharField(max_length=content.FINDING_LENGTH, allow_blank=True)
    indicators = serializers.ListField(
        child=serializers.SlugField(max_length=50),
        max_length=50,
        default=list,
        help_text="Codes of the indicators that it rests on.",
    )


class EventSerializer(serializers.Serializer[Any]):
    """Something that happened. The dates tell how precisely it is known: a month, a day, or a day with a time."""

    what = serializers.CharField(max_length=content.LINE_LENGTH, allow_blank=True)
    on = serializers.CharField(
        max_length=10, allow_blank=True, help_text="“2026-03-09”, or “2026-03” for a month."
    )
    at = serializers.CharField(
        max_length=5, allow_blank=True, default="", help_text="“14:32”, Europe/London."
    )
    precision = serializers.ChoiceField(choices=[*PRECISIONS, ""], read_only=True)
    cause = serializers.SlugField(
        max_length=50, allow_blank=True, default="", help_text="Code of a cause of delay."
    )

    def validate(self, event: dict[str, Any]) -> dict[str, Any]:
        when = durations.read(event["on"], event["at"])
        if when is None and (event["on"] or event["at"]):
            raise serializers.ValidationError({"on": [_("This must be a real date and time")]})
        return {**event, "precision": when.precision if when else ""}


class PersonSerializer(serializers.Serializer[Any]):
    """A child or a suspect: child A, child B … in their order. There is no field for a name."""

    kind = serializers.ChoiceField(choices=list(content.KINDS_OF_PERSON.items()))
    age = serializers.IntegerField(min_value=0, max_value=120, allow_null=True)
    sex = serializers.ChoiceField(choices=list(content.SEXES.items()))


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "integer"}]})
class FactValueField(serializers.Field[Any, Any, Any, Any]):
    """A text or a whole number; whether it fits its fact is asked when it is saved."""

    def to_internal_value(self, data: Any) -> Any:
        if type(data) is int or (isinstance(data, str) and len(data) <= content.LINE_LENGTH):
            return data
        raise serializers.ValidationError(_("This must be a text or a whole number"))

    def to_representation(self, value: Any) -> Any:
        return value


class AuditSerializer(serializers.ModelSerializer[Audit]):
    case: Any = serializers.PrimaryKeyRelatedField(read_only=True)
    grade: Any = serializers.SlugRelatedField("code", read_only=True, allow_null=True)
    final_grade: Any = serializers.SlugRelatedField(
        "code",
        read_only=True,
        allow_null=True,
        help_text="What counts: the grade given, or another one that moderation settled.",
    )
    answers = serializers.SerializerMethodField()
    findings = serializers.SerializerMethodField()
    timeline = EventSerializer(many=True, read_only=True)
    people = PersonSerializer(many=True, read_only=True)
    facts = serializers.DictField(
        read_only=True, help_text="Values by the code of a fact of the case’s area."
    )

    class Meta:
        model = Audit
        fields = [
            *("id", "case", "side", "reading", "status", "grade", "reason", "final_grade"),
            *("moderation_reason", "answers", "findings", "timeline", "people", "facts"),
            *("version", "updated_at", "submitted_at"),
        ]
        read_only_fields = fields

    def to_representation(self, audit: Audit) -> dict[str, Any]:
        """A force reads of a moderated audit only what was settled."""
        request = self.context.get("request")
        told = moderation.as_told(audit, request.user) if request else audit
        return super().to_representation(told)

    @extend_schema_field(AnswerSerializer(many=True))
    def get_answers(self, audit: Audit) -> list[dict[str, Any]]:
        return [
            {"indicator": row.indicator.code, "answer": row.answer, "note": row.note}
            for row in audit.answers.all()
        ]

    @extend_schema_field(FindingSerializer(many=True))
    def get_findings(self, audit: Audit) -> list[dict[str, Any]]:
        return [
            {
                "key": row.key,
                "theme": row.theme.code if row.theme else "",
                "kind": row.kind,
                "text": row.text,
                "indicators": row.indicators,
            }
            for row in audit.findings.all()
        ]


class CaseSerializer(serializers.ModelSerializer[CaseFile]):
    inspection: Any = serializers.PrimaryKeyRelatedField(read_only=True)
    area: Any = serializers.SlugRelatedField("code", read_only=True)
    audits = AuditSerializer(
        many=True, read_only=True, help_text="Those that the person may read at this time."
    )

    class Meta:
        model = CaseFile
        fields = [
            *("id", "inspection", "reference", "area", "route", "summary", "opened_on"),
            *("selection_reason", "added_at", "excluded_at", "excluded_reason", "audits"),
        ]
        read_only_fields = fields


class NewCaseFields(serializers.Serializer[Any]):
    """One case that comes into an inspection, by the route that is open to the person at this stage."""

    reference = serializers.CharField(
        max_length=sampling.REFERENCE_LENGTH,
        help_text="Names nobody. Letters, digits, spaces and . / _ -, at least one digit.",
    )
    area = serializers.CharField(
        max_length=200, help_text="Code of an area of the inspection’s framework."
    )
    summary = serializers.CharField(
        max_length=sampling.SUMMARY_LENGTH, allow_blank=True, default=""
    )
    opened_on = serializers.DateField(allow_null=True, default=None)
    selection_reason = serializers.CharField(
        max_length=sampling.REASON_LENGTH,
        allow_blank=True,
        default="",
        help_text="Why inspectors selected it; empty in a force’s sample.",
    )


class NewCaseSerializer(NewCaseFields, PersonalDataConfirmation):
    pass


class NewCasesSerializer(PersonalDataConfirmation):
    """Many cases; one that is wrong keeps all of them out, and the answer says what is wrong with which."""

    cases = NewCaseFields(many=True, allow_empty=False, max_length=uploads.MAX_ROWS)


class AddedCasesSerializer(serializers.Serializer[Any]):
    class Added(serializers.ModelSerializer[CaseFile]):
        class Meta:
            model = CaseFile
            fields = ["id", "reference"]
            read_only_fields = fields
            ref_name = "AddedCase"

    cases = Added(many=True, read_only=True)


class AuditDraftSerializer(serializers.Serializer[Any]):
    """A draft. Grade and reason are saved as they are here; any other part that is left out stays as it is."""

    version = serializers.IntegerField(
        min_value=0,
        max_value=MAX_VERSION,
        help_text="The version that was read; 0 if there was no audit yet.",
    )
    grade = serializers.CharField(
        max_length=50, allow_null=True, help_text="Code of a grade of the framework’s scale."
    )
    reason = serializers.CharField(max_length=content.REASON_LENGTH, allow_blank=True)
    answers = AnswerSerializer(
        many=True,
        required=False,
        max_length=200,
        help_text="An indicator left out keeps its answer.",
    )
    findings = FindingSerializer(
        many=True,
        required=False,
        max_length=content.MAX_FINDINGS,
        help_text="All of them: one that is left out is removed.",
    )
    timeline = EventSerializer(many=True, required=False, max_length=content.MAX_EVENTS)
    people = PersonSerializer(many=True, required=False, max_length=content.MAX_PEOPLE)
    facts = serializers.DictField(
        child=FactValueField(),
        required=False,
        help_text="Values by code: a moment “2026-03-09T14:32” (or “2026-03-09”), “yes”, “no” or “not_recorded”, "
        "a number, or one of the fact’s choices.",
    )


class VersionSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(
        min_value=1, max_value=MAX_VERSION, help_text="The version that was read."
    )


class SubmissionSerializer(VersionSerializer, PersonalDataConfirmation):
    pass


class ConflictSerializer(serializers.Serializer[Any]):
    """Somebody was faster: what stands now, and what was sent, so that nothing is lost."""

    detail = serializers.CharField(read_only=True)
    current = AuditSerializer(read_only=True)
    yours = serializers.JSONField(read_only=True)


class GradeOfScaleSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(read_only=True)
    label = serializers.CharField(read_only=True)
    letter = serializers.CharField(read_only=True)


class FigureRowSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(read_only=True)
    label = serializers.CharField(read_only=True)
    counts = serializers.ListField(
        child=serializers.IntegerField(), read_only=True, help_text="In the order of `grades`."
    )
    total = serializers.IntegerField(read_only=True)


class SampleRowSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(read_only=True)
    label = serializers.CharField(read_only=True)
    quota = serializers.IntegerField(read_only=True)
    self_assessed = serializers.IntegerField(read_only=True)
    selected = serializers.IntegerField(read_only=True)
    examined = serializers.IntegerField(read_only=True)


class FiguresSerializer(serializers.Serializer[Any]):
    """What was counted of one inspection, as far as the person may see it now."""

    cases = serializers.IntegerField(read_only=True)
    graded = serializers.IntegerField(read_only=True)
    not_graded = serializers.IntegerField(read_only=True)
    shows_inspectorate = serializers.BooleanField(read_only=True)
    grades = GradeOfScaleSerializer(many=True, read_only=True)
    headline = FigureRowSerializer(read_only=True)
    by_route = FigureRowSerializer(many=True, read_only=True)
    by_area = FigureRowSerializer(many=True, read_only=True)
    matrix = FigureRowSerializer(
        many=True,
        read_only=True,
        help_text="A row for each grade of the force, a column for each of the inspectorate.",
    )
    compared = serializers.IntegerField(read_only=True)
    same = serializers.IntegerField(read_only=True)
    force_sample = FigureRowSerializer(read_only=True)
    sample = SampleRowSerializer(many=True, read_only=True)
