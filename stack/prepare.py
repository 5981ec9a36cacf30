"""Bring database and static files up to what the code expects: `python -m stack.prepare`, run by the demo.

One process for all of it, since each start of Django costs a second. A problem that has a plain explanation is
printed as the last line, with exit code EXPLAINED.
"""

import json
import os
import sys
from pathlib import Path

import django
import redis
from django.core.management import CommandError, call_command
from django.db import OperationalError

from stack.home import Home
from stack.processes import ROOT
from stack.stamps import done, fingerprint

EXPLAINED = 3
FRAMEWORKS = ROOT / "inspections" / "frameworks"
DEMO_DOMAIN = "@assay.example"


def prepare(home: Home, password: str) -> None:
    """Migrate, load frameworks and demo data (each does nothing if it is there), collect static files.

    The demo's people get `password` if it is not the one that they were given before; one that a person has changed
    since stays.
    """
    from django.conf import settings

    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5) as broker:
        broker.ping()
    call_command("migrate", interactive=False, verbosity=1)
    for framework in sorted(FRAMEWORKS.glob("*.yaml")):
        # An older demo keeps the frameworks that its inspections use: they can't change any more.
        call_command("load_framework", "--keep-used", str(framework))
    call_command("load_demo")
    collect_static_files(Path(settings.STATIC_ROOT))
    given_before, _ = home.demo()
    if password != given_before:
        give(password)
    home.write_private("demo.json", json.dumps({"password": password, "people": demo_people()}))


def collect_static_files(folder: Path) -> None:
    """Fill `folder` unless it was filled from the same files before."""
    stamp = folder / ".collected-from"
    mark = fingerprint(ROOT / "static" / "dist", ROOT / "requirements.txt")
    if not done(stamp, mark):
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(mark)


def give(password: str) -> None:
    """Let every person of the demo sign in with `password`."""
    from accounts.models import User

    for person in User.objects.filter(email__endswith=DEMO_DOMAIN):
        if not person.check_password(password):
            person.set_password(password)
            person.save(update_fields=["password"])


def demo_people() -> list[dict[str, str]]:
    """Return the people of the demo as they are to be shown: address, roles, force."""
    from accounts.models import Role, User

    people = User.objects.filter(email__endswith=DEMO_DOMAIN, is_active=True).select_related(
        "force"
    )
    return [
        {
            "email": person.email,
            "roles": ", ".join(str(Role(role).label) for role in person.roles),
            "force": person.force.name if person.force else "",
        }
        for person in people.order_by("pk")
    ]


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    try:
        prepare(Home(), os.environ["ASSAY_DEMO_PASSWORD"])
    except CommandError as error:
        print(str(error).replace("\n", " "))
    except OperationalError as error:
        print(f"The database at DATABASE_URL does not work: {str(error).strip().splitlines()[0]}")
    except redis.RedisError as error:
        print(f"The Redis server at REDIS_URL does not work: {error}")
    else:
        return 0
    return EXPLAINED


if __name__ == "__main__":
    sys.exit(main())
