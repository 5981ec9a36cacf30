"""Calls the functions that apps to our right registered by name in the settings, because imports point one way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from importlib.util import find_spec
from typing import Any

from django.utils.module_loading import import_string


@cache
def load(paths: Iterable[str]) -> tuple[Callable[..., Any], ...]:
    """Return the functions that the dotted `paths` (a tuple) name."""
    return tuple(import_string(path) for path in paths if find_spec(path.rpartition(".")[0]))
