"""Tries to guess a secret are counted in the database, for every process that asks."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "tried",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("beyond", sa.Integer(), nullable=False),
        sa.Column("last", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_tried")),
        sqlite_with_rowid=False,
    )
