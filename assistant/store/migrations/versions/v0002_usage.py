"""What models were asked for: calls, tokens and cost by day, site and model."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "usage",
        sa.Column("day", sa.Date(), primary_key=True), sa.Column("site", sa.String(64), primary_key=True),
        sa.Column("model", sa.String(128), primary_key=True),
        sa.Column("calls", sa.BigInteger(), nullable=False), sa.Column("prompt_tokens", sa.BigInteger(), nullable=False),
        sa.Column("completion_tokens", sa.BigInteger(), nullable=False), sa.Column("cost", sa.Float(), nullable=False),
    )
