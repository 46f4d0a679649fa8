"""Contacts, requests to talk to them, and which contacts an unused code has asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

SIDES = "side IN ('here', 'elsewhere')"


def upgrade() -> None:

    op.create_table(
        "contact",
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.CheckConstraint(SIDES, name=op.f("ck_contact_side")),
        sa.ForeignKeyConstraint(["node"], ["node.id"], name=op.f("fk_contact_node"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("node", "side", name=op.f("pk_contact")),
    )
    op.create_table(
        "talk_request",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("asked", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("remove_on", sa.Date(), nullable=False),
        sa.CheckConstraint(SIDES, name=op.f("ck_talk_request_side")),
        sa.CheckConstraint("state IN ('new', 'handled', 'closed')", name=op.f("ck_talk_request_state")),
        sa.ForeignKeyConstraint(["unit"], ["node.id"], name=op.f("fk_talk_request_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk_request")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("talk_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_talk_request_unit"), ["unit"], unique=False)
    for column in ("asked_here", "asked_elsewhere"):
        op.add_column("code", sa.Column(column, sa.Boolean(), server_default=sa.false(), nullable=False))
