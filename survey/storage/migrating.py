"""Bring a database to this version's tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from survey.storage.engine import Database, StorageError


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    return config


def upgrade(database: Database) -> None:
    """Run every migration the database lacks."""
    database.check()
    config = _config()
    with database.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def check_current(database: Database) -> None:
    """Raises: StorageError where the database is not at this version."""
    with database.reading() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    if current != newest:
        raise StorageError(f"The database is at version {current}, Medvirk needs {newest}. Run: medvirk db upgrade")
