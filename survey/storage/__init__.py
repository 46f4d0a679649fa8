"""Tables, engine, locks and migrations, the same on SQLite and PostgreSQL."""
