"""A round asks for people's view of a measure; how views were weighed is kept in order, with the role of who wrote.

Columns are added by themselves: neither table is made anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.execute("ALTER TABLE plan ADD COLUMN view_of TEXT CONSTRAINT fk_plan_view_of REFERENCES measure (id)")
    op.execute("ALTER TABLE plan ADD COLUMN view_called JSON DEFAULT '{}' NOT NULL")
    op.create_index(op.f("ix_plan_view_of"), "plan", ["view_of"])
    op.execute("ALTER TABLE weighing ADD COLUMN number INTEGER DEFAULT 0 NOT NULL")
    op.execute("ALTER TABLE weighing ADD COLUMN role TEXT DEFAULT '' NOT NULL")
    _number_what_is_there()


def _number_what_is_there() -> None:
    """From the oldest day on; of those of one day nobody knows any more."""
    weighing = sa.table("weighing", *map(sa.column, ("id", "measure", "day", "number")))
    connection, last = op.get_bind(), dict[str, int]()
    for id_, measure in connection.execute(
        sa.select(weighing.c.id, weighing.c.measure).order_by(weighing.c.day, weighing.c.id)
    ).all():
        last[measure] = last.get(measure, 0) + 1
        connection.execute(sa.update(weighing).where(weighing.c.id == id_).values(number=last[measure]))
