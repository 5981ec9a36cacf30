"""A program that uses the API in a person's name."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tokens import issue


@pytest.fixture
def api() -> Callable[[User], APIClient]:
    """Return a function that gives a client with a person's bearer token; it speaks JSON and enforces CSRF."""

    def client_of(user: User) -> APIClient:
        client = APIClient(enforce_csrf_checks=True)
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue(user)[0]}")
        return client

    return client_of
