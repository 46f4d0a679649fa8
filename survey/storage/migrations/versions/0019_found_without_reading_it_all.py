"""Rounds are found by their state and releases by their hash, without reading all of them on the way."""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_index("ix_round_state_municipality_closed_title", "round", ["state", "municipality", "closed", "title"])
    op.create_index("ix_release_sha256", "release", ["sha256"])
