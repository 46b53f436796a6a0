"""The help of every command, and completion with the Tab key, as a process and in the shells that are here."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.shell import COMMAND, one_sentence, weerwoord
from weerwoord.cli.completion import SHELLS, install, script
from weerwoord.messages import section
from weerwoord.settings import ROOT

COMMANDS = [[]] + [name.split() for name in section("cli.examples") if name != "weerwoord"]
pytestmark = pytest.mark.usefixtures("diary_file")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_is_dutch_has_examples_and_fits(command: list[str]) -> None:
    done = weerwoord(*command, "--help", COLUMNS="80")
    assert (done.returncode, done.stderr) == (0, "")
    for english in (
        "Usage",
        "Options",
        "OPTIONS",
        "COMMAND ",
        "TEXT",
        "INTEGER",
        "default",
        "required",
        "None",
        "Show",
    ):
        assert english not in done.stdout, english
    for example in section("cli.examples")[" ".join(command) or "weerwoord"]:
        assert f"   {example}\n" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_every_command_has_help_and_examples_and_every_example_is_a_command() -> None:
    from typer.main import get_command

    from weerwoord.cli.main import app

    root = get_command(app)
    found, context = {"weerwoord"}, root.make_context("weerwoord", ["doctor"])
    for name in root.list_commands(context):  # type: ignore[attr-defined]
        command = root.get_command(context, name)  # type: ignore[attr-defined]
        found |= {name} | {f"{name} {below}" for below in getattr(command, "commands", {})}
    assert set(section("cli.examples")) == found
    for examples in section("cli.examples").values():
        for example in examples:
            words = shlex.split(example.partition(" > ")[0])[1:]
            context = root.make_context("weerwoord", list(words))
            below, command, rest = root.resolve_command(context, list(words))  # type: ignore[attr-defined]
            while hasattr(command, "commands"):
                below, command, rest = command.resolve_command(context, rest)
            assert command.make_context(below, rest), example


def complete(shell: str, words: list[str]) -> list[str]:
    """What a shell is offered for the last of these words."""
    line = shlex.join(words[:-1]) + " " + words[-1]
    env = {
        "bash": {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)},
        "zsh": {"_TYPER_COMPLETE_ARGS": line},
        "fish": {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
    }[shell]
    done = weerwoord(_WEERWOORD_COMPLETE=f"complete_{shell}", **env)
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize("shell", SHELLS)
def test_commands_partners_and_options_are_completed(shell: str) -> None:
    assert "drill" in "".join(complete(shell, ["weerwoord", "dr"]))
    assert "fatima" in "".join(complete(shell, ["weerwoord", "chat", "--partner", "fa"]))
    assert "--warm-up" in "".join(complete(shell, ["weerwoord", "drill", "--wa"]))
    assert "/etc" not in "".join(complete(shell, ["weerwoord", "play", "/etc/ho"]))  # the shell itself knows files
    assert script(shell) in weerwoord("--show-completion", shell).stdout
    assert script(shell) in weerwoord("--show-completion", SHELL=f"/usr/bin/{shell}").stdout


@pytest.mark.parametrize("shell", SHELLS)
def test_completion_is_put_in_place_once(shell: str, tmp_path: Path) -> None:
    (tmp_path / ".bashrc").write_text("alias x=y", encoding="utf-8")  # without a line end
    for _ in range(2):
        done = weerwoord("--install-completion", shell, HOME=tmp_path)
        assert (done.returncode, done.stderr) == (0, "") and str(tmp_path) in done.stdout
    assert install(shell, tmp_path).read_text(encoding="utf-8").startswith(script(shell))
    bashrc = (tmp_path / ".bashrc").read_text(encoding="utf-8")
    assert bashrc.startswith("alias x=y") and bashrc.count("weerwoord.sh ]") == (shell == "bash")
    if shell == "zsh":
        assert (tmp_path / ".zshrc").read_text(encoding="utf-8").count("compinit") == 2  # once loaded, once called


def test_a_shell_we_do_not_know_and_a_home_that_cannot_be_written() -> None:
    assert "bash, zsh, fish" in one_sentence(weerwoord("--show-completion", SHELL="/bin/tcsh"))
    assert "kan ik niet openen" in one_sentence(weerwoord("--install-completion", "fish", HOME="/proc"))


def test_bash_itself_completes(tmp_path: Path) -> None:
    bash, folder = shutil.which("bash"), tmp_path / "bin"
    if bash is None:
        pytest.skip("bash is not here")
    folder.mkdir()
    (folder / "weerwoord").write_text(f'#!/bin/sh\ncd {ROOT} && exec {shlex.join(COMMAND)} "$@"\n', encoding="utf-8")
    (folder / "weerwoord").chmod(0o755)
    install("bash", tmp_path)
    asked = "COMP_WORDS=(weerwoord scenario sh); COMP_CWORD=2; _weerwoord_completion weerwoord; echo ${COMPREPLY[*]}"
    env = {"HOME": str(tmp_path), "PATH": f"{folder}:{os.environ['PATH']}"}
    done = subprocess.run([bash, "--norc", "-c", f". ~/.bashrc; {asked}"], env=env, capture_output=True, text=True)
    assert done.stdout.split() == ["show"]
