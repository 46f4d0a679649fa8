"""Measures, whom they cover, and how views were weighed."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "measure",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("hoped", sa.Text(), nullable=False),
        sa.Column("questionnaire", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("covers", sa.Text(), nullable=False),
        sa.Column("baseline", sa.Text(), nullable=True),
        sa.Column("chosen_by", sa.Text(), nullable=True),
        sa.Column("responsible", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("start", sa.Date(), nullable=True),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.CheckConstraint("covers IN ('units', 'group')", name=op.f("ck_measure_covers")),
        sa.CheckConstraint("status IN ('planned', 'decided', 'started', 'ended')", name=op.f("ck_measure_status")),
        sa.ForeignKeyConstraint(["municipality"], ["node.id"], name=op.f("fk_measure_municipality")),
        sa.ForeignKeyConstraint(["place"], ["node.id"], name=op.f("fk_measure_place")),
        sa.ForeignKeyConstraint(["baseline"], ["round.id"], name=op.f("fk_measure_baseline")),
        sa.ForeignKeyConstraint(["chosen_by"], ["round.id"], name=op.f("fk_measure_chosen_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
    )
    op.create_index(op.f("ix_measure_municipality"), "measure", ["municipality"])
    op.create_index(op.f("ix_measure_place"), "measure", ["place"])
    for table, column, to in (("measure_unit", "unit", "node"), ("measure_round", "round", "round")):
        op.create_table(
            table,
            sa.Column("measure", sa.Text(), nullable=False),
            sa.Column(column, sa.Text(), nullable=False),
            sa.ForeignKeyConstraint(["measure"], ["measure.id"], name=op.f(f"fk_{table}_measure")),
            sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}")),
            sa.PrimaryKeyConstraint("measure", column, name=op.f(f"pk_{table}")),
        )
    op.create_table(
        "weighing",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["measure"], ["measure.id"], name=op.f("fk_weighing_measure")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weighing")),
    )
    op.create_index(op.f("ix_weighing_measure"), "weighing", ["measure"])
