"""An adviser's words in a report for a committee, and the numbers of earlier surveys."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "committee_text",
        sa.Column("round", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["round"], ["round.id"], name=op.f("fk_committee_text_round")),
        sa.PrimaryKeyConstraint("round", "node", "language", name=op.f("pk_committee_text")),
    )
    op.create_table(
        "earlier_result",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("survey", sa.Text(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("lowest", sa.Double(), nullable=True),
        sa.Column("highest", sa.Double(), nullable=True),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint("(lowest IS NULL) = (highest IS NULL)", name=op.f("ck_earlier_result_scale")),
        sa.CheckConstraint("n >= 5", name=op.f("ck_earlier_result_n")),
        sa.ForeignKeyConstraint(["municipality"], ["node.id"], name=op.f("fk_earlier_result_municipality")),
        sa.ForeignKeyConstraint(["place"], ["node.id"], name=op.f("fk_earlier_result_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_result")),
    )
    op.create_index(op.f("ix_earlier_result_municipality"), "earlier_result", ["municipality"])
    op.create_index(op.f("ix_earlier_result_place"), "earlier_result", ["place"])
