"""The judge's network: what is used is what was trained, and it learns, repeatably."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from weerwoord import network_training as training
from weerwoord.encoder import features, pieces, sentences
from weerwoord.network import PAIRS, Network, own, pairs
from weerwoord.network_training import Alone, Lessons, train_network

TEXTS = [
    "Zullen we een andere afspraak maken?",
    "Kan ik u morgen bellen?",
    "Ik heb tien jaar in de zorg gewerkt.",
    "Ik was vroeger loodgieter.",
] * 3
LABELS = np.array([[1, 0], [1, 0], [0, 1], [0, 1]] * 3, dtype=np.float32)
NO_LINES = np.zeros((len(TEXTS), 512), np.float32)


def trained(seed: int) -> Network:
    return train_network(TEXTS, NO_LINES, LABELS, ["a"] * len(TEXTS), [seed, seed + 1])


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few steps, small steps' worth of pieces."""
    monkeypatch.setattr(training, "PIECES", 128)
    monkeypatch.setattr(training, "TEXTS", 8)
    monkeypatch.setattr(training, "EPOCHS", 25)


def test_training_and_use_compute_the_same(monkeypatch: pytest.MonkeyPatch, quickly: None) -> None:
    """Texts beside each other in a step do not touch: each gets what it gets alone."""
    monkeypatch.setattr(training, "WORD_DROPOUT", -1.0)
    monkeypatch.setattr(training, "LINE_DROPOUT", -1.0)
    random = np.random.default_rng(0)
    texts = ["Zullen we morgen bellen?", "Ik ben Joris en ik zoek geen baan, ik wil leren.", "ja"]
    read = [pieces(t) for t in texts]
    ids, ends = np.concatenate(read), np.cumsum([len(r) for r in read])
    vocabulary = np.unique(ids)[:20]
    vectors = np.concatenate(list(Alone.of(ids).read(read, lambda rows: rows)))
    lessons = Lessons(
        spans=[slice(end - len(r), end) for end, r in zip(ends, read)],
        vectors=np.zeros(vectors.shape, np.int8),
        steps=np.full(1280, 0.5, np.float32),
        own=own(ids, vocabulary),
        pairs=np.concatenate([pairs(r) for r in read]),
        lines=random.standard_normal((3, 512)).astype(np.float32) * 0.05,
        labels=np.zeros((3, 4), np.float32),
        groups=["a"] * 3,
    )
    weights = training._first_weights(random, len(vocabulary), 1280, 4)
    batch = training._batch(lessons, [[0], [1], [2]], random)
    batch["vectors"] = np.zeros(batch["vectors"].shape, np.float32)  # without the rounding
    batch["vectors"][: len(vectors)] = vectors / lessons.steps
    together = np.array(training._forward(weights, batch))
    used = Network((weights,), vocabulary)
    for row, text, line in zip(together, texts, lessons.lines):
        assert used.logits(text, line) == pytest.approx(row, abs=2e-4)


def test_two_trainings_are_the_same_and_survive_the_disk(tmp_path: Path, quickly: None) -> None:
    first, second = trained(7), trained(7)
    for text in ("Mag ik u een andere keer bellen?", "Ik werkte bij een bank."):
        odds = first.logits(text, NO_LINES[0])
        assert np.array_equal(odds, second.logits(text, NO_LINES[0]))
        first.save(tmp_path)
        assert Network.load(tmp_path).logits(text, NO_LINES[0]) == pytest.approx(odds, abs=0.05)
    proposal, work = (first.logits(t, NO_LINES[0]) for t in ("Zullen we iets anders afspreken?", "Ik werkte als smid."))
    assert proposal[0] > proposal[1] and work[1] > work[0]


def test_a_network_of_another_version_is_refused(tmp_path: Path, quickly: None) -> None:
    made = trained(7)
    Network(tuple({n: w for n, w in ws.items() if n != "pairs_in"} for ws in made.members), made.vocabulary).save(
        tmp_path
    )
    with pytest.raises(ValueError, match="another version"):
        Network.load(tmp_path)


def test_every_text_is_read_in_every_epoch(quickly: None) -> None:
    read = [pieces(t) for t in TEXTS]
    ends = np.cumsum([len(r) for r in read])
    spans = [slice(end - len(r), end) for end, r in zip(ends, read)]
    nothing = np.zeros(0)
    lessons = Lessons(spans, nothing, nothing, nothing, nothing, NO_LINES, LABELS, ["a", "b"] * 6)
    batches = list(lessons.epoch(np.random.default_rng(1)))
    assert sorted(text[0] for batch in batches for text in batch) == list(range(len(TEXTS)))
    assert all(sum(len(read[i]) for text in batch for i in text) <= training.PIECES for batch in batches)
    joined = [text for batch in batches for text in batch if len(text) == 2]
    assert joined and all(a % 2 == b % 2 for a, b in joined)


def test_texts_that_the_encoder_reads_together_do_not_touch() -> None:
    one, other = pieces(TEXTS[0]), pieces(TEXTS[2])
    known = Alone.of(np.concatenate([one, other]))
    (rows,) = known.read([one, other], lambda rows: rows)
    assert rows == pytest.approx(np.concatenate([features(one), features(other)]), abs=1e-4)


def test_a_pair_is_known_by_both_pieces_and_their_order() -> None:
    ids = pieces("mag ik u bellen")
    found = pairs(ids)
    assert np.array_equal(found, pairs(ids)) and len(found) == len(ids)
    assert found.min() > 0 and found.max() < PAIRS
    assert len({*pairs(np.array([7, 8])), *pairs(np.array([8, 7])), *pairs(np.array([7, 9]))}) == 6


def test_near_meanings_are_near() -> None:
    near, far = sentences(["Kunnen we morgen praten?", "Wat een rare kast."]) @ sentences([TEXTS[1]])[0]
    assert near > far
