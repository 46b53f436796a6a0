"""`weerwoord link`: go on in the terminal as the person one is on the page."""

from __future__ import annotations

import json
from typing import Optional

import typer

from weerwoord.cli.common import AS_JSON, USER, Screen, fail, open_diary
from weerwoord.messages import message


def link(
    code: Optional[str] = typer.Argument(
        None, help=message("cli.link.code"), metavar=f"[{message('cli.metavar.code')}]", show_default=False
    ),
    user: str = USER,
    as_json: bool = AS_JSON,
) -> None:
    """Link this user to the person on the page who made a return code."""
    screen = Screen(aside=as_json)
    diary = open_diary(user)
    if code is None:  # typed here it does not stay behind in the history of the shell
        code = screen.ask(message("cli.link.prompt")) or ""
    if not diary.link(code):
        raise fail(message("cli.link.unknown"))
    screen.print(message("cli.link.done", user=diary.user))
    if as_json:
        print(json.dumps({"user": diary.user, "talks": len(diary.talks())}, ensure_ascii=False))
