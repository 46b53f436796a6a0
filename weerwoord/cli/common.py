"""What the commands have in common: options, exit codes, one sentence for a mistake, typing and showing."""

from __future__ import annotations

import getpass
import os
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from errno import errorcode
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING, TextIO, TypeVar

import typer
from rich.console import Console
from rich.text import Text

from weerwoord.judge import Judge, Judgement
from weerwoord.messages import message, section
from weerwoord.scenario import Scenario, ScenarioError, scenarios
from weerwoord.settings import ROOT, settings
from weerwoord.situations import DISPOSITIONS, Disposition

if TYPE_CHECKING:  # what is imported in a function takes time that not every command has
    from weerwoord.diary import Diary

with suppress(ImportError):  # line editing and the arrow keys while typing; not on every system
    import readline  # noqa: F401

FAILED = 1  # an expectation that does not hold, something that is not in order
BAD_INPUT = 2
INTERRUPTED = 130  # by Ctrl-C, as shells count: 128 and the number of the signal
MAX_SEED = 2**31
Model = TypeVar("Model")


def partner_names() -> list[str]:
    """The names of all partners, by their files; for completion, so without reading them."""
    return sorted(path.stem for path in settings().scenarios.glob("*.yml"))


NAME, NUMBER, TEXT, FILE = (message(f"cli.metavar.{kind}") for kind in ("name", "number", "text", "file"))
# The same options in every command that has them.
PARTNER = typer.Option(
    None,
    "--partner",
    help=message("cli.option.partner"),
    metavar=NAME,
    autocompletion=partner_names,
    show_default=False,
)
DISPOSITION = typer.Option(
    None,
    "--disposition",
    "--level",
    help=message("cli.option.disposition"),
    metavar=NAME,
    autocompletion=lambda: list(DISPOSITIONS),
    show_default=False,
)
SEED = typer.Option(None, "--seed", help=message("cli.option.seed"), metavar=NUMBER, show_default=False)
USER = typer.Option("", "--user", help=message("cli.option.user"), metavar=NAME, show_default=False)
AS_JSON = typer.Option(False, "--json", help=message("cli.option.json"))


def files_of_shell() -> list[str]:
    """Nothing, so that the shell itself completes the name of a file; typer 0.7 would offer what was typed."""
    return []


OUTPUT = typer.Option(
    Path("-"),
    "--output",
    "-o",
    help=message("cli.export.output"),
    metavar=FILE,
    autocompletion=files_of_shell,
    show_default=False,
)


class Screen(Console):
    """Plain text that reads well at 80 columns, without colour and in a pipe.

    Args:
        aside: write to standard error, because standard output is for JSON.
    """

    def __init__(self, aside: bool = False) -> None:
        stream = sys.stderr if aside else sys.stdout
        super().__init__(stderr=aside, highlight=False, markup=False, emoji=False, soft_wrap=not stream.isatty())

    def on_broken_pipe(self) -> None:
        """Tell the command that the reader has gone; rich itself would end the program here."""
        raise BrokenPipeError

    def say(self, name: str, line: str) -> None:
        """What a partner says."""
        self.print(Text.assemble((f"{name}: ", "bold cyan"), line))

    def ask(self, prompt: str) -> str | None:
        """One typed line, or None when there are no more (Ctrl-D, Ctrl-C, the end of a file).

        Args:
            prompt: shown on a terminal; from a pipe the line itself is shown, so that the talk can be read.
        """
        typing = sys.stdin.isatty()
        try:
            if typing and (self.stderr or not sys.stdout.isatty()):
                self.print(prompt, end="")
                return input()
            text = input(prompt if typing else "")
        except (EOFError, KeyboardInterrupt):
            self.print()
            return None
        if not typing:
            self.print(message("cli.talk.you", text=text))
        return text


def reader_gone() -> None:
    """Write no more to a pipe that nobody reads."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def fail(text: str, code: int = BAD_INPUT) -> typer.Exit:
    """Say what is wrong on standard error; raise what this returns."""
    print(text, file=sys.stderr)
    return typer.Exit(code)


@contextmanager
def new_file(output: Path) -> Iterator[TextIO]:
    """A new file that only its owner may read; standard output when its name is "-"."""
    if str(output) == "-":
        yield sys.stdout
        return
    try:
        place = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise fail(message("cli.export.exists", file=output)) from None
    with open(place, "w", encoding="utf-8", newline="") as file:
        yield file


def open_diary(user: str) -> Diary:
    """What this user practised.

    Args:
        user: a name; when it is empty, the name on this computer.

    Raises:
        StoreError: the database cannot be used.
    """
    from weerwoord.diary import Diary
    from weerwoord.store import store

    _take_over_old_file()
    if not user.strip():
        try:
            user = getpass.getuser()
        except (KeyError, OSError):  # nobody has a name in some containers
            user = "?"
    return Diary(store(), user.strip())


def _take_over_old_file() -> None:
    """Version 0.1 kept the drills in a file of their own, beside the database or where a setting said."""
    database, told = settings().database_file, os.environ.get("WEERWOORD_DRILLS", "").strip()
    file = ROOT / told if told else (database or ROOT / "x").with_name("drills.db")
    if not file.is_file():
        return
    from weerwoord.diary import take_over
    from weerwoord.store import store

    try:
        print(message("diary.taken_over", file=file, renamed=take_over(store(), file)), file=sys.stderr)
    except (OSError, sqlite3.Error, ValueError, TypeError, KeyError):
        print(message("diary.not_taken_over", file=file), file=sys.stderr)


def why(error: OSError) -> str:
    """Why the system refuses a file, as a Dutch sentence."""
    code = errorcode.get(error.errno or 0, "?")
    known = section("cli.why")
    return str(known[code]) if code in known else message("cli.why.other", code=code)


def trained(load: Callable[[], Model]) -> Model:
    """A part of the trained model, or the sentence that says how to get one."""
    from weerwoord.trained import NoModel

    try:
        return load()
    except NoModel as error:
        raise fail(str(error)) from error


class EarlyJudge:
    """A judge that reads what it needs while the user still reads and types, so that the first answer has no wait."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._reading = threading.Thread(target=judge.judge, args=("Hallo.", "Hallo."), daemon=True)
        self._reading.start()

    def judge(self, text: str, partner: str = "") -> Judgement:
        """Judge one reply; see `weerwoord.judge.Judge`."""
        self._reading.join()
        return self._judge.judge(text, partner)


def ready_judge() -> Judge:
    """The trained judge, that gets ready at once when somebody is going to type."""
    from weerwoord.trained import judge as trained_judge

    judge = trained(trained_judge)
    return EarlyJudge(judge) if sys.stdin.isatty() else judge


def partners() -> dict[str, Scenario]:
    """All partners, or the first mistake in their files."""
    try:
        known = scenarios()
    except ScenarioError as error:
        raise fail(message("cli.broken_partner", problem=error.problems[0])) from error
    if not known:
        raise fail(message("cli.no_partners", folder=settings().scenarios))
    return known


def chosen_partner(name: str | None, seed: int) -> Scenario:
    """The partner of this name; any, by the seed, when no name is given."""
    known = partners()
    if name is None:
        return known[sorted(known)[seed % len(known)]]
    if name.lower() not in known:
        raise fail(message("cli.no_partner", asked=name, known=", ".join(sorted(known))))
    return known[name.lower()]


def chosen_disposition(asked: str | int | None, seed: int) -> Disposition:
    """A disposition by name or by level 1 to 4; drawn by the seed when none is given."""
    if asked is None:
        from weerwoord.partner import draw_disposition

        return draw_disposition(seed)
    for level, disposition in enumerate(DISPOSITIONS, 1):
        if str(asked).lower() in (disposition, str(level)):
            return disposition
    raise fail(message("cli.no_disposition", asked=asked, known=", ".join(DISPOSITIONS)))


def chosen_seed(asked: int | None) -> int:
    """The seed that was given, or any."""
    return SystemRandom().randrange(MAX_SEED) if asked is None else asked
