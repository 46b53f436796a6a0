"""The partner: how he takes a judged reply, and what he says next.

Pure functions on frozen states: the same state, reply, scenario and seed give the same reaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any, get_args

from weerwoord.judge import Judgement
from weerwoord.moments import spoken_moment
from weerwoord.retrieval import best_fact
from weerwoord.rubric import Rubric
from weerwoord.scenario import Scenario
from weerwoord.situations import DISPOSITIONS, SITUATIONS, Disposition, Outcome, Phase

SCALE = 10  # interest and patience run from 0 to this
MAX_TURNS = 24  # no talk is longer; a real one of a quarter of an hour has about this many turns
START: Mapping[Disposition, tuple[int, int]] = {  # (interest, patience) at the start
    "pressed": (4, 6),
    "reluctant": (2, 6),
    "mistaken": (3, 7),
    "unwinnable": (1, 5),
}
PITFALL_PATIENCE: Mapping[str, int] = {
    "ask_for_job": 2,
    "reproach": 4,
    "over_apologise": 1,
    "accept_brushoff": 2,
}
PITFALL_INTEREST: Mapping[str, int] = {
    "ask_for_job": 1,
    "reproach": 3,
    "over_apologise": 2,
    "accept_brushoff": 1,
}
# moves that carry the talk on, so that a "goodbye" or "all right then" beside them does not end it
FORWARD = frozenset(
    [
        "not_applying",
        "information_advice",
        "exploring",
        "propose_other_moment",
        "ask_attention",
        "who_i_am",
        "what_i_do",
        "why_organisation",
        "referral",
        "recognise_expertise",
        "ask_to_answer",
        "content_question",
        "ask_contact",
    ]
)


@dataclass(frozen=True)
class PartnerState:
    """Where the talk stands; everything the partner remembers.

    Attributes:
        partner: identifier of the scenario.
        disposition: the hidden truth about him.
        seed: makes his choices repeatable.
        phase: `brush_off`, `wavering`, `open` or `ended`.
        interest: 0 to 10.
        patience: 0 to 10.
        turn: number of replies he has heard.
        said: elements of the criteria that the user has made clear so far.
        pitfalls: pitfalls the user has stepped in so far.
        used: keys of the lines and thoughts he has used.
        told: facts he has told.
        outcome: how it ended, or None.
    """

    partner: str
    disposition: Disposition
    seed: int
    phase: Phase = "brush_off"
    interest: int = 0
    patience: int = 0
    turn: int = 0
    said: tuple[str, ...] = ()
    pitfalls: tuple[str, ...] = ()
    used: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    outcome: Outcome | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain lists and values, for JSON."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in vars(self).items()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> PartnerState:
        """The reverse of `as_dict`."""
        values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
        return cls(**values)

    @property
    def outcome_now(self) -> Outcome:
        """How it ended, or what stands when nobody says anything more."""
        return self.outcome or ("opened" if self.phase == "open" else "abandoned")


@dataclass(frozen=True)
class Reaction:
    """What the partner does with a reply.

    Attributes:
        state: the state after it.
        situation: the situation he took it for.
        line: what he says.
        thought: what he thinks and does not say; shown after the talk.
    """

    state: PartnerState
    situation: str
    line: str
    thought: str


def draw_disposition(seed: int) -> Disposition:
    """The disposition that goes with a seed when the user chose none."""
    return Random(f"disposition:{seed}").choice(DISPOSITIONS)


def start(scenario: Scenario, disposition: Disposition, seed: int, opening: str | None = None) -> Reaction:
    """Start a talk.

    Args:
        scenario: who the partner is.
        disposition: his hidden truth.
        seed: makes the talk repeatable.
        opening: his first line when it is given (one's own experience); else one of the scenario's.
    """
    interest, patience = START[disposition]
    state = PartnerState(
        partner=scenario.id,
        disposition=disposition,
        seed=seed,
        interest=interest,
        patience=patience,
    )
    line = opening or Random(f"opening:{seed}").choice(scenario.openings[disposition])
    return Reaction(state=state, situation="opening", line=line, thought="")


def react(state: PartnerState, judgement: Judgement, text: str, scenario: Scenario, rubric: Rubric) -> Reaction:
    """Take a reply and answer it.

    Args:
        state: where the talk stands.
        judgement: what the reply was found to do.
        text: the reply itself, for the moment or the question in it.
        scenario: who the partner is.
        rubric: the rules of the verdicts.

    Raises:
        ValueError: the talk has ended.
    """
    if state.phase == "ended":
        raise ValueError("the talk has ended")
    move = _Move(state, judgement, text, scenario, rubric)
    weighed = _weigh(state, move)
    situation, weighed = _situation(weighed, move, text, scenario)
    if SITUATIONS.get(situation) == ("ended",):
        weighed = _end(weighed, situation)
    elif weighed.patience <= 0:
        situation, weighed = "patience_out", _end(weighed, "patience_out")
    elif weighed.turn >= MAX_TURNS:
        situation = "time_up" if weighed.phase == "open" else "patience_out"
        weighed = _end(weighed, situation)
    return _speak(weighed, situation, state.phase, text, scenario)


class _Move:
    """What a reply adds to what was said before."""

    def __init__(
        self, state: PartnerState, judgement: Judgement, text: str, scenario: Scenario, rubric: Rubric
    ) -> None:
        kinds = {name: e.kind for name, e in rubric.elements.items()}
        sure = judgement.elements
        doubtful = {f.element for f in judgement.doubtful if f.element in FORWARD}
        self.guessed = _guess(state, sure, doubtful, text, scenario)
        self.now = sure | self.guessed
        self.says_goodbye = _says_goodbye(judgement)
        before = set(state.said)
        counted = {e for e in sure if kinds[e] in rubric.criteria}
        self.new = counted - before
        self.again = counted & before
        self.said = (*state.said, *sorted(self.new))
        was, is_ = rubric.verdicts(before), rubric.verdicts(self.said)
        self.verdicts = is_
        self.became_clear = {c for c in is_ if is_[c] == "clear" and was[c] != "clear"}
        self.touched = {kinds[e] for e in self.new}
        self.almost = bool({kinds[e] for e in doubtful} & set(rubric.criteria))
        self.hinted = {kinds[e] for e in self.guessed}
        self.forward = bool(self.now & FORWARD)
        self.pitfalls = tuple(e for e in rubric.of_kind("pitfall") if e in sure)
        if state.phase == "open" or self.leaves_well(state):
            # whoever goes after a good talk, or after trying in vain, does not let himself be sent away
            self.pitfalls = tuple(e for e in self.pitfalls if e != "accept_brushoff")

    def leaves_well(self, state: PartnerState) -> bool:
        """Whether this is leaving in dignity: something was tried, and nobody was begged or reproached."""
        begged = set(state.pitfalls) | set(self.pitfalls)
        tried = any(v == "clear" for v in self.verdicts.values())
        if state.disposition == "unwinnable" and not self.has("accept_brushoff"):
            # nothing would have won him: a start, and a goodbye that gives nothing in, is dignity too
            tried = tried or any(self.verdicts[c] != "absent" for c in ("goal", "pitch"))
        polite = (self.has("thank") or self.says_goodbye) and not self.forward
        return tried and polite and not begged - {"accept_brushoff"}

    def has(self, *elements: str) -> bool:
        return any(e in self.now for e in elements)


def _says_goodbye(judgement: Judgement) -> bool:
    """Whether it takes leave in words of its own: "dan ga ik wel naar P&O" gives in, and is no goodbye."""
    giving_in = {(f.start, f.end) for f in judgement.found if f.element == "accept_brushoff"}
    return any(f.element == "close" and (f.start, f.end) not in giving_in for f in judgement.found)


def _guess(
    state: PartnerState, sure: frozenset[str], doubtful: set[str], text: str, scenario: Scenario
) -> frozenset[str]:
    """What he makes of a reply in which nothing was surely found. Once he talks he is well-disposed: what is doubtful,
    or a question that he has an answer to, will do. It never counts for the user."""
    if state.phase != "open" or sure:
        return frozenset()
    if doubtful:
        return frozenset(doubtful)
    asks = "?" in text and best_fact(text, scenario.facts) is not None
    return frozenset(["content_question"] if asks else [])


def _weigh(state: PartnerState, move: _Move) -> PartnerState:
    """Interest and patience after a reply."""
    patience = state.patience - sum(PITFALL_PATIENCE[p] for p in move.pitfalls)
    interest = state.interest - sum(PITFALL_INTEREST[p] for p in move.pitfalls)
    interest += len(move.touched) + 2 * len(move.became_clear)
    if state.phase != "open":
        patience -= 0 if move.touched or (move.almost and not move.now) else 1
        if state.disposition == "unwinnable":
            patience -= 1 if move.touched else 0
            interest = min(interest, state.interest)
    elif not move.has("content_question", "ask_contact", "thank", "greet") and not move.hinted:
        patience -= 1
    return replace(
        state,
        turn=state.turn + 1,
        interest=max(0, min(SCALE, interest)),
        patience=max(0, min(SCALE, patience)),
        said=move.said,
        pitfalls=(*state.pitfalls, *move.pitfalls),
    )


def _situation(state: PartnerState, move: _Move, text: str, scenario: Scenario) -> tuple[str, PartnerState]:
    """The situation a reply brings him into, and the phase that follows."""
    if move.has("reproach"):
        twice = state.pitfalls.count("reproach") > 1
        lost = twice or state.disposition == "unwinnable" or state.patience <= 0
        return ("reproach_end" if lost else "reproached"), state
    if move.has("ask_for_job"):
        return "job_asked", state
    if state.phase == "open":
        return _situation_open(state, move, text, scenario)
    won = _won(state, move)
    if won == "reschedule_agreed":
        return ("reschedule_agreed_moment" if spoken_moment(text) else won), state
    if won:
        return won, replace(state, phase="open", patience=SCALE)
    if move.has("accept_brushoff") and not move.forward:
        return ("farewell_dignity" if move.leaves_well(state) else "gave_in"), state
    if move.has("close") and not move.forward:
        return ("farewell_dignity" if move.leaves_well(state) else "farewell_dismissed"), state
    if move.has("over_apologise") and not move.touched:
        return "apologised", state
    return _not_won(state, move)


def _won(state: PartnerState, move: _Move) -> str | None:
    """The move that works on this disposition, when the user has made it."""
    if state.disposition == "mistaken" and move.verdicts["goal"] == "clear":
        return "goal_won"
    if state.disposition == "reluctant" and move.verdicts["pitch"] == "clear":
        return "pitch_won"
    offered = move.has("propose_other_moment") and move.verdicts["reschedule"] == "clear"
    return "reschedule_agreed" if state.disposition == "pressed" and offered else None


# what each disposition makes of each kind of move that does not win him
_TAKES: Mapping[Disposition, Mapping[str, str]] = {
    "pressed": {"goal": "goal_time", "reschedule": "reschedule_partial", "pitch": "pitch_time"},
    "reluctant": {
        "goal": "goal_interest",
        "reschedule": "reschedule_refused",
        "pitch": "pitch_partial",
    },
    "mistaken": {
        "goal": "goal_partial",
        "reschedule": "reschedule_pointless",
        "pitch": "pitch_candidate",
    },
    "unwinnable": {"goal": "goal_cold", "reschedule": "reschedule_cold", "pitch": "pitch_cold"},
}


# who alone can come into a situation; everybody can come into the others
_WARM: tuple[Disposition, ...] = ("pressed", "reluctant", "mistaken")
_OPENS: tuple[Disposition, ...] = ("reluctant", "mistaken")
_ONLY: Mapping[str, tuple[Disposition, ...]] = {
    **{
        situation: tuple(d for d in DISPOSITIONS if situation in _TAKES[d].values())
        for takes in _TAKES.values()
        for situation in takes.values()
    },
    "goal_partial": ("reluctant", "mistaken"),
    "reschedule_partial": _WARM,
    "attention": _WARM,
    "goal_won": ("mistaken",),
    "pitch_won": ("reluctant",),
    "reschedule_agreed": ("pressed",),
    "reschedule_agreed_moment": ("pressed",),
    "farewell_opened": _OPENS,
    "time_up": _OPENS,
}


def can_occur(situation: str, phase: Phase, disposition: Disposition) -> bool:
    """Whether a partner with this hidden truth ever says a line of a situation in a phase."""
    if phase == "open" and disposition not in _OPENS or phase == "wavering" and disposition not in _WARM:
        return False
    return phase in SITUATIONS[situation] and disposition in _ONLY.get(situation, DISPOSITIONS)


def _not_won(state: PartnerState, move: _Move) -> tuple[str, PartnerState]:
    takes = _TAKES[state.disposition]
    cold = state.disposition == "unwinnable"
    warmed = state if cold else replace(state, phase="wavering")
    if move.has("propose_other_moment"):
        return takes["reschedule"], state
    if "goal" in move.touched:
        half = state.disposition == "reluctant" and move.verdicts["goal"] == "partial"
        return ("goal_partial" if half else takes["goal"]), warmed
    if "pitch" in move.touched:
        only_asks = not (move.new - {"ask_attention", "ask_to_answer"} - {"acknowledge_time"})
        if only_asks and not cold:
            return "attention", state
        return takes["pitch"], (state if state.disposition == "mistaken" else warmed)
    if move.has("recall_promise") and "recall_promise" in move.new:
        return "promise", state
    if move.has("ask_contact"):
        return "contact_early", state
    if move.has("content_question"):
        return "question_early", state
    if "reschedule" in move.touched:
        return ("reschedule_cold" if cold else "reschedule_partial"), state
    if move.again:
        return "repeated", state
    return _small_talk(move), state


def _situation_open(state: PartnerState, move: _Move, text: str, scenario: Scenario) -> tuple[str, PartnerState]:
    """The situations of a talk that has opened."""
    if move.has("ask_contact"):
        if "contact" in state.told:
            return "contact_again", state
        return "contact_given", replace(state, told=(*state.told, "contact"))
    if move.has("content_question"):
        fact = best_fact(text, scenario.facts)
        if fact is None:
            return "question_unknown", _tired(state)
        if fact.id in state.told:
            return "question_again", _tired(state)
        return f"fact:{fact.id}", replace(state, told=(*state.told, fact.id))
    if move.has("close", "accept_brushoff") and not move.has("ask_to_answer"):
        return "farewell_opened", state
    if move.has("propose_other_moment"):
        return "reschedule_open", state
    if move.has("over_apologise"):
        return "apologised", state
    if "pitch" in move.touched | move.hinted:
        return "pitch_open", state
    if "goal" in move.touched | move.hinted:
        return "goal_open", state
    if move.has("ask_to_answer", "ask_attention"):
        return "pitch_open", state
    if move.again:
        return "repeated", state
    return _small_talk(move), state


def _tired(state: PartnerState) -> PartnerState:
    return replace(state, patience=max(0, state.patience - 1))


def _small_talk(move: _Move) -> str:
    if move.has("thank"):
        return "thanks"
    return "greeting" if move.has("greet") else "unclear"


def _end(state: PartnerState, situation: str) -> PartnerState:
    outcomes: Mapping[str, Outcome] = {
        "reschedule_agreed": "appointment",
        "reschedule_agreed_moment": "appointment",
        "farewell_opened": "opened",
        "time_up": "opened",
        "farewell_dignity": "kept_dignity",
    }
    return replace(state, phase="ended", outcome=outcomes.get(situation, "dismissed"))


def _speak(state: PartnerState, situation: str, heard_in: Phase, text: str, scenario: Scenario) -> Reaction:
    """Choose the line and the thought, none twice; when the lines run out he ends the talk himself."""
    rng = Random(f"{state.seed}:{state.turn}:{situation}")
    if situation.startswith("fact:"):
        fact = next(f for f in scenario.facts if f.id == situation[5:])
        thought, state = _pick(rng, state, "thought", "fact", scenario.thoughts["fact"])
        return Reaction(state=state, situation="fact", line=fact.answer, thought=thought or "")
    cell: Phase = "ended" if state.phase == "ended" else heard_in
    line, spoken = _pick(rng, state, situation, cell, scenario.lines[situation][cell])
    if line is None:
        opened = state.phase == "open"
        situation, cell = ("time_up" if opened else "going_round"), "ended"
        state = _end(state, situation)
        line, spoken = _pick(rng, state, situation, cell, scenario.lines[situation][cell])
    assert line is not None  # a line of the end is used once a talk
    thought, spoken = _pick(rng, spoken, "thought", situation, scenario.thoughts[situation])
    line = line.format(moment=spoken_moment(text) or "", colleague=scenario.colleague.name)
    first_doubt = heard_in == "brush_off" and spoken.phase == "wavering"
    if first_doubt and spoken.disposition in ("reluctant", "mistaken"):
        line = f"{line} {rng.choice(scenario.objections)}"
    return Reaction(state=spoken, situation=situation, line=line, thought=thought or "")


def _pick(rng: Random, state: PartnerState, a: str, b: str, texts: tuple[str, ...]) -> tuple[str | None, PartnerState]:
    """One of the texts that was not used before, or None."""
    free = [i for i in range(len(texts)) if f"{a}/{b}/{i}" not in state.used]
    if not free:
        return None, state
    i = rng.choice(free)
    return texts[i], replace(state, used=(*state.used, f"{a}/{b}/{i}"))


assert set(get_args(Disposition)) == set(DISPOSITIONS)
