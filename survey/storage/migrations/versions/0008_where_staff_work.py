"""An account says where its holder works, and whether somebody else has seen its password."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    # In words that both databases have: Alembic would copy SQLite's table, and dropping the old one drops its roles.
    op.execute("ALTER TABLE staff ADD COLUMN works_at TEXT CONSTRAINT fk_staff_works_at REFERENCES node (id)")
    op.execute("ALTER TABLE staff ADD COLUMN provisional BOOLEAN DEFAULT false NOT NULL")
    op.execute("UPDATE staff SET works_at = (SELECT min(node) FROM role WHERE role.staff = staff.id)")
