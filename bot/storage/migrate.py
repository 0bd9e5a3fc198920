"""The migrations, run from inside the program."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from bot.storage.postgres.layout import VERSION_TABLE
from bot.storage.schema import metadata


def config(db: sa.Connection) -> Config:
    """Return what Alembic must know to work on `db`."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    settings.attributes.update(connection=db, metadata=metadata, version_table=_version_table(db))
    return settings


def _version_table(db: sa.Connection) -> str:
    return VERSION_TABLE if db.dialect.name == "postgresql" else "alembic_version"


def upgrade(db: sa.Connection) -> None:
    """Take `db` to the newest revision, within the transaction that is open."""
    command.upgrade(config(db), "head")
