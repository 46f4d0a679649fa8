"""Mails about requests to talk: to contacts, and to advisers about what has waited."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "talk_mail",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due", sa.DateTime(), nullable=False),
        sa.Column("told", sa.Date(), nullable=True),
        sa.CheckConstraint("state IN ('queued', 'sent', 'failed')", name=op.f("ck_talk_mail_state")),
        sa.ForeignKeyConstraint(
            ["request"], ["talk_request.id"], name=op.f("fk_talk_mail_request"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk_mail")),
        sa.UniqueConstraint("request", "recipient", name=op.f("uq_talk_mail_request_recipient")),
        sqlite_with_rowid=False,
    )
