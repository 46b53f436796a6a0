"""A practice talk as it is kept: what was said, what the judge found, how the partner took it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from weerwoord.judge import Judgement
from weerwoord.partner import PartnerState
from weerwoord.situations import Outcome


@dataclass(frozen=True)
class Turn:
    """One reply and what came of it.

    Attributes:
        heard: the partner's line that is answered.
        reply: what the user said.
        judgement: what it was found to do.
        before: the partner's state before it.
        after: the partner's state after it.
        situation: what the partner took it for.
        line: what he said.
        thought: what he thought.
        hints: number of hints asked before replying.
        retried: True when the user took this turn back and tried again.
    """

    heard: str
    reply: str
    judgement: Judgement
    before: PartnerState
    after: PartnerState
    situation: str
    line: str
    thought: str
    hints: int = 0
    retried: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for a tracker slot or JSON."""
        return {
            "heard": self.heard,
            "reply": self.reply,
            "judgement": self.judgement.as_dict(),
            "before": self.before.as_dict(),
            "after": self.after.as_dict(),
            "situation": self.situation,
            "line": self.line,
            "thought": self.thought,
            "hints": self.hints,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Turn:
        """The reverse of `as_dict`."""
        return cls(
            **{
                **data,
                "judgement": Judgement.from_dict(data["judgement"]),
                "before": PartnerState.from_dict(data["before"]),
                "after": PartnerState.from_dict(data["after"]),
            }
        )


@dataclass(frozen=True)
class Transcript:
    """A whole talk, with the turns that were taken back.

    Attributes:
        start: the partner's state at the start.
        opening: his first line.
        turns: every turn in the order it was played; those taken back are marked `retried`.
        stopped: True when the user stopped it.
    """

    start: PartnerState
    opening: str
    turns: tuple[Turn, ...] = ()
    stopped: bool = False

    @property
    def standing(self) -> tuple[Turn, ...]:
        """The turns that were not taken back."""
        return tuple(t for t in self.turns if not t.retried)

    @property
    def attempts(self) -> tuple[tuple[Turn, ...], ...]:
        """Every way the talk went, each from its first turn: those that were taken back, then the one that stands.

        One that was taken back ends where the user went back; the turns before that belong to the next one too.
        """
        ways: list[tuple[Turn, ...]] = []
        way: tuple[Turn, ...] = ()
        for turn in self.turns:
            number = turn.after.turn
            if number <= len(way):
                ways.append(way)
            way = (*way[: number - 1], turn)
        if way and len(way) != len(self.standing):  # taken back, and nothing said since
            ways.append(way)
            way = self.standing
        return (*ways, way)

    @property
    def state(self) -> PartnerState:
        """Where the talk stands."""
        return self.standing[-1].after if self.standing else self.start

    @property
    def line(self) -> str:
        """The partner's last line."""
        return self.standing[-1].line if self.standing else self.opening

    @property
    def outcome(self) -> Outcome:
        """How it ended, or what stands now."""
        return self.state.outcome_now

    def with_turn(self, turn: Turn) -> Transcript:
        """The talk with one turn more."""
        return replace(self, turns=(*self.turns, turn))

    def taken_back(self, to_turn: int | None = None) -> Transcript:
        """The talk with its last standing turn taken back, or everything from a given turn on.

        Args:
            to_turn: number of the standing turn to try again, counted from 1; the last one by default.

        Raises:
            ValueError: there is no such turn.
        """
        standing = self.standing
        number = len(standing) if to_turn is None else to_turn
        if not 1 <= number <= len(standing):
            raise ValueError(f"there is no turn {number}")
        back = {id(t) for t in standing[number - 1 :]}
        turns = tuple(replace(t, retried=True) if id(t) in back else t for t in self.turns)
        return replace(self, turns=turns, stopped=False)


def from_records(records: Iterable[Mapping[str, Any]]) -> Transcript | None:
    """Put a transcript together from the records that a session kept, the last talk only.

    A record is `{"start": state, "opening": line}`, `{"turn": turn}`, `{"try_again": number}` or `{"stopped": true}`.
    """
    talk: Transcript | None = None
    for record in records:
        if "start" in record:
            talk = Transcript(PartnerState.from_dict(record["start"]), record["opening"])
        elif talk is not None and "turn" in record:
            talk = talk.with_turn(Turn.from_dict(record["turn"]))
        elif talk is not None and "try_again" in record:
            talk = talk.taken_back(record["try_again"])
        elif talk is not None and record.get("stopped"):
            talk = replace(talk, stopped=True)
    return talk
