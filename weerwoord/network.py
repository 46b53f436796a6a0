"""Small networks that read a reply piece by piece and give each element a score; used with numpy alone.

Each piece comes in as its meaning, which the encoder knows, and with vectors that are learnt here: its own, one of it
and the next piece, and one of the word it stands in. To that comes the line that is answered. Three convolutions
follow, each over seven pieces, the second and third over pieces two and four places apart. Every element then looks at
the pieces with its own attention, and at their mean and maximum. The networks differ only in their seed; the mean of
their scores is better than one. `weerwoord.network_training` learns the weights.

Sources: attention per label, Mullenbach et al. 2018 (CAML); convolutions with growing gaps, Yu and Koltun 2016; tables
shared by a hash, Joulin et al. 2017 (fastText).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from zlib import crc32

import numpy as np

from weerwoord.encoder import WORDS_KEPT, Floats, Ints, meanings, pieces, pieces_of

Weights = Mapping[str, Floats]
TABLES = ("own", "pairs", "words")  # of vectors that are learnt here
SLOTS = 65_536  # vectors of pairs, and of words; those with the same hash share one
GAPS = (1, 2, 4)  # places between the pieces that each convolution reads
KERNEL = 7  # pieces that each reads


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
        known, places = meanings(ids), places_of(text, ids, self.vocabulary)
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
                    # the tables stay short: of them a few rows are read at a time
                    weights = arrays[name] if parameter in TABLES else arrays[name].astype(np.float32)
                    members.setdefault(member, {})[parameter] = weights
            if any(f"{table}_in" not in weights for weights in members.values() for table in TABLES):
                raise ValueError("a network of another version")
            return cls(members=tuple(members[m] for m in sorted(members)), vocabulary=arrays["vocabulary"])


def _logits(w: Weights, known: Floats, places: Mapping[str, Ints], line: Floats) -> Floats:
    hidden = known @ w["in"]
    for table, place in places.items():
        hidden += w[table][place] @ w[f"{table}_in"]
    hidden += line @ w["line"] + w["in_bias"]
    hidden = _gelu(hidden)
    for i, gap in enumerate(GAPS):
        hidden += _gelu(_windows(hidden, gap) @ w[f"conv{i}"] + w[f"conv{i}_bias"])
    both = hidden @ w["heads"]
    both += w["heads_bias"]
    elements = both.shape[1] // 2
    attention = np.exp(both[:, :elements] - both[:, :elements].max(0))
    attended = (attention * both[:, elements:]).sum(0) / attention.sum(0)
    found: Floats = attended + np.concatenate([hidden.mean(0), hidden.max(0)]) @ w["pool"] + w["pool_bias"]
    return found


def _windows(rows: Floats, gap: int) -> Floats:
    """Each row side by side with those around it, so many places apart; zeros where there is none."""
    count, width = rows.shape
    reach = KERNEL // 2 * gap
    padded = np.zeros((count + 2 * reach, width), np.float32)
    padded[reach : reach + count] = rows
    return np.concatenate([padded[i * gap : i * gap + count] for i in range(KERNEL)], axis=1)


def places_of(text: str, ids: Ints, vocabulary: Ints) -> dict[str, Ints]:
    """Where the vectors of each piece of a text stand in each of `TABLES`; 0 for none.

    Args:
        text: what was said.
        ids: its pieces.
        vocabulary: numbers of the pieces that have a vector of their own, sorted.
    """
    return dict(zip(TABLES, (_own(ids, vocabulary), _pairs(ids), _words(text))))


def _own(ids: Ints, vocabulary: Ints) -> Ints:
    if not len(vocabulary):
        return np.zeros(ids.shape, dtype=np.int64)
    places = np.minimum(np.searchsorted(vocabulary, ids), len(vocabulary) - 1)
    return np.where(vocabulary[places] == ids, places + 1, 0)


def _pairs(ids: Ints) -> Ints:
    """Each piece with the next one; never 0."""
    hashed = ids * 1_000_003 + np.append(ids[1:], 0) * 7_919
    places: Ints = (hashed ^ hashed >> 17) % (SLOTS - 1) + 1
    return places


def _words(text: str) -> Ints:
    """The word that each piece stands in; none for the marks of the start and the end."""
    places = [0]
    for word in text.split():
        places += [_word(word)] * len(pieces_of(word))
    return np.array([*places, 0], np.int64)


@lru_cache(maxsize=WORDS_KEPT)
def _word(word: str) -> int:
    """The place of a word, whatever its capitals and the signs beside it."""
    letters = "".join(c for c in word.lower() if c.isalnum())
    return crc32(letters.encode()) % (SLOTS - 1) + 1 if letters else 0


def _gelu(x: Floats) -> Floats:
    """The Gaussian error linear unit by its sigmoid approximation (Hendrycks and Gimpel 2016)."""
    value: Floats = x * (0.5 + 0.5 * np.tanh(0.851 * x))  # a sigmoid that cannot overflow
    return value
