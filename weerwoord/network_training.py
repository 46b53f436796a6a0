"""Trains the judge's network (`weerwoord.network`) with JAX, which comes with Rasa and is needed for nothing else.

The meanings of all pieces that occur stand in one table, reduced to their main directions. The pieces of several texts
lie behind each other in a batch of fixed height, so that everything is compiled once. A step changes only those
vectors of the large tables that its batch has to do with. Two threads share the work.

Sources: AdamW, Loshchilov and Hutter 2019, for the tables as in TensorFlow's LazyAdam; one cycle of the learning rate,
Smith and Topin 2019.
"""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np

from weerwoord.encoder import MEANING_WIDTH, Floats, Ints, meanings, pieces
from weerwoord.network import GAPS, KERNEL, SLOTS, TABLES, Network, places_of

HIDDEN = 64
OWN = 32  # numbers of the vector of a piece that is learnt here
SHARED = 16  # of those of a pair of pieces and of a word
DIRECTIONS = 128  # of the meanings; more are learnt by heart
MIN_PIECE_COUNT = 3  # texts that must have a piece before it gets a vector of its own
TEXTS = 64  # at most in one step
PIECES = 2048  # in one step
EPOCHS = 5
RATE = 4e-3  # highest learning rate
WARM_UP = 0.1  # part of the training in which the rate rises
DECAY = 0.15
PIECE_DROPOUT = 0.1  # pieces left out
SHARED_DROPOUT = 0.2  # vectors of pairs and of words left out, so that the others must do
LINE_DROPOUT = 0.3  # answers of which the line is left out, so that the judge can do without
THREADS = 2  # that learn
# JAX would share each step among threads of its own. Beside another member that takes twice the time, and the order of
# the sums would depend on the number of cores.
ONE_THREAD_EACH = {"XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false", "PJRT_NPROC": "1"}
CLIP = 1.0  # longest gradient
GAIN = 0.58  # of the first weights: as wide as a uniform draw within one over the root of the inputs
NOWHERE = np.iinfo(np.int32).max  # a place in no table

Weights = dict[str, Any]
State = tuple[Weights, Weights]  # the weights of the layers, and the tables of vectors


@dataclass(frozen=True)
class Lessons:
    """What there is to learn from.

    Attributes:
        spans: where each text stands, when the pieces of all lie one behind the other.
        meanings: what is known of each different piece; the first row is for none.
        pieces: the place of each of the pieces in `meanings`.
        places: the same in each of the tables of vectors that are learnt.
        lines: outline of the line each text answers; zeros where it is not known.
        labels: a row for each text, a column for each element, 0 or 1.
    """

    spans: Sequence[slice]
    meanings: Floats
    pieces: Ints
    places: Mapping[str, Ints]
    lines: Floats
    labels: Floats

    def epoch(self, random: np.random.Generator) -> Iterator[list[int]]:
        """All texts in another order, in batches that fit in one step."""
        batch: list[int] = []
        count = 0
        for i in random.permutation(len(self.spans)).tolist():
            size = self.spans[i].stop - self.spans[i].start
            if batch and (len(batch) == TEXTS or count + size > PIECES):
                yield batch
                batch, count = [], 0
            batch.append(i)
            count += size
        if batch:
            yield batch


def train_network(texts: Sequence[str], lines: Floats, labels: Floats, seeds: Sequence[int]) -> Network:
    """Learn from labelled replies.

    Args:
        texts: the replies.
        lines: outline of the line each reply answers; zeros where it is not known.
        labels: a row for each reply, a column for each element, 0 or 1.
        seeds: one for each member; they make the result repeatable.
    """
    read = [pieces(t) for t in texts]
    counts = Counter(int(i) for ids in read for i in set(ids.tolist()))
    vocabulary = np.array(sorted(i for i, n in counts.items() if n >= MIN_PIECE_COUNT), dtype=np.int64)
    different, which, times = np.unique(np.concatenate(read), return_inverse=True, return_counts=True)
    known = meanings(different)
    mean, directions = _main_directions(known, times)

    def member(lessons: Lessons, seed: int) -> Weights:
        weights = _learn(lessons, len(vocabulary), np.random.default_rng(seed))
        # the main directions become part of the first layer
        weights["in_bias"] -= mean @ directions @ weights["in"]
        weights["in"] = directions @ weights["in"]
        return weights

    with ThreadPoolExecutor(THREADS) as threads:
        # made once, before the members ask for it, while the places are looked up
        made = threads.submit(_step, len(vocabulary), (len(known) + 1, directions.shape[1]), labels.shape[1])
        places = [places_of(text, ids, vocabulary) for text, ids in zip(texts, read)]
        ends = np.cumsum([len(ids) for ids in read])
        lessons = Lessons(
            spans=[slice(end - len(ids), min(end, end - len(ids) + PIECES)) for end, ids in zip(ends.tolist(), read)],
            meanings=np.concatenate([np.zeros((1, directions.shape[1]), np.float32), (known - mean) @ directions]),
            pieces=which + 1,
            places={table: np.concatenate([p[table] for p in places]) for table in TABLES},
            lines=lines,
            labels=labels,
        )
        made.result()
        return Network(members=tuple(threads.map(partial(member, lessons), seeds)), vocabulary=vocabulary)


def _main_directions(vectors: Floats, times: Ints) -> tuple[Floats, Floats]:
    """The mean of vectors, each of which counts so many times, and the directions in which they differ most."""
    share = (times / times.sum()).astype(np.float32)
    mean = share @ vectors
    vectors = vectors - mean
    values, directions = np.linalg.eigh((vectors * share[:, None]).T @ vectors)
    kept = min(DIRECTIONS, len(vectors))
    scale = 1 / np.sqrt(max(float(values[::-1][:kept].mean()), 1e-6))
    return mean, np.ascontiguousarray(directions[:, ::-1][:, :kept] * scale, dtype=np.float32)


def _first_state(random: np.random.Generator, vocabulary: int, inputs: int, elements: int) -> State:
    def layer(rows: int, columns: int, gain: float = 1.0) -> Floats:
        return np.asarray(random.standard_normal((rows, columns)) * gain * GAIN * np.sqrt(1 / rows), np.float32)

    weights = {
        "in": layer(inputs, HIDDEN),
        "in_bias": np.zeros(HIDDEN, np.float32),
        "line": layer(MEANING_WIDTH, HIDDEN),
        "heads": layer(HIDDEN, 2 * elements, 0.5),
        "heads_bias": np.zeros(2 * elements, np.float32),
        "pool": layer(2 * HIDDEN, elements, 0.5),
        "pool_bias": np.full(elements, -2.0, np.float32),
    }
    for i in range(len(GAPS)):
        weights[f"conv{i}"] = layer(KERNEL * HIDDEN, HIDDEN)
        weights[f"conv{i}_bias"] = np.zeros(HIDDEN, np.float32)
    tables = {}
    for table in TABLES:
        rows, width = (vocabulary + 1, OWN) if table == "own" else (SLOTS, SHARED)
        tables[table] = (random.standard_normal((rows, width)) * 0.1).astype(np.float32)
        tables[table][0] = 0
        weights[f"{table}_in"] = layer(width, HIDDEN)
    return weights, tables


@lru_cache(maxsize=1)  # compiling takes seconds
def _step(vocabulary: int, known: tuple[int, int], elements: int) -> Any:
    """One step of learning, compiled: from weights, moments and a batch to better weights and new moments.

    Args:
        vocabulary: how many pieces have a vector of their own.
        known: rows and columns of the table of meanings.
        elements: how many there are to learn.
    """
    os.environ.update(ONE_THREAD_EACH)  # read when JAX is loaded
    import jax
    import jax.numpy as jnp

    def loss(weights: Weights, vectors: Weights, known: Any, batch: dict[str, Any]) -> Any:
        logits = _forward(weights, vectors, known, batch)
        error = jnp.maximum(logits, 0) - logits * batch["labels"] + jnp.log1p(jnp.exp(-jnp.abs(logits)))
        return (error * batch["counts"][:, None]).sum() / (batch["counts"].sum() * error.shape[1])

    def step(state: State, first: State, second: State, known: Any, batch: dict[str, Any], rate: Any, n: Any) -> Any:
        (weights, tables), (first_w, first_t), (second_w, second_t) = state, first, second
        vectors = {t: tables[t][batch[t]] for t in TABLES}
        gradients, of_places = jax.grad(loss, argnums=(0, 1))(weights, vectors, known, batch)
        # a vector may stand at several places
        of_vectors = {t: jax.ops.segment_sum(of_places[t], batch[f"{t}_which"], PIECES) for t in TABLES}
        norm = jnp.sqrt(sum((g * g).sum() for g in (*gradients.values(), *of_vectors.values())))
        scale = jnp.minimum(1.0, CLIP / (norm + 1e-6))
        even = jnp.sqrt(1 - 0.999**n) / (1 - 0.9**n)

        def better(old: Any, mean: Any, square: Any, gradient: Any) -> tuple[Any, Any, Any]:
            gradient = gradient * scale
            mean = 0.9 * mean + 0.1 * gradient
            square = 0.999 * square + 0.001 * gradient * gradient
            return old * (1 - rate * DECAY) - rate * even * mean / (jnp.sqrt(square) + 1e-8), mean, square

        for name, gradient in gradients.items():
            found = better(weights[name], first_w[name], second_w[name], gradient)
            weights[name], first_w[name], second_w[name] = found
        for t in TABLES:
            rows = batch[f"{t}_rows"]
            found = better(tables[t][rows], first_t[t][rows], second_t[t][rows], of_vectors[t])
            for table, new in zip((tables, first_t, second_t), found):
                table[t] = table[t].at[rows].set(new * (rows > 0)[:, None], mode="drop")
        return state, first, second

    state = _first_state(np.random.default_rng(0), vocabulary, known[1], elements)
    arguments = state, state, state, np.zeros(known, np.float32), _no_texts(elements), np.float32(0), np.float32(0)
    return jax.jit(step, donate_argnums=(0, 1, 2)).lower(*arguments).compile()


def _learn(lessons: Lessons, vocabulary: int, random: np.random.Generator) -> Weights:
    """The weights and tables that go with the lessons.

    Args:
        lessons: the texts.
        vocabulary: how many pieces have a vector of their own.
        random: chooses the first weights, the order, and what is left out.
    """
    import jax
    import jax.numpy as jnp

    elements = lessons.labels.shape[1]
    step = _step(vocabulary, lessons.meanings.shape, elements)
    start = _first_state(random, vocabulary, lessons.meanings.shape[1], elements)
    state = jax.tree_util.tree_map(jnp.asarray, start)
    first, second = (jax.tree_util.tree_map(jnp.zeros_like, state) for _ in range(2))
    known = jnp.asarray(lessons.meanings)
    epochs = [list(lessons.epoch(random)) for _ in range(EPOCHS)]
    total = sum(len(e) for e in epochs)
    for n, texts in enumerate(batch for epoch in epochs for batch in epoch):
        rate = np.float32(_rate(n, total))
        batch = _batch(lessons, texts, random)
        state, first, second = step(state, first, second, known, batch, rate, np.float32(n + 1))
    weights, tables = state
    return {name: np.array(w) for name, w in (weights | tables).items()}


def _batch(lessons: Lessons, texts: list[int], random: np.random.Generator) -> dict[str, Any]:
    """Texts behind each other, filled up to the size of a step; pieces behind the last text belong to none."""
    spans = [lessons.spans[i] for i in texts]
    at = np.concatenate([np.arange(s.start, s.stop) for s in spans])
    count = len(at)
    kept = random.random(count, dtype=np.float32) >= PIECE_DROPOUT
    filled = _no_texts(lessons.labels.shape[1])
    filled["pieces"][:count] = lessons.pieces[at] * kept
    filled["text"][:count] = np.repeat(np.arange(len(texts)), [s.stop - s.start for s in spans])
    for table in TABLES:
        both = kept if table == "own" else kept & (random.random(count, dtype=np.float32) >= SHARED_DROPOUT)
        filled[table][:count] = lessons.places[table][at] * both
        rows, filled[f"{table}_which"][:] = np.unique(filled[table], return_inverse=True)
        filled[f"{table}_rows"][: len(rows)] = rows
    line_kept = random.random((len(texts), 1)) >= LINE_DROPOUT
    filled["lines"][: len(texts)] = lessons.lines[texts] * line_kept
    filled["labels"][: len(texts)] = lessons.labels[texts]
    filled["counts"][: len(texts)] = 1
    return filled


def _no_texts(elements: int) -> dict[str, Any]:
    """An empty batch."""
    empty = {
        "pieces": np.zeros(PIECES, np.int32),
        "text": np.full(PIECES, TEXTS, np.int32),  # behind the last one
        "lines": np.zeros((TEXTS + 1, MEANING_WIDTH), np.float32),
        "labels": np.zeros((TEXTS, elements), np.float32),
        "counts": np.zeros(TEXTS, np.float32),
    }
    for table in TABLES:
        empty[table] = np.zeros(PIECES, np.int32)  # the place of each piece's vector
        empty[f"{table}_rows"] = np.full(PIECES, NOWHERE, np.int32)  # each of these places once
        empty[f"{table}_which"] = np.zeros(PIECES, np.int32)  # of these, for each piece
    return empty


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


def _convolved(rows: Any, text: Any, gap: int, weights: Any) -> Any:
    """Each row and those around it, so many places apart, each by its part of the weights."""
    import jax.numpy as jnp

    reach = KERNEL // 2
    parts = zip(range(-reach, reach + 1), jnp.split(weights, KERNEL))
    return sum(_neighbour(rows @ part, text, offset * gap) if offset else rows @ part for offset, part in parts)


def _gelu(x: Any) -> Any:
    import jax.numpy as jnp

    return x * (0.5 + 0.5 * jnp.tanh(0.851 * x))  # quicker in XLA than a sigmoid


def _forward(w: Weights, vectors: Weights, known: Any, batch: dict[str, Any]) -> Any:
    """The log-odds, from the meanings of the pieces and the vectors that are learnt; what `Network.logits` does."""
    import jax
    import jax.numpy as jnp

    text = batch["text"]

    def summed(rows: Any) -> Any:
        return jax.ops.segment_sum(rows, text, TEXTS + 1, indices_are_sorted=True)[:TEXTS]

    # one large product: for small ones XLA does not use the widest instructions
    learnt = jnp.concatenate([vectors[table] for table in TABLES], axis=1)
    hidden = known[batch["pieces"]] @ w["in"] + learnt @ jnp.concatenate([w[f"{table}_in"] for table in TABLES])
    hidden = _gelu(hidden + (batch["lines"] @ w["line"])[text] + w["in_bias"])
    for i, gap in enumerate(GAPS):
        hidden = hidden + _gelu(_convolved(hidden, text, gap, w[f"conv{i}"]) + w[f"conv{i}_bias"])
    both = hidden @ w["heads"] + w["heads_bias"]
    elements = both.shape[1] // 2
    attention = jnp.exp(jnp.clip(both[:, :elements], -30, 30))
    attended = summed(attention * both[:, elements:]) / (summed(attention) + 1e-9)
    mean = summed(hidden) / jnp.maximum(summed(jnp.ones((PIECES, 1))), 1)
    highest = jax.ops.segment_max(hidden, text, TEXTS + 1, indices_are_sorted=True)[:TEXTS]
    highest = jnp.where(batch["counts"][:, None] > 0, highest, 0)
    return attended + jnp.concatenate([mean, highest], axis=1) @ w["pool"] + w["pool_bias"]
