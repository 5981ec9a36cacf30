"""What Jinja2 templates may use: the Design System's macros, gettext, links, and how dates and figures are written."""

from __future__ import annotations

import datetime as dt
import functools
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, Undefined

from config import hooks
from config.forms import error_links, field_view
from config.navigation import primary_navigation
from config.queries import chosen_filters, query_string, sort_link

DATE = "j F Y"


class UnknownNameError(Undefined):
    """Fails where a template uses a name that nothing defined, or an attribute that an object of ours lacks.

    The Design System's macros rely on optional keys of their parameters being silently absent, so a missing
    key of a dictionary stays harmless.
    """

    def _is_mistake(self) -> bool:
        if self._undefined_name in {"caller", "undefined", "null"} or self._undefined_hint:
            return False
        return not isinstance(self._undefined_obj, dict)

    def __str__(self) -> str:
        return self._fail_with_undefined_error() if self._is_mistake() else ""

    def __bool__(self) -> bool:
        return self._fail_with_undefined_error() if self._is_mistake() else False

    def __iter__(self) -> Any:
        return self._fail_with_undefined_error() if self._is_mistake() else iter(())

    def __len__(self) -> int:
        return self._fail_with_undefined_error() if self._is_mistake() else 0


def environment(**options: Any) -> Environment:
    """Build the environment that every page of Assay is rendered in (Django's Jinja2 backend calls this)."""
    options["loader"] = ChoiceLoader(
        [
            options["loader"],
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    # A name that nothing defined is a mistake to see while developing, not a page to lose in production.
    options["undefined"] = Undefined if settings.PRODUCTION else UnknownNameError
    env = Environment(  # noqa: S701 - Django puts autoescape=True among the options
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.globals.update(
        url=url,
        zip=zip,
        static=static,
        get_messages=get_messages,
        language=get_language,
        primary_navigation=primary_navigation,
        unread_messages=unread_messages,
        query_string=query_string,
        sort_link=sort_link,
        chosen_filters=chosen_filters,
        field_view=field_view,
        error_links=error_links,
        PHASE=settings.PHASE,
        BASE_URL=settings.BASE_URL,
    )
    env.filters.update(
        date=format_date,
        time=format_time,
        datetime=format_datetime,
        relative=relative,
        span=span,
        is_before=is_before,
        percent=percent,
        number=number,
    )
    return env


def unread_messages(person: Any) -> int:
    """Return how many messages `person` has still to read (settings.UNREAD_MESSAGES)."""
    [count] = hooks.load(settings.UNREAD_MESSAGES)
    unread: int = count(person)
    return unread


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """Return the address of the page `name`; fails if there is none."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def _local(value: dt.date | dt.datetime) -> dt.date | dt.datetime:
    """Return `value` as people in London would date it; a date is one already."""
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def format_date(value: dt.date | dt.datetime | None) -> str:
    """“3 March 2026”, in the reader's language and Europe/London; nothing for None."""
    if not value:
        return ""
    local = _local(value)
    day = local.date() if isinstance(local, dt.datetime) else local
    return _written(day, get_language())


@functools.lru_cache(maxsize=4096)
def _written(day: dt.date, language: str | None) -> str:
    """Return `day` in words; lists repeat the same few dates, and writing one is slow."""
    return date_format(day, DATE)


def format_time(value: dt.datetime | dt.time | None) -> str:
    """“14:32”, Europe/London; nothing for None."""
    if value is None:
        return ""
    local = _local(value) if isinstance(value, dt.datetime) else value
    return local.strftime("%H:%M")


def format_datetime(value: dt.datetime | None) -> str:
    """“3 March 2026, 14:32”, Europe/London; nothing for None."""
    return f"{format_date(value)}, {format_time(value)}" if value else ""


def relative(value: dt.date | dt.datetime, today: dt.date) -> str:
    """How far `value` lies from `today` in days: “in 6 days”, “today”, “4 days ago”."""
    local = _local(value)
    day = local.date() if isinstance(local, dt.datetime) else local
    days = (day - today).days
    if days == 0:
        return gettext("today")
    if days == 1:
        return gettext("tomorrow")
    if days == -1:
        return gettext("yesterday")
    if days > 0:
        return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
    return ngettext("%(days)d day ago", "%(days)d days ago", -days) % {"days": -days}


def is_before(value: dt.datetime, moment: dt.datetime) -> bool:
    """Whether `value` comes before `moment`, also in the hour that comes twice when the clocks go back."""
    return value.astimezone(dt.UTC) < moment.astimezone(dt.UTC)


def span(value: dt.datetime, moment: dt.datetime) -> str:
    """How much time lies between two moments: “less than a minute”, “25 minutes”, “3 hours”, from two days on “2 days”.

    Time that goes by, whatever the clocks do meanwhile.
    """
    apart = abs(value.astimezone(dt.UTC) - moment.astimezone(dt.UTC))
    minutes = int(apart.total_seconds() // 60)
    if minutes < 1:
        return gettext("less than a minute")
    if minutes < 60:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    days = hours // 24
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def percent(part: float, whole: float, digits: int = 0) -> str:
    """“55%”: `part` of `whole`, halves rounded up; an en dash where there is no whole to have a part of."""
    if not whole:
        return "–"
    share = Decimal(str(part)) * 100 / Decimal(str(whole))
    return f"{share.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)}%"


def number(value: int | float | None) -> str:
    """“12,345”; nothing for None."""
    return "" if value is None else f"{value:,}"
