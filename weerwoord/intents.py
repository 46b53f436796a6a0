"""What a message mainly is: an answer to the partner, or something the program must do (a control)."""

from __future__ import annotations

import json
import re
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
        "consent",
    ]
)
# Controls that have a meaning in a talk. There the others give way when the words do something to the partner:
# "wilt u uw ervaring met mij delen?" is said to him.
IN_TALK = frozenset(["hint", "try_again", "stop", "debrief", "help"])
# Answers to a question of the program; in a talk the partner gets them.
ANSWERS = frozenset(["affirm", "deny"])
# A control that was not meant breaks the scene, one that is missed costs a "pardon?". With this, none of 2,770 replies
# of writers that were not learnt from was taken for a control.
MIN_CONTROL = 0.35
SHORT = 12  # words; controls are short, so the replies that could be taken for one are
LONG_REPLIES = 3_000  # longer ones learnt from, at least, when there are more
_COMMANDS = "commands.json"


def plain(text: str) -> str:
    """A text without capitals, punctuation and double spaces.

    >>> plain(" ‘Hint’,  graag! ")
    'hint graag'
    """
    return " ".join(re.findall(r"\w+", text.lower()))


@dataclass(frozen=True)
class IntentModel:
    """A trained intent classifier.

    Attributes:
        linear: judges by n-grams.
        commands: plain texts that are certain, because the examples have them word for word.
    """

    linear: LinearClassifier
    commands: dict[str, str]

    def ranking(self, text: str, said: bool = False) -> list[tuple[str, float]]:
        """Intents with their probabilities, the chosen one first: a control when one is likely, else the best reply.

        Args:
            text: the message.
            said: whether it does something to the partner of a talk that is going on.
        """
        ranked = sorted(self.linear.probabilities(text).items(), key=lambda pair: -pair[1])
        certain = self.commands.get(plain(text))
        if certain:
            return [(certain, 1.0), *((name, 0.0) for name, _ in ranked if name != certain)][:10]
        control = next((pair for pair in ranked if pair[0] in (IN_TALK if said else CONTROLS)), None)
        chosen = control if control and control[1] >= MIN_CONTROL else None
        ranked.sort(key=lambda pair: (pair != chosen, chosen is None and pair[0] in CONTROLS, -pair[1]))
        return ranked[:10]

    def control(self, text: str, said: bool = False) -> str | None:
        """The control a message is, or None when it is something said to the partner; see `ranking`."""
        best = self.ranking(text, said)[0][0]
        return best if best in CONTROLS else None

    def save(self, folder: Path) -> None:
        """Write the model to a folder."""
        self.linear.save(folder)
        (folder / _COMMANDS).write_text(json.dumps(self.commands, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """The reverse of `save`."""
        return cls(LinearClassifier.load(folder), json.loads((folder / _COMMANDS).read_text("utf-8")))


def train_intents(examples: Sequence[Example], seed: int) -> IntentModel:
    """Train on examples with their `intent`; of long replies to a partner on a part."""
    commands = {plain(e.text): e.intent for e in examples if e.intent in CONTROLS | ANSWERS}
    long = [e for e in examples if _is_long_reply(e)]
    short = [e for e in examples if not _is_long_reply(e)]
    learnt = short + long[:: max(1, len(long) // LONG_REPLIES)]
    return IntentModel(train_linear([e.text for e in learnt], [e.intent for e in learnt], seed), commands)


def _is_long_reply(example: Example) -> bool:
    return bool(example.voice) and len(example.text.split()) > SHORT
