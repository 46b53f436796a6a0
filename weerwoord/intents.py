"""What a message mainly is: an answer to the partner, or something the program must do (a control)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from weerwoord.examples import Example
from weerwoord.linear import LinearClassifier, train_linear

CONTROLS = frozenset(
    [
        "start_practice",
        "choose_partner",
        "same_partner",
        "hint",
        "try_again",
        "stop",
        "debrief",
        "share_experience",
        "practise_own",
        "help",
        "delete_my_data",
    ]
)
# In a talk a control that was not meant breaks the scene, so it has to be likely before it counts.
MIN_CONTROL = 0.6


@dataclass(frozen=True)
class IntentModel:
    """A trained intent classifier."""

    linear: LinearClassifier

    def ranking(self, text: str) -> list[tuple[str, float]]:
        """Intents with their probabilities, the chosen one first."""
        ranked = sorted(self.linear.probabilities(text).items(), key=lambda pair: -pair[1])
        best, p = ranked[0]
        if best in CONTROLS and p < MIN_CONTROL:
            ranked.sort(key=lambda pair: (pair[0] in CONTROLS, -pair[1]))
        return ranked[:10]

    def control(self, text: str) -> str | None:
        """The control a message is, or None when it is something said to the partner."""
        best = self.ranking(text)[0][0]
        return best if best in CONTROLS else None

    def save(self, folder: Path) -> None:
        """Write the model to a folder."""
        self.linear.save(folder)

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """The reverse of `save`."""
        return cls(LinearClassifier.load(folder))


def train_intents(examples: Sequence[Example], seed: int) -> IntentModel:
    """Train on examples with their `intent`."""
    return IntentModel(train_linear([e.text for e in examples], [e.intent for e in examples], seed))
