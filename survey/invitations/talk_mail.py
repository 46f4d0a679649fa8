"""Mail contacts that somebody wants to talk to them, and advisers that somebody has waited.

The mail names the place and nobody: it passes through servers and stays in mailboxes that Medvirk cannot empty.
Sent at least once, like an invitation; a second copy has the same id.
"""

import datetime as dt
from email.message import EmailMessage

from survey.invitations import daily, outbox
from survey.invitations.daily import DailyPost
from survey.invitations.mail import Letterhead, called, templates
from survey.talk import telling
from survey.talk.telling import CONTACT, Notice

LANGUAGES = ("nb", "nn", "en")  # one after the other in each mail: nobody knows which its reader prefers


def compose(notice: Notice, letterhead: Letterhead, now: dt.datetime) -> EmailMessage:
    """The finished mail; `now` in UTC.

    Raises: TextsMissingError; ValueError or MessageError where the address can stand in no mail.
    """
    words = {"contact": notice.recipient == CONTACT, "page": f"{letterhead.address}/staff/talk"}
    texts = [
        templates(language).get_template("invitations/talk.txt").render(words, place=called(notice.place, language))
        for language in LANGUAGES
    ]
    subject = templates("nb").get_template("invitations/talk_subject.txt").render()
    return daily.message(notice.id, notice.email, subject, "\n\n".join(texts) + "\n", letterhead, now)


class TalkPost(DailyPost[Notice]):
    """Queues once a day and sends what is due."""

    about = "requests to talk"

    def _queue(self, today: dt.date) -> None:
        telling.queue(self._database, today)

    def _take(self) -> Notice | None:
        return telling.take(self._database, self._clock(), outbox.LEASE)

    def _compose(self, mail: Notice) -> EmailMessage:
        return compose(mail, self._letterhead, self._clock())

    def _put_off(self, mail: Notice, until: dt.datetime) -> None:
        telling.later(self._database, mail, until)

    def _gone(self, mail: Notice) -> None:
        telling.sent(self._database, mail, self._clock().date())

    def _failed(self, mail: Notice) -> None:
        telling.failed(self._database, mail)
