"""Celery beat's schedule, with a sign of life that somebody outside the process can read."""

import logging
import time
from typing import Any

import redis
from celery.beat import PersistentScheduler

logger = logging.getLogger(__name__)

HEARTBEAT_KEY = "assay:beat"
HEARTBEAT_EVERY_SECONDS = 5
HEARTBEAT_LASTS_SECONDS = 60


class Scheduler(PersistentScheduler):
    """The usual scheduler, which also writes the time of its last round into Redis.

    `HEARTBEAT_KEY` holds seconds since 1970 and is gone a minute after beat is.
    """

    max_interval = HEARTBEAT_EVERY_SECONDS

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send what is due, and leave the sign of life."""
        wait = super().tick(*args, **kwargs)
        try:
            client = redis.Redis.from_url(self.app.conf.broker_url, socket_timeout=5)
            with client:
                client.set(HEARTBEAT_KEY, f"{time.time():.3f}", ex=HEARTBEAT_LASTS_SECONDS)
        except redis.RedisError as error:  # beat itself must go on, and says so if it cannot send
            logger.warning("no sign of life written: %s", error)
        return min(wait, HEARTBEAT_EVERY_SECONDS)
