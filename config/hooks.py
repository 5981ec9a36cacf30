"""Functions that apps register by name in the settings, because imports between apps point one way only."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.utils.module_loading import import_string


@cache
def load(*paths: str) -> tuple[Callable[..., Any], ...]:
    """Return the functions that the dotted `paths` name."""
    return tuple(import_string(path) for path in paths)
