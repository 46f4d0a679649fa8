"""Rounds are found by their state, releases by their hash, without reading questionnaires and releases on the way."""

from alembic import op

revision = "0019"
down_revision = "0015"


def upgrade() -> None:
    op.create_index("ix_round_state_municipality_closed_title", "round", ["state", "municipality", "closed", "title"])
    op.create_index("ix_release_round_sha256", "release", ["round", "sha256"])
    op.create_index("ix_release_sha256", "release", ["sha256"])
