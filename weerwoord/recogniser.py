"""Recognises the elements of a reply: one logistic regression an element, on word and character n-grams.

The same weights, read for one clause at a time, point at the words that carry an element.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from weerwoord.clauses import clauses
from weerwoord.examples import Example
from weerwoord.judge import Finding, Judgement
from weerwoord.linear import Floats, LinearClassifier, ngrams, tfidf, vectorise

# Found from here on, doubtful from there on: chosen so that praise for what is not there stays rare.
FOUND = 0.62
DOUBTFUL = 0.45
REGULARISATION = 5.0  # scikit-learn's C


@dataclass(frozen=True)
class Recogniser:
    """A trained recogniser; its classes are elements of the rubric, each with a probability of its own."""

    linear: LinearClassifier

    def judge(self, text: str, partner: str = "") -> Judgement:
        """Name every element of a reply.

        Args:
            text: the reply.
            partner: the line it answers; this model does not use it.
        """
        p = 1 / (1 + np.exp(-self._logits(text)))
        likely = [int(i) for i in np.flatnonzero(p >= DOUBTFUL)]
        if not likely:
            return Judgement()
        places = clauses(text) or [(0, len(text))]
        by_clause = np.stack([self._logits(text[a:b]) for a, b in places])
        findings = [
            Finding(self.linear.classes[i], round(float(p[i]), 4), *places[int(by_clause[:, i].argmax())])
            for i in likely
        ]
        return Judgement(
            found=tuple(f for f in findings if f.score >= FOUND),
            doubtful=tuple(f for f in findings if f.score < FOUND),
        )

    def _logits(self, text: str) -> Floats:
        return self.linear.logits(text)

    def save(self, folder: Path) -> None:
        """Write the recogniser to a folder."""
        self.linear.save(folder)

    @classmethod
    def load(cls, folder: Path) -> Recogniser:
        """The reverse of `save`."""
        return cls(LinearClassifier.load(folder))


def train(examples: Sequence[Example], seed: int) -> Recogniser:
    """Learn from labelled replies.

    Args:
        examples: the replies with their elements.
        seed: makes the result repeatable.
    """
    from sklearn.linear_model import LogisticRegression

    documents = [ngrams(e.text) for e in examples]
    vocabulary, idf = tfidf(documents)
    matrix = vectorise(documents, vocabulary, idf)
    names = tuple(sorted(Counter(e for example in examples for e in example.elements)))
    models = [
        LogisticRegression(C=REGULARISATION, solver="liblinear", class_weight="balanced", random_state=seed).fit(
            matrix, np.array([name in e.elements for e in examples])
        )
        for name in names
    ]
    return Recogniser(
        LinearClassifier(
            classes=names,
            vocabulary=vocabulary,
            idf=idf,
            weights=np.stack([m.coef_[0] for m in models], 1).astype(np.float32),
            bias=np.array([m.intercept_[0] for m in models], dtype=np.float32),
        )
    )
