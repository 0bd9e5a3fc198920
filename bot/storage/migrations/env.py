"""What Alembic runs first: our connection, our transaction."""

from __future__ import annotations

from alembic import context

_connection = context.config.attributes["connection"]

context.configure(
    connection=_connection,
    target_metadata=context.config.attributes["metadata"],
    version_table=context.config.attributes["version_table"],
    render_as_batch=_connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
