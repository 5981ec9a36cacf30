"""The servers of a test run, and the fixtures every test may ask for.

The first process of a run starts PostgreSQL and Redis (unless DATABASE_URL and REDIS_URL name some) and the
parallel ones inherit their addresses. It happens while this file is imported, so that the conftest of a folder
below may import models.
"""

from tests.support.servers import prepare_environment

prepare_environment()

import django  # noqa: E402

django.setup()

pytest_plugins = ["tests.support.stack"]
