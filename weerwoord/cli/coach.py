"""`weerwoord coach`: who may log in on the coach site."""

from __future__ import annotations

import getpass
import json
import sys
from datetime import datetime
from typing import Optional

import typer

from weerwoord.cli.common import AS_JSON, NAME, Screen, fail
from weerwoord.cli.dutch_help import Command, Group
from weerwoord.messages import message
from weerwoord.passwords import MAX_LENGTH, MIN_LENGTH
from weerwoord.store import store
from weerwoord.store.coaches import MAX_NAME, Coach, NameTakenError

app = typer.Typer(
    cls=Group, add_completion=False, no_args_is_help=True, rich_markup_mode="rich", help=message("cli.coach.help")
)
WHO = typer.Argument(..., help=message("cli.coach.name"), metavar=NAME, show_default=False)


@app.command("add", cls=Command, help=message("cli.coach.add"))
def add(name: str = WHO) -> None:
    """Make an account; the password is asked twice."""
    name = " ".join(name.split())
    if not 0 < len(name) <= MAX_NAME or not name.isprintable():
        raise fail(message("cli.coach.bad_name", most=MAX_NAME))
    if store().coaches.get(name) is not None:
        raise fail(message("cli.coach.taken", name=name))
    try:
        store().coaches.add(name, _new_password())
    except NameTakenError:
        raise fail(message("cli.coach.taken", name=name)) from None
    Screen().print(message("cli.coach.added", name=name))


@app.command("list", cls=Command, help=message("cli.coach.list"))
def list_coaches(as_json: bool = AS_JSON) -> None:
    """List all accounts."""
    found = store().coaches.all()
    since = [datetime.fromtimestamp(c.created_at).date().isoformat() for c in found]
    if as_json:
        told = [{"name": c.name, "since": day} for c, day in zip(found, since)]
        print(json.dumps(told, ensure_ascii=False))
        return
    for coach, day in zip(found, since):
        Screen().print(message("cli.coach.row", name=coach.name, since=day))
    if not found:
        Screen().print(message("cli.coach.none"))


@app.command("password", cls=Command, help=message("cli.coach.password"))
def password(name: str = WHO) -> None:
    """Give another password; whoever is logged in with this account is logged out."""
    coach = _known(name)
    store().coaches.set_password(coach, _new_password())
    Screen().print(message("cli.coach.changed", name=coach.name))


@app.command("remove", cls=Command, help=message("cli.coach.remove"))
def remove(
    name: str = WHO,
    to: Optional[str] = typer.Option(None, "--to", help=message("cli.coach.to"), metavar=NAME, show_default=False),
) -> None:
    """End an account; a group does not stay behind without a coach."""
    coach = _known(name)
    successor = None if to is None else _known(to)
    if successor is not None and successor.id == coach.id:
        raise fail(message("cli.coach.to_himself"))
    left = () if successor else store().coaches.alone(coach)
    if left:
        raise fail(message("cli.coach.alone", name=coach.name, groups=", ".join(left)))
    store().coaches.remove(coach, successor)
    Screen().print(message("cli.coach.removed", name=coach.name))


def _known(name: str) -> Coach:
    coach = store().coaches.get(name)
    if coach is None:
        raise fail(message("cli.coach.unknown", name=name))
    return coach


def _new_password() -> str:
    first = _secret(message("cli.coach.ask"))
    if not MIN_LENGTH <= len(first) <= MAX_LENGTH:
        raise fail(message("cli.coach.bad_password", least=MIN_LENGTH, most=MAX_LENGTH))
    if _secret(message("cli.coach.again")) != first:
        raise fail(message("cli.coach.differ"))
    return first


def _secret(prompt: str) -> str:
    """A line that is not shown; from a pipe it is read as it comes."""
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    return sys.stdin.readline().rstrip("\r\n")
