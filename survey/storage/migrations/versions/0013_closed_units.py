"""A unit that is closed stays in the register, for what was answered about it."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.execute("ALTER TABLE node ADD COLUMN closed DATE")  # in words that both databases have
