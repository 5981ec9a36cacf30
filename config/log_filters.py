"""What must not stand in logs: the secrets in the addresses of calendars (reminders/feeds.py)."""

from __future__ import annotations

import logging
import re

_SECRET = re.compile(r"/calendar/[^/ ?]+\.ics")


def without_secrets(text: str) -> str:
    """Return `text` with “[secret]” wherever the address of a calendar has one."""
    return _SECRET.sub("/calendar/[secret].ics", text)


class WithoutSecrets(logging.Filter):
    """Lets every line pass, without secrets: Django names the address that it did not find, or that failed."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        masked = without_secrets(message)
        if masked != message:
            record.msg, record.args = masked, ()
        return True
