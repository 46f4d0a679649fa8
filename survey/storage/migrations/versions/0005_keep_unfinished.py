"""A round may let tablets keep what somebody has begun."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    with op.batch_alter_table("round") as batch_op:
        batch_op.add_column(sa.Column("keep_unfinished", sa.Boolean(), server_default=sa.false(), nullable=False))
