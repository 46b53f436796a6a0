"""`weerwoord export`: talks that a coach may read, as text or as data, one after the other."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Optional

import typer
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress

from weerwoord.cli.common import NAME, OUTPUT, fail, new_file, partner_names
from weerwoord.export.formats import FORMATS
from weerwoord.export.talks import ExportedTalk, Selection, count, pseudonymised, talks
from weerwoord.messages import message
from weerwoord.store import store


def export(
    format_: str = typer.Option(
        "markdown",
        "--format",
        help=message("cli.export.format"),
        metavar=NAME,
        autocompletion=lambda: list(FORMATS),
    ),
    talk: Optional[str] = typer.Option(
        None, "--talk", help=message("cli.export.talk"), metavar=NAME, show_default=False
    ),
    person: Optional[str] = typer.Option(
        None, "--person", help=message("cli.export.person"), metavar=NAME, show_default=False
    ),
    partner: Optional[str] = typer.Option(
        None,
        "--partner",
        help=message("cli.export.partner"),
        metavar=NAME,
        autocompletion=partner_names,
        show_default=False,
    ),
    since: Optional[str] = typer.Option(
        None, "--since", help=message("cli.export.since"), metavar=message("cli.metavar.date"), show_default=False
    ),
    until: Optional[str] = typer.Option(
        None, "--until", help=message("cli.export.until"), metavar=message("cli.metavar.date"), show_default=False
    ),
    output: Path = OUTPUT,
    pseudonymise: bool = typer.Option(
        True, "--pseudonymise/--no-pseudonymise", help=message("cli.export.pseudonymise"), show_default=False
    ),
) -> None:
    """Write a selection of talks to a file or to standard output."""
    if format_ not in FORMATS:
        raise fail(message("cli.export.no_format", asked=format_, known=", ".join(FORMATS)))
    begin, end = _day(since), _day(until)
    where = Selection(
        key=talk,
        person=person,
        partner=partner,
        since=begin.timestamp() if begin else None,
        until=(end + timedelta(days=1)).timestamp() if end else None,
    ).where()
    database = store().database
    total = count(database, where)
    if not total:
        raise fail(message("cli.export.nothing"), code=0)
    chosen = talks(database, where)
    shown = _with_progress(pseudonymised(chosen) if pseudonymise else chosen, total, str(output) == "-")
    with new_file(output) as file:
        for piece in FORMATS[format_].write(shown):
            file.write(piece)
    if str(output) != "-":
        print(message("cli.export.done", count=total, file=output), file=sys.stderr)


def _day(given: str | None) -> datetime | None:
    """The start of a day, in local time."""
    if given is None:
        return None
    try:
        return datetime.strptime(given, "%Y-%m-%d")
    except ValueError:
        raise fail(message("cli.export.no_date", given=given)) from None


def _with_progress(talks: Iterable[ExportedTalk], total: int, to_screen: bool) -> Iterator[ExportedTalk]:
    """The talks, with a progress bar on a terminal when the output goes elsewhere."""
    if not sys.stderr.isatty() or (to_screen and sys.stdout.isatty()):
        yield from talks
        return
    columns = (*Progress.get_default_columns(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield from progress.track(talks, total=total, description=message("cli.export.busy"))
