"""Django's view of the config package, so that its system checks are found."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
