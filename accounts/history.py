"""The record of what happened to the rows whose past matters."""

from collections.abc import Callable
from typing import TypeVar

import pghistory
from django.db import models

M = TypeVar("M", bound=models.Model)


def track_every_change() -> Callable[[type[M]], type[M]]:
    """Class decorator: every insert, update and delete leaves an event row, written by a database trigger.

    Triggers see bulk changes and shell sessions as well; event rows can be added but not changed (rules 4 and 11).
    """
    return pghistory.track(
        pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent()
    )
