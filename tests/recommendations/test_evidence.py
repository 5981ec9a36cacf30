"""Files as evidence: known by their content, kept whole, gone if the word they belong to does not stand."""

import hashlib
import io
import os
import shutil
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, transaction
from PIL import ImageFile

from accounts.models import Access, Role
from cases.personal_data import LooksPersonal
from inspections.models import Stage
from recommendations import evidence, file_types, progress
from recommendations.evidence import FilesRefused, Proof, Upload, plain_name
from recommendations.models import Evidence, ProgressUpdate
from tests.recommendations import hostile
from tests.support.factories import (
    make_force,
    make_inspection,
    make_recommendation,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder():
    """The folder of this process, empty: what earlier tests left is nothing to a new database."""
    where = Path(settings.EVIDENCE_ROOT)
    shutil.rmtree(where, ignore_errors=True)
    return where


@pytest.fixture
def force():
    return make_force()


@pytest.fixture
def force_lead(force):
    return make_user(Role.FORCE_LEAD, force=force)


@pytest.fixture
def recommendation(force):
    return make_recommendation(
        make_inspection(Stage.FOLLOW_UP, force=force), points=["meetings", "visits"]
    )


def upload(content: bytes, name: str) -> Upload:
    return Upload(io.BytesIO(content), name)


def send(recommendation, by, *uploads: Upload, **proof) -> ProgressUpdate:
    return progress.report(
        recommendation, status="in_progress", note="See the files.", by=by, proof=Proof(uploads, **proof)
    )  # fmt: skip


def files_in(folder: Path) -> list[str]:
    return [str(path) for path in folder.rglob("*") if path.is_file()]


HONEST = {
    "policy.pdf": (hostile.PDF, "application/pdf"),
    "Policy.PDF": (hostile.PDF, "application/pdf"),
    "minutes.docx": (hostile.docx(), "wordprocessingml.document"),
    "audit.xlsx": (hostile.xlsx(), "spreadsheetml.sheet"),
    "training.pptx": (hostile.pptx(), "presentationml.presentation"),
    "room.png": (hostile.image("PNG"), "image/png"),
    "room.jpg": (hostile.image("JPEG"), "image/jpeg"),
    "room.jpeg": (hostile.image("JPEG"), "image/jpeg"),
    "room.gif": (hostile.image("GIF"), "image/gif"),
    "room.webp": (hostile.image("WEBP"), "image/webp"),
    "notes.txt": ("Visits rose – by 5 %.".encode(), "text/plain"),
    "old notes.txt": ("Visits rose – by 5 %.".encode("cp1252"), "text/plain"),
    "excel.txt": ("Visits rose".encode("utf-16"), "text/plain"),
    "visits.csv": (b"month,visits\r\n2026-03,14\r\n", "text/csv"),
    "plan.odt": (
        hostile.package({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}),
        "opendocument.text",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HONEST)
def test_what_people_work_with_is_taken_and_kept_byte_by_byte(
    recommendation, force_lead, folder, name
):
    content, media_type = HONEST[name]

    send(recommendation, force_lead, upload(content, name), shows="What we did")

    kept = Evidence.objects.get()
    assert (kept.name, kept.size) == (name, len(content))
    assert media_type in kept.media_type
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    with kept.file.open("rb") as file:
        assert file.read() == content
    assert kept.uploaded_by == force_lead
    assert name not in str(kept.file.name)
    assert files_in(folder) == [kept.file.path]


HOSTILE = {
    "nothing in it": (b"", "report.pdf", "is empty"),
    "a page dressed as an image": (hostile.HTML, "room.png", "web page"),
    "a page dressed as text": (hostile.HTML, "notes.txt", "web page"),
    "a page after a comment": (b"<!-- a -->" + hostile.HTML, "notes.txt", "web page"),
    "a script in a table": (b"a,b\n<script>alert(1)</script>,2\n", "visits.csv", "web page"),
    "a drawing that runs": (hostile.SVG, "chart.svg", "drawing"),
    "a drawing dressed as an image": (hostile.SVG, "chart.png", "drawing"),
    "a page that begins like an image": (b"GIF89a/*" + hostile.HTML, "room.gif", "not an image"),
    "half an image": (hostile.image("PNG", (200, 200))[:100], "room.png", "damaged"),
    "a program": (b"MZ\x90\x00\x03\x00\x00\x00", "report.pdf", "not taken"),
    "a script of the shell": (b"#!/bin/sh\nrm -rf /\n", "notes.txt", "program"),
    "an image called a PDF": (hostile.image("PNG"), "report.pdf", "a PNG image"),
    "a PDF called an image": (hostile.PDF, "room.png", "a PDF"),
    "a PDF called a program": (hostile.PDF, "report.exe", "a PDF"),
    "a PDF without an ending": (hostile.PDF, "report", "a PDF"),
    "an archive": (hostile.package({"a.txt": "x"}), "files.docx", "archive of files"),
    "an archive called so": (hostile.package({"a.txt": "x"}), "files.zip", "archive of files"),
    "macros": (hostile.docx(**{"word/vbaProject.bin": b"x"}), "minutes.docx", "macros"),
    "an old Office file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.doc", "Save it as"),
    "half a document": (hostile.docx()[:-30], "minutes.docx", "damaged"),
    "a path within a document": (
        hostile.docx(**{"../../etc/passwd": b"x"}), "minutes.docx", "damaged"
    ),
    "a bomb that says so": (hostile.bomb(5), "minutes.docx", "far more"),
    "a bomb that lies": (hostile.lying_bomb(5), "minutes.docx", "far more"),
    "a bomb of pixels": (hostile.pixel_bomb(), "room.png", "pixels"),
    "characters that are not text": (b"abc\x00def", "notes.txt", "not taken"),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_not_what_it_says_is_refused_and_nothing_is_kept(
    recommendation, force_lead, folder, what, monkeypatch
):
    content, name, why = HOSTILE[what]
    monkeypatch.setattr(file_types, "MAX_UNPACKED_BYTES", 4 * 1024 * 1024)
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint has it

    with pytest.raises(FilesRefused, match=why):
        send(recommendation, force_lead, upload(hostile.PDF, "good.pdf"), upload(content, name))

    assert not ProgressUpdate.objects.exists()
    assert files_in(folder) == []


def test_a_part_locked_with_a_password_is_refused(recommendation, force_lead):
    locked = bytearray(hostile.docx())
    for at in (locked.find(b"PK\x03\x04") + 6, locked.find(b"PK\x01\x02") + 8):
        locked[at] |= 1

    with pytest.raises(FilesRefused, match="password"):
        send(recommendation, force_lead, upload(bytes(locked), "minutes.docx"))


def test_a_document_of_overlapping_parts_is_refused(recommendation, force_lead):
    packed = hostile.docx(**{"word/a.xml": b"<x/>", "word/b.xml": b"<x/>"})
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        first = archive.getinfo("word/a.xml").header_offset
        second = archive.getinfo("word/b.xml").header_offset
    overlapping = packed.replace(
        second.to_bytes(4, "little") + b"word/b.xml", first.to_bytes(4, "little") + b"word/b.xml"
    )

    with pytest.raises(FilesRefused):
        send(recommendation, force_lead, upload(overlapping, "minutes.docx"))


def test_one_byte_decides_about_the_largest_file(recommendation, force_lead, settings):
    settings.EVIDENCE_MAX_BYTES = 1024 * 1024
    largest = b"a" * settings.EVIDENCE_MAX_BYTES

    send(recommendation, force_lead, upload(largest, "notes.txt"))
    with pytest.raises(FilesRefused, match="larger than 1 MB"):
        send(recommendation, force_lead, upload(largest + b"a", "notes.txt"))


def test_no_more_than_ten_files_come_at_once(recommendation, force_lead):
    many = [upload(b"text %d" % number, "notes.txt") for number in range(11)]

    with pytest.raises(FilesRefused, match="no more than 10"):
        send(recommendation, force_lead, *many)


def test_the_same_file_chosen_twice_is_kept_once(recommendation, force_lead):
    send(recommendation, force_lead, upload(b"text", "a.txt"), upload(b"text", "b.txt"))

    assert Evidence.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\me\\plan.docx", "plan.docx"),
        ("/srv/www/x.png", "x.png"),
        ("in\r\nvoice\x00.pdf", "invoice.pdf"),
        ("gnp\u202eexe.pdf", "gnpexe.pdf"),
        ('a<b>"c".pdf', "a_b__c_.pdf"),
        ("  .hidden.txt", "hidden.txt"),
        ("…/…", "…"),
        ("..", "file"),
        ("", "file"),
        ("é" * 300 + ".pdf", "é" * 146 + ".pdf"),
    ],
)
def test_a_name_is_a_name_and_no_path(sent, kept):
    assert plain_name(sent) == kept


def test_files_go_with_the_points_that_they_prove(recommendation, force_lead):
    first, second = recommendation.points.all()

    send(recommendation, force_lead, upload(hostile.PDF, "a.pdf"), points=[first])

    assert evidence.points_without(recommendation) == [second]
    assert progress.unproved_points(recommendation) == [second]
    assert (
        progress.unproved_points(
            recommendation, Proof([upload(hostile.PDF, "b.pdf")], points=[second])
        )
        is None
    )


def test_closure_without_evidence_is_asked_for_knowingly(recommendation, force_lead):
    with pytest.raises(progress.LacksEvidence) as lacking:
        progress.ask_for_closure(recommendation, summary="All done.", by=force_lead)
    assert [point.text for point in lacking.value.points] == ["meetings", "visits"]
    assert not ProgressUpdate.objects.exists()

    progress.ask_for_closure(
        recommendation, summary="All done.", by=force_lead, although_unproved=True
    )
    recommendation.refresh_from_db()
    assert recommendation.progress_status == "complete"


def test_files_go_when_the_transaction_fails(recommendation, force_lead, folder, monkeypatch):
    def fails(*args, **kwargs):
        assert files_in(folder)
        raise DatabaseError("the database has gone")

    monkeypatch.setattr(progress, "_stand", fails)

    with pytest.raises(DatabaseError):
        send(recommendation, force_lead, upload(hostile.PDF, "a.pdf"))

    assert files_in(folder) == []
    assert not Evidence.objects.exists()


def test_what_a_file_is_called_is_looked_at_for_personal_data_too(
    recommendation, force_lead, folder
):
    with pytest.raises(LooksPersonal) as refused:
        send(recommendation, force_lead, upload(hostile.PDF, "jo@example.org.pdf"))

    assert list(refused.value.fields) == ["files"]
    assert files_in(folder) == []


def test_evidence_stays_as_it_was_sent_even_in_the_database(recommendation, force_lead):
    send(recommendation, force_lead, upload(hostile.PDF, "a.pdf"))

    with pytest.raises(DatabaseError), transaction.atomic():
        Evidence.objects.update(sha256="0" * 64)
    with pytest.raises(DatabaseError), transaction.atomic():
        Evidence.objects.all().delete()


def test_taking_a_file_away_is_on_record(recommendation, force_lead):
    send(recommendation, force_lead, upload(hostile.PDF, "a.pdf"))
    kept = Evidence.objects.get()

    evidence.opened(kept, by=force_lead)

    row = Access.objects.get()
    assert (row.user, row.subject, row.subject_id) == (force_lead, "evidence", kept.pk)


def test_the_command_finds_files_without_a_row_rows_without_a_file_and_changed_files(
    recommendation, force_lead, folder, capsys
):
    for name in ("kept", "lost", "changed"):
        send(recommendation, force_lead, upload(name.encode(), f"{name}.txt"))
    kept = {each.name: each for each in Evidence.objects.all()}
    Path(kept["lost.txt"].file.path).unlink()
    Path(kept["changed.txt"].file.path).write_bytes(b"something else")
    for name, age in (("old", 2 * 86400), ("new", 0)):
        path = folder / str(recommendation.pk) / name
        path.write_bytes(b"nobody's")
        os.utime(path, (path.stat().st_mtime - age,) * 2)

    with pytest.raises(SystemExit):
        call_command("check_evidence", "--hashes", "--remove")

    said = capsys.readouterr().out
    assert f"Missing: {kept['lost.txt'].pk}" in said
    assert f"Changed: {kept['changed.txt'].pk}" in said
    assert "3 files, 1 missing, 1 changed, 1 without a row" in said
    left = {Path(path).name for path in files_in(folder)}
    assert "old" not in left and "new" in left and len(left) == 3
