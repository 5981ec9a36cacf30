"""Evidence in a bucket that speaks S3: kept, sent and cleared away over HTTP, as with a folder."""

import io

import pytest
from django.core.files.storage import storages
from django.core.management import call_command

from accounts.models import Role
from config import settings as ours
from inspections.models import Stage
from recommendations import progress
from recommendations.evidence import Proof, Upload
from recommendations.models import Evidence
from tests.recommendations import hostile
from tests.support.bucket import bucket
from tests.support.factories import make_force, make_inspection, make_recommendation, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings, monkeypatch):
    """A bucket, and the storage that the environment's names for it make."""
    with bucket() as running:
        for name, value in {
            "EVIDENCE_BUCKET": "evidence",
            "EVIDENCE_ENDPOINT": running.address,
            "EVIDENCE_REGION": "eu-west-2",
            "EVIDENCE_ACCESS_KEY": "who",
            "EVIDENCE_SECRET_KEY": "secret",
            "EVIDENCE_ADDRESSING": "path",
        }.items():
            monkeypatch.setenv(name, value)
        settings.STORAGES = {**settings.STORAGES, "evidence": ours._evidence_storage()}
        monkeypatch.setattr(Evidence._meta.get_field("file"), "storage", storages["evidence"])
        yield running


def test_a_file_is_kept_sent_and_compared(client, server, capsys):
    force = make_force()
    lead = make_user(Role.FORCE_LEAD, force=force)
    recommendation = make_recommendation(make_inspection(Stage.FOLLOW_UP, force=force))

    progress.report(
        recommendation,
        status="in_progress",
        note="See the file.",
        by=lead,
        proof=Proof([Upload(io.BytesIO(hostile.PDF), "policy.pdf")]),
    )

    kept = Evidence.objects.get()
    assert server.objects == {kept.file.name: hostile.PDF}
    signed = next(headers for method, _path, headers in server.requests if method == "PUT")
    assert "Credential=who/" in signed["Authorization"]
    assert "x-amz-acl" not in {name.lower() for name in signed}

    client.force_login(lead)
    answer = client.get(f"/evidence/{kept.pk}/")
    assert b"".join(answer.streaming_content) == hostile.PDF
    assert answer["Content-Disposition"] == 'attachment; filename="policy.pdf"'

    server.objects[f"{recommendation.pk}/left-behind"] = b"nobody's"
    call_command("check_evidence", "--hashes", "--remove")
    assert "1 files, 0 missing, 0 changed, 1 without a row" in capsys.readouterr().out
    assert list(server.objects) == [kept.file.name]

    server.objects.clear()
    assert client.get(f"/evidence/{kept.pk}/").status_code == 404


def test_a_file_goes_from_the_bucket_when_the_transaction_fails(server, monkeypatch):
    force = make_force()
    recommendation = make_recommendation(make_inspection(Stage.FOLLOW_UP, force=force))

    def fails(*args, **kwargs):
        assert server.objects
        raise RuntimeError

    monkeypatch.setattr(progress, "_stand", fails)
    with pytest.raises(RuntimeError):
        progress.report(
            recommendation,
            status="in_progress",
            note="See the file.",
            by=make_user(Role.FORCE_LEAD, force=force),
            proof=Proof([Upload(io.BytesIO(hostile.PDF), "policy.pdf")]),
        )
    assert server.objects == {}
