"""Does it answer? One question for each program, put the way its users would."""

import contextlib
import functools
import http.client
import smtplib
from urllib.parse import urlsplit

import redis
from celery import Celery

from config.beat import HEARTBEAT_KEY

PATIENCE_SECONDS = 2


def web(address: str) -> bool:
    """Ask for a page that touches database and Redis."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(
        str(parts.hostname), parts.port, timeout=PATIENCE_SECONDS
    )
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def worker(redis_url: str, name: str) -> bool:
    """Ping the worker through its broker."""
    # Whatever the broker's client raises while things come up means no.
    with contextlib.suppress(Exception):
        replies = _celery(redis_url).control.ping(destination=[name], timeout=PATIENCE_SECONDS)
        return any(name in reply for reply in replies)
    return False


def scheduler(redis_url: str, *, since: float) -> bool:
    """Look for the sign of life that the scheduler leaves in Redis (config/beat.py), from after `since`."""
    with (
        contextlib.suppress(redis.RedisError),
        redis.Redis.from_url(redis_url, socket_timeout=PATIENCE_SECONDS) as client,
    ):
        return float(client.get(HEARTBEAT_KEY) or 0) >= since  # type: ignore[arg-type]
    return False


def mail(email_url: str) -> bool:
    """Greet the mail server."""
    parts = urlsplit(email_url)
    with (
        contextlib.suppress(OSError, smtplib.SMTPException),
        smtplib.SMTP(str(parts.hostname), parts.port or 25, timeout=PATIENCE_SECONDS) as server,
    ):
        return server.noop()[0] == 250
    return False


@functools.cache
def _celery(redis_url: str) -> Celery:
    return Celery(broker=redis_url, set_as_current=False)
