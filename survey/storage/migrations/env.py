"""Alembic's entry: runs the versions on the connection that `survey.storage.migrating` hands over."""

from alembic import context

from survey.storage.tables import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
