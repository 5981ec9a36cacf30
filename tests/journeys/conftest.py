"""The whole job, done once for all tests of this folder that look at what it left."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.job import Published, do_the_whole_job
from tests.support.mail import MailServer


@pytest.fixture(scope="session")
def published(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    """An inspection that people planned, graded, drafted and published in their browsers; its demo is stopped."""
    with MailServer() as mail:
        yield do_the_whole_job(browser, tmp_path_factory.mktemp("journey"), mail)
