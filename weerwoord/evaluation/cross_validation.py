"""`make cross-validate`: how the network and the linear model are best weighed, on writers neither has seen.

Every part of the writers is judged by a recogniser that learnt from the others. The choice for one part is made on all
other parts (nested cross-validation, Varma and Simon 2006), so that its score is not that of the luckiest choice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import typer

from weerwoord.encoder import Floats, outline
from weerwoord.evaluation.labelled import Judged, Labelled
from weerwoord.evaluation.scores import scores, table
from weerwoord.examples import Example, read_examples
from weerwoord.messages import message
from weerwoord.recogniser import train
from weerwoord.rubric import rubric
from weerwoord.settings import ROOT

SHARES = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 1.0)  # of the network
SHIFTS = tuple(round(0.1 * i, 1) for i in range(-10, 16))  # log-odds
SEED = 1


@dataclass(frozen=True)
class Odds:
    """What both models say of texts of writers they have not seen.

    Attributes:
        network: log-odds, a row for each text, a column for each element.
        linear: the same of the linear model.
        labels: whether each text has each element.
        part: the part of the writers that each text is in.
    """

    network: Floats
    linear: Floats
    labels: npt.NDArray[np.bool_]
    part: npt.NDArray[np.int64]

    def found(self, share: float, shift: float) -> npt.NDArray[np.bool_]:
        """Which elements are named."""
        named: npt.NDArray[np.bool_] = share * self.network + (1 - share) * self.linear + shift > 0
        return named


def parts(examples: Sequence[Example], count: int) -> npt.NDArray[np.int64]:
    """The part of the writers that each text is in; -1 for texts without one, which are only learnt from."""
    writers = sorted({e.writer for e in examples if e.writer})
    order = np.random.default_rng(SEED).permutation(len(writers))
    part = {writers[i]: place % count for place, i in enumerate(order)}
    return np.array([part.get(e.writer, -1) for e in examples])


def choose(odds: Odds, rows: npt.NDArray[np.bool_], shares: Sequence[float] = SHARES) -> tuple[float, float]:
    """The share and the shift with the best micro-F1 on some rows."""
    labels = odds.labels[rows]

    def f1(share: float, shift: float) -> float:
        found = odds.found(share, shift)[rows]
        return float(2 * (found & labels).sum() / max(1, found.sum() + labels.sum()))

    return max(((share, shift) for share in shares for shift in SHIFTS), key=lambda pair: f1(*pair))


def nested(odds: Odds, shares: Sequence[float] = SHARES) -> npt.NDArray[np.bool_]:
    """What is named in each part, with what was chosen on the other parts."""
    named = np.zeros_like(odds.labels)
    for part in np.unique(odds.part):
        named[odds.part == part] = odds.found(*choose(odds, odds.part != part, shares))[odds.part == part]
    return named


def _odds(examples: Sequence[Example], count: int) -> tuple[list[Example], Odds]:
    part = parts(examples, count)
    names = list(rubric().elements)
    read: list[Example] = []
    network, linear, where = [], [], []
    for now in range(count):
        lessons = [e for e, p in zip(examples, part) if p != now]
        print(message("evaluate.training", count=len(lessons)), flush=True)
        judge = train(lessons, SEED)
        order = [judge.linear.classes.index(n) for n in names]
        for e in (e for e, p in zip(examples, part) if p == now):
            network.append(judge.network.logits(e.text, outline(e.partner))[order])
            linear.append(judge.linear.read(e.text, e.partner).logits[order])
            read.append(e)
            where.append(now)
    labels = np.array([[n in e.elements for n in names] for e in read])
    return read, Odds(np.stack(network), np.stack(linear), labels, np.array(where))


def cross_validate(count: int = typer.Argument(5, min=3, help=message("evaluate.parts"))) -> None:
    """Train once for each part of the writers, and print what each way of weighing would score."""
    examples = read_examples(ROOT / "data" / "nlu")
    read, odds = _odds(examples, count)
    names = np.array(list(rubric().elements))
    everything = np.ones(len(read), dtype=bool)
    for shares in ((0.0,), (1.0,), SHARES):
        named = nested(odds, shares)
        judged = [
            Judged(Labelled("", e.text, e.partner, e.voice, e.elements, frozenset()), frozenset(names[row]), {})
            for e, row in zip(read, named)
        ]
        measured = scores(table(judged, rubric()), rubric())
        print(shares, choose(odds, everything, shares), {n: round(v, 3) for n, v in measured.items()})


if __name__ == "__main__":
    typer.run(cross_validate)
