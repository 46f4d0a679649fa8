"""Mails that tell the owner of an account that its password or second step was changed.

They hold no link and not even an address of ours: a mail that looks like them and holds one is not from us.
"""

import datetime as dt
from email.message import EmailMessage

from survey.invitations import daily, outbox
from survey.invitations.daily import DailyPost
from survey.invitations.mail import Letterhead, templates
from survey.languages import day_in
from survey.staff import notices
from survey.staff.notices import Notice


def compose(notice: Notice, letterhead: Letterhead, now: dt.datetime) -> EmailMessage:
    """The finished mail; `now` in UTC.

    Raises: TextsMissingError; ValueError or MessageError where the address can stand in no mail.
    """
    texts = templates(notice.language)
    words = {"kind": notice.kind, "day": day_in(notice.language, notice.day)}
    subject, text = (texts.get_template(f"invitations/account{part}.txt").render(words) for part in ("_subject", ""))
    return daily.message(notice.id, notice.email, subject, f"{text}\n", letterhead, now)


class AccountPost(DailyPost[Notice]):
    """Sends what is due."""

    about = "accounts"

    def _queue(self, today: dt.date) -> None:
        """It was written down when it happened."""

    def _take(self) -> Notice | None:
        return notices.take(self._database, self._clock(), outbox.LEASE)

    def _compose(self, mail: Notice) -> EmailMessage:
        return compose(mail, self._letterhead, self._clock())

    def _put_off(self, mail: Notice, until: dt.datetime) -> None:
        notices.later(self._database, mail, until)

    def _gone(self, mail: Notice) -> None:
        notices.gone(self._database, mail)

    def _failed(self, mail: Notice) -> None:
        notices.gone(self._database, mail)
