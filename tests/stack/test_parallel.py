"""Tests that run at the same time share servers, and nothing in them."""

import os

import pytest


@pytest.mark.django_db
def test_a_parallel_process_has_a_database_and_a_part_of_redis_of_its_own(settings):
    from django.db import connection

    worker = os.environ.get("PYTEST_XDIST_WORKER")
    number = int(worker.removeprefix("gw")) + 1 if worker else 0
    assert settings.REDIS_URL.endswith(f"/{number}")
    assert settings.CELERY_BROKER_URL == settings.REDIS_URL
    assert connection.settings_dict["NAME"] == (f"test_assay_{worker}" if worker else "test_assay")


@pytest.mark.xdist_group("together")
def test_tests_of_one_group_stay_on_one_process(request):
    parallel = "PYTEST_XDIST_WORKER" in os.environ
    assert request.node.nodeid.endswith("@together") == parallel, "pytest-xdist groups nothing"
