"""`make demo`, started for real."""

import os
import signal
import smtplib
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stack.services import free_port
from tests.support.demo import DemoRun, command_line

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]
PASSWORD = "a password of our own"
PARTS = ["gunicorn", "celery.* worker", "celery.* beat", "stack.mail", "postgres -D", "valkey"]


@pytest.fixture(scope="module")
def stopped(tmp_path_factory) -> DemoRun:
    """A first run on an empty folder, which SIGTERM to make alone has ended. Tests look at what is left of it."""
    with DemoRun(tmp_path_factory.mktemp("first") / "home", ASSAY_DEMO_PASSWORD=PASSWORD) as demo:
        demo.wait_until_ready()
        demo.sql(
            "UPDATE accounts_user SET name = 'Renamed' WHERE email = 'inspector@assay.example'"
        )
        demo.processes()
        demo.make.terminate()
        demo.wait_until_ended()
    return demo


@pytest.fixture
def used_home(stopped: DemoRun, tmp_path: Path) -> Path:
    """A copy of the folder that the first run left, which makes for a quicker start."""
    subprocess.run(["cp", "-a", stopped.home, tmp_path / "home"], check=True)
    return tmp_path / "home"


@pytest.fixture(scope="module")
def running(stopped: DemoRun, tmp_path_factory) -> Iterator[DemoRun]:
    """A run on what the first one left, which tests share; they leave it running."""
    home = tmp_path_factory.mktemp("shared") / "home"
    subprocess.run(["cp", "-a", stopped.home, home], check=True)
    with DemoRun(home, ASSAY_DEMO_PASSWORD=PASSWORD) as demo:
        demo.wait_until_ready()
        demo.processes()
        yield demo


def test_it_says_where_everything_is(running):
    assert f"Password of each: {PASSWORD}\n" in running.output
    for person in ("inspector", "lead", "manager", "admin"):
        assert f" {person}@assay.example " in running.output
    for person in ("force.lead", "force.assessor", "force.viewer", "other.force.lead"):
        assert f" {person}@assay.example " in running.output
    assert str(running.home / "mail") in running.output


def test_every_part_runs_and_the_web_server_answers(running):
    assert running.get("/healthz") == "ok"
    for part in PARTS:
        assert running.process(part)


def test_its_secrets_are_for_its_owner_only(running):
    for name in ("secrets.json", "services.json", "demo.json", "mail", "logs", "redis/valkey.conf"):
        assert (running.home / name).stat().st_mode & 0o077 == 0, name


def test_mail_is_kept_as_files_and_a_repeated_message_once(running):
    message = b"Message-ID: <one@assay.example>\r\nSubject: Due\r\n\r\nSoon.\r\n"
    port = command_line(running.process("stack.mail")).split("--port ")[1].split()[0]
    for _ in range(2):
        with smtplib.SMTP("127.0.0.1", int(port)) as server:
            server.sendmail("assay@assay.example", ["somebody@assay.example"], message)
    files = list((running.home / "mail").glob("*.somebody@assay.example.*"))
    assert len(files) == 1
    assert b"Subject: Due" in files[0].read_bytes()


def test_a_program_that_dies_is_started_again(running):
    worker = running.process("celery.* worker")

    os.kill(worker, signal.SIGKILL)
    running.wait_until_it_says("The worker ended by SIGKILL; it was started again.")

    running.processes()
    assert running.process("celery.* worker") != worker
    assert command_line(worker) == ""


def test_a_second_copy_runs_beside_it_but_not_on_its_folder(running, used_home):
    with DemoRun(used_home) as other:
        other.wait_until_ready()
        assert other.get("/healthz") == running.get("/healthz") == "ok"
    with DemoRun(running.home) as intruder:
        assert intruder.wait_until_ended() != 0
    assert f"Assay is already running from {running.home} (process " in intruder.output
    assert "Traceback" not in intruder.output
    assert running.get("/healthz") == "ok"


def test_sigterm_to_make_alone_ends_everything_in_order(stopped):
    assert stopped.survivors(seconds=1) == []
    assert "Stopped." in stopped.output
    assert "Traceback" not in stopped.output
    assert "database system is shut down" in (stopped.logs / "postgres.log").read_text()


def test_a_second_run_keeps_the_data_is_ready_soon_and_ends_at_ctrl_c(used_home):
    with DemoRun(
        used_home
    ) as demo:  # without ASSAY_DEMO_PASSWORD: the people keep what they were given
        seconds = demo.wait_until_ready()
        assert f"Password of each: {PASSWORD}\n" in demo.output
        kept = demo.sql("SELECT name FROM accounts_user WHERE email = 'inspector@assay.example'")
        demo.processes()
        demo.make.send_signal(signal.SIGINT)  # to make alone, which does not pass it on
        demo.wait_until_ended()
        assert demo.survivors(seconds=1) == []
    assert kept == [("Renamed",)]
    assert seconds < 45, "on a machine that is busy with other tests; alone it takes about 6"


@pytest.mark.parametrize("victim", ["make", "supervisor"])
def test_its_violent_death_ends_everything_and_the_next_run_starts(used_home, victim):
    with DemoRun(used_home) as demo:
        demo.wait_until_ready()
        processes = demo.processes()
        assert len(processes) > 15, "children of gunicorn, Celery and PostgreSQL are among them"

        pid = demo.make.pid if victim == "make" else demo.process("stack demo")
        os.kill(pid, signal.SIGKILL)

        assert demo.survivors() == []
    if victim == "supervisor":  # the harder death: nobody was left to put things in order
        with DemoRun(used_home) as again:
            again.wait_until_ready()


def test_the_death_of_the_database_server_stops_all_and_says_so(used_home):
    with DemoRun(used_home) as demo:
        demo.wait_until_ready()
        demo.processes()

        os.kill(demo.process("postgres -D"), signal.SIGKILL)

        assert demo.wait_until_ended() != 0
        assert "The database server ended by SIGKILL; its log is" in demo.output
        assert demo.survivors() == []


def test_a_port_in_use_gets_one_plain_sentence(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with DemoRun(tmp_path / "home", port=port) as demo:
            assert demo.wait_until_ended() != 0
    sentence, *rest = demo.output.strip().splitlines()
    assert sentence.startswith(f"Port {port} is in use by another program:")
    assert len(rest) == 1
    assert rest[0].startswith("make")  # make: *** [Makefile:24: demo] Error 1


@pytest.mark.parametrize("port", ["abc", "0", "70000"])
def test_a_port_that_is_none_gets_one_plain_sentence(tmp_path, port):
    with DemoRun(tmp_path / "home", PORT=port) as demo:
        assert demo.wait_until_ended() != 0
    assert demo.output.startswith(f"PORT is '{port}'; it must be a number from 1 to 65535.\n")


def test_configured_servers_that_do_not_answer_get_one_plain_sentence(tmp_path):
    nowhere = f"postgres://somebody:secret@127.0.0.1:{free_port()}/nothing"
    with DemoRun(tmp_path / "home", DATABASE_URL=nowhere) as demo:
        assert demo.wait_until_ended() != 0
    assert "The database at DATABASE_URL does not work:" in demo.output
    assert "secret" not in demo.output
    assert "Traceback" not in demo.output


@pytest.mark.parametrize(
    ("moment", "seconds"),
    [("Preparing the data", 1), ("Starting the programs", 0.5), ("Starting the programs", 3)],
)
def test_stopping_while_it_starts_ends_everything(used_home, moment, seconds):
    with DemoRun(used_home) as demo:
        demo.wait_until_it_says(moment)
        time.sleep(seconds)
        demo.processes()
        demo.make.terminate()
        demo.wait_until_ended()
        assert demo.survivors(seconds=1) == []
        assert "Traceback" not in demo.output


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a small disk")
def test_a_full_disk_gets_one_plain_sentence(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.system(f"mount -t tmpfs -o size=20m none {disk} 2>/dev/null") != 0:
        pytest.skip("this machine lets nobody mount a disk")
    try:
        with DemoRun(disk / "home") as demo:
            assert demo.wait_until_ended() != 0
    finally:
        os.system(f"umount {disk}")
    assert demo.output.startswith(f"The disk that holds {disk / 'home'} is full: ")
    assert "Traceback" not in demo.output


def test_a_folder_that_cannot_be_made_gets_one_plain_sentence(tmp_path):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    with DemoRun(in_the_way / "home") as demo:
        assert demo.wait_until_ended() != 0
    assert demo.output.startswith(f"Assay cannot use {Path(in_the_way)}")
    assert "Traceback" not in demo.output
