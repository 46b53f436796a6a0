"""A linear text classifier on n-grams: trained with scikit-learn, used with numpy alone.

It reads words and each two that stand together. To that come, as is asked for, the parts of the words, for short texts
with slips; or each two words with another between them, for long ones.
"""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
_TOKEN = re.compile(r"\w+|[?!]")


LINE_SHARE = 0.25  # length of the vector of the line that is answered, where that of the text is 1
MIN_TEXTS = 2  # that must have an n-gram before it counts
WORDS_KEPT = 20_000  # words of which a classifier remembers the places of their n-grams, about 10 MB


def _of_word(word: str, in_parts: bool) -> list[str]:
    """A word and, when asked for, the character n-grams (2 to 5) inside it."""
    if not in_parts:
        return [f"w:{word}"]
    padded = f" {word} "
    inside = [padded[i : i + n] for n in range(2, 6) for i in range(max(1, len(padded) - n + 1))]
    return [f"w:{word}", *inside]


def _pairs(words: list[str], in_parts: bool) -> list[str]:
    """Each word with the one before it, the last one with the end and, without parts, each with the last but one."""
    near = [f"b:{a} {b}" for a, b in zip(["^", *words], [*words, "$"])]
    return near if in_parts else near + [f"s:{a} {b}" for a, b in zip(["^", "^", *words], words)]


def _of_line(line: str) -> list[str]:
    """The words of the line that is answered."""
    return [f"p:{w}" for w in _words(line)]


def _words(text: str) -> list[str]:
    return _TOKEN.findall(text.lower())


@dataclass(frozen=True)
class Reading:
    """What a classifier made of a text.

    Attributes:
        logits: the score of each class before it is made a probability.
        ends: place just behind each word, in characters.
        by_word: what all words up to each word add to the scores; the first row is zero.
        squares: the squared length of the vector of all words up to each word.
    """

    logits: Floats
    ends: Ints
    by_word: Floats
    squares: Floats

    def between(self, start: int, end: int) -> Floats:
        """How much the words from one place to another speak for each class, whatever their number."""
        a, b = np.searchsorted(self.ends, (start, end), side="right")
        length = float(np.sqrt(max(self.squares[b] - self.squares[a], 1e-9)))
        return cast(Floats, (self.by_word[b] - self.by_word[a]) / length)


@dataclass(frozen=True)
class LinearClassifier:
    """One of several classes for a text, with probabilities that add up to one.

    Attributes:
        classes: names of the classes.
        vocabulary: place of each n-gram in the vectors.
        idf: inverse document frequency of each n-gram.
        weights: one column a class.
        bias: one number a class.
        in_parts: whether it reads the parts of words.
        words: the places of the n-grams of words that were read before.
    """

    classes: tuple[str, ...]
    vocabulary: dict[str, int]
    idf: Floats
    weights: Floats
    bias: Floats
    in_parts: bool
    words: dict[str, Ints] = field(default_factory=dict, repr=False, compare=False)

    def logits(self, text: str) -> Floats:
        """The score of each class before it is made a probability."""
        places = self._in(_words(text))
        return self._sum(np.concatenate(places)) + self.bias if places else self.bias

    def read(self, text: str, line: str = "") -> Reading:
        """The scores of a text that answers a line, and what each of its words adds to them."""
        found = list(_TOKEN.finditer(text.lower()))
        words = [m.group() for m in found]
        places = self._in(words)
        sizes = np.array([len(p) for p in places], dtype=np.int64)
        all_places = np.concatenate(places) if places else np.zeros(0, np.int64)
        distinct, which, counts = np.unique(all_places, return_inverse=True, return_counts=True)
        values = (1 + np.log(counts)) * self.idf[distinct]
        norm = float(np.linalg.norm(values)) or 1.0
        each = (values / (norm * counts)).astype(np.float32)[which]
        by_gram = each[:, None] * self.weights[all_places]
        by_word = np.zeros((len(words) + 1, len(self.classes)), np.float32)  # up to and with each word
        squares = np.zeros(len(words) + 1, np.float32)
        ends = np.cumsum(sizes)
        if len(all_places):
            by_word[1:] = np.vstack([by_word[:1], np.cumsum(by_gram, axis=0)])[ends]
            squares[1:] = np.concatenate([[0.0], np.cumsum(each * each)])[ends]
        return Reading(
            logits=by_word[-1] + self.bias + self._from_line(line),
            ends=np.array([m.end() for m in found], dtype=np.int64),
            by_word=by_word,
            squares=squares,
        )

    def _from_line(self, line: str) -> Floats:
        known = [p for p in map(self.vocabulary.get, _of_line(line)) if p is not None]
        return LINE_SHARE * self._sum(np.array(known, dtype=np.int64))

    def _sum(self, places: Ints) -> Floats:
        """What n-grams add to the scores together."""
        distinct, counts = np.unique(places, return_counts=True)
        values = (1 + np.log(counts)) * self.idf[distinct]
        norm = float(np.linalg.norm(values)) or 1.0
        return cast(Floats, (values / norm).astype(np.float32) @ self.weights[distinct])

    def _in(self, words: list[str]) -> list[Ints]:
        """The places of the n-grams of each word; a pair counts with its second word."""
        known: list[list[int]] = [[] for _ in words]
        ends = [*range(len(words)), len(words) - 1, *range(len(words))]
        for at, pair in zip(ends, _pairs(words, self.in_parts)):
            place = self.vocabulary.get(pair)
            if place is not None and words:
                known[at].append(place)
        return [np.append(self._places(w), np.array(more, np.int64)) for w, more in zip(words, known)]

    def _places(self, word: str) -> Ints:
        """The places of the n-grams of one word; words come back, so they are remembered."""
        places = self.words.get(word)
        if places is None:
            known = (self.vocabulary.get(g) for g in _of_word(word, self.in_parts))
            places = np.array([p for p in known if p is not None], dtype=np.int64)
            if len(self.words) >= WORDS_KEPT:
                self.words.clear()
            self.words[word] = places
        return places

    def probabilities(self, text: str) -> dict[str, float]:
        """The probability of each class."""
        logits = self.logits(text)
        odds = np.exp(logits - logits.max())
        return {c: float(p) for c, p in zip(self.classes, odds / odds.sum())}

    def save(self, folder: Path) -> None:
        """Write `linear.npz` and `linear.json`; no pickle."""
        np.savez_compressed(
            folder / "linear.npz",
            idf=self.idf,
            weights=self.weights.astype(np.float16),
            bias=self.bias,
        )
        names = {"classes": self.classes, "in_parts": self.in_parts, "vocabulary": list(self.vocabulary)}
        (folder / "linear.json").write_text(json.dumps(names, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> LinearClassifier:
        """The reverse of `save`.

        Raises:
            ValueError: it was saved by a version that reads other n-grams.
        """
        names = json.loads((folder / "linear.json").read_text("utf-8"))
        if "in_parts" not in names:
            raise ValueError("a linear model of another version")
        with np.load(folder / "linear.npz", allow_pickle=False) as arrays:
            return cls(
                classes=tuple(names["classes"]),
                vocabulary={g: i for i, g in enumerate(names["vocabulary"])},
                idf=arrays["idf"],
                weights=arrays["weights"].astype(np.float32),
                bias=arrays["bias"],
                in_parts=names["in_parts"],
            )


def vectors(
    texts: Sequence[str], in_parts: bool, lines: Sequence[str] | None = None
) -> tuple[dict[str, int], Floats, Any]:
    """What a classifier learns from.

    Args:
        texts: what to learn from.
        in_parts: whether the parts of words count too, instead of pairs of words that stand apart.
        lines: the line that each text answers; its words count too, as far as `LINE_SHARE` says.

    Returns:
        The n-grams that stand in enough texts with their places; how much each weighs (inverse document frequency); and
        the texts as a sparse matrix, a row each.
    """
    from scipy.sparse import hstack

    words = [_words(text) for text in texts]
    vocabulary, idf, matrix = _vectors(((some, _pairs(some, in_parts)) for some in words), in_parts)
    if lines is None:
        return vocabulary, idf, matrix
    of_line, idf_of_line, matrix_of_line = _vectors((([], _of_line(line)) for line in lines), in_parts)
    vocabulary |= {g: i + len(idf) for g, i in of_line.items()}
    return vocabulary, np.concatenate([idf, idf_of_line]), hstack([matrix, LINE_SHARE * matrix_of_line]).tocsr()


def _vectors(documents: Iterable[tuple[list[str], list[str]]], in_parts: bool) -> tuple[dict[str, int], Floats, Any]:
    """The vectors of documents, of each its words, in which there are n-grams, and the n-grams it has besides."""
    from scipy.sparse import csr_matrix

    # n-grams are numbered as they come: as words, those of all texts would not fit in a small memory
    numbers: dict[str, int] = {}

    def numbered(grams: list[str]) -> list[int]:
        return [numbers.setdefault(g, len(numbers)) for g in grams]

    @cache  # words come back
    def of_word(word: str) -> list[int]:
        return numbered(_of_word(word, in_parts))

    # behind each other: an array for each text would stay in memory
    places, counts, sizes = array("i"), array("i"), array("i")
    for words, others in documents:
        found = [n for word in words for n in of_word(word)]
        distinct, times = np.unique(found + numbered(others), return_counts=True)
        places.frombytes(distinct.astype(np.intc).tobytes())
        counts.frombytes(times.astype(np.intc).tobytes())
        sizes.append(len(distinct))
    in_texts = np.bincount(np.asarray(places), minlength=len(numbers))
    known = sorted(g for g, i in numbers.items() if in_texts[i] >= MIN_TEXTS)
    kept_numbers = np.array([numbers[g] for g in known], dtype=np.int64)
    columns = np.full(len(numbers), -1, dtype=np.int32)
    columns[kept_numbers] = np.arange(len(known))
    idf = np.log((1 + len(sizes)) / (1 + in_texts[kept_numbers])) + 1
    column = columns[np.asarray(places)]
    kept = column >= 0
    column, row = column[kept], np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)[kept]
    value = (1 + np.log(np.asarray(counts)[kept])) * idf[column]
    length = np.sqrt(np.bincount(row, weights=value * value, minlength=len(sizes)))
    value = (value / length[row]).astype(np.float32)
    starts = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(sizes)))])
    matrix = csr_matrix((value, column, starts), shape=(len(sizes), len(known)))
    return {g: i for i, g in enumerate(known)}, idf.astype(np.float32), matrix


def train_linear(texts: Sequence[str], labels: Sequence[str], seed: int) -> LinearClassifier:
    """Fit a multinomial logistic regression on words, pairs of words and parts of words.

    Args:
        texts: what to learn from.
        labels: the class of each text.
        seed: makes the result repeatable.
    """
    from sklearn.linear_model import LogisticRegression

    vocabulary, idf, matrix = vectors(texts, in_parts=True)
    # classes are not balanced: with that, one word of a class of thirty examples outweighed a whole reply
    model = LogisticRegression(C=10.0, solver="saga", max_iter=60, tol=1e-2, random_state=seed)
    model.fit(matrix, list(labels))
    weights, bias = model.coef_.T, model.intercept_
    if len(model.classes_) == 2:
        weights, bias = np.hstack([-weights, weights]), np.concatenate([-bias, bias])
    return LinearClassifier(
        classes=tuple(model.classes_),
        vocabulary=vocabulary,
        idf=idf,
        weights=weights.astype(np.float32),
        bias=bias.astype(np.float32),
        in_parts=True,
    )
