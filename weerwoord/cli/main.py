"""The command `weerwoord`: what can be done from a shell. Imports no Rasa, so it is ready at once."""

from __future__ import annotations

import io
import os
import sys
from importlib import import_module

import click
import typer
from click.shell_completion import CompletionItem

from weerwoord.cli import completion
from weerwoord.cli.common import BAD_INPUT, INTERRUPTED, reader_gone, why
from weerwoord.cli.dutch_help import Command, Group, usage_mistake
from weerwoord.messages import message
from weerwoord.settings import SettingsError

# each in a module of its own name, which is imported when the command is used: a drill must be ready at once
COMMANDS = (
    "chat",
    "coach",
    "corrections",
    "doctor",
    "drill",
    "export",
    "judge",
    "link",
    "my-data",
    "play",
    "progress",
    "retention",
    "scenario",
    "serve",
)


class Commands(Group):
    """All commands; the help and completion need no more of them than name and help."""

    listing = False

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every name."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, or None."""
        if cmd_name not in COMMANDS:
            return None
        return Command(cmd_name, help=_help(cmd_name)) if self.listing else _command(cmd_name)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help with all commands in it."""
        self.listing = True
        super().format_help(ctx, formatter)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands and options that begin so."""
        self.listing = True
        return super().shell_complete(ctx, incomplete)


def _help(name: str) -> str:
    return message(f"cli.{name.replace('-', '_')}.help")


def _command(name: str) -> click.Command:
    module = import_module(f"weerwoord.cli.{name.replace('-', '_')}")
    if hasattr(module, "app"):
        command = typer.main.get_command(module.app)
    else:
        alone = typer.Typer(add_completion=False, rich_markup_mode="rich")
        alone.command(cls=Command, help=_help(name))(getattr(module, name))
        command = typer.main.get_command(alone)
    command.name = name
    return command


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,  # `weerwoord.cli.completion` does it, in Dutch
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help=message("cli.help"),
)


@app.callback(help=message("cli.help"))
def _weerwoord() -> None:
    """Nothing is done before the command itself."""


def main() -> None:
    """Run the command; whatever happens is told in a sentence, and the exit code is 0, 1, 2 or 130."""
    _mend_streams()
    try:
        completion.prepare()
        command = typer.main.get_command(app)
        command.params += completion.options()
        code = command.main(prog_name=completion.PROGRAM, complete_var=completion.VARIABLE, standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        reader_gone()
        code = 0
    except (click.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    except Exception as error:
        if os.environ.get("WEERWOORD_LOG_LEVEL", "").upper() == "DEBUG":
            raise
        if isinstance(error, OSError) and not error.filename:
            reader_gone()  # what could not be written would be tried once more at the end
        print(_sentence(error), file=sys.stderr)
        code = BAD_INPUT
    sys.exit(code if isinstance(code, int) else 0)


def _sentence(error: Exception) -> str:
    from weerwoord.store.database import StoreError  # takes time that only a mistake may take

    if isinstance(error, (SettingsError, StoreError)):
        return str(error)
    if isinstance(error, click.ClickException):
        return usage_mistake(error)
    if isinstance(error, OSError):
        if not error.filename:  # no file was opened, so it is what we write to
            return message("cli.no_output", why=why(error))
        return message("cli.no_file", file=error.filename, why=why(error))
    return message("cli.our_mistake", what=type(error).__name__)


def _mend_streams() -> None:
    """No letter that a terminal cannot show, and no stream that is closed, may stop a talk."""
    for name in ("stdin", "stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, io.StringIO())
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


if __name__ == "__main__":
    main()
