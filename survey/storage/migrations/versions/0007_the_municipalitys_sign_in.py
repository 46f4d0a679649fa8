"""Staff sign in with the municipality's own sign-in."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "staff_at_provider",
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_staff_at_provider_staff"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("staff", name=op.f("pk_staff_at_provider")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_staff_at_provider_issuer_subject")),
    )
    op.create_table(
        "spent_sign_in",
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("nonce", name=op.f("pk_spent_sign_in")),
    )
    with op.batch_alter_table("staff_session") as batch:
        batch.add_column(sa.Column("by_provider", sa.Boolean(), nullable=False, server_default=sa.false()))
