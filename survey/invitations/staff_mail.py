"""Mails that remind staff of a day, in the language of their account. Nothing of respondents stands in them."""

import datetime as dt
from email.message import EmailMessage

from survey.invitations import daily, staff_reminders
from survey.invitations.daily import DailyPost
from survey.invitations.mail import Letterhead, templates
from survey.invitations.staff_reminders import NEXT_ROUND, Reminder
from survey.languages import day_in


def compose(reminder: Reminder, letterhead: Letterhead, now: dt.datetime) -> EmailMessage:
    """The finished mail; `now` in UTC.

    Raises: TextsMissingError; ValueError or MessageError where the address can stand in no mail.
    """
    texts = templates(reminder.language)
    page = f"rounds/{reminder.about}#again" if reminder.kind == NEXT_ROUND else f"measures/{reminder.about}"
    words = {
        "kind": reminder.kind,
        "title": reminder.title,
        "day": day_in(reminder.language, reminder.day),
        "page": f"{letterhead.address}/staff/{page}",
    }
    subject, text = (texts.get_template(f"invitations/staff{part}.txt").render(words) for part in ("_subject", ""))
    return daily.message(reminder.id, reminder.email, subject, f"{text}\n", letterhead, now)


class StaffPost(DailyPost[Reminder]):
    """Queues once a day and sends what is due."""

    about = "what staff are reminded of"

    def _queue(self, today: dt.date) -> None:
        staff_reminders.queue(self._database, today)

    def _take(self) -> Reminder | None:
        return staff_reminders.take(self._database, self._clock())

    def _compose(self, mail: Reminder) -> EmailMessage:
        return compose(mail, self._letterhead, self._clock())

    def _put_off(self, mail: Reminder, until: dt.datetime) -> None:
        staff_reminders.later(self._database, mail, until)

    def _gone(self, mail: Reminder) -> None:
        """It was held to be sent when it was taken, so that it never goes twice."""

    def _failed(self, mail: Reminder) -> None:
        staff_reminders.failed(self._database, mail)
