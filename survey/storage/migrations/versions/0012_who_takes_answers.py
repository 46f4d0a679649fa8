"""A round's leader invites interviewers and typists; some papers are typed twice."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "round_helper",
        sa.Column("round", sa.Text(), nullable=False),
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.CheckConstraint("role IN ('interviewer', 'typist')", name=op.f("ck_round_helper_role")),
        sa.ForeignKeyConstraint(["round"], ["round.id"], name=op.f("fk_round_helper_round")),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_round_helper_staff"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("round", "staff", "role", name=op.f("pk_round_helper")),
    )
    op.create_index(op.f("ix_round_helper_staff"), "round_helper", ["staff"])
    op.create_table(
        "first_typing",
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["code"], ["code.hmac"], name=op.f("fk_first_typing_code"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_first_typing")),
        sqlite_with_rowid=False,
    )
