"""The rounds of `weerwoord drill`, and how they are shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from rich.text import Text

from weerwoord.cli.common import Screen
from weerwoord.drill import PITFALL, Assessment, Exercise, example
from weerwoord.messages import message
from weerwoord.rubric import Verdict, rubric
from weerwoord.scenario import Scenario

# the words say it too, for who sees no colour
COLOURS: Mapping[Verdict, str] = {"clear": "green", "partial": "yellow", "absent": "red"}
MISSING_SHOWN = 2  # one answer is short; more advice than this is not read


@dataclass(frozen=True)
class Round:
    """One answer with what it was worth.

    Attributes:
        exercise: what was asked.
        reply: what was answered.
        found: what that was worth.
        seconds: how long it took.
        late: whether that was more than allowed.
        hints: number of hints asked.
        due: when the exercise comes back.
    """

    exercise: Exercise
    reply: str
    found: Assessment
    seconds: float
    late: bool
    hints: int
    due: datetime


def focus_name(focus: str) -> str:
    """The name of what is practised, for a criterion or the pitfalls."""
    return message("cli.drill.pitfall_name") if focus == PITFALL else rubric().criteria[focus].name


def group_of(focus: str) -> str:
    """The criterion that an exercise belongs to, or `pitfall`."""
    return rubric().elements[focus].kind if focus in rubric().elements else focus


def task(exercise: Exercise, scenario: Scenario) -> str:
    """What to practise, as a short text."""
    if exercise.focus in rubric().elements:
        return rubric().elements[exercise.focus].missing.format(**scenario.pronouns)
    return focus_name(exercise.focus)


def show_round(screen: Screen, done: Round, scenario: Scenario) -> None:
    """Show what an answer was worth: the words that counted, what was missing, a better example."""
    elements, words = rubric().elements, scenario.pronouns
    found = done.found
    verdict = rubric().verdict_names[found.verdict]
    if done.exercise.focus == PITFALL:
        verdict = message(f"cli.drill.pitfall_{found.verdict}")
    told = message("cli.drill.verdict", task=focus_name(group_of(done.exercise.focus)), verdict=verdict)
    screen.print(told, style=COLOURS[found.verdict])
    if found.counted:
        told, words_there = message("cli.drill.counted", words=_marked(done)), Text()
        for part in re.split(r"(\[[^\]]*\])", told):
            words_there.append(part, style="bold green" if part.startswith("[") else "")
        screen.print(words_there)
        names = dict.fromkeys(elements[f.element].name.format(**words) for f in found.counted)
        screen.print(message("cli.drill.names", names="; ".join(names)))
    for f in found.doubtful[:1]:
        name = elements[f.element].name.format(**words)
        screen.print("  " + message("debrief.doubt", words=f.words(done.reply), name=name))
    for f in found.pitfalls:
        name, why = elements[f.element].name.format(**words), elements[f.element].why.format(**words)
        screen.print("  " + message("debrief.pitfall", name=name, words=f.words(done.reply), why=why))
    for element in found.missing[:MISSING_SHOWN]:
        screen.print(message("debrief.missing", text=elements[element].missing.format(**words)))
    if found.verdict != "clear" or found.pitfalls:
        screen.print(message("debrief.example", text=example(done.exercise, scenario, rubric())))
    if done.late:
        screen.print(message("cli.drill.late", seconds=round(done.seconds)))


def _marked(done: Round) -> str:
    """The reply with the words that counted between brackets, so that it can be seen without colour."""
    text, end = "", 0
    for f in sorted({(f.start, f.end) for f in done.found.counted}):
        start = max(f[0], end)
        if start < f[1]:
            text += done.reply[end:start] + "[" + done.reply[start : f[1]] + "]"
            end = f[1]
    return text + done.reply[end:]


def _summary(rounds: list[Round]) -> dict[str, dict[str, int]]:
    answers = Counter(group_of(r.exercise.focus) for r in rounds)
    clear = Counter(group_of(r.exercise.focus) for r in rounds if r.found.verdict == "clear")
    return {focus: {"answers": count, "clear": clear[focus]} for focus, count in answers.items()}


def next_command(summary: dict[str, dict[str, int]]) -> str:
    """The command to go on with: a drill of what went worst, or a whole talk when all went well."""
    worst = min(summary, key=lambda focus: summary[focus]["clear"] / summary[focus]["answers"], default="")
    if not worst or summary[worst]["clear"] == summary[worst]["answers"]:
        return "weerwoord chat"
    return f"weerwoord drill --{'pitfalls' if worst == PITFALL else worst}"


def show_summary(screen: Screen, rounds: list[Round], warm_up: bool) -> None:
    """Show what came of all rounds, what comes back and what to do next."""
    screen.print()
    if not rounds:
        screen.print(message("cli.drill.nothing"))
        return
    summary = _summary(rounds)
    screen.print(message("cli.drill.done", count=len(rounds)))
    for focus, counts in summary.items():
        screen.print(message("cli.drill.score", name=focus_name(focus), **counts))
    last = {r.exercise.line: r.found.verdict for r in rounds}
    again = sum(verdict != "clear" for verdict in last.values())
    if again:
        screen.print(message("cli.drill.comes_back", count=again))
    told = message("cli.drill.good_luck") if warm_up else message("cli.drill.next", command=next_command(summary))
    screen.print(told, style="bold")


def as_dict(rounds: list[Round], known: Mapping[str, Scenario]) -> dict[str, Any]:
    """A set of rounds as plain values.

    Args:
        rounds: what was done.
        known: the partners.
    """
    summary = _summary(rounds)
    return {
        "rounds": [
            {
                **asdict(r.exercise),
                "reply": r.reply,
                **asdict(r.found),
                "example": example(r.exercise, known[r.exercise.partner], rubric()),
                "seconds": r.seconds,
                "late": r.late,
                "hints": r.hints,
                "due": r.due.isoformat(),
            }
            for r in rounds
        ],
        "summary": summary,
        "next": next_command(summary),
    }
