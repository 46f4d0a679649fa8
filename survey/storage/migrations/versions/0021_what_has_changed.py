"""Every change of the register, and of what reports are made of, raises a number: so it is read again only then."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

AREAS = {
    "register": ("node", "contact"),
    "reports": (
        *("round", "plan", "release", "comment", "told_back", "measure", "measure_unit", "measure_round"),
        *("weighing", "committee_text", "earlier_result"),
    ),
}
RAISE = "UPDATE stamp SET number = number + 1 WHERE area ="
# At the end of a transaction, so that nobody waits for long and for nothing after it. With the owner's rights: whoever
# may change a place cannot change the number otherwise.
POSTGRESQL = f"""
    CREATE FUNCTION stamps() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        known text := 'medvirk.stamped_' || TG_ARGV[0];
        now text := pg_current_xact_id()::text;
    BEGIN
        IF TG_OP = 'TRUNCATE' OR current_setting(known, true) IS DISTINCT FROM now THEN
            {RAISE} TG_ARGV[0];
            PERFORM set_config(known, now, true);
        END IF;
        RETURN NULL;
    END $$
"""


def upgrade() -> None:
    made = op.create_table(
        "stamp",
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("area", name=op.f("pk_stamp")),
    )
    op.bulk_insert(made, [{"area": area, "number": 0} for area in AREAS])
    if op.get_context().dialect.name != "sqlite":
        op.execute(POSTGRESQL)
    raise_for(AREAS)


def raise_for(areas: Mapping[str, Sequence[str]]) -> None:
    """Let every change of these tables raise the number of their area."""
    sqlite = op.get_context().dialect.name == "sqlite"
    for area, table in ((area, table) for area, tables in areas.items() for table in tables):
        if sqlite:
            for verb in ("INSERT", "UPDATE", "DELETE"):
                name = f"{table}_stamped_{verb.lower()}"
                op.execute(f"CREATE TRIGGER {name} AFTER {verb} ON {table} BEGIN {RAISE} '{area}'; END")
        else:
            op.execute(
                f"CREATE CONSTRAINT TRIGGER {table}_stamped AFTER INSERT OR UPDATE OR DELETE ON {table} "
                f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stamps('{area}')"
            )
            op.execute(
                f"CREATE TRIGGER {table}_emptied AFTER TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION stamps('{area}')"
            )
