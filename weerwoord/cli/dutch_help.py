"""The help and the usage mistakes of the commands in Dutch; typer itself knows only English."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

import click
import typer.rich_utils
from rich.console import Console
from rich.padding import Padding
from rich.text import Text
from typer.core import TyperCommand, TyperGroup

from weerwoord.messages import message, section

typer.rich_utils.ARGUMENTS_PANEL_TITLE = message("cli.usage.arguments")
typer.rich_utils.OPTIONS_PANEL_TITLE = message("cli.usage.options")
typer.rich_utils.COMMANDS_PANEL_TITLE = message("cli.usage.commands")
typer.rich_utils.DEFAULT_STRING = message("cli.usage.default")
typer.rich_utils.REQUIRED_LONG_STRING = message("cli.usage.required")
typer.rich_utils.RANGE_STRING = ""  # the text of the option says it


class _HelpConsole(Console):
    def on_broken_pipe(self) -> None:
        """Tell the command that the reader has gone; rich itself would end the program here, as a mistake."""
        raise BrokenPipeError


typer.rich_utils.Console = _HelpConsole  # type: ignore[attr-defined]


class _Dutch(click.Command):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "options_metavar": message("cli.usage.options_here")})

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = message("cli.usage.help")
        return option

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        parts = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, parts, prefix=message("cli.usage.prefix"))

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help, and below it the examples of this command: a line each, never broken, to copy and paste."""
        super().format_help(ctx, formatter)
        examples = section("cli.examples").get(" ".join(ctx.command_path.split()[1:]) or "weerwoord", ())
        if examples:
            console = typer.rich_utils._get_rich_console()
            console.print(Padding(Text(message("cli.usage.examples"), style="bold"), (0, 1)))
            for command in examples:
                console.print(Text(f"   {command}"), soft_wrap=True)
            console.print()


class Command(_Dutch, TyperCommand):
    """A command with Dutch help."""


class Group(_Dutch, TyperGroup):
    """A group of commands with Dutch help."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "subcommand_metavar": message("cli.usage.command_here")})

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of this name, or a sentence that names the one that is nearest."""
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-") and not ctx.resilient_parsing:
            alike = get_close_matches(args[0], self.list_commands(ctx), 1)
            key = "no_command_alike" if alike else "no_command"
            text = message(
                f"cli.usage.{key}", name=args[0], path=ctx.command_path, alike=f"{ctx.command_path} {''.join(alike)}"
            )
            raise WrongCommand(text, ctx)
        return super().resolve_command(ctx, args)


class WrongCommand(click.UsageError):
    """There is no such command; the message says so, in Dutch."""


def usage_mistake(error: click.ClickException) -> str:
    """One Dutch sentence on a command that was typed wrong."""
    if isinstance(error, WrongCommand):
        return error.message
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context else "weerwoord"
    if isinstance(error, click.NoSuchOption):
        alike = (error.possibilities or [""])[0]
        key = "no_option_alike" if alike else "no_option"
        return message(f"cli.usage.{key}", name=error.option_name, path=path, alike=alike)
    if isinstance(error, click.BadOptionUsage):  # an option without its value
        return message("cli.usage.bad_value", name=error.option_name, path=path)
    param = error.param if isinstance(error, click.BadParameter) else None
    if param is None:
        return message("cli.usage.wrong", path=path)
    name = param.opts[0] if isinstance(param, click.Option) else (param.metavar or param.name or "").upper()
    key = "missing" if isinstance(error, click.MissingParameter) else "bad_value"
    return message(f"cli.usage.{key}", name=name, path=path)
