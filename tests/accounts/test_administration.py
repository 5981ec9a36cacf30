"""What administrators do in Django's admin, and how the first of them comes about."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import Force, Role, User
from inspections.models import Framework
from tests.support.factories import PASSWORD, make_force, make_framework, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = make_user(Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def add(client, **fields):
    typed = {"name": "Nia Newcomer", "email": "Nia@Assay.example", "is_active": "on", **fields}
    return client.post(reverse("admin:accounts_user_add"), typed)


def test_an_administrator_adds_a_person_who_sets_a_password_by_mailed_link(
    client, admin, mail_server
):
    assert add(client, roles=["inspector", "manager"]).status_code == 302
    person = User.objects.get(email="nia@assay.example")
    assert person.roles == ["inspector", "manager"]
    assert not person.has_usable_password()
    client.logout()
    client.post(reverse("account_reset_password"), {"email": "nia@assay.example"})
    [message] = mail_server.messages
    assert message["To"] == "nia@assay.example"
    text = message.get_body(("plain",)).get_content()
    [link] = [word for word in text.split() if "/password/reset/key/" in word]
    path = "/" + link.split("/", 3)[3]
    form = client.get(path, follow=True)
    chosen = {"password1": "a-brand-new-phrase-26", "password2": "a-brand-new-phrase-26"}
    client.post(form.redirect_chain[-1][0], chosen)
    signed_in = client.post(
        reverse("account_login"),
        {"login": "nia@assay.example", "password": "a-brand-new-phrase-26"},
    )
    assert signed_in.status_code == 302
    assert signed_in.url == reverse("home")


def test_an_address_that_an_administrator_replaced_lets_nobody_in_any_more(
    client, admin, mail_server
):
    person = make_user(email="old@assay.example", name="Olwen Old")
    client.logout()
    client.post(reverse("account_reset_password"), {"email": "old@assay.example"})
    assert mail_server.messages.pop()["To"] == "old@assay.example"
    client.force_login(admin)
    typed = {"name": person.name, "roles": person.roles, "is_active": "on"}
    change = reverse("admin:accounts_user_change", args=[person.pk])
    assert client.post(change, {**typed, "email": "new@assay.example"}).status_code == 302
    client.logout()
    sign_in = {"login": "old@assay.example", "password": PASSWORD}
    assert client.post(reverse("account_login"), sign_in).status_code == 200
    client.post(reverse("account_reset_password"), {"email": "old@assay.example"})
    assert not mail_server.messages
    sign_in["login"] = "new@assay.example"
    assert client.post(reverse("account_login"), sign_in).status_code == 302


@pytest.mark.parametrize(
    ("roles", "with_force"),
    [
        (["inspector", "force_lead"], True),
        (["inspector", "force_lead"], False),
        (["force_lead"], False),
        (["manager"], True),
        ([], False),
    ],
)
def test_roles_that_do_not_go_together_are_refused(client, admin, roles, with_force):
    force = make_force().pk if with_force else ""
    response = add(client, roles=roles, force=force)
    assert response.status_code == 200
    assert "errornote" in response.text
    assert not User.objects.filter(email="nia@assay.example").exists()


def test_an_address_is_taken_in_any_case(client, admin):
    make_user(email="nia@assay.example")
    response = add(client, roles=["inspector"])
    assert "errornote" in response.text


def test_a_force_person_belongs_to_their_force(client, admin):
    force = make_force()
    assert add(client, roles=["force_lead", "force_assessor"], force=force.pk).status_code == 302
    assert User.objects.get(email="nia@assay.example").force == force


def test_administrators_cannot_lock_themselves_out(client, admin):
    address = reverse("admin:accounts_user_change", args=[admin.pk])
    typed = {"name": admin.name, "email": admin.email, "is_active": "on", "roles": ["manager"]}
    assert "You cannot take your own administration away" in client.post(address, typed).text
    other = make_user(Role.ADMINISTRATOR)
    address = reverse("admin:accounts_user_change", args=[other.pk])
    typed |= {"email": other.email, "name": other.name}
    assert client.post(address, typed).status_code == 302
    other.refresh_from_db()
    assert other.roles == ["manager"]


def test_nobody_is_deleted(client, admin):
    person = make_user()
    response = client.post(reverse("admin:accounts_user_delete", args=[person.pk]), {"post": "yes"})
    assert response.status_code == 403
    assert User.objects.filter(pk=person.pk).exists()


def test_the_list_finds_people_who_never_signed_in(client, admin):
    absent = make_user(name="Never Here")
    text = client.get(f"{reverse('admin:accounts_user_changelist')}?last_login__isempty=1").text
    assert absent.name in text
    assert f"mailto:{admin.email}" not in text


def test_an_administrator_changes_the_facts_of_a_force(client, admin):
    force = make_force("Northmoor Police")
    empty = {
        f"{prefix}-{name}": 0
        for prefix in ("local_authorities", "policing_areas")
        for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    typed = {"name": "Northmoor Police", "code": force.code, "nation": "wales", "officers": 1200}
    address = reverse("admin:accounts_force_change", args=[force.pk])
    response = client.post(address, {**typed, **empty})
    assert "Enter the date of the workforce figures." in response.text
    typed |= {"workforce_as_of": "2026-03-31"}
    assert client.post(address, {**typed, **empty}).status_code == 302
    assert Force.objects.get().officers == 1200


def test_frameworks_are_only_read(client, admin):
    framework = make_framework()
    address = reverse("admin:inspections_framework_change", args=[framework.pk])
    text = client.get(address).text
    assert "Area alpha" in text
    assert 'name="_save"' not in text
    assert client.post(address, {"title": "Other"}).status_code == 403
    assert client.get(reverse("admin:inspections_framework_add")).status_code == 403
    assert Framework.objects.get().title == framework.title


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_else_administers(client, role):
    client.force_login(make_user(role))
    assert client.get(reverse("admin:index"), follow=True).status_code == 403


def test_the_administration_has_no_sign_in_page_of_its_own(client):
    response = client.get(reverse("admin:index"), follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("account_login"))
    assert (
        client.post("/admin/login/", {"username": "a@b.example", "password": "x"}).status_code
        == 302
    )


def test_the_first_administrator_comes_by_command(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a-brand-new-phrase-26")
    call_command(
        "createsuperuser",
        "--noinput",
        email="First@Assay.example",
        name="First Person",
        verbosity=0,
    )
    person = User.objects.get()
    assert (person.email, person.roles, person.is_staff) == (
        "first@assay.example",
        ["administrator"],
        True,
    )
    assert person.check_password("a-brand-new-phrase-26")
