"""A practice talk without Rasa: for the shell, with the same judge, partner and controls as the chat."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, Protocol

from weerwoord.judge import Judge
from weerwoord.partner import start
from weerwoord.practice import MAX_LENGTH, hint, take_turn
from weerwoord.rubric import Rubric
from weerwoord.scenario import Scenario
from weerwoord.situations import Disposition
from weerwoord.transcript import Transcript, Turn

Kind = Literal["turn", "hint", "again", "nothing_to_retry", "stop", "help", "elsewhere", "empty", "too_long"]
# What a control does in a talk of the shell; every other control needs the page or Rasa's shell.
_DOES: dict[str, Kind] = {"hint": "hint", "try_again": "again", "stop": "stop", "debrief": "stop", "help": "help"}


class Controls(Protocol):
    """Anything that tells a control from something said to the partner."""

    def control(self, text: str, said: bool = False) -> str | None:
        """The control a message is, or None; `said` when it does something to the partner of the talk."""
        ...


@dataclass(frozen=True)
class Step:
    """What a typed line did.

    Attributes:
        kind: what it was taken for.
        turn: the turn, when it was said to the partner.
        hint: the nudge, when one was asked for.
    """

    kind: Kind
    turn: Turn | None = None
    hint: str = ""


class Rehearsal:
    """One talk that goes on until the partner or the user ends it.

    Args:
        scenario: the partner.
        disposition: his hidden truth.
        seed: makes the talk repeatable.
        judge: what reads the replies.
        controls: what tells a control from a reply.
        rubric: the rules of the verdicts.
    """

    def __init__(
        self, scenario: Scenario, disposition: Disposition, seed: int, judge: Judge, controls: Controls, rubric: Rubric
    ) -> None:
        self.scenario, self.rubric = scenario, rubric
        self._judge, self._controls = judge, controls
        reaction = start(scenario, disposition, seed)
        self.talk = Transcript(reaction.state, reaction.line)
        self._hints = 0

    @property
    def over(self) -> bool:
        """Whether nothing can be said any more."""
        return self.talk.stopped or self.talk.state.phase == "ended"

    def say(self, text: str) -> Step:
        """Take one typed line.

        Args:
            text: a reply to the partner, or a control such as "geef me een hint".

        Raises:
            ValueError: the talk is over.
        """
        if self.over:
            raise ValueError("the talk is over")
        text = text.strip()
        if not text:
            return Step("empty")
        if len(text) > MAX_LENGTH:
            return Step("too_long")
        judgement = self._judge.judge(text, self.talk.line)
        control = self._controls.control(text, said=bool(judgement.found))
        if control:
            return self._control(_DOES.get(control, "elsewhere"))
        turn = take_turn(self.talk, text, judgement, self.scenario, self.rubric, hints=self._hints)
        self.talk = self.talk.with_turn(turn)
        self._hints = 0
        return Step("turn", turn=turn)

    def retry(self, turn: int | None = None) -> None:
        """Go on from before a turn, also when the talk is over.

        Args:
            turn: number of the standing turn, counted from 1; the last one by default.

        Raises:
            ValueError: there is no such turn.
        """
        self.talk = self.talk.taken_back(turn)
        self._hints = 0

    def _control(self, kind: Kind) -> Step:
        if kind == "hint":
            nudge = hint(self.talk, self.scenario, self.rubric, self._hints)
            self._hints += 1
            return Step("hint", hint=nudge)
        if kind == "again":
            if not self.talk.standing:
                return Step("nothing_to_retry")
            self.retry()
        if kind == "stop":
            self.talk = replace(self.talk, stopped=True)
        return Step(kind)
