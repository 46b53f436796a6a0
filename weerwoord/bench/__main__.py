"""`make bench`: measure both bots by turns and write `docs/benchmark.md`."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from weerwoord.bench.bots import RASA, Bot, Running, Training, ours, stock, stock_project, train
from weerwoord.bench.load import Load, at_once, first_turn, growth, one_after_another
from weerwoord.bench.report import Figures, Trainings, write
from weerwoord.settings import ROOT

CLIENTS = (1, 8, 32)
TURNS = {1: 100, 8: 30, 32: 10}  # of each conversation
LONG = 60  # turns of the long conversation
SECONDS = 60.0  # of one load at most


def measure(bot: Bot) -> Figures:
    """Start a bot, measure it, stop it."""
    with Running(bot) as running:
        print(f"{bot.name}: ready in {running.start_seconds:.1f} s", file=sys.stderr)
        idle = running.memory()
        first = asyncio.run(first_turn(bot))
        asyncio.run(one_after_another(bot, 2 * len(bot.messages)))  # every branch once before it counts
        loads: dict[int, Load] = {}
        for clients in CLIENTS:
            loads[clients] = asyncio.run(at_once(bot, clients, TURNS[clients], SECONDS))
        grown = growth(asyncio.run(one_after_another(bot, LONG)))
        return Figures(running.start_seconds, idle, running.memory(), first, loads, grown)


def trainings(folder: Path, template: Path, env: dict[str, str], limit: float) -> Trainings:
    """Train the template's bot, then both pipelines on all our examples, one after the other."""
    everything = folder / "everything"
    stock_project(everything, ROOT / "data" / "nlu")
    rasa = (RASA, "train", "--force")
    stock_nlu = (RASA, "train", "nlu", "--nlu", "data")
    here = (sys.executable, "-W", "ignore", "-m", "weerwoord.runtime.training", "--force")
    own = {"WEERWOORD_MODEL": str(folder / "own" / "weerwoord.tar.gz")}
    (folder / "own").mkdir()

    def timed(what: str, run: Callable[[], Training]) -> Training:
        took = run()
        print(f"training {what}: {took.seconds:.0f} s{'' if took.finished else ', stopped'}", file=sys.stderr)
        return took

    return Trainings(
        template=timed("the template", lambda: train(rasa, template, env, limit)),
        ours=timed("ours", lambda: train(here, ROOT, own, limit)),
        stock=timed("the stock pipeline on our texts", lambda: train(stock_nlu, everything, env, limit)),
    )


def main() -> None:
    """Measure and write."""
    options = argparse.ArgumentParser(prog="python -m weerwoord.bench")
    options.add_argument("--rounds", type=int, default=3, choices=range(1, 10))
    options.add_argument("--training-limit", type=float, default=3600.0, help="seconds; 0 leaves the trainings out")
    options.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmark.md")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        template = folder / "template"
        env = stock_project(template)
        learnt = None
        if given.training_limit:
            learnt = trainings(folder, template, env, given.training_limit)
        else:
            train((RASA, "train"), template, env, 1800.0)
        found: dict[str, list[Figures]] = {"stock": [], "ours": []}
        for _ in range(given.rounds):
            found["stock"].append(measure(stock(template, env)))
            found["ours"].append(measure(ours(folder)))
        write(given.out, found["stock"], found["ours"], learnt)


if __name__ == "__main__":
    main()
