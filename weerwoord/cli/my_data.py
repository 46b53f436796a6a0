"""`weerwoord my-data`: everything of one person, to take along or to delete."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Optional

import typer

from weerwoord.cli.common import OUTPUT, USER, Screen, fail, new_file, open_diary
from weerwoord.cli.dutch_help import Command, Group
from weerwoord.messages import message
from weerwoord.privacy.my_data import my_data
from weerwoord.store import store

app = typer.Typer(
    cls=Group, add_completion=False, no_args_is_help=True, rich_markup_mode="rich", help=message("cli.my_data.help")
)
CODE = typer.Option(
    None, "--code", help=message("cli.my_data.code"), metavar=message("cli.metavar.code"), show_default=False
)


@app.command("export", cls=Command, help=message("cli.my_data.export"))
def export_my_data(
    code: Optional[str] = CODE,
    user: str = USER,
    output: Path = OUTPUT,
) -> None:
    """Write everything that is kept of somebody, as JSON."""
    told = my_data(store().database, _sender(code, user))
    if not told:
        raise fail(message("my_data.nothing"), code=0)
    with new_file(output) as file:
        file.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    if str(output) != "-":
        print(message("my_data.saved", file=output), file=sys.stderr)


@app.command("delete", cls=Command, help=message("cli.my_data.delete"))
def delete_my_data(
    code: Optional[str] = CODE,
    user: str = USER,
    sure: bool = typer.Option(False, "--yes", help=message("cli.my_data.sure")),
) -> None:
    """Delete everything that is kept of somebody."""
    sender = _sender(code, user)
    screen = Screen()
    if not sure:
        screen.print(message("my_data.sure"))
        if (screen.ask(message("cli.talk.prompt")) or "").strip().lower() != message("my_data.yes"):
            screen.print(message("my_data.kept"))
            return
    gone = store().people.forget(sender)
    screen.print(message("my_data.gone" if gone else "my_data.nothing"))


def _sender(code: str | None, user: str) -> str:
    """The secret number of who has this code, or of who practises in the terminal."""
    if code is None:
        return open_diary(user).sender
    person = store().people.by_code(code)
    if person is None:
        raise fail(message("my_data.no_code"))
    return person.sender
