"""`weerwoord chat`: a whole conversation with a partner in the terminal."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import datetime, timezone
from random import Random
from typing import Optional

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
    trained,
)
from weerwoord.cli.play import as_dict, said
from weerwoord.debrief import debrief
from weerwoord.diary import Diary, DiaryError, Talked
from weerwoord.messages import message
from weerwoord.rehearsal import Rehearsal
from weerwoord.rubric import rubric
from weerwoord.scenario import Scenario
from weerwoord.trained import intents
from weerwoord.trained import judge as trained_judge


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
    rehearsal: Rehearsal | None = _start(scenario, disposition, seed)
    with closing(open_diary(user)) as diary:
        while rehearsal is not None:
            trouble: DiaryError | None = None
            try:
                stays = _talk(screen, rehearsal, diary)
            except DiaryError as error:  # the talk cannot be kept, but it can still be discussed
                trouble, stays = error, False
            if rehearsal.talk.turns:
                screen.print("\n" + debrief(rehearsal.talk, rehearsal.scenario, rehearsal.rubric).as_text())
            if as_json:
                print(json.dumps(as_dict(rehearsal), ensure_ascii=False), flush=True)
            if trouble is not None:
                raise trouble
            rehearsal = _next(screen, rehearsal, disposition) if stays and rehearsal.talk.turns else None


def _start(scenario: Scenario, disposition: str | None, seed: int) -> Rehearsal:
    hidden = chosen_disposition(disposition, seed)
    return Rehearsal(scenario, hidden, seed, trained(trained_judge), trained(intents), rubric())


def _talk(screen: Screen, rehearsal: Rehearsal, diary: Diary) -> bool:
    """Talk until it is over.

    Returns:
        False when the user has left: Ctrl-C, Ctrl-D or the end of the input.

    Raises:
        DiaryError: the talk cannot be kept.
    """
    began = datetime.now(timezone.utc).isoformat()
    name = rehearsal.scenario.name
    if not rehearsal.talk.turns:
        screen.print(f"{rehearsal.scenario.briefing}\n\n{message('cli.talk.help')}")
    screen.print(f"\n{name}: {rehearsal.talk.line}")
    while not rehearsal.over:
        text = screen.ask(message("cli.talk.prompt"))
        if text is None:
            return False
        try:
            step = rehearsal.say(text)
        except KeyboardInterrupt:
            return False
        screen.print(said(step, rehearsal.scenario))
        if step.kind == "turn":
            diary.keep_talk(_talked(rehearsal, began))
        if step.kind == "again":
            screen.print(f"{name}: {rehearsal.talk.line}")
    return True


def _talked(rehearsal: Rehearsal, began: str) -> Talked:
    state = rehearsal.talk.state
    return Talked(
        at=began,
        partner=state.partner,
        disposition=state.disposition,
        outcome=rehearsal.talk.outcome,
        verdicts=rehearsal.rubric.verdicts(state.said),
        pitfalls=tuple(dict.fromkeys(state.pitfalls)),
        turns=len(rehearsal.talk.standing),
    )


def _next(screen: Screen, rehearsal: Rehearsal, disposition: str | None) -> Rehearsal | None:
    """What the user wants after a debrief: the talk to go on with, or None to stop."""
    screen.print("\n" + message("cli.chat.next"))
    while (text := screen.ask(message("cli.talk.prompt"))) is not None:
        control = trained(intents).control(text) if text.strip() else "stop"
        seed = rehearsal.talk.start.seed + 1
        if text.strip().isdecimal() or control == "try_again":
            try:
                rehearsal.retry(int(text) if text.strip().isdecimal() else None)
                return rehearsal
            except ValueError:
                screen.print(message("cli.chat.no_turn"))
        elif control == "same_partner":
            return _start(rehearsal.scenario, rehearsal.talk.start.disposition, seed)
        elif control in ("choose_partner", "start_practice"):
            others = {name: other for name, other in partners().items() if name != rehearsal.scenario.id}
            other = others[Random(seed).choice(sorted(others))] if others else rehearsal.scenario
            return _start(other, disposition, seed)
        elif control == "stop":
            return None
        else:
            screen.print(message("cli.chat.next"))
    return None
