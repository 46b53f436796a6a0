"""`weerwoord progress`: what was practised in the terminal, as small charts that read without colour."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timezone
from typing import Any

from rich.text import Text

from weerwoord.cli.common import AS_JSON, USER, Screen, open_diary
from weerwoord.cli.rounds import COLOURS, focus_name, group_of
from weerwoord.diary import CHANNEL, Diary
from weerwoord.drill import FITS
from weerwoord.messages import message
from weerwoord.rubric import rubric
from weerwoord.situations import DISPOSITIONS, Outcome
from weerwoord.store import TalkSummary

SHOWN = 30  # marks in one row, so that a row fits in 80 columns
NAME_WIDTH = 20
MARKS = {"clear": "#", "partial": "+", "absent": "."}
GOOD: tuple[Outcome, ...] = ("appointment", "opened", "kept_dignity")


def progress(
    user: str = USER,
    as_json: bool = AS_JSON,
) -> None:
    """Show what was practised."""
    screen = Screen(aside=as_json)
    diary = open_diary(user)
    told = as_dict(diary, datetime.now(timezone.utc))
    if as_json:
        print(json.dumps(told, ensure_ascii=False))
    else:
        _show(screen, told)


def as_dict(diary: Diary, now: datetime) -> dict[str, Any]:
    """Everything that is known of a user's practice, as plain values.

    Args:
        diary: of one user.
        now: with a time zone; says which exercises are due.
    """
    talks, drills = diary.talks(), diary.drills()
    return {
        "user": diary.user,
        "criteria": {name: _row(t.verdicts[name] for t in talks) for name in rubric().criteria},
        "levels": {
            disposition: _level([t for t in talks if t.disposition == disposition]) for disposition in DISPOSITIONS
        },
        "drills": {focus: _row(d.verdict for d in drills if group_of(d.focus) == focus) for focus in FITS},
        "due": sum(card.due <= now for card in diary.cards().values()),
        "talks_done": [_talk(t) for t in talks],
        "drills_done": [{**asdict(d), "at": _moment(d.at)} for d in drills],
    }


def _talk(talk: TalkSummary) -> dict[str, Any]:
    ended = None if talk.ended_at is None else _moment(talk.ended_at)
    told = {**asdict(talk), "started_at": _moment(talk.started_at), "ended_at": ended}
    del told["key"]  # who knows it can read the talk
    return told


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat()


def _row(verdicts: Iterable[str]) -> dict[str, Any]:
    row = list(verdicts)
    return {"count": len(row), "clear": row.count("clear"), "verdicts": row}


def _level(talks: list[TalkSummary]) -> dict[str, int]:
    return {"count": len(talks), "good": sum(t.outcome in GOOD for t in talks)}


def _show(screen: Screen, told: dict[str, Any]) -> None:
    talks, drills = told["talks_done"], told["drills_done"]
    screen.print(message("cli.progress.title", user=told["user"]))
    if not talks and not drills:
        screen.print(message("cli.progress.nothing"))
        return
    if talks:
        elsewhere = sum(t["channel"] != CHANNEL for t in talks)
        where = message("cli.progress.elsewhere", here=len(talks) - elsewhere, elsewhere=elsewhere) if elsewhere else ""
        screen.print("\n" + message("cli.progress.talks", count=len(talks), where=where))
        for name, row in told["criteria"].items():
            _chart(screen, rubric().criteria[name].name, row)
        screen.print("\n" + message("cli.progress.levels"))
        for number, (disposition, level) in enumerate(told["levels"].items(), 1):
            key = "level" if level["count"] else "level_new"
            name = message(f"cli.progress.{disposition}")
            screen.print(message(f"cli.progress.{key}", number=number, name=name, **level))
    if drills:
        screen.print("\n" + message("cli.progress.drills", count=len(drills)))
        for focus, row in told["drills"].items():
            if row["count"]:
                _chart(screen, focus_name(focus), row)
    screen.print("\n" + message("cli.progress.legend", **MARKS))
    if told["due"]:
        screen.print(message("cli.progress.due", count=told["due"]))
    screen.print(message("cli.drill.next", command=_next_command(told)))


def _chart(screen: Screen, name: str, row: dict[str, Any]) -> None:
    marks = Text.assemble(*((MARKS[v], COLOURS[v]) for v in row["verdicts"][-SHOWN:]))
    count = message("cli.progress.row", clear=row["clear"], count=row["count"])
    screen.print(Text.assemble(f"  {name:<{NAME_WIDTH}}", marks, " " * (SHOWN - len(marks)), f"  {count}"))


def _next_command(told: dict[str, Any]) -> str:
    """Drills when some are due, else the first level that has not gone well yet."""
    if told["due"]:
        return "weerwoord drill"
    for number, level in enumerate(told["levels"].values(), 1):
        if not level["good"]:
            return f"weerwoord chat --level {number}"
    return "weerwoord chat"
