"""Small networks that read a reply piece by piece and give each element a score; used with numpy alone.

Each piece comes in as what the encoder knows of it and its neighbours. To that come a vector of its own, one of it and
the next piece, and the line that is answered. A convolution over three pieces follows, and a second one over pieces
three places apart that also knows what the whole text is about. Every element then looks at the pieces with its own
attention, and at their mean and maximum. The networks differ only in their seed; the mean of their scores is better
than one. `weerwoord.network_training` learns the weights.

Sources: attention per label, Mullenbach et al. 2018 (CAML); convolutions with gaps, Yu and Koltun 2016; context of the
whole for every place, Hu et al. 2018; a table that pairs share by a hash, Joulin et al. 2017 (fastText).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from weerwoord.encoder import Floats, Ints, features, pieces, windows

Weights = Mapping[str, Floats]
TABLES = ("own", "pairs")  # of vectors that are learnt here: of a piece, and of one with the next
PAIRS = 16_384  # vectors of pairs of pieces; pairs with the same hash share one
STEP = 3  # places between the pieces that the second convolution reads


@dataclass(frozen=True)
class Network:
    """Trained networks whose scores are averaged.

    Attributes:
        members: all parameters by name, of each.
        vocabulary: numbers of the encoder's pieces that have a vector of their own, sorted.
    """

    members: tuple[Weights, ...]
    vocabulary: Ints

    def logits(self, text: str, line: Floats) -> Floats:
        """The log-odds of every element.

        Args:
            text: what was said.
            line: outline of the line it answers; zeros where it is not known.
        """
        ids = pieces(text)
        places = own(ids, self.vocabulary), pairs(ids)
        known = features(ids)
        found = [_logits(w, known, places, line) for w in self.members]
        return np.asarray(sum(found) / len(found), np.float32)

    def save(self, folder: Path) -> None:
        """Write `network.npz`; no pickle."""
        np.savez_compressed(
            folder / "network.npz",
            vocabulary=self.vocabulary,
            **{f"w{i}_{n}": w.astype(np.float16) for i, ws in enumerate(self.members) for n, w in ws.items()},
        )

    @classmethod
    def load(cls, folder: Path) -> Network:
        """The reverse of `save`.

        Raises:
            ValueError: it was saved by a version with other layers.
        """
        with np.load(folder / "network.npz", allow_pickle=False) as arrays:
            members: dict[str, dict[str, Floats]] = {}
            for name in arrays.files:
                member, underscore, parameter = name.partition("_")
                if underscore:
                    members.setdefault(member, {})[parameter] = arrays[name].astype(np.float32)
            if any(f"{table}_in" not in weights for weights in members.values() for table in TABLES):
                raise ValueError("a network of another version")
            return cls(members=tuple(members[m] for m in sorted(members)), vocabulary=arrays["vocabulary"])


def _logits(w: Weights, known: Floats, places: tuple[Ints, Ints], line: Floats) -> Floats:
    hidden = known @ w["in"]
    for table, place in zip(TABLES, places):
        hidden += w[table][place] @ w[f"{table}_in"]
    hidden += line @ w["line"] + w["in_bias"]
    hidden = _gelu(hidden)
    hidden += _gelu(windows(hidden, 3, 1) @ w["conv"] + w["conv_bias"])
    hidden += _gelu(windows(hidden, 3, 1, STEP) @ w["wide"] + (_pooled(hidden) @ w["context"] + w["wide_bias"]))
    both = hidden @ w["heads"]
    both += w["heads_bias"]
    elements = both.shape[1] // 2
    attention = np.exp(both[:, :elements] - both[:, :elements].max(0))
    attended = (attention * both[:, elements:]).sum(0) / attention.sum(0)
    found: Floats = attended + _pooled(hidden) @ w["pool"] + w["pool_bias"]
    return found


def _pooled(rows: Floats) -> Floats:
    """The mean and the maximum of all rows."""
    return np.concatenate([rows.mean(0), rows.max(0)])


def own(ids: Ints, vocabulary: Ints) -> Ints:
    """The place of each piece in the table of own vectors, 0 for none."""
    if not len(vocabulary):
        return np.zeros(ids.shape, dtype=np.int64)
    places = np.minimum(np.searchsorted(vocabulary, ids), len(vocabulary) - 1)
    return np.where(vocabulary[places] == ids, places + 1, 0)


def pairs(ids: Ints) -> Ints:
    """The place of each piece of a text with the next one in the table of vectors of pairs; never 0, which is none."""
    hashed = (ids * 1_000_003 + np.append(ids[1:], 0) * 7_919) % (PAIRS - 1)
    places: Ints = hashed + 1
    return places


def _gelu(x: Floats) -> Floats:
    """The Gaussian error linear unit by its sigmoid approximation (Hendrycks and Gimpel 2016)."""
    value: Floats = x * (0.5 + 0.5 * np.tanh(0.851 * x))  # a sigmoid that cannot overflow
    return value
