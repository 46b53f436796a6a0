"""The situations a partner can be in when he answers, and the phases in which each can occur.

A scenario has lines for every pair in `SITUATIONS`; the partner (`weerwoord.partner`) names one pair a turn.
"""

from __future__ import annotations

from typing import Literal

Phase = Literal["brush_off", "wavering", "open", "ended"]
Disposition = Literal["pressed", "reluctant", "mistaken", "unwinnable"]
Outcome = Literal["appointment", "opened", "kept_dignity", "dismissed", "abandoned"]

PHASES: tuple[Phase, ...] = ("brush_off", "wavering", "open", "ended")
OUTCOMES: tuple[Outcome, ...] = ("appointment", "opened", "kept_dignity", "dismissed", "abandoned")
# From easy to a justified "no": the level a user chooses is the place in this row, counted from 1.
DISPOSITIONS: tuple[Disposition, ...] = ("mistaken", "pressed", "reluctant", "unwinnable")

_NOT_OPEN: tuple[Phase, ...] = ("brush_off", "wavering")
_TALKING: tuple[Phase, ...] = ("brush_off", "wavering", "open")

SITUATIONS: dict[str, tuple[Phase, ...]] = {
    # the goal
    "goal_won": _NOT_OPEN,  # mistaken: he sees that this is no application, and opens
    "goal_time": _NOT_OPEN,  # pressed: fair enough, but he still has to go
    "goal_interest": _NOT_OPEN,  # reluctant: fine, but why with him; keep it short
    "goal_partial": _NOT_OPEN,  # half clear: what do you want, then?
    "goal_cold": ("brush_off",),  # unwinnable
    "goal_open": ("open",),  # said again when he is talking already
    # another moment
    "reschedule_agreed": ("ended",),  # pressed: he names or accepts a moment
    "reschedule_agreed_moment": ("ended",),  # the same, with {moment}: the day or time the user named
    "reschedule_partial": _NOT_OPEN,  # his hurry was seen, but nothing (or no choice) was offered
    "reschedule_refused": _NOT_OPEN,  # reluctant: no need, just say it
    "reschedule_pointless": _NOT_OPEN,  # mistaken: there will be no vacancy then either
    "reschedule_cold": ("brush_off",),  # unwinnable
    "reschedule_open": ("open",),  # no need, they are talking
    "promise": _NOT_OPEN,  # reminded of what was agreed
    # the pitch
    "attention": _NOT_OPEN,  # may I explain, may I ask: briefly, then
    "pitch_won": _NOT_OPEN,  # reluctant: his interest is caught, he opens
    "pitch_time": _NOT_OPEN,  # pressed: friendlier, but he still has to go
    "pitch_candidate": _NOT_OPEN,  # mistaken: sounds like an application
    "pitch_partial": _NOT_OPEN,  # a start: and why here, why me?
    "pitch_cold": ("brush_off",),  # unwinnable
    "pitch_open": ("open",),  # more about yourself when he is talking already
    # the conversation
    "question_early": _NOT_OPEN,  # a question about the work before he is won
    "question_unknown": ("open",),  # a question he has no answer to
    "question_again": ("open",),  # a question he has answered already
    "contact_early": _NOT_OPEN,  # asked for somebody else before he is won
    "contact_given": ("open",),  # he names {colleague}
    "contact_again": ("open",),  # he has named somebody already
    "greeting": _TALKING,
    "thanks": _TALKING,
    "repeated": _TALKING,  # nothing new was said
    "unclear": _TALKING,  # nothing that he can do something with
    # pitfalls
    "job_asked": _TALKING,
    "reproached": _TALKING,
    "apologised": _TALKING,
    # the end
    "gave_in": ("ended",),  # the user lets himself be sent away
    "reproach_end": ("ended",),
    "patience_out": ("ended",),
    "going_round": ("ended",),  # the talk goes round in circles
    "farewell_opened": ("ended",),
    "farewell_dignity": ("ended",),
    "farewell_dismissed": ("ended",),
    "time_up": ("ended",),  # he has talked openly; now the time is up
}
