"""Those who answered are told what they said, and what comes of it."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "told_back",
        sa.Column("round", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("published", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["round"], ["round.id"], name=op.f("fk_told_back_round")),
        sa.PrimaryKeyConstraint("round", "node", name=op.f("pk_told_back")),
    )
