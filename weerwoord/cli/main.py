"""The command `weerwoord`: what can be done from a shell. Imports no Rasa, so it is ready at once."""

from __future__ import annotations

import io
import os
import sys

import click
import typer

from weerwoord.cli import completion, my_data, scenario
from weerwoord.cli.chat import chat
from weerwoord.cli.common import BAD_INPUT, INTERRUPTED, reader_gone, why
from weerwoord.cli.doctor import doctor
from weerwoord.cli.drill import drill
from weerwoord.cli.dutch_help import Command, Group, usage_mistake
from weerwoord.cli.export import export
from weerwoord.cli.judge import judge
from weerwoord.cli.link import link
from weerwoord.cli.play import play
from weerwoord.cli.progress import progress
from weerwoord.cli.retention import retention
from weerwoord.cli.serve import serve
from weerwoord.messages import message
from weerwoord.settings import SettingsError
from weerwoord.store import StoreError

app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    add_completion=False,  # `weerwoord.cli.completion` does it, in Dutch
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help=message("cli.help"),
)
for command in (chat, drill, progress, link, play, judge, export, retention, doctor, serve):
    app.command(cls=Command, help=message(f"cli.{command.__name__}.help"))(command)
app.add_typer(scenario.app, name="scenario")
app.add_typer(my_data.app, name="my-data")


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
