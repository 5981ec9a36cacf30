"""A real mail server for tests, which can be told to misbehave."""

import email
import threading
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import default
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from stack.services import free_port


class MailServer:
    """Collects what it receives.

    `messages` holds every message accepted, in order, repeats included; `mailbox()` what a mailbox would show, which
    keeps one message of each Message-ID. `before_accepting` and `after_accepting` are called with each message, the
    latter once it is ours but before the client is told: the moment in which a crash matters most.
    """

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.before_accepting: Callable[[EmailMessage], None] | None = None
        self.after_accepting: Callable[[EmailMessage], None] | None = None
        self.reply: str | None = None  # "451 Try again later": refuse everything with it
        self._may_answer = threading.Event()
        self._may_answer.set()
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._may_answer.set()
        self._controller.stop()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def pause(self) -> None:
        """Hold back the answer to every further message (it is not kept either) until `resume`."""
        self._may_answer.clear()

    def resume(self) -> None:
        """Answer again."""
        self._may_answer.set()

    def mailbox(self, address: str | None = None) -> list[EmailMessage]:
        """Return the messages to `address` (or to all), each Message-ID once."""
        seen: dict[str, EmailMessage] = {}
        for message in self.messages:
            if address is None or address in message["X-Recipients"].split(", "):
                seen.setdefault(str(message["Message-ID"]), message)
        return list(seen.values())

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        message = email.message_from_bytes(bytes(envelope.content or b""), policy=default)
        message["X-Recipients"] = ", ".join(envelope.rcpt_tos)
        return await server.loop.run_in_executor(None, self._accept, message)

    def _accept(self, message: EmailMessage) -> str:
        if self.before_accepting:
            self.before_accepting(message)
        self._may_answer.wait()
        if self.reply:
            return self.reply
        self.messages.append(message)
        if self.after_accepting:
            self.after_accepting(message)
        return "250 OK"
