"""Every copy of what was published is frozen with it, and can be made again to prove it."""

import hashlib

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import Role
from inspections.models import Stage
from reports import builds, copies, freezing
from reports.document import Document
from reports.models import FileKind, Publication, PublishedFile, ReportBuild
from tests.reports.material import published, write_sections
from tests.support.factories import make_force, make_inspection, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def publication():
    lead = make_user(Role.LEAD_INSPECTOR)
    inspection = make_inspection(Stage.FACTUAL_ACCURACY, force=make_force(), lead=lead)
    write_sections(inspection)
    made = published(inspection, by=make_user(Role.MANAGER))
    builds.run_build(made.builds.get().pk)
    made.refresh_from_db()
    return made


def test_the_worker_freezes_every_copy_with_its_hash(publication):
    made = copies.make(Document.from_json(publication.document))
    stored = {file.kind: file for file in publication.files.all()}
    assert set(stored) == {str(kind) for kind in made}
    for kind, content in made.items():
        assert bytes(stored[kind].content) == content
        assert stored[kind].sha256 == hashlib.sha256(content).hexdigest()


def test_the_same_document_gives_the_same_bytes_again(publication, capsys):
    assert freezing.differences(publication) == []
    call_command("verify_publications")
    assert "every copy as it was published" in capsys.readouterr().out


def test_a_copy_that_is_missing_or_other_is_reported(publication):
    document = Document.from_json(publication.document)
    other = Publication.objects.create(
        inspection=publication.inspection,
        number=2,
        published_on=publication.published_on,
        document=document.to_json(),
        pdf=b"not this",
        sha256=hashlib.sha256(b"not this").hexdigest(),
        pages=1,
    )
    PublishedFile.objects.create(
        publication=other, kind=FileKind.JSON, content=b"{}", sha256="0" * 64
    )
    found = {(each.copy, each.what) for each in freezing.differences(other)}
    assert ("pdf", "comes out differently now") in found
    assert ("json", "is not what its hash says") in found
    assert ("figures", "was not stored") in found
    with pytest.raises(CommandError, match="1 of 2 publications differ"):
        call_command("verify_publications")


def test_nothing_is_stored_twice_or_changed(publication):
    before = set(publication.files.values_list("pk", "sha256"))
    again = ReportBuild.objects.create(inspection=publication.inspection, publication=publication)
    builds.run_build(again.pk)
    assert set(publication.files.values_list("pk", "sha256")) == before
    with pytest.raises(Exception, match="Cannot update or delete"), transaction.atomic():
        publication.files.update(content=b"other")
    with pytest.raises(Exception, match="Cannot update or delete"), transaction.atomic():
        publication.files.all()._raw_delete("default")


def test_copies_that_an_older_program_did_not_make_are_added_once_and_are_the_same_bytes(
    publication, capsys
):
    kept = publication.files.exclude(kind__in=[FileKind.DOCX, FileKind.HTML])
    older = Publication.objects.create(
        inspection=publication.inspection,
        number=2,
        published_on=publication.published_on,
        document=publication.document,
        pdf=publication.pdf,
        sha256=publication.sha256,
        pages=publication.pages,
    )
    for file in kept:
        PublishedFile.objects.create(
            publication=older, kind=file.kind, content=file.content, sha256=file.sha256
        )
    before = set(older.files.values_list("pk", flat=True))
    with pytest.raises(CommandError, match="1 of 2 publications differ"):
        call_command("verify_publications")
    assert set(older.files.values_list("pk", flat=True)) == before
    call_command("verify_publications", "--add-missing")
    said = capsys.readouterr().out
    assert "docx added" in said and "html added" in said and "json added" not in said
    assert before < set(older.files.values_list("pk", flat=True))
    both = [set(each.files.values_list("kind", "sha256")) for each in (publication, older)]
    assert both[0] == both[1]
    assert freezing.add_missing(older) == []


def test_what_waits_for_its_pdf_gets_no_copies_before(publication):
    waiting = Publication.objects.create(
        inspection=publication.inspection,
        number=2,
        published_on=publication.published_on,
        document=publication.document,
    )
    assert freezing.add_missing(waiting) == []
    assert not waiting.files.exists()
