"""`weerwoord retention`: drop texts that are too old."""

from __future__ import annotations

from typing import Optional

import typer

from weerwoord.cli.common import NUMBER
from weerwoord.messages import message
from weerwoord.privacy.retention import drop_texts
from weerwoord.settings import settings
from weerwoord.store import store


def retention(
    days: Optional[int] = typer.Option(
        None, "--days", min=1, help=message("cli.retention.days"), metavar=NUMBER, show_default=False
    ),
) -> None:
    """Drop the texts of talks that are older than the number of days of the settings, or than this number."""
    kept = days or settings().retention_days
    count = drop_texts(store().database, kept)
    print(message("retention.done" if count else "retention.nothing", days=kept, talks=count))
