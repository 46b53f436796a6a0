"""A small network that reads a reply piece by piece and gives each element a score; trained and used with numpy alone.

A piece comes in as a vector of the encoder (reduced to its main directions) and a vector of its own that is learnt
here; the line that is answered is added to each. One convolution over three pieces follows. Every element then looks
at the pieces with its own attention, and at their mean and maximum. Forward and backward are written out: there is
one architecture, and a framework would cost more to install than this does to read.

Sources: attention per label, Mullenbach et al. 2018 (CAML); AdamW, Loshchilov and Hutter 2019; one cycle of the
learning rate, Smith and Topin 2019.
"""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from weerwoord.encoder import SENTENCE_WIDTH, Floats, Ints, Pieces, pieces

DIRECTIONS = 384  # of the encoder's 1,280; as good as all, three times as fast
HIDDEN = 160
OWN = 64  # numbers of the vector of a piece that is learnt here
MIN_PIECE_COUNT = 3  # texts that must have a piece before it gets a vector of its own
EPOCHS = 16
BATCH = 32  # texts
RATE = 4e-3  # highest learning rate
WARM_UP = 0.1  # part of the training in which the rate rises
DECAY = 0.05
DROPOUT = 0.2
WORD_DROPOUT = 0.1  # pieces left out
LINE_DROPOUT = 0.3  # answers of which the line is left out, so that the judge can do without
JOINED = 0.3  # replies to which another of the same voice is joined: elements seldom come alone
JOINED_MAX = 60  # pieces
SAMPLE = 1500  # texts from which the main directions are taken
READ = 512  # texts encoded at once
CLIP = 1.0  # longest gradient
GAIN = 0.58  # of the first weights: as wide as a uniform draw within one over the root of the inputs

Weights = dict[str, Floats]


@dataclass(frozen=True)
class Batch:
    """Pieces of several texts with what belongs to each text.

    Attributes:
        vectors: a row for each piece, reduced.
        own: place of each piece in the table of own vectors, 0 for none.
        starts: place of the first piece of each text.
        lines: sentence vector of the line that each text answers; zeros where it is not known.
    """

    vectors: Floats
    own: Ints
    starts: Ints
    lines: Floats

    @property
    def lengths(self) -> Ints:
        """Pieces of each text."""
        return np.diff([*self.starts, len(self.own)])


@dataclass(frozen=True)
class Network:
    """A trained network.

    Attributes:
        members: all parameters by name, of each of the networks whose scores are averaged.
        vocabulary: numbers of the encoder's pieces that have a vector of their own, sorted.
        mean: of the encoder's vectors.
        directions: the main directions of the encoder's vectors, scaled; a column each.
    """

    members: tuple[Weights, ...]
    vocabulary: Ints
    mean: Floats
    directions: Floats

    def batch(self, encoded: Pieces, lines: Floats) -> Batch:
        """Bring encoded texts into the network's terms."""
        return Batch(
            vectors=(encoded.vectors - self.mean) @ self.directions,
            own=_own(encoded.ids, self.vocabulary),
            starts=encoded.starts,
            lines=lines,
        )

    def logits(self, encoded: Pieces, lines: Floats) -> Floats:
        """The log-odds of every element, a row for each text.

        Args:
            encoded: the texts.
            lines: sentence vector of the line each text answers; zeros where it is not known.
        """
        batch = self.batch(encoded, lines)
        return np.asarray(np.mean([_Pass(weights, batch).logits for weights in self.members], axis=0), np.float32)

    def save(self, folder: Path) -> None:
        """Write `network.npz`; no pickle."""
        np.savez_compressed(
            folder / "network.npz",
            vocabulary=self.vocabulary,
            mean=self.mean,
            directions=self.directions.astype(np.float16),
            **{f"w{i}_{n}": w.astype(np.float16) for i, ws in enumerate(self.members) for n, w in ws.items()},
        )

    @classmethod
    def load(cls, folder: Path) -> Network:
        """The reverse of `save`."""
        with np.load(folder / "network.npz", allow_pickle=False) as arrays:
            names = [n for n in arrays.files if n.startswith("w")]
            return cls(
                members=tuple(
                    {n.partition("_")[2]: arrays[n].astype(np.float32) for n in names if n.startswith(f"{member}_")}
                    for member in sorted({n.partition("_")[0] for n in names})
                ),
                vocabulary=arrays["vocabulary"],
                mean=arrays["mean"],
                directions=arrays["directions"].astype(np.float32),
            )


def _own(ids: Ints, vocabulary: Ints) -> Ints:
    if not len(vocabulary):
        return np.zeros(len(ids), dtype=np.int64)
    places = np.minimum(np.searchsorted(vocabulary, ids), len(vocabulary) - 1)
    return np.where(vocabulary[places] == ids, places + 1, 0)


def _neighbours(batch: Batch) -> tuple[Ints, Ints]:
    """Place of the piece before and after each piece; one behind the last row where there is none."""
    count = len(batch.own)
    before, after = np.arange(-1, count - 1), np.arange(1, count + 1)
    before[batch.starts] = count
    after[np.append(batch.starts[1:], count) - 1] = count
    return before, after


def _gelu(x: Floats) -> tuple[Floats, Floats]:
    """The Gaussian error linear unit by its sigmoid approximation (Hendrycks and Gimpel 2016), and its slope."""
    gate = 0.5 * (1 + np.tanh(0.851 * x))  # a sigmoid that cannot overflow
    value = x * gate
    return value, gate + 1.702 * value * (1 - gate)


class _Pass:
    """One way forward, and what the way back needs.

    Args:
        weights: the network's parameters.
        batch: the texts.
        random: gives the dropout masks; without it nothing is left out.
    """

    def __init__(self, weights: Weights, batch: Batch, random: np.random.Generator | None = None) -> None:
        self.w, self.b, self.random = weights, batch, random
        w, starts = weights, batch.starts
        self.segment = np.repeat(np.arange(len(starts)), batch.lengths)
        self.x, self.x_mask = self._drop(batch.vectors)
        self.e, self.e_mask = self._drop(w["own"][batch.own])
        self.p, self.p_mask = self._drop(batch.lines)
        sums = self.x @ w["in"] + self.e @ w["own_in"] + (self.p @ w["line"])[self.segment] + w["in_bias"]
        self.h1, self.h1_slope = _gelu(sums)
        self.before, self.after = _neighbours(batch)
        dropped, self.c_mask = self._drop(self.h1)
        padded = np.vstack([dropped, np.zeros((1, dropped.shape[1]), np.float32)])
        self.window = np.hstack([padded[self.before], dropped, padded[self.after]])
        g, self.g_slope = _gelu(self.window @ w["conv"] + w["conv_bias"])
        self.h2, self.h_mask = self._drop(self.h1 + g)
        both = self.h2 @ w["heads"] + w["heads_bias"]
        elements = both.shape[1] // 2
        scores, self.values = both[:, :elements], both[:, elements:]
        scores = np.exp(scores - np.maximum.reduceat(scores, starts)[self.segment])
        self.attention = scores / np.add.reduceat(scores, starts)[self.segment]
        self.sizes = batch.lengths[:, None].astype(np.float32)
        self.highest = np.maximum.reduceat(self.h2, starts)
        self.pooled = np.hstack([np.add.reduceat(self.h2, starts) / self.sizes, self.highest])
        attended = np.add.reduceat(self.attention * self.values, starts)
        self.logits: Floats = attended + self.pooled @ w["pool"] + w["pool_bias"]

    def _drop(self, values: Floats) -> tuple[Floats, Floats | None]:
        if self.random is None:
            return values, None
        mask = (self.random.random(values.shape, dtype=np.float32) >= DROPOUT).astype(np.float32)
        mask /= 1 - DROPOUT
        return values * mask, mask

    def gradients(self, d_logits: Floats) -> Weights:
        """The gradient of every parameter, given that of the logits; only after a pass with dropout."""
        assert self.e_mask is not None and self.c_mask is not None and self.h_mask is not None
        w, starts, segment = self.w, self.b.starts, self.segment
        found: Weights = {"pool": self.pooled.T @ d_logits, "pool_bias": d_logits.sum(0)}
        d_pooled = d_logits @ w["pool"].T
        hidden = self.h2.shape[1]
        d_h2 = (d_pooled[:, :hidden] / self.sizes)[segment]
        is_highest = self.h2 == self.highest[segment]
        d_h2 += is_highest * (d_pooled[:, hidden:] / np.add.reduceat(is_highest, starts))[segment]
        d_each = d_logits[segment]
        d_attention = d_each * self.values
        inner = np.add.reduceat(self.attention * d_attention, starts)[segment]
        d_heads = np.hstack([self.attention * (d_attention - inner), d_each * self.attention])
        found["heads"], found["heads_bias"] = self.h2.T @ d_heads, d_heads.sum(0)
        d_h2 += d_heads @ w["heads"].T
        d_sum = d_h2 * self.h_mask
        d_g = d_sum * self.g_slope
        found["conv"], found["conv_bias"] = self.window.T @ d_g, d_g.sum(0)
        d_window = d_g @ w["conv"].T
        d_padded = np.vstack([d_window[:, hidden : 2 * hidden], np.zeros((1, hidden), np.float32)])
        # a piece is the one before or after of at most one other, so the places do not repeat (but the last row)
        d_padded[self.before] += d_window[:, :hidden]
        d_padded[self.after] += d_window[:, 2 * hidden :]
        d_h1 = (d_sum + d_padded[:-1] * self.c_mask) * self.h1_slope
        found["in"], found["in_bias"] = self.x.T @ d_h1, d_h1.sum(0)
        found["line"] = self.p.T @ np.add.reduceat(d_h1, starts)
        found["own_in"] = self.e.T @ d_h1
        d_e = (d_h1 @ w["own_in"].T) * self.e_mask
        d_own = np.zeros_like(w["own"])
        order = np.argsort(self.b.own, kind="stable")
        places, first = np.unique(self.b.own[order], return_index=True)
        d_own[places] = np.add.reduceat(d_e[order], first)
        d_own[0] = 0
        found["own"] = d_own
        return found


def _first_weights(random: np.random.Generator, inputs: int, own: int, elements: int) -> Weights:
    def layer(rows: int, columns: int, gain: float = 1.0) -> Floats:
        return np.asarray(random.standard_normal((rows, columns)) * gain * GAIN * np.sqrt(1 / rows), np.float32)

    weights = {
        "in": layer(inputs, HIDDEN),
        "own": (random.standard_normal((own + 1, OWN)) * 0.1).astype(np.float32),
        "own_in": layer(OWN, HIDDEN),
        "line": layer(SENTENCE_WIDTH, HIDDEN),
        "in_bias": np.zeros(HIDDEN, np.float32),
        "conv": layer(3 * HIDDEN, HIDDEN),
        "conv_bias": np.zeros(HIDDEN, np.float32),
        "heads": layer(HIDDEN, 2 * elements, 0.5),
        "heads_bias": np.zeros(2 * elements, np.float32),
        "pool": layer(2 * HIDDEN, elements, 0.5),
        "pool_bias": np.full(elements, -2.0, np.float32),
    }
    weights["own"][0] = 0
    return weights


class _Adam:
    """AdamW with clipped gradients."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.first = {n: np.zeros_like(w) for n, w in weights.items()}
        self.second = {n: np.zeros_like(w) for n, w in weights.items()}
        self.step_count = 0

    def step(self, gradients: Weights, rate: float) -> None:
        self.step_count += 1
        norm = float(np.sqrt(sum(float((g * g).sum()) for g in gradients.values())))
        scale = min(1.0, CLIP / (norm + 1e-6))
        even = np.sqrt(1 - 0.999**self.step_count) / (1 - 0.9**self.step_count)
        for name, gradient in gradients.items():
            gradient *= scale
            first, second, weight = self.first[name], self.second[name], self.weights[name]
            first += 0.1 * (gradient - first)
            second += 0.001 * (gradient * gradient - second)
            weight *= 1 - rate * DECAY
            weight -= rate * even * first / (np.sqrt(second) + 1e-8)


def _rate(step: int, steps: int) -> float:
    """The learning rate of a step: up to the highest, then down along half a cosine."""
    up = max(1, int(steps * WARM_UP))
    if step < up:
        return RATE * (0.04 + 0.96 * step / up)
    return RATE * (1 + math.cos(math.pi * (step - up) / max(1, steps - up))) / 2


def _main_directions(vectors: Floats) -> tuple[Floats, Floats]:
    mean = vectors.mean(0)
    values, directions = np.linalg.eigh(np.cov((vectors - mean).T))
    kept = min(DIRECTIONS, len(vectors))
    scale = 1 / np.sqrt(max(float(values[::-1][:kept].mean()), 1e-6))
    return mean, np.ascontiguousarray(directions[:, ::-1][:, :kept] * scale, dtype=np.float32)


@dataclass(frozen=True)
class _Lessons:
    """What there is to learn from."""

    vectors: Floats
    own: Ints
    spans: Sequence[slice]
    lines: Floats
    labels: Floats
    groups: Sequence[str]


def train_network(
    texts: Sequence[str], lines: Floats, labels: Floats, groups: Sequence[str], seeds: Sequence[int]
) -> Network:
    """Learn from labelled replies.

    Args:
        texts: the replies.
        lines: sentence vector of the line each reply answers; zeros where it is not known.
        labels: a row for each reply, a column for each element, 0 or 1.
        groups: the voice of each reply; only replies of one voice are joined.
        seeds: one for each member; they make the result repeatable.
    """
    sample = np.random.default_rng(seeds[0]).permutation(len(texts))[:SAMPLE]
    mean, directions = _main_directions(pieces([texts[i] for i in sorted(sample)]).vectors)
    with _cores() as pool:
        # not all of them at once: unreduced they would not fit in a small memory
        read = list(pool.map(lambda at: _reduced(texts[at : at + READ], mean, directions), range(0, len(texts), READ)))
    ids = [text for part, _ in read for text in part]
    counts = Counter(int(i) for text in ids for i in set(text.tolist()))
    vocabulary = np.array(sorted(i for i, n in counts.items() if n >= MIN_PIECE_COUNT), dtype=np.int64)
    ends = np.cumsum([len(text) for text in ids])
    lessons = _Lessons(
        vectors=np.concatenate([vectors for _, vectors in read]),
        own=_own(np.concatenate(ids), vocabulary),
        spans=[slice(end - len(text), end) for end, text in zip(ends, ids)],
        lines=lines,
        labels=labels,
        groups=groups,
    )
    with _cores() as pool:
        members = tuple(pool.map(lambda seed: _train(lessons, len(vocabulary), seed), seeds))
    return Network(members=members, vocabulary=vocabulary, mean=mean, directions=directions)


@contextmanager
def _cores() -> Iterator[ThreadPoolExecutor]:
    """A thread for each core: numpy leaves the interpreter free while it computes."""
    with threadpool_limits(limits=1), ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        yield pool


def _reduced(texts: Sequence[str], mean: Floats, directions: Floats) -> tuple[list[Ints], Floats]:
    """The numbers of the pieces of each text, and the vectors of all of them in the main directions."""
    read = pieces(texts)
    return np.split(read.ids, read.starts[1:]), (read.vectors - mean) @ directions


def _train(lessons: _Lessons, vocabulary: int, seed: int) -> Weights:
    """Train one member."""
    random = np.random.default_rng(seed)
    weights = _first_weights(random, lessons.vectors.shape[1], vocabulary, lessons.labels.shape[1])
    adam = _Adam(weights)
    sizes = [s.stop - s.start for s in lessons.spans]
    peers: dict[str, list[int]] = {}
    for i, group in enumerate(lessons.groups):
        if sizes[i] < JOINED_MAX:
            peers.setdefault(group, []).append(i)
    count = len(sizes)
    step, steps = 0, EPOCHS * -(-count // BATCH)
    for _ in range(EPOCHS):
        order = random.permutation(count)
        for at in range(0, count, BATCH):
            texts = [[int(i)] for i in order[at : at + BATCH]]
            for text in texts:
                others = peers.get(lessons.groups[text[0]])
                if others and sizes[text[0]] < JOINED_MAX and random.random() < JOINED:
                    text.append(others[int(random.integers(len(others)))])
            places = np.concatenate([np.r_[lessons.spans[i]] for text in texts for i in text])
            kept = random.random(len(places), dtype=np.float32) >= WORD_DROPOUT
            batch = Batch(
                vectors=lessons.vectors[places] * kept[:, None],
                own=lessons.own[places] * kept,
                starts=np.cumsum([0, *(sum(sizes[i] for i in text) for text in texts[:-1])]),
                lines=lessons.lines[[text[0] for text in texts]] * (random.random((len(texts), 1)) >= LINE_DROPOUT),
            )
            wanted = np.stack([lessons.labels[text].max(0) for text in texts])
            forward = _Pass(weights, batch, random)
            error = (1 / (1 + np.exp(-forward.logits)) - wanted) / wanted.size
            adam.step(forward.gradients(error.astype(np.float32)), _rate(step, steps))
            step += 1
    return weights
