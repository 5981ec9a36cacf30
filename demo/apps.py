"""The Django app that holds the commands `load_demo` and `generate`."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"
