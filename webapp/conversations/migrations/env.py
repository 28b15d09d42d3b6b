"""Run by Alembic: applies migrations on the connection that `upgrade` holds."""

from alembic import context

from webapp.conversations.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()
