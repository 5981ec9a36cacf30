"""Which servers a copy uses, ours or configured ones, and the environment that says so to every program."""

import contextlib
import os
from collections.abc import Iterator

from stack.home import Home
from stack.services import Postgres, Redis

PUBLISHED = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY")


@contextlib.contextmanager
def servers(home: Home, *, durable: bool = True) -> Iterator[dict[str, str]]:
    """Yield DATABASE_URL, REDIS_URL and SECRET_KEY: as configured, else of servers that run until the block ends."""
    found = {name: os.environ[name] for name in PUBLISHED if os.environ.get(name)}
    with contextlib.ExitStack() as running:
        if "DATABASE_URL" not in found:
            password = home.secret("database_password")
            database = running.enter_context(
                Postgres(home.folder, password=password, durable=durable)
            )
            found["DATABASE_URL"] = database.url
        if "REDIS_URL" not in found:
            found["REDIS_URL"] = running.enter_context(Redis(home.folder)).url
        found.setdefault("SECRET_KEY", home.secret("secret_key"))
        home.publish(found)
        running.callback(home.unpublish)
        yield found


def for_programs(home: Home, found: dict[str, str], **more: str) -> dict[str, str]:
    """Return the whole environment for a program of this copy: ours, the servers', and `more`."""
    return {
        **os.environ,
        "STATIC_ROOT": str(home.static),
        "MEDIA_ROOT": str(home.media),
        "PYTHONUNBUFFERED": "1",
        **found,
        **more,
    }
