"""The whole of Assay on one machine: `make demo`.

Starts what is missing, waits until each part answers, prints where everything is, and keeps watch until Ctrl-C,
SIGTERM or the death of `make`. Whatever happens to this process, nothing that it started lives on.
"""

import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from types import FrameType
from urllib.parse import urlsplit

from stack import answers
from stack.address import chosen_port, in_use, require_free
from stack.environment import for_programs, servers
from stack.errors import StackError
from stack.home import Home
from stack.prepare import EXPLAINED
from stack.processes import InterruptedParent, Process, stop_with_parent
from stack.services import free_port

DEFAULT_PASSWORD = "assay-demo-2026"  # noqa: S105  everybody may know it: the demo holds no real case
PYTHON = sys.executable
ANSWERS_WITHIN_SECONDS = 120  # a laptop takes five; a busy machine with two cores took forty
PREPARED_WITHIN_SECONDS = 600
RESTARTS = 3
ROUND_SECONDS = 0.3
MAIL_CATCHER = "mail catcher"


class Stopped(BaseException):
    """Somebody asked us to stop. No Exception, so that nobody who expects failures takes it for one."""


class Demo:
    """Programs of one running copy, in the order in which they were started."""

    def __init__(self, home: Home, port: int, environment: dict[str, str]) -> None:
        self.home = home
        self.port = port
        self.environment = environment
        self.started_at = time.time()
        self.programs: dict[str, Process] = {}
        self.restarts: dict[str, int] = {}
        self.parent = InterruptedParent()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self, name: str) -> list[str]:
        """Return the command line of a program."""
        return {
            "web server": ["gunicorn", "--config", "python:config.gunicorn", "config.wsgi"],
            "worker": [
                *("celery", "-A", "config", "worker", "--loglevel", "INFO", "--concurrency", "2"),
                *("--hostname", self.worker_name, "--without-gossip", "--without-mingle"),
            ],
            "scheduler": [
                *("celery", "-A", "config", "beat", "--loglevel", "INFO", "--pidfile", ""),
                *("--schedule", str(self.home.folder / "beat-schedule")),
            ],
            MAIL_CATCHER: [
                *("stack.mail", "--folder", str(self.home.mail)),
                *("--port", str(urlsplit(self.environment["EMAIL_URL"]).port)),
            ],
        }[name]

    @property
    def worker_name(self) -> str:
        return f"assay-{self.port}@{socket.gethostname()}"

    def start(self, name: str) -> None:
        """Start a program, or start it again."""
        patience = {"worker": 15.0}.get(name, 10.0)
        self.programs[name] = Process(
            name,
            [PYTHON, "-m", *self.command(name)],
            log=self.home.logs / f"{name.replace(' ', '-')}.log",
            env=self.environment,
            patience_seconds=patience,
        )

    def stop(self) -> None:
        """Stop all programs: each ends what it is doing, and those that others use go last."""
        for name, program in self.programs.items():
            if name != MAIL_CATCHER:
                program.ask_to_stop()
        for program in reversed(self.programs.values()):
            program.stop()

    def answers(self, name: str) -> bool:
        """Say whether a program does its work now."""
        environment = self.environment
        if name == "web server":
            return answers.web(f"{self.address}/healthz")
        if name == "worker":
            return answers.worker(environment["REDIS_URL"], self.worker_name)
        if name == "scheduler":
            return answers.scheduler(environment["REDIS_URL"], since=self.started_at)
        return answers.mail(environment["EMAIL_URL"])

    def wait_for(self, names: list[str]) -> None:
        """Return once each program answers; raises if one ends first, or does not answer in time."""
        deadline = time.monotonic() + ANSWERS_WITHIN_SECONDS
        waiting = list(names)
        while waiting:
            for name in list(waiting):
                program = self.programs[name]
                if not program.running:
                    self._raise_for(program, f"ended {program.how_it_ended()} before it answered")
                if self.answers(name):
                    waiting.remove(name)
                elif time.monotonic() > deadline:
                    raise program.failure(f"has not answered for {ANSWERS_WITHIN_SECONDS} seconds")
            self.breathe()

    def _raise_for(self, program: Process, what: str) -> None:
        if program.name == "web server" and "in use" in program.written():
            raise in_use(self.port)
        raise program.failure(what)

    def breathe(self) -> None:
        """Wait a moment, and notice if make was asked to stop meanwhile."""
        time.sleep(ROUND_SECONDS)
        if self.parent.noticed():
            raise Stopped

    def prepare(self) -> list[dict[str, str]]:
        """Bring the data up to date; return the demo's people."""
        program = Process(
            "preparation of the data",
            [PYTHON, "-m", "stack.prepare"],
            log=self.home.logs / "prepare.log",
            env=self.environment,
        )
        deadline = time.monotonic() + PREPARED_WITHIN_SECONDS
        try:
            while program.running:
                self.breathe()
                if time.monotonic() > deadline:
                    raise program.failure(f"has not ended after {PREPARED_WITHIN_SECONDS} seconds")
        finally:
            program.stop()
        if program.how_it_ended() == f"with exit code {EXPLAINED}":
            raise StackError(program.written().strip().splitlines()[-1])
        if program.how_it_ended() != "with exit code 0":
            raise program.failure(f"ended {program.how_it_ended()}")
        return self.home.demo()[1]

    def watch(self, services: list[Process]) -> None:
        """Keep everything running until Stopped; raises if a server of ours ends, or a program keeps ending."""
        while True:
            self.breathe()
            for service in services:
                if not service.running:
                    raise service.failure(f"ended {service.how_it_ended()}")
            for name, program in self.programs.items():
                if program.running:
                    continue
                if self.restarts.get(name, 0) == RESTARTS:
                    raise program.failure(
                        f"ended {program.how_it_ended()}, after {RESTARTS} restarts"
                    )
                self.restarts[name] = self.restarts.get(name, 0) + 1
                say(f"The {name} ended {program.how_it_ended()}; it was started again.")
                program.stop()  # what it left behind
                self.start(name)


def say(text: str) -> None:
    """Print, unless nobody can read it any more."""
    with contextlib.suppress(OSError):
        print(text, flush=True)


def ready_block(demo: Demo, people: list[dict[str, str]], password: str) -> str:
    """Return the text that tells a person where everything is."""
    width = max((len(person["email"]) for person in people), default=0)
    lines = [
        f"  {p['email']:<{width}}  {p['roles']}{p['force'] and ', '}{p['force']}" for p in people
    ]
    if MAIL_CATCHER in demo.programs:
        mail = f"kept in {demo.home.mail}, one .eml file for each message"
    else:
        server = urlsplit(demo.environment["EMAIL_URL"])
        mail = f"sent through {server.hostname}:{server.port or 25}"
    return "\n".join(
        [
            "",
            f"Assay is ready at {demo.address}",
            "",
            "People of the demo:",
            *lines,
            f"Password of each: {password}",
            "",
            f"Mail:  {mail}",
            f"Data:  {demo.home.folder}",
            f"Logs:  {demo.home.logs}",
            "Stop:  Ctrl-C; the data stays",
            "",
        ]
    )


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """Turn the first SIGINT, SIGTERM or SIGHUP into Stopped; while things are being stopped, ignore further ones."""
    wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(number: int, frame: FrameType | None) -> None:
        for each in wanted:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped

    for each in wanted:
        signal.signal(each, stop)
    try:
        yield
    except Stopped:
        say("Stopped.")


def environment_of(home: Home, port: int, found: dict[str, str], password: str) -> dict[str, str]:
    """Return the environment of all programs: a demo's, with mail caught unless EMAIL_URL is set."""
    address = f"http://127.0.0.1:{port}"
    return for_programs(
        home,
        found,
        ASSAY_ENV="demo",
        ASSAY_DEMO_PASSWORD=password,
        BASE_URL=address,
        BIND=f"127.0.0.1:{port}",
        EMAIL_URL=os.environ.get("EMAIL_URL") or f"smtp://127.0.0.1:{free_port()}",
    )


def run(home: Home, port: int) -> None:
    """Run everything until it is stopped."""
    password = os.environ.get("ASSAY_DEMO_PASSWORD") or home.demo()[0] or DEFAULT_PASSWORD
    with contextlib.ExitStack() as running:
        running.enter_context(home.locked())
        require_free(port)
        say("Starting the servers …")
        services: list[Process] = []
        found = running.enter_context(servers(home, started=services))
        demo = Demo(home, port, environment_of(home, port, found, password))
        running.callback(demo.stop)
        running.callback(signal_deaf)
        say("Preparing the data …")
        people = demo.prepare()
        names = ["worker", "scheduler", "web server"]
        if not os.environ.get("EMAIL_URL"):
            names.insert(0, MAIL_CATCHER)
        say("Starting the programs …")
        for name in names:
            demo.start(name)
        demo.wait_for(names)
        say(ready_block(demo, people, password))
        demo.watch(services)


def signal_deaf() -> None:
    """Ignore further requests to stop: it is happening."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)


def main(*, with_parent: bool) -> int:
    """Run the demo; return the exit code. Raises StackError for what a person must put right."""
    if with_parent:
        stop_with_parent()
    with stoppable():
        run(Home(), chosen_port())
    return 0
