"""Forces, and the people of the inspectorate and of the forces."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _


class Nation(models.TextChoices):
    ENGLAND = "england", _("England")
    WALES = "wales", _("Wales")


class ForceQuerySet(models.QuerySet["Force"]):
    def visible_to(self, user: User) -> ForceQuerySet:
        """Forces whose page `user` may open: the inspectorate sees all, a force person their own."""
        if user.is_inspectorate:
            return self
        return self.filter(pk=user.force_id)


class Force(models.Model):
    """A territorial police force, with the facts that a report gives as its context."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    code = models.SlugField(
        _("code"), unique=True, help_text=_("Short, for case references: “GW”.")
    )
    nation = models.CharField(_("nation"), max_length=10, choices=Nation)
    languages = models.CharField(_("languages"), max_length=200, blank=True)
    area_description = models.CharField(_("area"), max_length=200, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    population_note = models.CharField(
        _("note on the population"),
        max_length=200,
        blank=True,
        help_text=_("For example “over”, or the date of the estimate."),
    )
    officers = models.PositiveIntegerField(_("police officers"), null=True, blank=True)
    staff = models.PositiveIntegerField(_("police staff"), null=True, blank=True)
    pcsos = models.PositiveIntegerField(_("community support officers"), null=True, blank=True)
    workforce_as_of = models.DateField(_("workforce figures as of"), null=True, blank=True)
    workforce_source = models.CharField(
        _("source of workforce figures"), max_length=200, blank=True
    )

    objects = ForceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="force_workforce_has_its_date",
                condition=Q(officers=None, staff=None, pcsos=None)
                | Q(workforce_as_of__isnull=False),
                violation_error_message=_("Enter the date of the workforce figures."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def workforce_total(self) -> int | None:
        """Officers, staff and PCSOs together; None unless all three are known."""
        parts = (self.officers, self.staff, self.pcsos)
        return None if None in parts else sum(part for part in parts if part is not None)


class LocalAuthority(models.Model):
    """A local authority in the force's area, with the last judgment of its children's services."""

    force = models.ForeignKey(Force, on_delete=models.CASCADE, related_name="local_authorities")
    name = models.CharField(_("name"), max_length=100)
    judgment = models.CharField(_("children’s-services judgment"), max_length=100, blank=True)
    judgment_date = models.DateField(_("date of the judgment"), null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "local authorities"
        constraints = [
            models.UniqueConstraint(fields=["force", "name"], name="local_authority_once_per_force")
        ]

    def __str__(self) -> str:
        return self.name


class PolicingArea(models.Model):
    force = models.ForeignKey(Force, on_delete=models.CASCADE, related_name="policing_areas")
    name = models.CharField(_("name"), max_length=100)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["force", "name"], name="policing_area_once_per_force")
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    INSPECTOR = "inspector", _("Inspector")
    LEAD_INSPECTOR = "lead_inspector", _("Lead inspector")
    MANAGER = "manager", _("Manager")
    ADMINISTRATOR = "administrator", _("Administrator")
    FORCE_LEAD = "force_lead", _("Force lead")
    FORCE_ASSESSOR = "force_assessor", _("Force assessor")
    FORCE_VIEWER = "force_viewer", _("Force viewer")


INSPECTORATE_ROLES = [
    Role.INSPECTOR.value,
    Role.LEAD_INSPECTOR.value,
    Role.MANAGER.value,
    Role.ADMINISTRATOR.value,
]
FORCE_ROLES = [Role.FORCE_LEAD.value, Role.FORCE_ASSESSOR.value, Role.FORCE_VIEWER.value]


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        """Find by e-mail address, in whatever case it was typed."""
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a person; `roles` (and `force` for a force's roles) are required."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create the first administrator (`manage.py createsuperuser`)."""
        return self.create_user(email, password, roles=[Role.ADMINISTRATOR.value], **fields)


class User(AbstractBaseUser):
    """A person who signs in. Roles are data: an administrator assigns them.

    Inspectorate roles and force roles never meet in one person, and a force person belongs to exactly one force;
    both are constraints of the database.
    """

    email = models.EmailField(_("email address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    roles = ArrayField(models.CharField(max_length=20, choices=Role), verbose_name=_("roles"))
    force = models.ForeignKey(
        Force, on_delete=models.PROTECT, null=True, blank=True, related_name="people"
    )
    works_for_commissioner = models.BooleanField(
        _("works for the police and crime commissioner"),
        default=False,
        help_text=_("Of the force’s viewers, those who may write the commissioner’s comments."),
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    date_joined = models.DateTimeField(_("added"), auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "email"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_any_case_unique"),
            models.CheckConstraint(
                name="user_roles_of_one_side_only",
                condition=Q(
                    force__isnull=True, roles__contained_by=INSPECTORATE_ROLES, roles__len__gt=0
                )
                | Q(force__isnull=False, roles__contained_by=FORCE_ROLES, roles__len__gt=0),
                violation_error_message=_(
                    "A force’s roles need a force; the inspectorate’s roles must not have one; "
                    "nobody has roles of both."
                ),
            ),
            models.CheckConstraint(
                name="user_of_the_commissioner_is_a_viewer",
                condition=Q(works_for_commissioner=False) | Q(roles=[Role.FORCE_VIEWER.value]),
                violation_error_message=_(
                    "Who works for the commissioner is a viewer of the force and nothing else."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def has_role(self, *roles: Role) -> bool:
        """Whether the person has at least one of `roles`."""
        return any(role.value in self.roles for role in roles)

    @cached_property
    def role_names(self) -> str:
        """The person's roles in words, for the page header."""
        return ", ".join(str(Role(role).label) for role in self.roles)

    @property
    def is_inspectorate(self) -> bool:
        return self.force_id is None

    @property
    def is_force(self) -> bool:
        return self.force_id is not None

    @property
    def is_inspector(self) -> bool:
        """Whether the person may do an inspector's work; a lead inspector is an inspector, too."""
        return self.has_role(Role.INSPECTOR, Role.LEAD_INSPECTOR)

    @property
    def is_lead_inspector(self) -> bool:
        return self.has_role(Role.LEAD_INSPECTOR)

    @property
    def is_manager(self) -> bool:
        return self.has_role(Role.MANAGER)

    @property
    def is_administrator(self) -> bool:
        return self.has_role(Role.ADMINISTRATOR)

    @property
    def is_force_lead(self) -> bool:
        return self.has_role(Role.FORCE_LEAD)

    @property
    def is_force_assessor(self) -> bool:
        return self.has_role(Role.FORCE_ASSESSOR)

    # What Django's admin asks: administrators, and nobody else, may use it.
    @property
    def is_staff(self) -> bool:
        return self.is_active and self.is_administrator

    @property
    def is_superuser(self) -> bool:
        return self.is_staff

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_staff

    def has_perms(self, perm_list: list[str], obj: object = None) -> bool:
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


class Access(models.Model):
    """That a person read something of the case material, and when; the application can't change it (rule 11).

    `subject` names a kind of thing (“case”), `subject_id` its primary key: what it is lives in another app.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject", "subject_id", "-at"], name="access_of_subject")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
