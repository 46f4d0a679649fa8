"""Every change of the register raises a number, so that it is read again only when it is another."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

TABLES = ("node", "contact")
RAISE = "UPDATE register_stamp SET number = number + 1"
# The owner's rights: whoever may change the register need not be able to change the number otherwise. Before the rows
# are touched, so that two who write wait here for each other and not across rows.
POSTGRESQL = (
    "CREATE FUNCTION register_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER "
    f"SET search_path = public, pg_temp AS $$ BEGIN {RAISE}; RETURN NULL; END $$"
)


def upgrade() -> None:
    made = op.create_table(
        "register_stamp",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_register_stamp_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_stamp")),
    )
    op.bulk_insert(made, [{"id": 1, "number": 0}])
    if op.get_context().dialect.name == "sqlite":
        for table in TABLES:
            for verb in ("INSERT", "UPDATE", "DELETE"):
                name = f"{table}_changes_{verb.lower()}"
                op.execute(f"CREATE TRIGGER {name} AFTER {verb} ON {table} BEGIN {RAISE}; END")
        return
    op.execute(POSTGRESQL)
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_changes BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION register_changes()"
        )
