"""`make bench`: measure the bots by turns and write `docs/benchmark.md`."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from weerwoord.bench.bots import RASA, STOCK_ENV, Bot, Running, ours, stock, stock_on_ours, stock_project, train
from weerwoord.bench.load import Load, at_once, first_turn, growth, one_after_another
from weerwoord.bench.report import ASSISTANTS, Figures, Rounds, Trainings, write
from weerwoord.settings import ROOT

CLIENTS = (1, 8, 32)
TURNS = {1: 100, 8: 30, 32: 10}  # of each conversation
FEW_EPOCHS = (1, 3)  # of the stock pipeline on our texts; a hundred take hours
LONG = 60  # turns of the long conversation
SECONDS = 60.0  # of one load at most


def measure(bot: Bot) -> Figures:
    """Start a bot, measure it, stop it."""
    with Running(bot) as running:
        print(f"{bot.name}: ready in {running.start_seconds:.1f} s", file=sys.stderr)
        idle, start_processor = running.memory(), running.processor()
        first = asyncio.run(first_turn(bot))
        asyncio.run(one_after_another(bot, 2 * len(bot.messages)))  # every branch once before it counts
        loads: dict[int, Load] = {}
        before = running.processor()
        for clients in CLIENTS:
            loads[clients] = asyncio.run(at_once(bot, clients, TURNS[clients], SECONDS))
        spent = running.processor() - before
        grown = growth(asyncio.run(one_after_another(bot, LONG)))
        return Figures(
            start=running.start_seconds,
            start_processor=start_processor,
            turn_processor=spent / sum(len(load.seconds) for load in loads.values()),
            idle=idle,
            busy=running.memory(),
            first=first,
            loads=loads,
            growth=grown,
        )


def trainings(folder: Path, template: Path) -> Trainings:
    """Train ours and the template, and the template's pipeline on all our texts for a few epochs."""
    own = {"WEERWOORD_MODEL": str(folder / "own" / "weerwoord.tar.gz")}
    (folder / "own").mkdir()
    found = []
    for epochs in FEW_EPOCHS:
        place = folder / f"epochs-{epochs}"
        stock_on_ours(place, epochs)
        found.append(train((RASA, "train", "nlu", "--nlu", "data"), place, STOCK_ENV))
        print(f"stock pipeline on our texts, {epochs} epochs: {found[-1]}", file=sys.stderr)
    ours = train((sys.executable, "-W", "ignore", "-m", "weerwoord.runtime.training", "--force"), ROOT, own)
    print(f"ours: {ours}", file=sys.stderr)
    return Trainings(train((RASA, "train", "--force"), template, STOCK_ENV), ours, dict(zip(FEW_EPOCHS, found)))


def main() -> None:
    """Measure and write."""
    options = argparse.ArgumentParser(prog="python -m weerwoord.bench")
    options.add_argument("--rounds", type=int, default=3, choices=range(1, 10))
    options.add_argument("--no-training", action="store_true", help="leave the trainings out")
    options.add_argument("--template", type=Path, help="a trained project of an earlier run, to save its training")
    options.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmark.md")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        template = given.template or folder / "template"
        if given.template is None:
            stock_project(template)
        learnt = None
        if not given.no_training:
            learnt = trainings(folder, template)
        elif given.template is None:
            train((RASA, "train"), template, STOCK_ENV)
        found = Rounds([], [], [])
        for _ in range(given.rounds):
            found.stock.append(measure(stock(template)))
            found.ours.append(measure(ours(folder)))
            found.several.append(measure(ours(folder, ASSISTANTS)))
            write(given.out, found, learnt)  # after each round: what was measured is kept


if __name__ == "__main__":
    main()
