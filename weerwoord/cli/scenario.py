"""`weerwoord scenario`: see, make and check partners."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import List, Optional  # noqa: UP035  (typer 0.7)

import typer
from rich.table import Table

from weerwoord.cli.common import (
    AS_JSON,
    DISPOSITION,
    FAILED,
    NAME,
    TEXT,
    Screen,
    chosen_disposition,
    chosen_partner,
    fail,
    partner_names,
    partners,
    why,
)
from weerwoord.cli.dutch_help import Command, Group
from weerwoord.messages import message
from weerwoord.scenario import Problem, Scenario, check_scenario, meaning
from weerwoord.settings import settings
from weerwoord.situations import DISPOSITIONS, PHASES, SITUATIONS, Disposition, Phase
from weerwoord.skeleton import skeleton

YAML = (".yml", ".yaml")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")

app = typer.Typer(
    cls=Group, add_completion=False, no_args_is_help=True, rich_markup_mode="rich", help=message("cli.scenario.help")
)


@app.command("list", cls=Command, help=message("cli.scenario.list"))
def list_partners(as_json: bool = AS_JSON) -> None:
    """List all partners."""
    known = partners()
    if as_json:
        fields = ("id", "full_name", "role", "organisation")
        print(json.dumps([{f: getattr(s, f) for f in fields} for s in known.values()], ensure_ascii=False))
        return
    table = Table(*(message(f"cli.scenario.{heading}") for heading in ("id", "who", "role", "organisation")), box=None)
    for s in known.values():
        table.add_row(s.id, s.full_name, s.role, s.organisation)
    Screen().print(table)


@app.command("show", cls=Command, help=message("cli.scenario.show"))
def show(
    name: str = typer.Argument(
        ..., help=message("cli.scenario.name"), metavar=NAME, autocompletion=partner_names, show_default=False
    ),
    situation: Optional[str] = typer.Option(
        None,
        "--situation",
        help=message("cli.scenario.situation"),
        metavar=NAME,
        autocompletion=lambda: list(SITUATIONS),
        show_default=False,
    ),
    phase: Optional[str] = typer.Option(
        None,
        "--phase",
        help=message("cli.scenario.phase"),
        metavar=NAME,
        autocompletion=lambda: list(PHASES),
        show_default=False,
    ),
    disposition: Optional[str] = DISPOSITION,
    as_json: bool = AS_JSON,
) -> None:
    """Show who a partner is and what he can say."""
    from weerwoord.partner import can_occur  # brings numpy, which completion need not wait for

    scenario = chosen_partner(name, 0)
    if situation is not None and situation not in SITUATIONS:
        raise fail(message("cli.scenario.no_situation", asked=situation))
    if phase is not None and phase not in PHASES:
        raise fail(message("cli.scenario.no_phase", asked=phase, known=", ".join(PHASES)))
    if situation and phase and phase not in SITUATIONS[situation]:
        known = ", ".join(SITUATIONS[situation])
        raise fail(message("cli.scenario.nothing", situation=situation, phase=phase, known=known))
    hidden = None if disposition is None else chosen_disposition(disposition, 0)
    if situation and hidden and not any(can_occur(situation, p, hidden) for p in SITUATIONS[situation]):
        raise fail(message("cli.scenario.never", situation=situation, disposition=hidden))
    some_lines = situation is not None or phase is not None
    openings = {d: scenario.openings[d] for d in DISPOSITIONS if hidden in (None, d) and not some_lines}
    cells: dict[str, dict[Phase, tuple[str, ...]]] = {}
    for s, lines in scenario.lines.items():
        shown = {p: lines[p] for p in lines if phase in (None, p) and (hidden is None or can_occur(s, p, hidden))}
        if shown and situation in (None, s) and (some_lines or hidden is None):
            cells[s] = shown
    if as_json:
        whole = {"id": scenario.id, "briefing": scenario.briefing, "openings": openings, "lines": cells}
        print(json.dumps(whole, ensure_ascii=False))
        return
    _print_partner(Screen(), scenario, openings, cells)


def _print_partner(
    screen: Screen,
    scenario: Scenario,
    openings: Mapping[Disposition, tuple[str, ...]],
    cells: Mapping[str, Mapping[Phase, tuple[str, ...]]],
) -> None:
    screen.print(f"{scenario.full_name}, {scenario.role}, {scenario.organisation}\n{scenario.briefing}")
    for disposition, lines in openings.items():
        _print_lines(screen, f"{message('cli.scenario.openings')}, {disposition}", lines)
    for situation, found in cells.items():
        screen.print(f"\n{situation}: {meaning('situation', situation, scenario.pronoun)}")
        for phase, lines in found.items():
            _print_lines(screen, message("cli.scenario.cell", situation=situation, phase=phase), lines)
        if len(cells) == 1:
            _print_lines(screen, message("cli.scenario.thoughts"), scenario.thoughts[situation])


def _print_lines(screen: Screen, heading: str, lines: tuple[str, ...]) -> None:
    screen.print(f"\n{heading}")
    for line in lines:
        screen.print(f"  - {line}")


@app.command("check", cls=Command, help=message("cli.scenario.check"))
def check(
    names: Optional[List[str]] = typer.Argument(  # noqa: UP006
        None,
        help=message("cli.scenario.names"),
        metavar=f"[{NAME}]...",
        autocompletion=partner_names,
        show_default=False,
    ),
    as_json: bool = AS_JSON,
) -> None:
    """Check partners: every mistake with line and column, and advice."""
    found: dict[str, tuple[Problem, ...]] = {}
    for path in [_file(name) for name in names or partner_names()]:
        try:
            found[str(path)] = check_scenario(path, str(path))
        except OSError as error:
            raise fail(message("cli.no_file", file=path, why=why(error))) from error
    if not found:
        raise fail(message("cli.no_partners", folder=settings().scenarios))
    problems = [p for of_file in found.values() for p in of_file]
    mistakes = sum(not p.advice for p in problems)
    if as_json:
        print(json.dumps([asdict(p) for p in problems], ensure_ascii=False))
    else:
        _print_problems(Screen(), found)
        if problems:
            print(message("cli.scenario.found", mistakes=mistakes, advice=len(problems) - mistakes))
    if mistakes:
        raise typer.Exit(FAILED)


def _file(name: str) -> Path:
    """The file of a partner, or a file as it was typed."""
    if Path(name).suffix in YAML or "/" in name:
        return Path(name)
    path = settings().scenarios / f"{name.lower()}.yml"
    if not path.exists():
        raise fail(message("cli.no_partner", asked=name, known=", ".join(partner_names())))
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _print_problems(screen: Screen, found: dict[str, tuple[Problem, ...]]) -> None:
    for file, problems in found.items():
        if not any(not p.advice for p in problems):
            screen.print(message("cli.scenario.good", file=file))
        for p in problems:
            text = message("cli.scenario.advice", text=p.text) if p.advice else p.text
            screen.print(f"{p.file}:{p.line}:{p.column}: {text}")
            if p.mend:
                screen.print(message("cli.scenario.mend", text=p.mend))


@app.command("new", cls=Command, help=message("cli.scenario.new"))
def new(
    name: str = typer.Argument(..., help=message("cli.scenario.new_name"), metavar=NAME, show_default=False),
    model: str = typer.Option(
        "ruud",
        "--from",
        help=message("cli.scenario.from"),
        metavar=NAME,
        autocompletion=partner_names,
        show_default=True,
    ),
    full_name: str = typer.Option(
        "", "--name", help=message("cli.scenario.full_name"), metavar=TEXT, show_default=False
    ),
) -> None:
    """Make a partner from another one, with comments."""
    if not _NAME.fullmatch(name):
        raise fail(message("cli.scenario.bad_name", name=name))
    scenario = chosen_partner(model, 0)
    folder = settings().scenarios
    path = folder / f"{name}.yml"
    called = " ".join(re.sub(r"[^\w' -]", " ", full_name).split()) or name.capitalize()
    text = skeleton((folder / f"{scenario.id}.yml").read_text(encoding="utf-8"), scenario, name, called)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise fail(message("cli.scenario.exists", name=name, file=path)) from error
    except OSError as error:
        raise fail(message("cli.scenario.cannot_write", file=path, why=why(error))) from error
    print(message("cli.scenario.made", file=path, name=name))
