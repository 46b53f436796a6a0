"""The judge's network: its way back is the derivative of its way forward, and it learns, repeatably."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from weerwoord import network
from weerwoord.encoder import SENTENCE_WIDTH, pieces, sentences
from weerwoord.network import Batch, Network, train_network

TEXTS = [
    "Zullen we een andere afspraak maken?",
    "Kan ik u morgen bellen?",
    "Ik heb tien jaar in de zorg gewerkt.",
    "Ik was vroeger loodgieter.",
] * 3
LABELS = np.array([[1, 0], [1, 0], [0, 1], [0, 1]] * 3, dtype=np.float32)


class Everything:
    """A random source that leaves nothing out."""

    def random(self, shape: tuple[int, ...], dtype: object = None) -> np.ndarray:
        return np.ones(shape)


def test_gradients(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "DROPOUT", 0.0)
    random = np.random.default_rng(0)
    weights = {n: w.astype(np.float64) for n, w in network._first_weights(random, 20, 5, 4).items()}
    batch = Batch(
        vectors=random.standard_normal((9, 20)),
        own=np.array([0, 1, 2, 3, 1, 5, 0, 2, 2]),
        starts=np.array([0, 4, 6]),
        lines=random.standard_normal((3, SENTENCE_WIDTH)),
    )
    target = random.standard_normal((3, 4))

    def loss() -> float:
        return float((network._Pass(weights, batch, Everything()).logits * target).sum())

    gradients = network._Pass(weights, batch, Everything()).gradients(target)
    assert gradients.keys() == weights.keys()
    for name, weight in weights.items():
        for _ in range(4):
            place = tuple(
                int(random.integers(1 if name == "own" and i == 0 else 0, n)) for i, n in enumerate(weight.shape)
            )
            before, step = weight[place], 1e-5
            weight[place] = before + step
            high = loss()
            weight[place] = before - step
            low = loss()
            weight[place] = before
            assert gradients[name][place] == pytest.approx((high - low) / (2 * step), abs=1e-5), name


def trained(seed: int) -> Network:
    lines = np.zeros((len(TEXTS), SENTENCE_WIDTH), np.float32)
    return train_network(TEXTS, lines, LABELS, ["a"] * len(TEXTS), [seed, seed + 1])


def test_two_trainings_are_the_same_and_survive_the_disk(tmp_path: Path) -> None:
    encoded, line = (
        pieces(["Mag ik u een andere keer bellen?", "Ik werkte bij een bank."]),
        np.zeros((2, 512), np.float32),
    )
    first, second = trained(7), trained(7)
    assert np.array_equal(first.logits(encoded, line), second.logits(encoded, line))
    first.save(tmp_path)
    assert Network.load(tmp_path).logits(encoded, line) == pytest.approx(first.logits(encoded, line), abs=0.05)


def test_it_learns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "EPOCHS", 40)
    odds = trained(7).logits(
        pieces(["Zullen we iets anders afspreken?", "Ik heb in een winkel gewerkt."]), np.zeros((2, 512), np.float32)
    )
    assert odds[0, 0] > odds[0, 1] and odds[1, 1] > odds[1, 0]


def test_a_text_is_read_on_its_own() -> None:
    """What stands beside a text in a batch changes nothing, and near meanings are near."""
    alone, together = pieces([TEXTS[0]]), pieces(TEXTS[:3])
    assert together.vectors[: len(alone.ids)] == pytest.approx(alone.vectors, abs=1e-4)
    near, far = sentences(["Kunnen we morgen praten?", "Wat een rare kast."]) @ sentences([TEXTS[1]])[0]
    assert near > far
