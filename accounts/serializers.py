"""People and forces as the API shows them."""

from typing import Any

from rest_framework import serializers

from accounts.models import Force, LocalAuthority, Role, User


class LocalAuthoritySerializer(serializers.ModelSerializer[LocalAuthority]):
    class Meta:
        model = LocalAuthority
        fields = ["name", "judgment", "judgment_date"]
        read_only_fields = fields


class ForceNameSerializer(serializers.ModelSerializer[Force]):
    class Meta:
        model = Force
        fields = ["id", "name", "code"]
        read_only_fields = fields


class ForceSerializer(serializers.ModelSerializer[Force]):
    workforce_total = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="Null unless all three parts are known."
    )
    local_authorities = LocalAuthoritySerializer(many=True, read_only=True)
    policing_areas: Any = serializers.SlugRelatedField("name", many=True, read_only=True)

    class Meta:
        model = Force
        fields = [
            *("id", "name", "code", "nation", "languages", "area_description"),
            *("population", "population_note", "officers", "staff", "pcsos", "workforce_total"),
            *("workforce_as_of", "workforce_source", "local_authorities", "policing_areas"),
        ]
        read_only_fields = fields


class MeSerializer(serializers.ModelSerializer[User]):
    roles = serializers.ListField(child=serializers.ChoiceField(Role.choices), read_only=True)
    force = ForceNameSerializer(read_only=True, allow_null=True)

    class Meta:
        model = User
        fields = ["id", "name", "email", "roles", "force"]
        read_only_fields = fields
