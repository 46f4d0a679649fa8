"""Groups and a coming structure in a plan; merged units; rounds in the log; mails that remind staff."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

WORDS = "a round that has been opened stays"
SQLITE = (
    "CREATE TRIGGER round_stays BEFORE DELETE ON round WHEN OLD.state <> 'planned' "
    f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END",
)
POSTGRESQL = (
    f"CREATE FUNCTION round_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{WORDS}'; END $$",
    "CREATE TRIGGER round_stays BEFORE DELETE ON round FOR EACH ROW "
    "WHEN (OLD.state <> 'planned') EXECUTE FUNCTION round_stays()",
)


def upgrade() -> None:
    for added in (  # in words that both databases have
        "plan ADD COLUMN measure TEXT CONSTRAINT fk_plan_measure REFERENCES measure (id)",
        "plan ADD COLUMN covering TEXT NOT NULL DEFAULT ''",
        "plan ADD COLUMN covered INTEGER",
        "plan ADD COLUMN coming JSON NOT NULL DEFAULT '{}'",
        "node ADD COLUMN merged_into TEXT CONSTRAINT fk_node_merged_into REFERENCES node (id)",
        "audit_entry ADD COLUMN round TEXT NOT NULL DEFAULT ''",
        "staff ADD COLUMN language TEXT NOT NULL DEFAULT 'nb'",
    ):
        op.execute(f"ALTER TABLE {added}")
    op.create_table(
        "staff_mail",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due", sa.DateTime(), nullable=False),
        sa.CheckConstraint("state IN ('queued', 'sent', 'failed')", name=op.f("ck_staff_mail_state")),
        sa.CheckConstraint("kind IN ('next_round', 'measure_begins', 'measure_ends')", name=op.f("ck_staff_mail_kind")),
        sa.ForeignKeyConstraint(["recipient"], ["staff.id"], name=op.f("fk_staff_mail_recipient"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_mail")),
        sa.UniqueConstraint("recipient", "kind", "about", "day", name=op.f("uq_staff_mail_recipient_kind_about_day")),
    )
    for statement in SQLITE if op.get_context().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
