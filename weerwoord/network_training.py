"""Trains the judge's network (`weerwoord.network`) with JAX, which comes with Rasa and is needed for nothing else.

What the encoder makes of the pieces is computed once and reduced to its main directions. The pieces of several texts
lie behind each other in one matrix of fixed height, so that everything is compiled once. Two threads share the work.

Sources: AdamW, Loshchilov and Hutter 2019; one cycle of the learning rate, Smith and Topin 2019.
"""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from weerwoord.encoder import ALONE_WIDTH, GAPS, OUTLINE_WIDTH, Floats, Ints, alone, pieces, together
from weerwoord.network import PAIRS, STEP, TABLES, Network, own, pairs

HIDDEN = 96
OWN = 32  # numbers of the vector of a piece that is learnt here
OF_PAIR = 16  # of that of a pair of pieces
DIRECTIONS = 256  # of the features; as good as more
MIN_PIECE_COUNT = 3  # texts that must have a piece before it gets a vector of its own
TEXTS = 64  # at most in one step
PIECES = 2048  # in one step
EPOCHS = 5
RATE = 4e-3  # highest learning rate
WARM_UP = 0.1  # part of the training in which the rate rises
DECAY = 0.05
WORD_DROPOUT = 0.05  # pieces left out
LINE_DROPOUT = 0.3  # answers of which the line is left out, so that the judge can do without
JOINED = 0.3  # replies to which another of the same voice is joined: elements seldom come alone
JOINED_MAX = 60  # pieces
READ = 16  # texts that the encoder reads at once
THREADS = 2  # that read and learn; more would need more memory
# JAX would share each step among threads of its own. Beside another member that takes twice the time, and the order of
# the sums would depend on the number of cores.
ONE_THREAD_EACH = {"XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false", "PJRT_NPROC": "1"}
SAMPLE = 800  # texts from which the main directions are taken
CLIP = 1.0  # longest gradient
WIDEST = 5.0  # standard deviations that a short number reaches to
GAIN = 0.58  # of the first weights: as wide as a uniform draw within one over the root of the inputs

Weights = dict[str, Any]
Short = npt.NDArray[np.int8]
Row = TypeVar("Row", Floats, Short)


@dataclass(frozen=True)
class Lessons:
    """What there is to learn from.

    Attributes:
        spans: where each text stands, when the pieces of all lie one behind the other.
        vectors: what the encoder makes of each of these pieces, along its main directions, in steps.
        steps: the length of a step along each direction.
        own: place of each of these pieces in the table of own vectors, 0 for none.
        pairs: the same of each with the next one, in the table of vectors of pairs.
        lines: outline of the line each text answers; zeros where it is not known.
        labels: a row for each text, a column for each element, 0 or 1.
        groups: the voice of each text; only texts of one voice are joined.
    """

    spans: Sequence[slice]
    vectors: Short
    steps: Floats
    own: Ints
    pairs: Ints
    lines: Floats
    labels: Floats
    groups: Sequence[str]

    def epoch(self, random: np.random.Generator) -> Iterator[list[list[int]]]:
        """All texts in another order, in batches that fit in one step; some have another text of their voice behind."""
        sizes = [s.stop - s.start for s in self.spans]
        peers: dict[str, list[int]] = {}
        for i, group in enumerate(self.groups):
            if sizes[i] < JOINED_MAX:
                peers.setdefault(group, []).append(i)
        batch: list[list[int]] = []
        count = 0
        for i in random.permutation(len(sizes)).tolist():
            text = [i]
            others = peers.get(self.groups[i])
            if others and sizes[i] < JOINED_MAX and random.random() < JOINED:
                text.append(others[int(random.integers(len(others)))])
            size = sum(sizes[j] for j in text)
            if batch and (len(batch) == TEXTS or count + size > PIECES):
                yield batch
                batch, count = [], 0
            batch.append(text)
            count += size
        if batch:
            yield batch


def train_network(
    texts: Sequence[str], lines: Floats, labels: Floats, groups: Sequence[str], seeds: Sequence[int]
) -> Network:
    """Learn from labelled replies.

    Args:
        texts: the replies.
        lines: outline of the line each reply answers; zeros where it is not known.
        labels: a row for each reply, a column for each element, 0 or 1.
        groups: the voice of each reply; only replies of one voice are joined.
        seeds: one for each member; they make the result repeatable.
    """
    random = np.random.default_rng(seeds[0])
    read = [pieces(t)[:PIECES] for t in texts]
    ends = np.cumsum([len(ids) for ids in read])
    counts = Counter(int(i) for ids in read for i in set(ids.tolist()))
    vocabulary = np.array(sorted(i for i, n in counts.items() if n >= MIN_PIECE_COUNT), dtype=np.int64)
    ids = np.concatenate(read)
    known = Alone.of(ids)
    sample = [read[i] for i in sorted(random.permutation(len(read))[:SAMPLE])]
    mean, directions, spread = _main_directions(np.concatenate(list(known.read(sample, lambda rows: rows))))
    steps = spread * WIDEST / np.iinfo(np.int8).max
    # as long numbers they would not fit in a small memory
    vectors = np.empty((len(ids), len(steps)), np.int8)
    at, short, middle = 0, directions / steps, mean @ directions / steps
    for part in known.read(read, lambda rows: _rounded(rows @ short - middle)):
        vectors[at : at + len(part)] = part
        at += len(part)
    del known  # 200 MB
    lessons = Lessons(
        spans=[slice(end - len(part), end) for end, part in zip(ends, read)],
        vectors=vectors,
        steps=steps,
        own=own(ids, vocabulary),
        pairs=np.concatenate([pairs(part) for part in read]),
        lines=lines,
        labels=labels,
        groups=groups,
    )

    def member(seed: int) -> Weights:
        weights = _learn(lessons, len(vocabulary), np.random.default_rng(seed))
        # the main directions become part of the first layer
        weights["in_bias"] -= mean @ directions @ weights["in"]
        weights["in"] = directions @ weights["in"]
        return weights

    _step(len(vocabulary), directions.shape[1], labels.shape[1])  # made once, before the threads ask for it
    with ThreadPoolExecutor(THREADS) as threads:
        return Network(members=tuple(threads.map(member, seeds)), vocabulary=vocabulary)


@dataclass(frozen=True)
class Alone:
    """What is known of each piece alone.

    Attributes:
        pieces: their numbers, sorted.
        rows: a row for each, and one of zeros for a gap.
    """

    pieces: Ints
    rows: Floats

    @classmethod
    def of(cls, ids: Ints) -> Alone:
        """All pieces that occur."""
        found = np.unique(ids)
        rows = np.zeros((len(found) + 1, ALONE_WIDTH), np.float32)
        for at in range(0, len(found), PIECES):
            part = found[at : at + PIECES]
            rows[at : at + len(part)] = alone(part)
        return cls(found, rows)

    def read(self, texts: Sequence[Ints], use: Callable[[Floats], Row]) -> Iterator[Row]:
        """What is made of the features of the pieces of some texts, a few texts at once, in their order."""
        from threadpoolctl import threadpool_limits

        gap = np.full(GAPS, len(self.pieces))

        def part(at: int) -> Row:
            places = [np.append(np.searchsorted(self.pieces, ids), gap) for ids in texts[at : at + READ]]
            numbers = np.concatenate(places)
            is_gap = numbers == len(self.pieces)
            return use(together(self.rows[numbers], np.flatnonzero(is_gap))[~is_gap])

        # a thread for each core that reads texts of its own is quicker than many that multiply the same matrices
        with threadpool_limits(1), ThreadPoolExecutor(THREADS) as threads:
            yield from threads.map(part, range(0, len(texts), READ))


def _rounded(numbers: Floats) -> Short:
    """Short numbers, the nearest there are."""
    limit = np.iinfo(np.int8).max
    return np.clip(np.rint(numbers), -limit, limit).astype(np.int8)


def _main_directions(vectors: Floats) -> tuple[Floats, Floats, Floats]:
    """The mean of vectors, the directions in which they differ most, and how much they do along each."""
    mean = vectors.mean(0)
    vectors = vectors - mean
    values, directions = np.linalg.eigh(vectors.T @ vectors / len(vectors))
    kept = min(DIRECTIONS, len(vectors))
    scale = 1 / np.sqrt(max(float(values[::-1][:kept].mean()), 1e-6))
    spread = np.sqrt(np.maximum(values[::-1][:kept], 1e-12)) * scale
    found = np.ascontiguousarray(directions[:, ::-1][:, :kept] * scale, dtype=np.float32)
    return mean, found, spread.astype(np.float32)


def _first_weights(random: np.random.Generator, vocabulary: int, inputs: int, elements: int) -> Weights:
    def layer(rows: int, columns: int, gain: float = 1.0) -> Floats:
        return np.asarray(random.standard_normal((rows, columns)) * gain * GAIN * np.sqrt(1 / rows), np.float32)

    weights = {
        "in": layer(inputs, HIDDEN),
        "in_bias": np.zeros(HIDDEN, np.float32),
        "own": (random.standard_normal((vocabulary + 1, OWN)) * 0.1).astype(np.float32),
        "own_in": layer(OWN, HIDDEN),
        "pairs": (random.standard_normal((PAIRS, OF_PAIR)) * 0.1).astype(np.float32),
        "pairs_in": layer(OF_PAIR, HIDDEN),
        "line": layer(OUTLINE_WIDTH, HIDDEN),
        "conv": layer(3 * HIDDEN, HIDDEN),
        "conv_bias": np.zeros(HIDDEN, np.float32),
        "wide": layer(3 * HIDDEN, HIDDEN),
        "wide_bias": np.zeros(HIDDEN, np.float32),
        "context": layer(2 * HIDDEN, HIDDEN),
        "heads": layer(HIDDEN, 2 * elements, 0.5),
        "heads_bias": np.zeros(2 * elements, np.float32),
        "pool": layer(2 * HIDDEN, elements, 0.5),
        "pool_bias": np.full(elements, -2.0, np.float32),
    }
    weights["own"][0] = weights["pairs"][0] = 0
    return weights


@lru_cache(maxsize=1)  # compiling takes seconds
def _step(vocabulary: int, inputs: int, elements: int) -> Any:
    """One step of learning, compiled: from weights, moments and a batch to better weights and new moments.

    Args:
        vocabulary: how many pieces have a vector of their own.
        inputs: numbers that are known of each piece.
        elements: how many there are to learn.
    """
    os.environ.update(ONE_THREAD_EACH)  # read when JAX is loaded
    import jax
    import jax.numpy as jnp

    def loss(weights: Weights, batch: dict[str, Any]) -> Any:
        logits = _forward(weights, batch)
        error = jnp.maximum(logits, 0) - logits * batch["labels"] + jnp.log1p(jnp.exp(-jnp.abs(logits)))
        return (error * batch["counts"][:, None]).sum() / (batch["counts"].sum() * error.shape[1])

    def step(weights: Weights, first: Weights, second: Weights, batch: dict[str, Any], rate: Any, n: Any) -> Any:
        gradients = jax.grad(loss)(weights, batch)
        norm = jnp.sqrt(sum((g * g).sum() for g in gradients.values()))
        scale = jnp.minimum(1.0, CLIP / (norm + 1e-6))
        even = jnp.sqrt(1 - 0.999**n) / (1 - 0.9**n)
        for name in weights:
            g = gradients[name] * scale
            first[name] = 0.9 * first[name] + 0.1 * g
            second[name] = 0.999 * second[name] + 0.001 * g * g
            weights[name] = weights[name] * (1 - rate * DECAY)
            weights[name] -= rate * even * first[name] / (jnp.sqrt(second[name]) + 1e-8)
        for table in TABLES:
            weights[table] = weights[table].at[0].set(0)
        return weights, first, second

    weights = _first_weights(np.random.default_rng(0), vocabulary, inputs, elements)
    batch, number = _no_texts(inputs, elements), np.float32(0)
    return jax.jit(step, donate_argnums=(0, 1, 2)).lower(weights, weights, weights, batch, number, number).compile()


def _learn(lessons: Lessons, vocabulary: int, random: np.random.Generator) -> Weights:
    """The weights that go with the lessons.

    Args:
        lessons: the texts.
        vocabulary: how many pieces have a vector of their own.
        random: chooses the first weights, the order, and what is joined and left out.
    """
    import jax.numpy as jnp

    sizes = (vocabulary, len(lessons.steps), lessons.labels.shape[1])
    step, start = _step(*sizes), _first_weights(random, *sizes)
    state = {n: jnp.asarray(w) for n, w in start.items()}
    first, second = ({n: jnp.zeros_like(w) for n, w in state.items()} for _ in range(2))
    epochs = [list(lessons.epoch(random)) for _ in range(EPOCHS)]
    total = sum(len(e) for e in epochs)
    for n, texts in enumerate(batch for epoch in epochs for batch in epoch):
        rate = np.float32(_rate(n, total))
        batch = _batch(lessons, texts, random)
        state, first, second = step(state, first, second, batch, rate, np.float32(n + 1))
    return {name: np.array(w) for name, w in state.items()}


def _batch(lessons: Lessons, texts: list[list[int]], random: np.random.Generator) -> dict[str, Any]:
    """Texts behind each other, filled up to the size of a step; pieces behind the last text belong to none."""
    spans = [lessons.spans[i] for text in texts for i in text]
    places = np.concatenate([np.arange(s.start, s.stop) for s in spans])
    sizes = [sum(lessons.spans[i].stop - lessons.spans[i].start for i in text) for text in texts]
    kept = random.random(len(places), dtype=np.float32) >= WORD_DROPOUT
    filled = _no_texts(len(lessons.steps), lessons.labels.shape[1])
    filled["steps"] = lessons.steps
    count = len(places)
    filled["vectors"][:count][kept] = lessons.vectors[places[kept]]
    filled["own"][:count] = lessons.own[places] * kept
    filled["pairs"][:count] = lessons.pairs[places] * kept
    filled["text"][:count] = np.repeat(np.arange(len(texts)), sizes)
    line_kept = random.random((len(texts), 1)) >= LINE_DROPOUT
    filled["lines"][: len(texts)] = lessons.lines[[text[0] for text in texts]] * line_kept
    filled["labels"][: len(texts)] = np.stack([lessons.labels[text].max(0) for text in texts])
    filled["counts"][: len(texts)] = 1
    return filled


def _no_texts(inputs: int, elements: int) -> dict[str, Any]:
    """An empty batch."""
    return {
        "vectors": np.zeros((PIECES, inputs), np.int8),
        "steps": np.zeros(inputs, np.float32),
        "own": np.zeros(PIECES, np.int32),
        "pairs": np.zeros(PIECES, np.int32),
        "text": np.full(PIECES, TEXTS, np.int32),  # behind the last one
        "lines": np.zeros((TEXTS + 1, OUTLINE_WIDTH), np.float32),
        "labels": np.zeros((TEXTS, elements), np.float32),
        "counts": np.zeros(TEXTS, np.float32),
    }


def _rate(step: int, steps: int) -> float:
    """The learning rate of a step: up to the highest, then down along half a cosine."""
    up = max(1, int(steps * WARM_UP))
    if step < up:
        return RATE * (0.04 + 0.96 * step / up)
    return RATE * (1 + math.cos(math.pi * (step - up) / max(1, steps - up))) / 2


def _neighbour(rows: Any, text: Any, offset: int) -> Any:
    """The row so many places further on; zeros where that is another text."""
    import jax.numpy as jnp

    same = jnp.roll(text, -offset) == text
    place = jnp.arange(PIECES) + offset
    return jnp.roll(rows, -offset, axis=0) * (same & (place >= 0) & (place < PIECES))[:, None]


def _convolved(rows: Any, text: Any, step: int, weights: Any) -> Any:
    """Each row and those so many places before and behind it, each by its part of the weights."""
    import jax.numpy as jnp

    before, itself, behind = jnp.split(weights, 3)
    return _neighbour(rows @ before, text, -step) + rows @ itself + _neighbour(rows @ behind, text, step)


def _gelu(x: Any) -> Any:
    import jax

    return x * jax.nn.sigmoid(1.702 * x)


def _forward(w: Weights, batch: dict[str, Any]) -> Any:
    """The log-odds from the features of the pieces; what `Network.logits` does."""
    import jax
    import jax.numpy as jnp

    text = batch["text"]

    def summed(rows: Any) -> Any:
        return jax.ops.segment_sum(rows, text, TEXTS + 1, indices_are_sorted=True)[:TEXTS]

    sizes = jnp.maximum(summed(jnp.ones((PIECES, 1))), 1)

    def pooled(rows: Any) -> Any:
        highest = jax.ops.segment_max(rows, text, TEXTS + 1, indices_are_sorted=True)[:TEXTS]
        return jnp.concatenate([summed(rows) / sizes, jnp.where(batch["counts"][:, None] > 0, highest, 0)], axis=1)

    known = batch["vectors"].astype(jnp.float32) * batch["steps"]
    learnt = (w[table][batch[table]] @ w[f"{table}_in"] for table in TABLES)
    hidden = sum(learnt, start=known @ w["in"])
    hidden = _gelu(hidden + (batch["lines"] @ w["line"])[text] + w["in_bias"])
    hidden = hidden + _gelu(_convolved(hidden, text, 1, w["conv"]) + w["conv_bias"])
    context = jnp.pad(pooled(hidden) @ w["context"], ((0, 1), (0, 0)))[text]
    hidden = hidden + _gelu(_convolved(hidden, text, STEP, w["wide"]) + context + w["wide_bias"])
    both = hidden @ w["heads"] + w["heads_bias"]
    elements = both.shape[1] // 2
    attention = jnp.exp(jnp.clip(both[:, :elements], -30, 30))
    attended = summed(attention * both[:, elements:]) / (summed(attention) + 1e-9)
    return attended + pooled(hidden) @ w["pool"] + w["pool_bias"]
