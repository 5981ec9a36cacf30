"""The servers of a test run, and the fixtures every test may ask for.

The first process of a run starts PostgreSQL and Redis (unless DATABASE_URL and REDIS_URL name some) and the
parallel ones inherit their addresses. It happens while this file is imported, so that the conftest of a folder
below may import models.
"""

from tests.support.servers import prepare_environment

prepare_environment()

import os  # noqa: E402

import django  # noqa: E402
import pytest  # noqa: E402

from tests.support import migrated  # noqa: E402

django.setup()

pytest_plugins = ["tests.support.stack"]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Migrate once for all parallel processes, and let them choose their part of Redis before they read the settings.

    pytest-django reads them at once, before this file is imported, in a process that inherits the name of the module.
    """
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    migrated.start()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Give a parallel process a copy of the database that the first one migrated; alone, a process migrates its own."""
    if migrated.is_shared():
        from django.db import connection

        connection.settings_dict["TEST"]["TEMPLATE"] = migrated.wait()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the groups that stay on one process: they take longest, and the others fill the gaps around them."""
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)
