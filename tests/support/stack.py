"""Fixtures of a real environment: a mail server, a Celery worker and beat, a browser.

| fixture | is |
| --- | --- |
| `mail_server` | a real SMTP server; Django in the test and every worker started here send through it |
| `celery_worker` | a real worker on the test's database; `.start()`, `.stop()`, `.kill()`, `.wait_until_idle()` |
| `browser`, `page` | Chromium; a page whose console errors and failed requests fail the test |

Whatever another process must see has to be committed: `celery_worker` and `live_server` bring `transactional_db`.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    TimeoutError,
    sync_playwright,
)

from stack.answers import worker as worker_answers
from stack.processes import ROOT, Process
from tests.support.mail import MailServer

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
WORKER_STARTS_WITHIN_SECONDS = 60


def wait_until(condition: Callable[[], object], *, seconds: float = 120, what: str = "") -> None:
    """Return as soon as `condition` holds; fail the test if it does not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"waited {seconds} seconds in vain: {what or condition}")
        time.sleep(0.05)


@pytest.fixture
def mail_server(settings) -> Iterator[MailServer]:
    """A mail server on a free port, to which Django in this process sends, too."""
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield server


class CeleryWorker:
    """A worker (and, if asked for, beat) in processes of their own, on the database of this test."""

    def __init__(self, environment: dict[str, str], logs: Path) -> None:
        self.environment = environment
        self.logs = logs
        self._number = 0
        self._programs: list[Process] = []

    def start(self, *, wait: bool = True, concurrency: int = 1, **environment: str) -> Process:
        """Start a worker; `environment` adds to its environment (ASSAY_CLOCK_OFFSET_DAYS="3")."""
        self._number += 1
        name = f"test{self._number}@{os.getpid()}"
        process = self._run(
            "worker",
            *(
                "worker",
                "--loglevel",
                "INFO",
                "--concurrency",
                str(concurrency),
                "--hostname",
                name,
            ),
            *("--without-gossip", "--without-mingle"),
            **environment,
        )
        if wait:
            wait_until(
                lambda: not process.running or worker_answers(self.environment["REDIS_URL"], name),
                seconds=WORKER_STARTS_WITHIN_SECONDS,
                what=f"the worker to answer; see {process.log}",
            )
            assert process.running, process.log.read_text()
        return process

    def start_beat(self, **environment: str) -> Process:
        """Start beat with a schedule of its own."""
        schedule = str(self.logs / "beat-schedule")
        return self._run("beat", "beat", "--pidfile", "", "--schedule", schedule, **environment)

    def kill(self) -> None:
        """End every worker and beat as SIGKILL does, pool processes included."""
        for program in self._programs:
            program.kill()
        self._programs.clear()

    def stop(self) -> None:
        """End every worker and beat in order: running tasks finish first."""
        for program in self._programs:
            program.stop()
        self._programs.clear()

    def log(self) -> str:
        """Return what the workers have written."""
        path = self.logs / "worker.log"
        return path.read_text() if path.exists() else ""

    def _run(self, name: str, *arguments: str, **environment: str) -> Process:
        process = Process(
            name,
            [sys.executable, "-m", "celery", "-A", "config", *arguments],
            log=self.logs / f"{name}.log",
            env={**self.environment, **environment},
        )
        self._programs.append(process)
        return process


@pytest.fixture
def celery_worker(transactional_db, settings, tmp_path, mail_server) -> Iterator[CeleryWorker]:
    """A worker to start, stop and kill; it reads this test's database and sends through `mail_server`."""
    import redis

    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        broker.flushdb()
    worker = CeleryWorker(program_environment(settings, mail_server), tmp_path / "celery")
    yield worker
    worker.kill()


def program_environment(settings, mail_server: MailServer | None = None) -> dict[str, str]:
    """Return the environment in which another process shares this test's database, Redis and mail server."""
    database = settings.DATABASES["default"]
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:"
        f"{database['PORT']}/{database['NAME']}",
        "REDIS_URL": settings.REDIS_URL,
        "PYTHONUNBUFFERED": "1",
    }
    media = getattr(settings, "MEDIA_ROOT", "")
    if media:
        environment["MEDIA_ROOT"] = str(media)
    if mail_server:
        environment["EMAIL_URL"] = mail_server.url
    return environment


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of this process; pages are isolated from each other."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield chromium
        # While Playwright's event loop runs in this thread, Django's connections are others than after it.
        connections.close_all()
        chromium.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page in a browser context of its own, one for each person in a test.

    After the test, console errors, uncaught exceptions and requests that left this machine fail it.
    """
    problems: list[str] = []
    contexts = []

    def open_page(**options: object) -> Page:
        context, page = watch_page(browser, problems, **options)
        contexts.append(context)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not problems, problems


def watch_page(
    browser: Browser, problems: list[str], **options: object
) -> tuple[BrowserContext, Page]:
    """Open a page in a context of its own; what goes wrong in it is added to `problems`."""
    context = browser.new_context(**{"locale": "en-GB", "timezone_id": "Europe/London", **options})
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.on("pageerror", lambda error: problems.append(f"script error: {error}"))
    page.on("console", lambda message: _note_console(message, problems))
    page.on("request", lambda request: _note_request(request, problems))
    return context, page


def _note_console(message, problems: list[str]) -> None:
    # A page that answers 4xx on purpose is logged as a failed resource; the test itself looks at the status.
    if message.type == "error" and "Failed to load resource" not in message.text:
        problems.append(f"console: {message.text}")


def _note_request(request, problems: list[str]) -> None:
    if not request.url.startswith(
        ("http://localhost", "http://127.0.0.1", "data:", "blob:", "about:")
    ):
        problems.append(f"request to another machine: {request.url}")


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A page of a fresh browser."""
    return new_page()


def follow(locator: Locator) -> None:
    """Click a link or button that leads to another page, and return once that page has loaded.

    Playwright's own click returns at once: what a test reads next might still be the page it came from.
    """
    page = locator.page
    try:
        with page.expect_navigation():
            locator.click()
    except TimeoutError as error:
        # What a page says of itself, such as that it cannot save now, tells more than that nothing came.
        said = [
            element.inner_text()
            for element in page.locator("[role=alert], [data-save-state]").all()
        ]
        pytest.fail(f"{page.url} stayed, and says {said}: {error}")


def assert_accessible(page: Page, *, ignore: tuple[str, ...] = ()) -> None:
    """Fail with the rule, element and advice of every violation that axe finds on the page."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(
            AXE.read_text()
        )  # evaluated by the browser's own hand, so the page's CSP stays as it is
    rules = {rule: {"enabled": False} for rule in ignore}
    # nothing is asked of what passes, which takes as long to tell as to find
    options = {"rules": rules, "resultTypes": ["violations"]}
    violations = page.evaluate(
        "options => axe.run(document, options).then(result => result.violations)", options
    )
    found = [
        f"{violation['id']}: {node['target']}: {node['failureSummary']}"
        for violation in violations
        for node in violation["nodes"]
    ]
    assert not found, "\n".join([page.url, *found])
