"""`weerwoord play`: play prepared answers against a partner, to show, to compare or to test."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

import typer
import yaml

from weerwoord.cli.common import (
    AS_JSON,
    DISPOSITION,
    FAILED,
    FILE,
    PARTNER,
    SEED,
    Screen,
    chosen_disposition,
    chosen_partner,
    chosen_seed,
    fail,
    files_of_shell,
    reader_gone,
    trained,
    why,
)
from weerwoord.debrief import debrief
from weerwoord.messages import message
from weerwoord.quick_yaml import check_depth, load
from weerwoord.rehearsal import Rehearsal, Step
from weerwoord.rubric import VERDICTS, rubric
from weerwoord.scenario import Scenario
from weerwoord.situations import OUTCOMES, PHASES
from weerwoord.trained import intents
from weerwoord.trained import judge as trained_judge
from weerwoord.transcript import Turn

STANDARD_INPUT = "-"
COMMENT = "#"
SETTINGS = ("partner", "disposition", "seed")
EXPECTED_OF_TURN = ("elements", "not", "verdicts", "phase")
EXPECTED_OF_TALK = ("outcome", "criteria", "pitfalls", "phase")


class ScriptError(ValueError):
    """A script cannot be played; the message says why, in Dutch."""


@dataclass(frozen=True)
class Line:
    """One prepared line with what is expected of it."""

    say: str
    expect: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Script:
    """Prepared answers.

    Attributes:
        lines: what is typed, in order; controls too.
        settings: partner, disposition and seed, as far as the file names them.
        expect: what is expected of the whole talk.
    """

    lines: tuple[Line, ...]
    settings: dict[str, Any] = field(default_factory=dict)
    expect: dict[str, Any] = field(default_factory=dict)

    @property
    def expectations(self) -> int:
        """How many things are expected."""
        values = [value for expect in (self.expect, *(line.expect for line in self.lines)) for value in expect.values()]
        return sum(len(value) if isinstance(value, (list, dict)) and value else 1 for value in values)


def play(
    file: Path = typer.Argument(
        ..., help=message("cli.play.file"), metavar=FILE, autocompletion=files_of_shell, show_default=False
    ),
    partner: Optional[str] = PARTNER,
    disposition: Optional[str] = DISPOSITION,
    seed: Optional[int] = SEED,
    as_json: bool = AS_JSON,
    expect: bool = typer.Option(False, "--expect", help=message("cli.play.expect")),
) -> None:
    """Play prepared answers against a partner and show the transcript and the debrief."""
    try:
        script = read_script(file)
    except OSError as error:
        raise fail(message("cli.no_file", file=file, why=why(error))) from error
    except ScriptError as error:
        raise fail(str(error)) from error
    if not script.lines:
        raise fail(message("cli.play.empty", file=file))
    if expect and not script.expectations:
        raise fail(message("cli.play.nothing_expected", file=file))
    given = script.settings
    seed = chosen_seed(given.get("seed") if seed is None else seed)
    scenario = chosen_partner(partner or given.get("partner"), seed)
    rehearsal = Rehearsal(
        scenario,
        chosen_disposition(disposition or given.get("disposition"), seed),
        seed,
        trained(trained_judge),
        trained(intents),
        rubric(),
    )
    steps: list[tuple[Line, Step]] = []
    for line in script.lines:
        if rehearsal.over:
            break
        steps.append((line, rehearsal.say(line.say)))
    failures = unmet(script, steps, rehearsal) if expect else []
    try:
        if as_json:
            result = {**as_dict(rehearsal), "unplayed": len(script.lines) - len(steps)}
            print(json.dumps({**result, "unmet": failures} if expect else result, ensure_ascii=False))
        else:
            _print(rehearsal, steps, len(script.lines) - len(steps))
            if expect and not failures:
                print("\n" + message("cli.play.met", count=script.expectations))
        sys.stdout.flush()
    except BrokenPipeError:
        reader_gone()
    for failure in failures:
        print(failure, file=sys.stderr)
    if failures:
        raise typer.Exit(FAILED)


def read_script(file: Path) -> Script:
    """Read prepared answers: a text with one a line, or YAML with expectations.

    Args:
        file: ends in `.yml` or `.yaml` for YAML; `-` is standard input.

    Raises:
        OSError: the file cannot be read.
        ScriptError: it is no text, or its YAML is no script.
    """
    try:
        data = sys.stdin.buffer.read() if str(file) == STANDARD_INPUT else file.read_bytes()
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScriptError(message("cli.play.no_text", file=file)) from error
    if file.suffix.lower() in (".yml", ".yaml"):
        return _from_yaml(file, text)
    said = [line.strip() for line in text.splitlines()]
    return Script(tuple(Line(line) for line in said if line and not line.startswith(COMMENT)))


def _from_yaml(file: Path, text: str) -> Script:
    try:
        check_depth(text)
        data = load(text)
    except (yaml.YAMLError, ValueError) as error:  # the latter for a date that does not exist
        mark = getattr(error, "problem_mark", None)
        raise ScriptError(message("cli.play.no_yaml", file=file, line=mark.line + 1 if mark else 1)) from error
    if isinstance(data, list):
        data = {"turns": data}
    if not isinstance(data, dict) or not isinstance(data.get("turns"), list):
        raise ScriptError(message("cli.play.no_turns", file=file))
    _check_names(file, data, (*SETTINGS, "turns", "expect"))
    if not isinstance(data.get("seed", 0), int) or isinstance(data.get("seed"), bool):
        raise ScriptError(message("cli.play.no_seed", file=file))
    if not isinstance(data.get("partner", ""), str):
        raise ScriptError(message("cli.play.wrong_value", file=file, name="partner"))
    return Script(
        lines=tuple(_line(file, number, turn) for number, turn in enumerate(data["turns"], 1)),
        settings={k: data[k] for k in SETTINGS if data.get(k) is not None},
        expect=_expected(file, data.get("expect"), EXPECTED_OF_TALK),
    )


def _line(file: Path, number: int, turn: Any) -> Line:
    if isinstance(turn, str):
        return Line(turn)
    if not isinstance(turn, dict) or not isinstance(turn.get("say"), str):
        raise ScriptError(message("cli.play.no_say", file=file, number=number))
    _check_names(file, turn, ("say", "expect"))
    return Line(turn["say"], _expected(file, turn.get("expect"), EXPECTED_OF_TURN))


def _expected(file: Path, expect: Any, known: tuple[str, ...]) -> dict[str, Any]:
    if expect is None:
        return {}
    if not isinstance(expect, dict):
        raise ScriptError(message("cli.play.no_expectation", file=file, known=", ".join(known)))
    _check_names(file, expect, known)
    for name, value in expect.items():
        wanted: type = dict if name in ("verdicts", "criteria") else str if name in ("outcome", "phase") else list
        if not isinstance(value, wanted):
            raise ScriptError(message("cli.play.wrong_value", file=file, name=name))
    for element in (*expect.get("elements", ()), *expect.get("not", ()), *expect.get("pitfalls", ())):
        if element not in rubric().elements:
            raise ScriptError(message("cli.play.no_element", file=file, element=element))
    for name, value in expect.items():
        _check_value(file, name, value)
    return expect


def _check_value(file: Path, name: str, value: Any) -> None:
    """A slip of the pen in an expectation is bad input, and no expectation that does not hold."""
    if name in ("verdicts", "criteria"):
        _check_names(file, value, tuple(rubric().criteria))
    allowed = {"outcome": OUTCOMES, "phase": PHASES, "verdicts": VERDICTS, "criteria": VERDICTS}.get(name, ())
    for given in value.values() if isinstance(value, dict) else (value,):
        if allowed and given not in allowed:
            text = message("cli.play.not_allowed", file=file, name=name, value=given, allowed=", ".join(allowed))
            raise ScriptError(text)


def _check_names(file: Path, data: dict[Any, Any], known: tuple[str, ...]) -> None:
    for name in data:
        if name not in known:
            raise ScriptError(message("cli.play.unknown", file=file, name=name, known=", ".join(known)))


def unmet(script: Script, steps: list[tuple[Line, Step]], rehearsal: Rehearsal) -> list[str]:
    """What was expected and is not so, a sentence each."""
    rules = rubric()
    found: list[str] = []

    def check(where: str, what: str, wanted: object, seen: object) -> None:
        if wanted != seen:
            found.append(message("cli.play.unmet", where=where, what=what, wanted=wanted, seen=seen))

    for number, line in enumerate(script.lines, 1):
        if not line.expect:
            continue
        where = message("cli.play.at_line", number=number)
        turn = steps[number - 1][1].turn if number <= len(steps) else None
        if turn is None:
            found.append(message("cli.play.not_said", where=where))
            continue
        seen = turn.judgement.elements
        for element in line.expect.get("elements", ()):
            check(where, element, True, element in seen)
        for element in line.expect.get("not", ()):
            check(where, element, False, element in seen)
        verdicts = turn.judgement.verdicts(rules)
        for criterion, verdict in line.expect.get("verdicts", {}).items():
            check(where, criterion, verdict, verdicts.get(criterion))
        if "phase" in line.expect:
            check(where, "phase", line.expect["phase"], turn.after.phase)
    whole, where = as_dict(rehearsal), message("cli.play.at_end")
    for criterion, verdict in script.expect.get("criteria", {}).items():
        check(where, criterion, verdict, whole["criteria"].get(criterion))
    if "outcome" in script.expect:
        check(where, "outcome", script.expect["outcome"], whole["outcome"])
    if "phase" in script.expect:
        check(where, "phase", script.expect["phase"], rehearsal.talk.state.phase)
    if "pitfalls" in script.expect:
        check(where, "pitfalls", sorted(script.expect["pitfalls"]), sorted(whole["pitfalls"]))
    return found


def as_dict(rehearsal: Rehearsal) -> dict[str, Any]:
    """A talk as plain values: every turn in the order it was played, and what came of it all."""
    talk = rehearsal.talk
    state = talk.state
    return {
        "partner": state.partner,
        "disposition": state.disposition,
        "seed": state.seed,
        "opening": talk.opening,
        "turns": [_turn(turn) for turn in talk.turns],
        "outcome": talk.outcome,
        "criteria": rehearsal.rubric.verdicts(state.said),
        "pitfalls": list(dict.fromkeys(state.pitfalls)),
        "stopped": talk.stopped,
    }


def _turn(turn: Turn) -> dict[str, Any]:
    return {
        "reply": turn.reply,
        **turn.judgement.with_words(turn.reply),
        "verdicts": turn.judgement.verdicts(rubric()),
        "partner": turn.line,
        "phase": turn.after.phase,
        "interest": turn.after.interest,
        "patience": turn.after.patience,
        "situation": turn.situation,
        "hints": turn.hints,
        "retried": turn.retried,
    }


def _print(rehearsal: Rehearsal, steps: list[tuple[Line, Step]], unplayed: int) -> None:
    console = Screen()
    scenario = rehearsal.scenario
    console.say(scenario.name, rehearsal.talk.opening)
    console.print()
    for line, step in steps:
        console.print(message("cli.talk.you", text=line.say))
        show_step(console, step, scenario)
        console.print()
    if unplayed:
        console.print(message("cli.play.unplayed", count=unplayed) + "\n")
    if rehearsal.talk.turns:
        console.print(debrief(rehearsal.talk, scenario, rehearsal.rubric).as_text())


def show_step(screen: Screen, step: Step, scenario: Scenario) -> None:
    """Show what a step says back: the partner's line, or the program's answer to a control."""
    if step.turn is not None:
        screen.say(scenario.name, step.turn.line)
    else:
        screen.print(message(f"cli.talk.{step.kind}", hint=step.hint), style="yellow")
