"""Alembic's side of `weerwoord.store.database`, which hands it a connection with a transaction going on."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
