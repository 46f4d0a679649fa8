"""A round is planned, opened and closed from the web, and what was planned stays as it was once it is open."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

KEPT = (
    *("id", "title", "audience", "service_kind", "municipality", "questionnaire"),
    *("k", "b", "simulated", "keep_unfinished", "public_key"),
)
WORDS = "a round that has been opened stays as it was planned"
SQLITE = (
    "CREATE TRIGGER round_kept BEFORE UPDATE ON round WHEN OLD.state <> 'planned' AND ({changed}) "
    "BEGIN SELECT RAISE(ABORT, '{words}'); END"
)
POSTGRESQL = (
    "CREATE FUNCTION round_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{words}'; END $$",
    "CREATE TRIGGER round_kept BEFORE UPDATE ON round FOR EACH ROW "
    "WHEN (OLD.state <> 'planned' AND ({changed})) EXECUTE FUNCTION round_kept()",
)


def upgrade() -> None:
    op.create_table(
        "plan",
        sa.Column("round", sa.Text(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("ways", sa.JSON(), nullable=False),
        sa.Column("helped", sa.Integer(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("leader", sa.Text(), nullable=False),
        sa.Column("retention", sa.Text(), nullable=False),
        sa.Column("opens", sa.Date(), nullable=True),
        sa.Column("closes", sa.Date(), nullable=True),
        sa.Column("repeat", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round"], ["round.id"], name=op.f("fk_plan_round"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("round", name=op.f("pk_plan")),
    )
    op.create_table(
        "round_event",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["round"], ["round.id"], name=op.f("fk_round_event_round"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_event")),
    )
    op.create_index(op.f("ix_round_event_round"), "round_event", ["round"])
    op.create_table(
        "errand",
        sa.Column("round", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("passphrase", sa.LargeBinary(), nullable=True),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked", sa.DateTime(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('open', 'stop', 'resume', 'release', 'destroy')", name=op.f("ck_errand_kind")),
        sa.ForeignKeyConstraint(["round"], ["round.id"], name=op.f("fk_errand_round"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("round", name=op.f("pk_errand")),
    )
    sqlite = op.get_context().dialect.name == "sqlite"
    differs = "IS NOT" if sqlite else "IS DISTINCT FROM"
    changed = " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in KEPT)
    for statement in (SQLITE,) if sqlite else POSTGRESQL:
        op.execute(statement.format(words=WORDS, changed=changed))
