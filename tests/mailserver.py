"""A real mail server for tests, which refuses, hangs up or stays silent when told to."""

import asyncio
import ssl
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Event, Thread

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HANG_UP, SILENCE = "hang up", "silence"
USER, PASSWORD = "medvirk", "sesame-marker"


class MailServer:
    """`replies` maps a recipient to what their next mails meet, one after the other: a reply, HANG_UP or SILENCE.

    `on_mail` is called with each mail that was taken, before the server says so.
    """

    def __init__(self) -> None:
        self.port = 0
        self.received: list[EmailMessage] = []
        self.connections = 0
        self.signed_in = 0
        self.replies: defaultdict[str, list[str]] = defaultdict(list)
        self.sender_reply = ""
        self.on_mail: Callable[[EmailMessage], object] = lambda _: None

    def recipients(self) -> list[str]:
        return [str(message["To"]) for message in self.received]

    async def handle_MAIL(  # noqa: N802 – aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.sender_reply or "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 – aiosmtpd's
        [recipient] = envelope.rcpt_tos
        reply = self.replies[recipient].pop(0) if self.replies[recipient] else ""
        if reply == HANG_UP:
            server.transport.abort()
        elif reply == SILENCE:
            await asyncio.Event().wait()
        elif not reply:
            assert isinstance(envelope.content, bytes)
            message = message_from_bytes(envelope.content, policy=default)
            assert isinstance(message, EmailMessage)
            self.received.append(message)
            await asyncio.get_running_loop().run_in_executor(None, self.on_mail, message)
        return reply or "250 OK"


@contextmanager
def serving(
    starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None, sign_in: bool = False
) -> Iterator[MailServer]:
    """Serve on a free port of this machine until the block ends."""
    server = MailServer()
    ready, done = Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    def authenticate(*given: object) -> AuthResult:
        right = given[-1] == LoginPassword(USER.encode(), PASSWORD.encode())
        server.signed_in += right
        return AuthResult(success=right, handled=False)

    def protocol() -> SMTP:
        server.connections += 1
        return SMTP(
            server,
            hostname="localhost",
            loop=loop,
            tls_context=starttls,
            require_starttls=starttls is not None,
            auth_required=sign_in and starttls is not None,  # aiosmtpd knows no implicit TLS
            auth_require_tls=starttls is not None,
            authenticator=authenticate,
        )

    async def serve() -> None:
        listening = await loop.create_server(protocol, "127.0.0.1", 0, ssl=tls)
        server.port = listening.sockets[0].getsockname()[1]
        ready.set()
        await done.wait()
        listening.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await loop.shutdown_default_executor()

    thread = Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    try:
        assert ready.wait(10)
        yield server
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()
        loop.close()
