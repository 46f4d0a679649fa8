"""Background work: what staff ask for a round, mails, the voice that reads what they write back to those who answered,
and once a night the counts and what has had its time.

There is no job queue beside the database. What is to be done is what the tables say: an errand, a mail in the outbox,
a line without a sound, a day without a count, a text past its day. So a worker that is killed loses nothing, two
workers do no harm, and there is one place to look.
"""

import datetime as dt
import logging
import traceback
from collections.abc import Callable
from threading import Event

from sqlalchemy.exc import OperationalError

from survey.invitations.account_mail import AccountPost
from survey.invitations.mail import Letterhead
from survey.invitations.outbox import utcnow
from survey.invitations.sending import Post
from survey.invitations.smtp import Server
from survey.invitations.staff_mail import StaffPost
from survey.invitations.talk_mail import TalkPost
from survey.keys import KeyStore
from survey.results.speaking import Voice
from survey.rounds import errands
from survey.rounds.comments import remove_unreviewed
from survey.rounds.counting import count_answers, last_count
from survey.settings import Settings
from survey.speech.library import SpeechLibrary
from survey.staff import notices, tries
from survey.storage import migrating
from survey.storage.engine import Database, StorageError
from survey.talk.requests import remove_old

PAUSE = 5  # seconds between looking
AFTER_TROUBLE = 60

Task = Callable[[], object]

_log = logging.getLogger(__name__)


def run(settings: Settings, stop: Event, clock: Callable[[], dt.datetime] = utcnow) -> None:
    """Work until `stop` is set; no error ends it. `clock` gives now in UTC, without zone."""
    database = Database(settings.database_url)
    night = Night(database, clock)
    keys = KeyStore(settings.keys)
    tasks: dict[str, Task] = {
        "The letterbox": keys.make_letterbox,
        "Forgetting keys that are destroyed": keys.rounds,
        "Rounds": lambda: errands.work(database, keys, settings.data),
        **_mail(settings, database, keys, stop, clock),
        "The voice": Voice(database, SpeechLibrary(settings.data)).work,
        "The nightly work": night.work,
    }
    ready = False
    while not stop.is_set():
        ready = ready or _done("Background work", lambda: migrating.check_current(database))
        results = [_done(name, task) for name, task in tasks.items()] if ready else [False]
        stop.wait(PAUSE if all(results) else AFTER_TROUBLE)
    database.dispose()


def _mail(
    settings: Settings, database: Database, keys: KeyStore, stop: Event, clock: Callable[[], dt.datetime]
) -> dict[str, Task]:
    letterhead = Letterhead(sender=settings.mail_from, address=settings.address)
    post = Post(database, keys, letterhead, clock)
    if settings.smtp_host is None:
        return {"Mail": lambda: post.write(settings.data, stop)}
    server = Server(
        host=settings.smtp_host,
        port=settings.smtp_port,
        user=settings.smtp_user,
        password=settings.smtp_password,
        security=settings.smtp_security,
    )
    talk = TalkPost(database, letterhead, clock, server)
    staff = StaffPost(database, letterhead, clock, server)
    accounts = AccountPost(database, letterhead, clock, server)
    return {
        "Mail": lambda: post.send(server, stop),
        "Mail about requests to talk": lambda: talk.work(stop),
        "Mail that reminds staff": lambda: staff.work(stop),
        "Mail about accounts": lambda: accounts.work(stop),
    }


class Night:
    """What is done once a day, soon after midnight UTC, or when a worker starts after that.

    A restart on the same day counts nothing: who could have answers counted often could see them come one by one.
    """

    def __init__(self, database: Database, clock: Callable[[], dt.datetime]) -> None:
        self._database = database
        self._clock = clock
        self._done: dt.date | None = None

    def work(self) -> None:
        """Do it, unless it has been done today."""
        today = self._clock().date()
        self._done = self._done or last_count(self._database)
        if self._done is None or self._done < today:
            count_answers(self._database, today)
            remove_unreviewed(self._database, today)
            remove_old(self._database, today)
            tries.forget(self._database, self._clock())
            notices.forget(self._database, today)
            self._done = today


def _done(name: str, task: Task) -> bool:
    """Whether a task ended well (False: no). Errors are logged without their words: those may hold what a row holds."""
    try:
        return task() is not False
    except StorageError as error:
        _log.error("%s waits: %s", name, error)
    except OperationalError as error:
        _log.error("%s waits: the database cannot be used (%s). It is tried again.", name, type(error.orig).__name__)
    except Exception as error:
        where = "".join(traceback.format_tb(error.__traceback__))
        _log.error("%s failed (%s) and is tried again.\n%s", name, type(error).__name__, where)
    return False
