"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:

    op.create_table(
        "node",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("service_kind", sa.Text(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.CheckConstraint("level IN ('municipality', 'service', 'division', 'unit')", name=op.f("ck_node_level")),
        sa.ForeignKeyConstraint(["parent"], ["node.id"], name=op.f("fk_node_parent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_node")),
    )
    with op.batch_alter_table("node", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_node_parent"), ["parent"], unique=False)

    op.create_table(
        "staff",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_email")),
    )
    op.create_table(
        "wrong_code",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_wrong_code")),
    )
    op.create_table(
        "role",
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["node"], ["node.id"], name=op.f("fk_role_node")),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_role_staff"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("staff", "role", "node", name=op.f("pk_role")),
    )
    op.create_table(
        "round",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("service_kind", sa.Text(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("questionnaire", sa.Text(), nullable=False),
        sa.Column("k", sa.Integer(), nullable=False),
        sa.Column("b", sa.Integer(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("closed", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "state IN ('planned', 'open', 'closing', 'released', 'destroyed')", name=op.f("ck_round_state")
        ),
        sa.CheckConstraint("k >= 5 AND b >= 2 AND k >= 2 * b + 1", name=op.f("ck_round_k_and_b")),
        sa.ForeignKeyConstraint(["municipality"], ["node.id"], name=op.f("fk_round_municipality")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
    )
    op.create_table(
        "batch",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("issued", sa.Integer(), nullable=False),
        sa.Column("voided", sa.Integer(), nullable=False),
        sa.CheckConstraint("way IN ('self', 'interview', 'paper')", name=op.f("ck_batch_way")),
        sa.ForeignKeyConstraint(["round"], ["round.id"], name=op.f("fk_batch_round")),
        sa.ForeignKeyConstraint(["unit"], ["node.id"], name=op.f("fk_batch_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sa.UniqueConstraint("round", "unit", "way", "group", name=op.f("uq_batch_round_unit_way_group")),
    )
    op.create_table(
        "comment",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("remove_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'shown')", name=op.f("ck_comment_state")),
        sa.ForeignKeyConstraint(["round"], ["round.id"], name=op.f("fk_comment_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comment_round"), ["round"], unique=False)

    op.create_table(
        "release",
        sa.Column("round", sa.Text(), nullable=False),
        sa.Column("artefact", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["round"], ["round.id"], name=op.f("fk_release_round")),
        sa.PrimaryKeyConstraint("round", name=op.f("pk_release")),
    )
    op.create_table(
        "answer_count",
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["batch.id"], name=op.f("fk_answer_count_batch")),
        sa.PrimaryKeyConstraint("batch", name=op.f("pk_answer_count")),
    )
    op.create_table(
        "code",
        sa.Column("hmac", sa.LargeBinary(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["batch.id"], name=op.f("fk_code_batch")),
        sa.PrimaryKeyConstraint("hmac", name=op.f("pk_code")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_code_batch"), ["batch"], unique=False)

    op.create_table(
        "invited",
        sa.Column("hmac", sa.LargeBinary(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["batch.id"], name=op.f("fk_invited_batch")),
        sa.PrimaryKeyConstraint("hmac", name=op.f("pk_invited")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("invited", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invited_batch"), ["batch"], unique=False)

    op.create_table(
        "invitee",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["batch.id"], name=op.f("fk_invitee_batch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitee")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("invitee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitee_batch"), ["batch"], unique=False)

    op.create_table(
        "sealed",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("tag", sa.LargeBinary(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["batch.id"], name=op.f("fk_sealed_batch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed")),
        sa.UniqueConstraint("tag", name=op.f("uq_sealed_tag")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("sealed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sealed_batch"), ["batch"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("invitee", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due", sa.DateTime(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('queued', 'sent', 'failed')", name=op.f("ck_outbox_state")),
        sa.ForeignKeyConstraint(["invitee"], ["invitee.id"], name=op.f("fk_outbox_invitee"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("invitee", "kind", name=op.f("uq_outbox_invitee_kind")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_state_due"), ["state", "due"], unique=False)
