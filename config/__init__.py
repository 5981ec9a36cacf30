"""Settings, addresses and processes; nothing here knows what is inspected."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
