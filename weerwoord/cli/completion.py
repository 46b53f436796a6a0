"""Completion with the Tab key: the script for a shell, shown or put in its place.

The scripts are typer's. Putting them in place is done here, because typer 0.7 needs to be told the shell and tells
zsh where the script is only after zsh has looked for it.
"""

from __future__ import annotations

import os
from pathlib import Path

import click
from typer._completion_shared import get_completion_script
from typer.completion import completion_init

from weerwoord.messages import message

PROGRAM = "weerwoord"
VARIABLE = "_WEERWOORD_COMPLETE"
SHELLS = ("bash", "zsh", "fish")
_THIS_SHELL = "?"  # what stands for an option without a value
_FILES = {
    "bash": ".bash_completions/weerwoord.sh",
    "zsh": ".zfunc/_weerwoord",
    "fish": ".config/fish/completions/weerwoord.fish",
}
# zsh reads the file as the body of the function that it asks for the first time; without this that Tab does nothing
_FIRST_TIME = '\n\n[ "$funcstack[1]" = "_weerwoord" ] && _weerwoord_completion "$@"'
_STARTUP = {
    "bash": (".bashrc", f"[ -f ~/{_FILES['bash']} ] && . ~/{_FILES['bash']}  # weerwoord"),
    "zsh": (".zshrc", "fpath=(~/.zfunc $fpath); autoload -Uz compinit; compinit  # weerwoord"),
}


def script(shell: str) -> str:
    """What makes a shell complete our commands.

    Args:
        shell: one of `SHELLS`.
    """
    text = get_completion_script(prog_name=PROGRAM, complete_var=VARIABLE, shell=shell)
    return text + _FIRST_TIME if shell == "zsh" else text


def install(shell: str, home: Path) -> Path:
    """Put the script where the shell finds it; twice does no harm.

    Args:
        shell: one of `SHELLS`.
        home: the user's folder.

    Raises:
        OSError: a file cannot be written.
    """
    path = home / _FILES[shell]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script(shell) + "\n", encoding="utf-8")
    if shell in _STARTUP:
        name, line = _STARTUP[shell]
        startup = home / name
        before = startup.read_text(encoding="utf-8", errors="surrogateescape") if startup.is_file() else ""
        if line not in before:
            with startup.open("a", encoding="utf-8") as file:
                file.write(("" if not before or before.endswith("\n") else "\n") + line + "\n")
    return path


def options() -> list[click.Option]:
    """The options `--install-completion` and `--show-completion`, for the shell of the user or one that is named."""
    return [_option("--install-completion", _install), _option("--show-completion", _show)]


def prepare() -> None:
    """Teach click typer's scripts, when it is a shell that asks."""
    if os.environ.get(VARIABLE):
        completion_init()


def _option(name: str, callback: object) -> click.Option:
    return click.Option(
        [name],
        is_flag=False,
        flag_value=_THIS_SHELL,
        metavar=message("cli.usage.shell_here"),
        is_eager=True,
        expose_value=False,
        callback=callback,
        help=message(f"cli.completion.{name.strip('-').split('-')[0]}"),
        shell_complete=lambda *_: [click.shell_completion.CompletionItem(shell) for shell in SHELLS],
    )


def _shell(ctx: click.Context, asked: str) -> str:
    shell = os.path.basename(os.environ.get("SHELL", "")) if asked == _THIS_SHELL else asked
    if shell not in SHELLS:
        print(
            message("cli.completion.no_shell", asked=shell, known=", ".join(SHELLS)),
            file=click.get_text_stream("stderr"),
        )
        ctx.exit(2)
    return shell


def _install(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
    if value and not ctx.resilient_parsing:
        shell = _shell(ctx, value)
        print(message("cli.completion.installed", file=install(shell, Path.home()), shell=shell))
        ctx.exit()


def _show(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
    if value and not ctx.resilient_parsing:
        print(script(_shell(ctx, value)))
        ctx.exit()
