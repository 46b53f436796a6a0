"""`weerwoord judge`: what replies do."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Optional, TextIO

import typer
from rich import box
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from weerwoord.cli.common import AS_JSON, BAD_INPUT, FILE, TEXT, Screen, fail, files_of_shell, trained, why
from weerwoord.judge import Judge, Judgement
from weerwoord.messages import message
from weerwoord.rubric import rubric
from weerwoord.trained import judge as trained_judge


def judge(
    file: Optional[Path] = typer.Argument(
        None, help=message("cli.judge.file"), metavar=f"[{FILE}]", autocompletion=files_of_shell, show_default=False
    ),
    text: Optional[str] = typer.Option(
        None, "--text", help=message("cli.judge.text"), metavar=TEXT, show_default=False
    ),
    partner: str = typer.Option("", "--partner", help=message("cli.judge.partner"), metavar=TEXT, show_default=False),
    as_json: bool = AS_JSON,
) -> None:
    """Judge replies: one with `--text`, or JSON lines from a file or standard input."""
    judging = trained(trained_judge)
    if text is not None:
        found = judging.judge(text, partner)
        if as_json:
            print(json.dumps({"text": text, **_as_dict(found)}, ensure_ascii=False))
        else:
            _print_table(text, found)
        return
    if file is not None and str(file) != "-":
        try:
            with file.open(encoding="utf-8", errors="surrogateescape") as lines:
                good = _judge_lines(judging, lines, file.stat().st_size)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise fail(message("cli.no_file", file=file, why=why(error))) from error
    else:
        if isinstance(sys.stdin, TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
        good = _judge_lines(judging, sys.stdin, None)
    if not good:
        raise typer.Exit(BAD_INPUT)


def _judge_lines(judging: Judge, lines: TextIO, size: int | None) -> bool:
    """Judge JSON lines to standard output; returns whether every line was good."""
    good = True
    for number, line in enumerate(_with_progress(lines, size), 1):
        if not line.strip():
            continue
        try:
            data = _parsed(line)
        except ValueError as error:
            good = False
            print(message("cli.judge.bad_line", line=number, why=error), file=sys.stderr)
            continue
        found = judging.judge(data["text"], str(data.get("partner") or ""))
        print(json.dumps({"id": data["id"], **_as_dict(found)}, ensure_ascii=False))
    sys.stdout.flush()
    return good


def _as_dict(found: Judgement) -> dict[str, Any]:
    return {**found.as_dict(), "verdicts": found.verdicts(rubric())}


def _parsed(line: str) -> dict[str, Any]:
    """One line of input.

    Raises:
        ValueError: it is no JSON object with `id` and `text`, or no Unicode; the message says so, in Dutch.
    """
    try:
        data = json.loads(line)
        json.dumps(data, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError(message("cli.judge.no_unicode")) from error
    except (ValueError, RecursionError) as error:
        raise ValueError(message("cli.judge.no_json")) from error
    if not isinstance(data, dict) or "id" not in data or not isinstance(data.get("text"), str):
        raise ValueError(message("cli.judge.no_fields"))
    return data


def _with_progress(lines: Iterable[str], size: int | None) -> Iterator[str]:
    """The lines, with a progress bar on a terminal when output goes elsewhere."""
    if not sys.stderr.isatty() or sys.stdout.isatty():
        yield from lines
        return
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task(message("cli.judge.busy"), total=size)
        for line in lines:
            yield line
            progress.advance(task, len(line.encode("utf-8", "surrogateescape")))


def _print_table(text: str, found: Judgement) -> None:
    rules = rubric()
    console = Screen()
    neutral = {"hij": "hij", "hem": "hem", "zijn": "zijn", "Hij": "Hij"}
    if not found.found and not found.doubtful:
        console.print(message("cli.judge.nothing"))
    table = Table(title=message("cli.judge.found"), box=box.SIMPLE)
    for heading in ("element", "words", "score"):
        table.add_column(message(f"cli.judge.{heading}"))
    for f in found.found:
        table.add_row(rules.elements[f.element].name.format(**neutral), f.words(text), f"{f.score:.2f}")
    for f in found.doubtful:
        name = rules.elements[f.element].name.format(**neutral)
        table.add_row(message("cli.judge.doubtful", name=name), f.words(text), f"{f.score:.2f}")
    if table.row_count:
        console.print(table)
    for name, verdict in found.verdicts(rules).items():
        console.print(f"{rules.criteria[name].name}: {rules.verdict_names[verdict]}")
