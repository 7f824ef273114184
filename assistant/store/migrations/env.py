"""Run by Alembic: takes the connection it is given, inside whose transaction all steps happen or none."""

from alembic import context

from assistant.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True,
)
context.run_migrations()
