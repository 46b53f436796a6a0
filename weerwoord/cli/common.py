"""What the commands have in common: exit codes, one sentence for a mistake, choosing a partner."""

from __future__ import annotations

import sys
from collections.abc import Callable
from random import SystemRandom
from typing import TypeVar

import typer

from weerwoord.messages import message
from weerwoord.partner import draw_disposition
from weerwoord.scenario import Scenario, ScenarioError, scenarios
from weerwoord.situations import DISPOSITIONS, Disposition
from weerwoord.trained import NoModel

FAILED = 1  # an expectation that does not hold
BAD_INPUT = 2
MAX_SEED = 2**31
Model = TypeVar("Model")


def fail(text: str, code: int = BAD_INPUT) -> typer.Exit:
    """Say what is wrong on standard error; raise what this returns."""
    print(text, file=sys.stderr)
    return typer.Exit(code)


def trained(load: Callable[[], Model]) -> Model:
    """A part of the trained model, or the sentence that says how to get one."""
    try:
        return load()
    except NoModel as error:
        raise fail(str(error)) from error


def partners() -> dict[str, Scenario]:
    """All partners, or the mistakes in their files."""
    try:
        return scenarios()
    except ScenarioError as error:
        raise fail(str(error)) from error


def chosen_partner(name: str | None, seed: int) -> Scenario:
    """The partner of this name; any, by the seed, when no name is given."""
    known = partners()
    if name is None:
        return known[sorted(known)[seed % len(known)]]
    if name.lower() not in known:
        raise fail(message("cli.no_partner", asked=name, known=", ".join(sorted(known))))
    return known[name.lower()]


def chosen_disposition(asked: str | int | None, seed: int) -> Disposition:
    """A disposition by name or by level 1 to 4; drawn by the seed when none is given."""
    if asked is None:
        return draw_disposition(seed)
    for level, disposition in enumerate(DISPOSITIONS, 1):
        if str(asked).lower() in (disposition, str(level)):
            return disposition
    raise fail(message("cli.no_disposition", asked=asked, known=", ".join(DISPOSITIONS)))


def chosen_seed(asked: int | None) -> int:
    """The seed that was given, or any."""
    return SystemRandom().randrange(MAX_SEED) if asked is None else asked
