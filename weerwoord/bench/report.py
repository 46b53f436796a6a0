"""The report: what was measured, with the ratio of ours to stock, and what was compared."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from weerwoord.bench.bots import STOCK_EPOCHS, Training
from weerwoord.bench.load import Load

ASSISTANTS = 2  # where ours is measured with more than one


@dataclass(frozen=True)
class Figures:
    """What one start of a bot came to.

    Attributes:
        start: seconds until it is ready.
        start_processor: seconds of processor that took.
        turn_processor: seconds of processor of a turn, over all loads.
        idle: MiB then.
        busy: MiB after all loads.
        first: seconds of the first turn.
        loads: by the number of conversations at once.
        growth: factor of the last of 60 turns to the first.
    """

    start: float
    start_processor: float
    turn_processor: float
    idle: float
    busy: float
    first: float
    loads: dict[int, Load]
    growth: float


@dataclass(frozen=True)
class Trainings:
    """What trainings cost.

    Attributes:
        template: of the project of `rasa init` as it is.
        ours: of our pipeline on all our texts.
        few: of the template's NLU pipeline on all our texts, by the number of epochs.
    """

    template: Training
    ours: Training
    few: dict[int, Training]

    def stock(self) -> Training:
        """The template's NLU pipeline on all our texts with all its epochs: a line through those that were run."""
        (less, short), (more, long) = sorted(self.few.items())

        def on_the_line(a: float, b: float) -> float:
            return a + (STOCK_EPOCHS - less) * (b - a) / (more - less)

        return Training(on_the_line(short.seconds, long.seconds), on_the_line(short.cpu, long.cpu))


@dataclass(frozen=True)
class Rounds:
    """The figures of each round.

    Attributes:
        stock: the bot of `rasa init`.
        ours: as `make run` starts it.
        several: ours with `ASSISTANTS` of them.
    """

    stock: list[Figures]
    ours: list[Figures]
    several: list[Figures]


@dataclass(frozen=True)
class _Line:
    what: str
    value: Callable[[Figures], float]
    form: str
    goal: str = ""


_LINES = (
    _Line("start to ready, s", lambda f: f.start, ".1f", "0.10"),
    _Line("processor until ready, s", lambda f: f.start_processor, ".1f"),
    _Line("processor a turn, ms", lambda f: 1000 * f.turn_processor, ".1f"),
    _Line("memory when ready, MiB", lambda f: f.idle, ".0f", "0.25"),
    _Line("memory after all loads, MiB", lambda f: f.busy, ".0f"),
    _Line("first turn, ms", lambda f: 1000 * f.first, ".0f"),
    _Line("turn, 1 conversation, p50, ms", lambda f: f.loads[1].milliseconds(0.5), ".1f", "0.15"),
    _Line("turn, 1 conversation, p95, ms", lambda f: f.loads[1].milliseconds(0.95), ".1f"),
    _Line("turn, 8 conversations, p50, ms", lambda f: f.loads[8].milliseconds(0.5), ".1f"),
    _Line("turn, 8 conversations, p95, ms", lambda f: f.loads[8].milliseconds(0.95), ".1f"),
    _Line("turn, 32 conversations, p50, ms", lambda f: f.loads[32].milliseconds(0.5), ".1f"),
    _Line("turn, 32 conversations, p95, ms", lambda f: f.loads[32].milliseconds(0.95), ".1f"),
    _Line("turns a second, 1 conversation", lambda f: f.loads[1].per_second, ".0f"),
    _Line("turns a second, 8 conversations", lambda f: f.loads[8].per_second, ".0f", "8"),
    _Line("turns a second, 32 conversations", lambda f: f.loads[32].per_second, ".0f"),
    _Line("turns 51 to 60 against 1 to 10", lambda f: f.growth, ".2f", "1.3 of itself"),
)
_TEXT = """\
# Benchmark

`make bench` wrote this on {day}: {machine}, {cores} cores, Python {python}; {rounds} rounds, the bots by turns.
Each figure is the median of the rounds. Load average of the machine at the end: {load}.

| | stock | ours | ours / stock | goal | {assistants} assistants | of them / stock |
| --- | --- | --- | --- | --- | --- | --- |
{lines}

Turns without a reply: stock {lost_stock}, ours {lost_ours}, with {assistants} assistants {lost_several}.

## What was compared

- **Stock** is the project that `rasa init` makes (DIET, TED, the rest of the default pipeline) with one custom action
  that says "Hello World!", started with `rasa run` and `rasa run actions`. Every message runs that action over HTTP.
- **Ours** is `weerwoord serve`: the page, the assistant and what watches over them; its memory counts all three. Every
  message is a turn of a practice talk: the judge reads it, the partner answers, the talk is written to the database.
  So ours does more in a turn, and keeps it; stock keeps nothing.
- **{assistants} assistants** is the same with `WEERWOORD_ASSISTANTS={assistants}`. Each conversation has one of them,
  as the page sees to.
- Messages go to the REST channel of the assistant, from one process on the same machine. Memory is the proportional set
  size of all processes together.
{training}"""
_TRAINING = """\
- **Training**, by the clock and in seconds of processor. The template of `rasa init` has some 70 sentences, ours more
  than thirty thousand with their elements; the ratio is with the template's NLU pipeline on our texts. That one was not
  run to its end: it is calculated for its {epochs} epochs from {few}.

| | s | processor, s |
| --- | --- | --- |
| the template of `rasa init`, as it is | {template.seconds:.0f} | {template.cpu:.0f} |
| its NLU pipeline on all our texts (calculated) | {stock.seconds:.0f} | {stock.cpu:.0f} |
| ours on all our texts | {ours.seconds:.0f} | {ours.cpu:.0f} |
| ours / its NLU pipeline (goal 0.25) | {ratio:.2f} | {cpu_ratio:.2f} |
"""


def write(file: Path, found: Rounds, learnt: Trainings | None) -> None:
    """Write the report.

    Args:
        file: where.
        found: what was measured.
        learnt: what the trainings cost, None when they were left out.
    """
    lines = []
    for line in _LINES:
        stock, ours, several = (
            statistics.median(line.value(f) for f in some) for some in (found.stock, found.ours, found.several)
        )
        told = (line.what, f"{stock:{line.form}}", f"{ours:{line.form}}", f"{ours / stock:.2f}", line.goal)
        lines.append(f"| {' | '.join(told)} | {several:{line.form}} | {several / stock:.2f} |")
    file.write_text(
        _TEXT.format(
            day=date.today().isoformat(),
            machine=_machine(),
            cores=os.cpu_count(),
            python=platform.python_version(),
            rounds=len(found.ours),
            load=f"{os.getloadavg()[0]:.1f}",
            lines="\n".join(lines),
            lost_stock=_lost(found.stock),
            lost_ours=_lost(found.ours),
            lost_several=_lost(found.several),
            assistants=ASSISTANTS,
            training=_training(learnt),
        ),
        encoding="utf-8",
    )


def _lost(found: Sequence[Figures]) -> int:
    return sum(load.unanswered for figures in found for load in figures.loads.values())


def _training(learnt: Trainings | None) -> str:
    if learnt is None:
        return ""
    stock = learnt.stock()
    few = [f"{n} epoch{'s' * (n > 1)} ({t.seconds:.0f} s, processor {t.cpu:.0f} s)" for n, t in learnt.few.items()]
    return _TRAINING.format(
        template=learnt.template,
        stock=stock,
        ours=learnt.ours,
        epochs=STOCK_EPOCHS,
        few=" and ".join(few),
        ratio=learnt.ours.seconds / stock.seconds,
        cpu_ratio=learnt.ours.cpu / stock.cpu,
    )


def _machine() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
