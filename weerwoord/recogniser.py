"""Recognises the elements of a reply: a network that reads meaning and a linear model that reads words, together.

The network knows words it never saw in training, the linear model is sure of those it saw; the mean of their log-odds
is better than either. The linear weights, read for one clause at a time, point at the words that carry an element.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import numpy.typing as npt

from weerwoord.clauses import clauses
from weerwoord.encoder import Floats, outline
from weerwoord.examples import Example
from weerwoord.judge import Finding, Judgement
from weerwoord.linear import LinearClassifier, Reading, vectors
from weerwoord.network import Network
from weerwoord.rubric import rubric

# Found from here on, doubtful from there on. Above half: praise for what is not there is worse than a miss.
FOUND = 0.7
# In a reply in which something is found, what costs the user nothing and raises no verdict is found from here on: it
# neither praises nor blames, and ends no talk.
FOUND_BESIDE = 0.55
DOUBTFUL = 0.3
# Of the network in the common log-odds; the rest is the linear model's. That one is trained as if every element were in
# half of the replies, so its odds are too high, and the network misses more than it should where words are new.
# Together they are about right. With less of the network, more is praised that is not there.
NETWORK_SHARE = 0.6
# Who does not know what is answered knows less of what is meant: log-odds for a reply to an unknown line.
WITHOUT_LINE = -1.5
MEMBERS = 2  # networks that differ only in their seed
REGULARISATION = 10.0  # scikit-learn's C
ALWAYS = 0.99  # of the replies with an element have the one it needs
MIN_REPLIES = 8  # that must have an element before that is said of it

_COMMAND = re.compile(r"\W*/\w+\s*$")  # "/restart" and the like: typed at the program, not at the partner
_UNSAID = re.compile(r"</?[A-Za-z][^<>]*>|\w{41,}")  # HTML, and what is longer than any word: nobody says that


def _spoken(text: str) -> str:
    """A text with blanks for what is not said, so that every word stays in its place."""
    return _UNSAID.sub(lambda part: " " * len(part.group()), text)


def _is_said(text: str) -> bool:
    """Whether there is anything in a text that could be said to a partner."""
    return any(c.isalnum() for c in text) and not _COMMAND.match(text)


def _found(scores: Mapping[str, float]) -> set[str]:
    """Which elements are found: all that are sure, and beside them what is likely and changes nothing for the user."""
    found = {element for element, score in scores.items() if score >= FOUND}
    verdicts = rubric().verdicts(found)
    dear = {*rubric().of_kind("pitfall"), "close"}
    for element in sorted(scores, key=lambda e: -scores[e]) if found else ():
        likely = scores[element] >= FOUND_BESIDE and element not in dear
        if likely and rubric().verdicts(found | {element}) == verdicts:
            found.add(element)
    return found


@dataclass(frozen=True)
class Recogniser:
    """A trained recogniser; its classes are elements of the rubric, each with a probability of its own.

    Attributes:
        linear: reads words.
        network: reads meaning.
        needs: whether the element of a row never comes without that of a column.
    """

    linear: LinearClassifier
    network: Network
    needs: npt.NDArray[np.bool_]

    def judge(self, text: str, partner: str = "") -> Judgement:
        """Name every element of a reply.

        Args:
            text: the reply.
            partner: the line it answers, when known.
        """
        text = _spoken(text)
        if not _is_said(text):
            return Judgement()
        reading = self.linear.read(text, partner)
        p = self._probabilities(reading, text, partner)
        likely = np.flatnonzero(p >= DOUBTFUL)
        if not len(likely):
            return Judgement()
        places = clauses(text) or [(0, len(text))]
        by_clause = np.stack([reading.between(a, b) for a, b in places])
        findings = [
            Finding(self.linear.classes[i], round(float(p[i]), 4), *places[int(by_clause[:, i].argmax())])
            for i in likely
        ]
        found = _found({f.element: f.score for f in findings})
        return Judgement(
            found=tuple(f for f in findings if f.element in found),
            doubtful=tuple(f for f in findings if f.element not in found),
        )

    def probabilities(self, text: str, partner: str = "") -> Floats:
        """The probability of each element, in the order of `linear.classes`."""
        text = _spoken(text)
        if not _is_said(text):
            return np.zeros(len(self.linear.classes), np.float32)
        return self._probabilities(self.linear.read(text, partner), text, partner)

    def _probabilities(self, reading: Reading, text: str, partner: str) -> Floats:
        of_network = self.network.logits(text, outline(partner))
        odds = NETWORK_SHARE * of_network + (1 - NETWORK_SHARE) * reading.logits
        if not partner.strip():
            odds += WITHOUT_LINE
        probability: Floats = 1 / (1 + np.exp(-odds))
        # what never comes without something else is at most as likely as that
        return np.minimum(probability, np.where(self.needs, probability, 1).min(axis=1))

    def save(self, folder: Path) -> None:
        """Write the recogniser to a folder."""
        self.linear.save(folder)
        self.network.save(folder)
        np.save(folder / "needs.npy", self.needs, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> Recogniser:
        """The reverse of `save`."""
        needs = np.load(folder / "needs.npy", allow_pickle=False)
        return cls(LinearClassifier.load(folder), Network.load(folder), needs)


def train(examples: Sequence[Example], seed: int) -> Recogniser:
    """Learn from labelled replies.

    Args:
        examples: the replies with their elements.
        seed: makes the result repeatable.
    """
    from weerwoord.network_training import train_network

    names = tuple(sorted(Counter(e for example in examples for e in example.elements)))
    labels = np.array([[name in e.elements for name in names] for e in examples], dtype=np.float32)
    texts = [e.text for e in examples]
    lines = np.stack([outline(e.partner) for e in examples])
    with ProcessPoolExecutor(1, get_context("spawn")) as beside:  # to read the texts keeps an interpreter busy
        linear = beside.submit(_train_linear, examples, names, labels, seed)
        network = train_network(texts, lines, labels, range(seed, seed + MEMBERS))
        return Recogniser(linear.result(), network, _needed(labels))


def _train_linear(examples: Sequence[Example], names: tuple[str, ...], labels: Floats, seed: int) -> LinearClassifier:
    from sklearn.linear_model import LogisticRegression

    # the network knows the parts of words: with them, the linear model is slower and no better beside it
    vocabulary, idf, matrix = vectors([e.text for e in examples], False, [e.partner for e in examples])
    models = [
        # the dual is twice as quick as the primal, and the odds are the same to the third digit
        LogisticRegression(
            C=REGULARISATION, solver="liblinear", dual=True, tol=0.5, class_weight="balanced", random_state=seed
        )
        for _ in names
    ]
    for model, column in zip(models, labels.T):
        model.fit(matrix, column > 0)
    return LinearClassifier(
        classes=names,
        vocabulary=vocabulary,
        idf=idf,
        weights=np.stack([m.coef_[0] for m in models], 1).astype(np.float32),
        bias=np.array([m.intercept_[0] for m in models], dtype=np.float32),
        in_parts=False,
    )


def _needed(labels: Floats) -> npt.NDArray[np.bool_]:
    """Which element never comes without which other, by labels with a row for each reply."""
    counts = labels.sum(0)
    together = labels.T @ labels
    needed: npt.NDArray[np.bool_] = (counts[:, None] >= MIN_REPLIES) & (together >= ALWAYS * counts[:, None])
    np.fill_diagonal(needed, False)
    return needed
