"""When a round wrote to people, how many answer in which way or not now, and the addresses that were refused."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "mailing",
        sa.Column("round", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["round"], ["round.id"], name=op.f("fk_mailing_round")),
        sa.PrimaryKeyConstraint("round", "kind", name=op.f("pk_mailing")),
    )
    op.create_table(
        "noted",
        sa.Column("round", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_noted_number")),
        sa.ForeignKeyConstraint(["place"], ["node.id"], name=op.f("fk_noted_place")),
        sa.ForeignKeyConstraint(["round"], ["round.id"], name=op.f("fk_noted_round")),
        sa.PrimaryKeyConstraint("round", "place", "what", name=op.f("pk_noted")),
    )
    op.execute(
        "CREATE VIEW refused_mail AS SELECT outbox.id AS mail, invitee.id AS invitee, invitee.batch AS batch, "
        "invitee.email AS email, outbox.error AS words FROM outbox JOIN invitee ON outbox.invitee = invitee.id "
        "WHERE outbox.state = 'failed'"
    )
