"""Audits through the API: saved and submitted like on the page, blind like on the page."""

import pytest

from accounts.models import Role
from cases import grading
from cases.models import Audit, Route
from inspections.models import Side, Stage
from tests.support.factories import make_audit, make_case, make_force, make_inspection, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def fieldwork():
    """An inspector in fieldwork with a case of the force's sample, and the force's assessor."""
    inspector, force = make_user(), make_force()
    inspection = make_inspection(Stage.FIELDWORK, force=force, team=[inspector])
    return inspector, make_case(inspection), make_user(Role.FORCE_ASSESSOR, force=force)


def draft(**changes):
    return {"version": 0, "grade": "good", "reason": "Seen at once.", **changes}


def finding(text, theme="theme-alpha", key="a", **changes):
    parts = {"key": key, "theme": theme, "kind": "weakness", "text": text, "indicators": []}
    return {**parts, **changes}


def url(case, submit=""):
    return f"/api/v1/cases/{case.pk}/audit/{submit}"


def test_an_inspector_saves_reads_and_submits_an_audit(fieldwork, api):
    inspector, case, _ = fieldwork
    client = api(inspector)
    assert client.get(url(case)).status_code == 404
    sent = {
        "answers": [{"indicator": "alpha-1", "answer": "not_recorded", "note": "No page on it."}],
        "findings": [
            finding("Prompt.", kind="strength", indicators=["alpha-1"]),
            finding("Late.", "theme-beta", "b"),
        ],
        "timeline": [
            {"what": "Report", "on": "2026-02", "at": "", "cause": ""},
            {"what": "Visit", "on": "2026-03-09", "at": "14:32", "cause": "no-staff"},
        ],
        "people": [{"kind": "child", "age": 7, "sex": "female"}],
    }
    saved = client.put(url(case), draft(**sent))
    assert saved.status_code == 200
    assert saved.json() == client.get(url(case)).json()
    assert saved.json()["version"] == 1
    for part in ("answers", "findings", "people"):
        assert saved.json()[part] == sent[part]
    shown = saved.json()["timeline"]
    assert [each.pop("precision") for each in shown] == ["month", "exact"]
    assert shown == sent["timeline"]
    submitted = client.post(url(case, "submit/"), {"version": 1})
    assert submitted.json()["status"] == "submitted"
    audit = Audit.objects.get()
    assert (audit.side, audit.grade.code, audit.submitted_by) == ("inspectorate", "good", inspector)


def test_the_force_grades_its_own_side(api):
    force = make_force()
    assessor = make_user(Role.FORCE_ASSESSOR, force=force)
    case = make_case(make_inspection(Stage.SELF_ASSESSMENT, force=force))
    assert api(assessor).put(url(case), draft()).json()["side"] == "force"


def test_the_second_of_two_gets_409_with_both_texts_and_nothing_is_lost(fieldwork, api):
    inspector, case, _ = fieldwork
    colleague = make_user()
    case.inspection.team.create(user=colleague)
    first = api(inspector).put(url(case), draft(reason="Mine.", findings=[finding("First.")]))
    assert first.status_code == 200
    for version in (0, 7):
        second = api(colleague).put(url(case), draft(version=version, reason="Theirs."))
        assert second.status_code == 409
        assert second.json()["detail"] == "Somebody else changed this audit after you opened it."
        assert second.json()["current"]["reason"] == "Mine."
        assert second.json()["current"]["findings"] == [finding("First.")]
        assert second.json()["current"]["version"] == 1
        assert second.json()["yours"]["reason"] == "Theirs."
    assert Audit.objects.get().reason == "Mine."


def test_who_submits_what_somebody_has_changed_gets_409(fieldwork, api):
    inspector, case, _ = fieldwork
    client = api(inspector)
    client.put(url(case), draft())
    client.put(url(case), draft(version=1, reason="Better."))
    stale = client.post(url(case, "submit/"), {"version": 1})
    assert stale.status_code == 409
    assert stale.json()["current"]["reason"] == "Better."
    assert client.post(url(case, "submit/"), {"version": 2}).status_code == 200
    assert client.post(url(case, "submit/"), {"version": 2}).status_code == 409
    assert client.put(url(case), draft(version=3)).status_code == 409


def test_an_audit_without_a_grade_or_a_reason_is_saved_but_not_submitted(fieldwork, api):
    inspector, case, _ = fieldwork
    client = api(inspector)
    assert client.put(url(case), draft(grade=None, reason="")).status_code == 200
    refused = client.post(url(case, "submit/"), {"version": 1})
    assert refused.status_code == 400
    assert "Select a grade" in refused.json()["detail"]


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"grade": "excellent"}, "grade"),
        ({"findings": [finding("x", "nowhere")]}, "finding-a"),
        ({"findings": [finding("x"), finding("y")]}, "finding-a"),
        ({"findings": [finding("x", indicators=["beta-1"])]}, "finding-a"),
        ({"findings": ["x"]}, "findings"),
        ({"findings": {"theme-alpha": "x"}}, "findings"),
        ({"findings": [finding("x", kind="praise")]}, "findings"),
        ({"findings": [finding("x", key="")]}, "findings"),
        ({"findings": [finding("x", key=f"k{n}") for n in range(61)]}, "findings"),
        ({"answers": [{"indicator": "beta-1", "answer": "met"}]}, "answer-beta-1"),
        ({"answers": [{"indicator": "alpha-1", "answer": "perhaps"}]}, "answers"),
        ({"timeline": [{"what": "x", "on": "2026-02-30"}]}, "timeline"),
        ({"timeline": [{"what": "x", "on": "2026-03-29", "at": "01:30"}]}, "timeline"),
        ({"timeline": [{"what": "x", "on": "2026-03", "at": "01:30"}]}, "timeline"),
        ({"timeline": [{"what": "x", "on": "", "cause": "laziness"}]}, "event-0"),
        ({"people": [{"kind": "witness", "age": 7, "sex": "male"}]}, "people"),
        ({"people": [{"kind": "child", "age": -1, "sex": "male"}]}, "people"),
        ({"facts": {"asked": "2026-03-09T14:32"}}, "fact-asked"),
        ({"facts": {"asked": ["x"]}}, "facts"),
        ({"version": -1}, "version"),
        ({"version": "x"}, "version"),
        ({"version": 10**30}, "version"),
        ({"reason": "x" * 5001}, "reason"),
        ({"reason": "a\x00b"}, "reason"),
        ({"findings": [finding("a\x00b")]}, "findings"),
    ],
)
def test_what_is_wrong_in_an_audit_is_named(fieldwork, api, changes, field):
    inspector, case, _ = fieldwork
    refused = api(inspector).put(url(case), draft(**changes))
    assert refused.status_code == 400
    assert field in refused.json()["errors"]
    assert not Audit.objects.exists()


@pytest.mark.parametrize(
    "facts, fits",
    [
        ({"asked": "2026-03-09T14:32", "arrived": "2026-03-09"}, True),
        ({"told": "not_recorded", "times": 3, "level": "Low"}, True),
        ({}, True),
        ({"asked": "2026-03-09 14:32"}, False),
        ({"asked": "2026-03-29T01:30"}, False),
        ({"told": "perhaps"}, False),
        ({"times": "3"}, False),
        ({"times": -3}, False),
        ({"times": True}, False),
        ({"level": "Middling"}, False),
        ({"level": "a\x00b"}, False),
    ],
)
def test_facts_are_those_of_the_area(fieldwork, api, facts, fits):
    inspector, case, _ = fieldwork
    custody = make_case(case.inspection, area="gamma")
    answer = api(inspector).put(url(custody), draft(facts=facts))
    assert answer.status_code == (200 if fits else 400)
    if fits:
        assert answer.json()["facts"] == facts


def test_what_looks_personal_is_saved_as_a_draft_and_submitted_only_with_a_reason(fieldwork, api):
    inspector, case, _ = fieldwork
    client = api(inspector)
    text = "Ask mum@family.example"
    assert client.put(url(case), draft(findings=[finding(text)])).status_code == 200
    refused = client.post(url(case, "submit/"), {"version": 1})
    assert refused.status_code == 400
    assert "finding-a" in refused.json()["errors"]
    reason = {"not_personal_data_because": "The box of a public body."}
    assert client.post(url(case, "submit/"), {"version": 1, **reason}).status_code == 200


def test_parts_that_are_left_out_stay(fieldwork, api):
    inspector, case, _ = fieldwork
    client = api(inspector)
    people = [{"kind": "suspect", "age": None, "sex": "not_recorded"}]
    client.put(url(case), draft(findings=[finding("One.")], people=people))
    saved = client.put(url(case), draft(version=1, people=[])).json()
    assert (saved["findings"], saved["people"]) == ([finding("One.")], [])


def test_nothing_is_saved_unless_all_of_it_is_sent(fieldwork, api):
    inspector, case, _ = fieldwork
    refused = api(inspector).put(url(case), {})
    assert refused.json()["errors"].keys() == {"version", "grade", "reason"}


def test_who_may_not_grade_is_told_so(fieldwork, api):
    _, case, assessor = fieldwork
    for user in (assessor, make_user(Role.MANAGER)):
        assert api(user).put(url(case), draft()).status_code == 403
    for user in (make_user(), make_user(Role.ADMINISTRATOR), make_user(Role.FORCE_LEAD)):
        assert api(user).put(url(case), draft()).status_code == 404
        assert api(user).post(url(case, "submit/"), {"version": 1}).status_code == 404


SECRETS = ["THEIR-REASON", "THEIR-FINDING"]


def _everything(client, case):
    addresses = [
        *(
            "/api/v1/cases/",
            f"/api/v1/cases/{case.pk}/",
            "/api/v1/audits/",
            "/api/v1/audits/?side=force",
        ),
        *("/api/v1/audits/?grade=bad", f"/api/v1/cases/{case.pk}/audit/"),
        f"/api/v1/inspections/{case.inspection_id}/figures/",
    ]
    return [client.get(address).content.decode() for address in addresses]


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.LEAD_INSPECTOR, Role.MANAGER])
def test_no_answer_depends_on_the_forces_grade_before_the_inspectorate_submits(
    fieldwork, api, role
):
    _, case, assessor = fieldwork
    reader = make_user(role)
    case.inspection.team.create(user=reader)
    client = api(reader)
    findings = {"theme-alpha": "THEIR-FINDING"}
    theirs = make_audit(case, Side.FORCE, "bad", reason="THEIR-REASON", findings=findings)
    before = _everything(client, case)
    assert client.get(f"/api/v1/audits/{theirs.pk}/").status_code == 404
    theirs.findings.all().delete()
    theirs.delete()
    assert _everything(client, case) == before

    make_audit(case, Side.FORCE, "bad", reason="THEIR-REASON", findings=findings)
    ours = make_audit(case, Side.INSPECTORATE, "good", submitted=False, by=reader)
    assert "THEIR" not in "".join(_everything(client, case))
    ours.status, ours.submitted_at, ours.first_submitted_at = (
        "submitted",
        ours.updated_at,
        ours.updated_at,
    )
    ours.save()
    assert all(secret in "".join(_everything(client, case)) for secret in SECRETS)


def test_the_force_reads_the_inspectorates_audit_from_the_factual_accuracy_check_on(fieldwork, api):
    inspector, case, assessor = fieldwork
    ours = make_audit(case, Side.INSPECTORATE, "bad", reason="OUR-REASON", by=inspector)
    selected = make_case(case.inspection, route=Route.SELECTED, reference="OURS-1")
    make_audit(selected, Side.INSPECTORATE, "bad", reason="OUR-REASON", by=inspector)
    client = api(assessor)
    assert "OUR" not in "".join(_everything(client, case))
    assert client.get(f"/api/v1/audits/{ours.pk}/").status_code == 404
    assert client.get(f"/api/v1/cases/{selected.pk}/").status_code == 404
    case.inspection.stage = Stage.FACTUAL_ACCURACY
    case.inspection.save()
    assert "OUR-REASON" in "".join(_everything(client, case))
    assert client.get(f"/api/v1/cases/{selected.pk}/").status_code == 200


def test_administrators_and_other_forces_read_no_case_at_all(fieldwork, api):
    inspector, case, _ = fieldwork
    audit = make_audit(case, by=inspector)
    case.inspection.stage = Stage.FACTUAL_ACCURACY
    case.inspection.save()
    for user in (make_user(Role.ADMINISTRATOR), make_user(Role.FORCE_LEAD), make_user()):
        client = api(user)
        assert client.get("/api/v1/cases/").json()["count"] == 0
        assert client.get("/api/v1/audits/").json()["count"] == 0
        for path in (f"cases/{case.pk}/", f"audits/{audit.pk}/", f"cases/{case.pk}/audit/"):
            assert client.get(f"/api/v1/{path}").status_code == 404
        assert client.get(f"/api/v1/inspections/{case.inspection_id}/figures/").status_code == 404


def test_a_saved_audit_is_the_same_audit_as_the_pages(fieldwork, api):
    inspector, case, _ = fieldwork
    api(inspector).put(url(case), draft())
    audit = Audit.objects.get()
    with pytest.raises(grading.StaleAudit):
        grading.save(case, side=Side.INSPECTORATE, by=inspector, version=0, reason="x")
    grading.submit(audit, by=inspector, version=1)
    assert api(inspector).get(url(case)).json()["status"] == "submitted"
