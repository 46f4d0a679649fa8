"""Whom the pages of voices and pictures are for, and how much they may send."""

from survey.staff.accounts import ADMINISTRATOR, QUALITY_ADVISER

KEEPERS = (ADMINISTRATOR, QUALITY_ADVISER)
FORM = 10_000  # bytes besides the file
