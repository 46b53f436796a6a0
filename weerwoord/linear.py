"""A linear text classifier on word and character n-grams: trained with scikit-learn, used with numpy alone."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
_TOKEN = re.compile(r"\w+|[?!]")


def ngrams(text: str) -> Counter[str]:
    """Words, word pairs and the character n-grams (2 to 5) inside words of a text."""
    words = _TOKEN.findall(text.lower())
    grams: Counter[str] = Counter(f"w:{w}" for w in words)
    grams.update(f"b:{a} {b}" for a, b in zip(["^", *words], [*words, "$"]))
    for word in words:
        padded = f" {word} "
        for n in range(2, 6):
            for i in range(max(1, len(padded) - n + 1)):
                grams[padded[i : i + n]] += 1
    return grams


@dataclass(frozen=True)
class LinearClassifier:
    """One of several classes for a text, with probabilities that add up to one.

    Attributes:
        classes: names of the classes.
        vocabulary: place of each n-gram in the vectors.
        idf: inverse document frequency of each n-gram.
        weights: one column a class.
        bias: one number a class.
    """

    classes: tuple[str, ...]
    vocabulary: dict[str, int]
    idf: Floats
    weights: Floats
    bias: Floats

    def logits(self, text: str) -> Floats:
        """The score of each class before it is made a probability."""
        places, values = _vector(ngrams(text), self.vocabulary, self.idf)
        return cast(Floats, values @ self.weights[places] + self.bias)

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
        names = {"classes": self.classes, "vocabulary": list(self.vocabulary)}
        (folder / "linear.json").write_text(json.dumps(names, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> LinearClassifier:
        """The reverse of `save`."""
        names = json.loads((folder / "linear.json").read_text("utf-8"))
        with np.load(folder / "linear.npz", allow_pickle=False) as arrays:
            return cls(
                classes=tuple(names["classes"]),
                vocabulary={g: i for i, g in enumerate(names["vocabulary"])},
                idf=arrays["idf"],
                weights=arrays["weights"].astype(np.float32),
                bias=arrays["bias"],
            )


def _vector(grams: Counter[str], vocabulary: dict[str, int], idf: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
    known = [(vocabulary[g], n) for g, n in grams.items() if g in vocabulary]
    places = np.array([i for i, _ in known], dtype=np.int64)
    values = (1 + np.log(np.array([n for _, n in known], dtype=np.float32))) * idf[places]
    norm = float(np.linalg.norm(values)) or 1.0
    return places, (values / norm).astype(np.float32)


def tfidf(documents: Sequence[Counter[str]], min_count: int = 2) -> tuple[dict[str, int], Floats]:
    """The n-grams that stand in enough documents, with their places, and how much each weighs."""
    counts = Counter(g for d in documents for g in d)
    vocabulary = {g: i for i, g in enumerate(sorted(g for g, n in counts.items() if n >= min_count))}
    weights = [np.log((1 + len(documents)) / (1 + counts[g])) + 1 for g in vocabulary]
    return vocabulary, np.array(weights, dtype=np.float32)


def vectorise(documents: Sequence[Counter[str]], vocabulary: dict[str, int], idf: Floats) -> Any:
    """The documents as a sparse matrix, a row each."""
    from scipy.sparse import csr_matrix

    vectors = [_vector(d, vocabulary, idf) for d in documents]
    rows = np.concatenate([np.full(len(p), i) for i, (p, _) in enumerate(vectors)])
    columns = np.concatenate([p for p, _ in vectors])
    values = np.concatenate([v for _, v in vectors])
    return csr_matrix((values, (rows, columns)), shape=(len(documents), len(vocabulary)))


def train_linear(texts: Sequence[str], labels: Sequence[str], seed: int) -> LinearClassifier:
    """Fit a multinomial logistic regression.

    Args:
        texts: what to learn from.
        labels: the class of each text.
        seed: makes the result repeatable.
    """
    from sklearn.linear_model import LogisticRegression

    documents = [ngrams(t) for t in texts]
    vocabulary, idf = tfidf(documents)
    matrix = vectorise(documents, vocabulary, idf)
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
    )
