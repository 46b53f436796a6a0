"""`weerwoord chat`: a whole conversation with a partner in the terminal."""

from __future__ import annotations

import json
from random import Random
from typing import Any, Optional

from weerwoord.cli.common import (
    AS_JSON,
    DISPOSITION,
    PARTNER,
    SEED,
    USER,
    Screen,
    chosen_disposition,
    chosen_partner,
    chosen_seed,
    open_diary,
    partners,
    ready_judge,
    trained,
)
from weerwoord.cli.play import as_dict, show_step
from weerwoord.debrief import debrief
from weerwoord.diary import Diary
from weerwoord.judge import Judge
from weerwoord.messages import message
from weerwoord.rehearsal import Rehearsal, Step
from weerwoord.rubric import rubric
from weerwoord.scenario import Scenario
from weerwoord.store import StoreError
from weerwoord.trained import intents


def chat(
    partner: Optional[str] = PARTNER,
    disposition: Optional[str] = DISPOSITION,
    seed: Optional[int] = SEED,
    user: str = USER,
    as_json: bool = AS_JSON,
) -> None:
    """Talk with a partner; the debrief follows, then try again or talk with another."""
    seed = chosen_seed(seed)
    scenario = chosen_partner(partner, seed)
    screen = Screen(aside=as_json)
    diary = open_diary(user)
    judge = ready_judge()
    talk: Talk | None = Talk(_start(scenario, disposition, seed, judge), diary)
    while talk is not None:
        trouble: StoreError | None = None
        try:
            stays = _hold(screen, talk)
        except StoreError as error:  # the talk cannot be kept, but it can still be discussed
            trouble, stays = error, False
        rehearsal = talk.rehearsal
        if rehearsal.talk.turns:
            screen.print("\n" + debrief(rehearsal.talk, rehearsal.scenario, rehearsal.rubric).as_text())
        if as_json:
            print(json.dumps(as_dict(rehearsal), ensure_ascii=False), flush=True)
        if trouble is not None:
            raise trouble
        talk = _next(screen, talk, disposition, judge) if stays and rehearsal.talk.turns else None


class Talk:
    """A talk that is kept as it goes, as the page keeps it; one in which nothing was said is not.

    Args:
        rehearsal: the talk itself.
        diary: where it is kept.
    """

    def __init__(self, rehearsal: Rehearsal, diary: Diary) -> None:
        self.rehearsal, self.diary = rehearsal, diary
        self._key: str | None = None

    def say(self, text: str) -> Step:
        """Take one typed line.

        Raises:
            StoreError: what came of it cannot be kept.
        """
        standing = len(self.rehearsal.talk.standing)
        step = self.rehearsal.say(text)
        if step.turn is not None:
            self._keep({"turn": step.turn.as_dict()})
        elif step.kind == "again":
            self._keep({"try_again": standing})
        elif step.kind == "stop":
            self._keep({"stopped": True})
        return step

    def retry(self, turn: int | None) -> None:
        """Go on from before a turn, also when the talk is over.

        Args:
            turn: number of the standing turn, counted from 1; None for the last one.

        Raises:
            ValueError: there is no such turn.
            StoreError: it cannot be kept.
        """
        number = len(self.rehearsal.talk.standing) if turn is None else turn
        self.rehearsal.retry(number)
        self._keep({"try_again": number})

    def leave(self) -> None:
        """The user goes away without a word."""
        self._keep({"stopped": True})

    def _keep(self, record: dict[str, Any]) -> None:
        talk = self.rehearsal.talk
        if self._key is not None:
            self.diary.keep_talk([record], self._key)
        elif "turn" in record:
            start = {"start": talk.start.as_dict(), "opening": talk.opening}
            self._key = self.diary.keep_talk([start, record])


def _start(scenario: Scenario, disposition: str | None, seed: int, judge: Judge) -> Rehearsal:
    hidden = chosen_disposition(disposition, seed)
    return Rehearsal(scenario, hidden, seed, judge, trained(intents), rubric())


def _hold(screen: Screen, talk: Talk) -> bool:
    """Talk until it is over.

    Returns:
        False when the user has left: Ctrl-C, Ctrl-D or the end of the input.

    Raises:
        StoreError: the talk cannot be kept.
    """
    rehearsal = talk.rehearsal
    name = rehearsal.scenario.name
    if not rehearsal.talk.turns:
        screen.print(f"{rehearsal.scenario.briefing}\n\n{message('cli.talk.help')}")
    screen.print()
    screen.say(name, rehearsal.talk.line)
    while not rehearsal.over:
        text = screen.ask(message("cli.talk.prompt"))
        if text is None:
            talk.leave()
            return False
        try:
            step = talk.say(text)
        except KeyboardInterrupt:
            talk.leave()
            return False
        show_step(screen, step, rehearsal.scenario)
        if step.kind == "again":
            screen.say(name, rehearsal.talk.line)
    return True


def _next(screen: Screen, talk: Talk, disposition: str | None, judge: Judge) -> Talk | None:
    """What the user wants after a debrief: the talk to go on with, or None to stop."""
    rehearsal = talk.rehearsal
    screen.print("\n" + message("cli.chat.next"))
    while (text := screen.ask(message("cli.talk.prompt"))) is not None:
        control = trained(intents).control(text) if text.strip() else "stop"
        seed = rehearsal.talk.start.seed + 1
        if text.strip().isdecimal() or control == "try_again":
            try:
                talk.retry(int(text) if text.strip().isdecimal() else None)
                return talk
            except ValueError:
                screen.print(message("cli.chat.no_turn"))
        elif control == "same_partner":
            again = _start(rehearsal.scenario, rehearsal.talk.start.disposition, seed, judge)
            return Talk(again, talk.diary)
        elif control in ("choose_partner", "start_practice"):
            others = {name: other for name, other in partners().items() if name != rehearsal.scenario.id}
            other = others[Random(seed).choice(sorted(others))] if others else rehearsal.scenario
            return Talk(_start(other, disposition, seed, judge), talk.diary)
        elif control == "stop":
            return None
        else:
            screen.print(message("cli.chat.next"))
    return None
