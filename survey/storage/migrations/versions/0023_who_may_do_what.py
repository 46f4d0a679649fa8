"""Every change of accounts, roles and invitations to help raises a number, too."""

from importlib import import_module

from alembic import op

revision = "0023"
down_revision = "0022"

AREAS = {"staff": ("staff", "role", "round_helper", "second_factor")}


def upgrade() -> None:
    op.execute("INSERT INTO stamp (area, number) VALUES ('staff', 0)")
    import_module("survey.storage.migrations.versions.0021_what_has_changed").raise_for(AREAS)
