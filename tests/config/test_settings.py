"""What production refuses to start on, each in a fresh process that reads the settings."""

import os
import subprocess
import sys

import pytest

PRODUCTION = {
    "ASSAY_ENV": "production",
    "SECRET_KEY": "k" * 25 + "0123456789" * 4,
    "BASE_URL": "https://assay.example",
    "ALLOWED_HOSTS": "assay.example",
    "DATABASE_URL": "postgres://a:b@127.0.0.1:5432/c",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "EMAIL_URL": "smtp://127.0.0.1:25",
}


def read_settings(**environment):
    kept = {"PATH": os.environ["PATH"]}
    return subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        env={**kept, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_production_starts_on_what_the_documents_ask_for():
    assert read_settings(**PRODUCTION).returncode == 0


@pytest.mark.parametrize("name", sorted(PRODUCTION.keys() - {"ASSAY_ENV"}))
def test_production_refuses_to_start_without(name):
    answer = read_settings(**{**PRODUCTION, name: ""})
    assert answer.returncode != 0
    assert f"Set {name}" in answer.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "insecure-development-key-that-production-refuses"),
        ("SECRET_KEY", "short"),
        ("DEBUG", "1"),
        ("ALLOWED_HOSTS", "*"),
        ("ASSAY_CLOCK_OFFSET_DAYS", "1"),
        ("ASSAY_ENV", "staging"),
    ],
)
def test_production_refuses_to_start_on(name, value):
    answer = read_settings(**{**PRODUCTION, name: value})
    assert answer.returncode != 0
    assert "ImproperlyConfigured" in answer.stderr
    assert name in answer.stderr
