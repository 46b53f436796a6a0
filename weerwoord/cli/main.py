"""The command `weerwoord`: what can be done from a shell. Imports no Rasa, so it is ready at once."""

from __future__ import annotations

import typer

from weerwoord.cli.judge import judge
from weerwoord.cli.play import play
from weerwoord.messages import message

app = typer.Typer(
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help=message("cli.help"),
)
for command in (play, judge):
    app.command(help=message(f"cli.{command.__name__}.help"))(command)

if __name__ == "__main__":
    app()
