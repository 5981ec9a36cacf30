"""PDFs that a worker makes: asked for as a row, done once, found again when a message or a worker is lost.

One runner for every kind: a kind says what its rows are, what its first step is called, and how a row becomes a PDF
(`Jobs`), and is registered. A worker holds a PostgreSQL advisory lock on its row for as long as its connection lives.
A running row whose lock is free has lost its worker, however long it has been running, and is begun again; three times
at most. Whoever is told of progress learns by it that a row is no longer its own: cancelled, or begun by another.
"""

from __future__ import annotations

import datetime as dt
import functools
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q, QuerySet, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext
from kombu.exceptions import OperationalError

from reports.models import BuildStatus
from reports.pdf import Pdf, PdfRefused
from reports.progress import LATER_STEPS, Progress

logger = logging.getLogger(__name__)

ATTEMPTS = 3
# A message that no worker has taken by then may be lost, and is sent again; a second one does no harm.
RESEND_AFTER = dt.timedelta(seconds=20)
# So often a worker that lays out pages tells how many there are, and looks whether it is still wanted.
TELL_EVERY = dt.timedelta(seconds=1)


class NoLongerWanted(Exception):
    """The row was cancelled, or another worker has begun it again: whoever makes it stops."""


class Telling(Progress):
    """What a worker tells of its row; each telling raises NoLongerWanted once the row is not its own any more."""

    def __init__(self, ours: QuerySet[Any]) -> None:
        self._ours = ours
        self._next = timezone.now()

    def step(self, number: int) -> None:
        """Step `number` (from 1) begins."""
        self._tell(step=number)

    def page(self, number: int) -> None:
        """So many pages are laid out; told once a second at most."""
        if timezone.now() >= self._next:
            self._next = timezone.now() + TELL_EVERY
            self._tell(pages=number)

    def _tell(self, **values: int) -> None:
        if not self._ours.update(**values):
            raise NoLongerWanted


@dataclass(frozen=True)
class Jobs:
    """The rows of one kind: a model with the fields of `models.builds.Job`, and how one of them is made.

    `name` is what messages call the kind; `lock_space` keeps its advisory locks apart from all others; `first_step`
    says what is done before composing. `make` gets the row (with `related` at hand) and its progress, outside of any
    transaction. `store` may put the PDF elsewhere than into the row; it must write only through `ours`.
    """

    name: str
    model: Any
    lock_space: int
    first_step: object
    make: Callable[[Any, Progress], Pdf]
    related: tuple[str, ...] = ()
    store: Callable[[Any, QuerySet[Any], Pdf], None] | None = None

    @property
    def steps(self) -> tuple[object, ...]:
        return (self.first_step, *LATER_STEPS)

    def ask(self, **fields: Any) -> Any:
        """Ask for a PDF and return its row; if one with the same constrained fields is under way, that one.

        `requested_by`, `as_of` and the like say nothing about which one it is. Two who ask at once get one row; one
        that ends between our asking and our looking is no longer under way, so we ask again.
        """
        which = {name: value for name, value in fields.items() if name in self._keys()}
        while True:
            try:
                with transaction.atomic():
                    row = self.model.objects.create(**fields)
                    transaction.on_commit(functools.partial(self.send, row.pk))
                return row
            except IntegrityError as error:
                if not self._is_one_at_a_time(error):
                    raise
            if under_way := self.model.objects.active().filter(**which).first():
                return under_way

    def _one_at_a_time(self) -> list[UniqueConstraint]:
        constraints = self.model._meta.constraints
        return [each for each in constraints if isinstance(each, UniqueConstraint)]

    def _is_one_at_a_time(self, error: IntegrityError) -> bool:
        """Whether `error` says that such a row is under way, and nothing else that another try would meet again."""
        broken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        return broken in {constraint.name for constraint in self._one_at_a_time()}

    def _keys(self) -> set[str]:
        """The fields of which only one combination at a time may be under way."""
        return {name for constraint in self._one_at_a_time() for name in constraint.fields}

    def send(self, pk: int) -> None:
        """Tell a worker of the row; if the broker is away, the sweep will."""
        from reports.tasks import make

        try:
            make.apply_async([self.name, pk], retry=False)
        except OperationalError as error:
            logger.warning("%s %s waits for the broker: %s", self.model.__name__, pk, error)

    def run(self, pk: int) -> None:
        """Make the PDF of the row `pk`, unless it is done, given up, or in another worker's hands.

        Must not run inside a transaction: people watch its progress.
        """
        with self.hold(pk) as ours:
            if not ours or not self.begin(pk):
                return
            row = self.model.objects.select_related(*self.related).get(pk=pk)
            try:
                made = self.make(row, Telling(self.ours(row)))
                self._finish(row, made)
            except NoLongerWanted:
                logger.info("%s %s is no longer wanted", self.name, pk)
            except PdfRefused as error:  # another attempt would end the same way
                logger.exception("%s %s was refused", self.name, pk)
                self._fail(self.ours(row), str(error))
            except Exception:
                logger.exception("%s %s failed at attempt %s", self.name, pk, row.attempts)
                self.put_back(row)

    def cancel(self, pk: int) -> bool:
        """Stop the row; False if it had ended before. A worker that is at it notices within a second or two."""
        active = self.model.objects.active().filter(pk=pk)
        return bool(
            active.update(status=BuildStatus.CANCELLED, finished_at=timezone.now(), pages=None)
        )

    def sweep(self) -> int:
        """Send again every row whose message or worker was lost; return how many."""
        waiting = self.model.objects.active().filter(
            Q(status=BuildStatus.RUNNING) | Q(requested_at__lt=timezone.now() - RESEND_AFTER)
        )
        lost = [
            pk
            for pk, status in waiting.values_list("pk", "status")
            if status == BuildStatus.QUEUED or not self.is_held(pk)
        ]
        for pk in lost:
            self.send(pk)
        return len(lost)

    @contextmanager
    def hold(self, pk: int) -> Iterator[bool]:
        """Hold the row's lock during the block; yields whether we got it."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [self.lock_space + pk])
            ours = bool(cursor.fetchone()[0])
        try:
            yield ours
        finally:
            if ours and connection.is_usable():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [self.lock_space + pk])

    def is_held(self, pk: int) -> bool:
        """Whether a worker is at the row."""
        with self.hold(pk) as ours:
            return not ours

    def begin(self, pk: int) -> bool:
        """Mark the row as running, once more; False if it is done or was begun too often."""
        active = self.model.objects.active().filter(pk=pk)
        if active.filter(attempts__lt=ATTEMPTS).update(
            status=BuildStatus.RUNNING,
            step=0,
            pages=None,
            started_at=timezone.now(),
            attempts=F("attempts") + 1,
        ):
            return True
        words = gettext("The worker stopped %(count)d times while it made this PDF.")
        self._fail(active, words % {"count": ATTEMPTS})
        return False

    def ours(self, row: Any) -> QuerySet[Any]:
        """The row, as long as nobody has cancelled it or begun it again since."""
        found: QuerySet[Any] = self.model.objects.filter(
            pk=row.pk, status=BuildStatus.RUNNING, attempts=row.attempts
        )
        return found

    def put_back(self, row: Any) -> None:
        """After an error: let the next sweep try again, or give up."""
        if row.attempts < ATTEMPTS:
            self.ours(row).update(status=BuildStatus.QUEUED, step=0, pages=None)
            return
        words = gettext("The PDF could not be made in %(count)d attempts.")
        self._fail(self.ours(row), words % {"count": ATTEMPTS})

    def _finish(self, row: Any, made: Pdf) -> None:
        if self.store is not None:
            self.store(row, self.ours(row), made)
            return
        self.ours(row).update(**finished(), **contents(made))

    def _fail(self, rows: QuerySet[Any], words: str) -> None:
        rows.update(status=BuildStatus.FAILED, finished_at=timezone.now(), error=words, pages=None)


def finished() -> dict[str, Any]:
    """The values of a row that is done."""
    return {"status": BuildStatus.DONE, "finished_at": timezone.now(), "error": ""}


def contents(made: Pdf) -> dict[str, Any]:
    """The values of a row, or of a publication, that say what was made."""
    return {"pdf": made.content, "sha256": made.sha256, "pages": made.pages}


_kinds: dict[str, Jobs] = {}


def register(kind: Jobs) -> Jobs:
    """Let workers make PDFs of `kind`, and the sweep find lost ones; its module must be imported by `reports.tasks`."""
    _kinds[kind.name] = kind
    return kind


def run(name: str, pk: int) -> None:
    """Make the PDF of row `pk` of the kind called `name` (see `Jobs.run`)."""
    _kinds[name].run(pk)


def sweep() -> int:
    """Send again what was lost of every kind; return how many."""
    return sum(kind.sweep() for kind in _kinds.values())
