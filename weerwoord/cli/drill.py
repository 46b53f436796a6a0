"""`weerwoord drill`: short rounds; one line, one answer, at once what it was worth."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from random import Random
from typing import Optional

import typer

from weerwoord.cli.common import (
    AS_JSON,
    DISPOSITION,
    NUMBER,
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
from weerwoord.cli.rounds import Round, as_dict, show_round, show_summary, task
from weerwoord.diary import Diary
from weerwoord.drill import PITFALL, Exercise, assess, choose, exercises, reviewed, with_elements
from weerwoord.drill import hint as nudge
from weerwoord.judge import Judge
from weerwoord.messages import message
from weerwoord.practice import MAX_LENGTH
from weerwoord.rehearsal import Controls
from weerwoord.rubric import rubric
from weerwoord.scenario import Scenario
from weerwoord.store import Drilled, StoreError
from weerwoord.trained import intents

ROUNDS, MOST_ROUNDS = 8, 100
WARM_UP_SECONDS, WARM_UP_ROUNDS, WARM_UP_LIMIT = 120, 6, 30


@dataclass
class Session:
    """A set of rounds.

    Attributes:
        screen: where it is shown.
        diary: where it is kept.
        judge: what reads the answers.
        controls: what tells "hint" and "stop" from an answer.
        known: the partners.
        pool: the exercises.
        rng: chooses among them.
        secret: whether the user has to find out what helps.
        limit: seconds for an answer, or None.
        rounds: what was done.
    """

    screen: Screen
    diary: Diary
    judge: Judge
    controls: Controls
    known: dict[str, Scenario]
    pool: tuple[Exercise, ...]
    rng: Random
    secret: bool
    limit: int | None
    rounds: list[Round] = field(default_factory=list)

    def run(self, rounds: int, seconds: float | None) -> None:
        """Play.

        Args:
            rounds: at most this many.
            seconds: after this time no new round begins.

        Raises:
            StoreError: an answer cannot be kept.
        """
        began = time.monotonic()
        exercise: Exercise | None = None
        while len(self.rounds) < rounds and (seconds is None or time.monotonic() - began < seconds):
            cards = self.diary.cards()
            pool = with_elements(self.pool, cards.keys(), rubric())
            exercise = choose(pool, cards, datetime.now(timezone.utc), self.rng, exercise)
            done = self._round(exercise)
            if done is None:
                return
            self.rounds.append(done)
            show_round(self.screen, done, self.known[exercise.partner])

    def _round(self, exercise: Exercise) -> Round | None:
        scenario = self.known[exercise.partner]
        self.screen.print()
        if not self.secret or exercise.focus in rubric().elements:
            self.screen.print(message("cli.drill.task", number=len(self.rounds) + 1, task=task(exercise, scenario)))
        self.screen.say(scenario.name, exercise.line)
        hints, began = 0, time.monotonic()
        while True:
            with _alarm(self.screen, self.limit):
                text = self.screen.ask(message("cli.talk.prompt"))
            text = text if text is None else text.strip()
            control = self.controls.control(text) if text else None
            if text is None or control == "stop":
                return None
            if control == "hint":
                self.screen.print(message("cli.talk.hint", hint=nudge(exercise, scenario, rubric(), hints)))
                hints += 1
            elif not text or len(text) > MAX_LENGTH:
                self.screen.print(message("cli.talk.too_long" if text else "cli.talk.empty"))
            elif control is not None:
                self.screen.print(message("cli.drill.start"))
            else:
                return self._answered(exercise, text, time.monotonic() - began, hints)

    def _answered(self, exercise: Exercise, reply: str, seconds: float, hints: int) -> Round:
        found = assess(exercise, self.judge.judge(reply, exercise.line), rubric())
        late = self.limit is not None and seconds > self.limit
        now = datetime.now(timezone.utc)
        changed = reviewed(exercise, found, self.diary.cards(), now, helped=late or hints > 0)
        pitfalls = tuple(f.element for f in found.pitfalls)
        drilled = Drilled(now.timestamp(), exercise.focus, exercise.partner, found.verdict, pitfalls, round(seconds, 1))
        self.diary.keep_drill(drilled, changed)
        return Round(exercise, reply, found, round(seconds, 1), late, hints, changed[exercise.key].due)


def drill(
    goal: bool = typer.Option(False, "--goal", help=message("cli.drill.goal")),
    reschedule: bool = typer.Option(False, "--reschedule", help=message("cli.drill.reschedule")),
    pitch: bool = typer.Option(False, "--pitch", help=message("cli.drill.pitch")),
    pitfalls: bool = typer.Option(False, "--pitfalls", help=message("cli.drill.pitfalls")),
    mixed: bool = typer.Option(False, "--mixed", help=message("cli.drill.mixed")),
    warm_up: bool = typer.Option(False, "--warm-up", help=message("cli.drill.warm_up")),
    partner: Optional[str] = PARTNER,
    rounds: Optional[int] = typer.Option(
        None,
        "--rounds",
        min=1,
        max=MOST_ROUNDS,
        metavar=NUMBER,
        help=message("cli.drill.rounds", rounds=ROUNDS, most=MOST_ROUNDS),
        show_default=False,
    ),
    limit: Optional[int] = typer.Option(
        None, "--limit", min=1, max=3600, metavar=NUMBER, help=message("cli.drill.limit"), show_default=False
    ),
    disposition: Optional[str] = DISPOSITION,
    seed: Optional[int] = SEED,
    user: str = USER,
    as_json: bool = AS_JSON,
) -> None:
    """Practise answers in short rounds; what went wrong comes back sooner."""
    asked = {"goal": goal, "reschedule": reschedule, "pitch": pitch, PITFALL: pitfalls}
    focuses = [focus for focus, on in asked.items() if on and not mixed] or list(asked)
    seed = chosen_seed(seed)
    known = partners()
    speakers = [chosen_partner(partner, seed)] if partner else list(known.values())
    hidden = None if disposition is None else chosen_disposition(disposition, seed)
    screen = Screen(aside=as_json)
    diary = open_diary(user)
    session = Session(
        screen,
        diary,
        ready_judge(),
        trained(intents),
        known,
        exercises(speakers, focuses, hidden),
        Random(seed),
        secret=len(focuses) == len(asked) and not warm_up,
        limit=limit or (WARM_UP_LIMIT if warm_up else None),
    )
    screen.print(message("cli.drill.warm_up_start" if warm_up else "cli.drill.start"))
    trouble: StoreError | None = None
    try:
        session.run(
            rounds or (WARM_UP_ROUNDS if warm_up else ROUNDS), WARM_UP_SECONDS if warm_up and not rounds else None
        )
    except KeyboardInterrupt:  # while an answer was judged; the summary follows as after Ctrl-D
        screen.print()
    except StoreError as error:
        trouble = error
    show_summary(screen, session.rounds, warm_up)
    if as_json:
        print(json.dumps({"user": diary.user, "seed": seed, **as_dict(session.rounds, known)}, ensure_ascii=False))
    if trouble is not None:
        raise trouble


@contextmanager
def _alarm(screen: Screen, seconds: int | None) -> Iterator[None]:
    """Say when the time is up, without taking away what is being typed."""
    if seconds is None or not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGALRM, lambda *_: screen.print("\n" + message("cli.drill.time_up")))
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
