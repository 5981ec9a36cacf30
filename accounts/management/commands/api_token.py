"""Print a new API token for a person."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.formats import date_format
from django.utils.timezone import localtime

from accounts.models import User
from accounts.tokens import DEFAULT_DAYS, NoToken, issue


class Command(BaseCommand):
    help = "Print a new API token for the person with this e-mail address. It is shown this once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument(
            "--days",
            type=int,
            default=DEFAULT_DAYS,
            help=f"for how many days it is valid (default {DEFAULT_DAYS})",
        )

    def handle(self, *args: Any, email: str, days: int, **options: Any) -> None:
        try:
            user = User.objects.get_by_natural_key(email)
        except User.DoesNotExist as error:
            raise CommandError(f"Nobody here has the e-mail address {email}.") from error
        try:
            token, expires = issue(user, days=days)
        except NoToken as error:
            raise CommandError(str(error)) from error
        # The token alone on standard output, so that a script can read it.
        self.stdout.write(token)
        self.stderr.write(
            f"A token for {user.name}, valid until {date_format(localtime(expires), 'j F Y, H:i')}. "
            "Keep it like a password: nobody can show it again."
        )
