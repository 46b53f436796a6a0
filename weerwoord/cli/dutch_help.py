"""The help and the usage mistakes of the commands in Dutch; typer itself knows only English."""

from __future__ import annotations

import click
import typer.rich_utils
from typer.core import TyperCommand, TyperGroup

from weerwoord.messages import message

typer.rich_utils.ARGUMENTS_PANEL_TITLE = message("cli.usage.arguments")
typer.rich_utils.OPTIONS_PANEL_TITLE = message("cli.usage.options")
typer.rich_utils.COMMANDS_PANEL_TITLE = message("cli.usage.commands")
typer.rich_utils.DEFAULT_STRING = message("cli.usage.default")
typer.rich_utils.REQUIRED_LONG_STRING = message("cli.usage.required")


class _Dutch(click.Command):
    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = message("cli.usage.help")
        return option

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        parts = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, parts, prefix=message("cli.usage.prefix"))


class Command(_Dutch, TyperCommand):
    """A command with Dutch help."""


class Group(_Dutch, TyperGroup):
    """A group of commands with Dutch help."""


def usage_mistake(error: click.ClickException) -> str:
    """One Dutch sentence on a command that was typed wrong."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context else "weerwoord"
    if isinstance(error, click.NoSuchOption):
        return message("cli.usage.no_option", name=error.option_name, path=path)
    if isinstance(error, click.BadOptionUsage):  # an option without its value
        return message("cli.usage.bad_value", name=error.option_name, path=path)
    param = error.param if isinstance(error, click.BadParameter) else None
    if param is None:
        return message("cli.usage.wrong", path=path)
    name = param.opts[0] if isinstance(param, click.Option) else (param.name or "").upper()
    key = "missing" if isinstance(error, click.MissingParameter) else "bad_value"
    return message(f"cli.usage.{key}", name=name, path=path)
