"""Signs of life of what sends the messages, for the operator's page."""

from __future__ import annotations

import datetime as dt
import logging

import redis
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from config.beat import HEARTBEAT_KEY

logger = logging.getLogger(__name__)
LAST_SWEEP_KEY = "reminders:last-sweep"


def note_sweep() -> None:
    """Note that a sweep has come to its end, by the machine's own clock; without Redis it goes unnoted."""
    try:
        cache.set(LAST_SWEEP_KEY, timezone.now(), timeout=None)
    except (redis.RedisError, OSError) as error:
        logger.warning("the end of a sweep was not noted: %s", error)


def last_sweep() -> dt.datetime | None:
    """When a sweep last came to its end; None if that is not known."""
    moment: dt.datetime | None = cache.get(LAST_SWEEP_KEY)
    return moment


def last_sign_of_beat() -> dt.datetime | None:
    """When beat was last alive; None if it has been silent for a minute (`config.beat`) or the broker is away."""
    try:
        with redis.Redis.from_url(settings.CELERY_BROKER_URL, socket_timeout=5) as client:
            seconds = client.get(HEARTBEAT_KEY)
    except redis.RedisError:
        return None
    if seconds is None:
        return None
    return dt.datetime.fromtimestamp(float(seconds), tz=dt.UTC)  # type: ignore[arg-type]
