"""What we tell after a talk: the user's own words that counted, what was missing, what the partner thought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from weerwoord.judge import Finding
from weerwoord.messages import message
from weerwoord.practice import helping_criterion
from weerwoord.rubric import Criterion, OutcomeText, Rubric, Verdict
from weerwoord.scenario import Scenario
from weerwoord.transcript import Transcript, Turn


@dataclass(frozen=True)
class Quote:
    """Words of the user that carried an element.

    Attributes:
        turn: number of the standing turn, from 1.
        element: identifier.
        name: its Dutch label.
        words: the user's own words.
    """

    turn: int
    element: str
    name: str
    words: str


@dataclass(frozen=True)
class CriterionReport:
    """One criterion after a talk."""

    id: str
    name: str
    tip: int
    verdict: Verdict
    verdict_name: str
    spoken: str
    quotes: tuple[Quote, ...]
    missing: tuple[str, ...]
    why: str
    example: str


@dataclass(frozen=True)
class PitfallReport:
    """A pitfall the user stepped in."""

    quote: Quote
    why: str


@dataclass(frozen=True)
class Moment:
    """One turn on the timeline; `turn` is the number of replies he had heard with it."""

    turn: int
    heard: str
    reply: str
    line: str
    thought: str
    interest: int
    patience: int
    phase: str
    retried: bool


@dataclass(frozen=True)
class Attempt:
    """One way the talk went: the one that stands, or one that was taken back.

    Attributes:
        turns: places on the timeline, from 0, of its turns.
        outcome: how it ended, or what stood when it was left.
        outcome_text: the sentence about it.
        verdicts: by criterion, how clear it was in the end.
        ended: False when it was taken back or stopped before the partner ended it.
    """

    turns: tuple[int, ...]
    outcome: str
    outcome_text: str
    verdicts: Mapping[str, Verdict]
    ended: bool


@dataclass(frozen=True)
class Mood:
    """How the partner is disposed, each from 0 to 10."""

    interest: int
    patience: int


@dataclass(frozen=True)
class Debrief:
    """Everything the debrief says; no overall mark."""

    partner: str
    outcome: str
    outcome_text: str
    truth: str
    works: str
    criteria: tuple[CriterionReport, ...]
    pitfalls: tuple[PitfallReport, ...]
    good: tuple[Quote, ...]
    doubtful: tuple[Quote, ...]
    start: Mood
    timeline: tuple[Moment, ...]
    attempts: tuple[Attempt, ...]
    next_step: str

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for the page."""
        return asdict(self)

    def as_text(self) -> str:
        """The debrief as plain Dutch text, for a shell or a file."""
        return "\n".join(_text(self))


def debrief(talk: Transcript, scenario: Scenario, rubric: Rubric) -> Debrief:
    """Make the debrief of a talk."""
    words = scenario.pronouns
    standing = talk.standing
    state = talk.state
    disposition = rubric.dispositions[state.disposition]
    outcome = rubric.outcomes[talk.outcome]
    verdicts = rubric.verdicts(state.said)
    found = _quotes(standing, rubric, words)
    criteria = []
    for c in rubric.criteria.values():
        verdict = verdicts[c.id]
        criteria.append(
            CriterionReport(
                id=c.id,
                name=c.name,
                tip=c.tip,
                verdict=verdict,
                verdict_name=rubric.verdict_names[verdict],
                spoken=_spoken(c, verdict, talk).format(**words),
                quotes=tuple(q for q in found if rubric.elements[q.element].kind == c.id),
                missing=tuple(rubric.elements[e].missing.format(**words) for e in rubric.missing(c.id, state.said)),
                why=c.why.format(**words),
                example=scenario.examples[c.id],
            )
        )
    return Debrief(
        partner=scenario.full_name,
        outcome=talk.outcome,
        outcome_text=outcome.name.format(**words),
        truth=disposition.truth.format(**words),
        works=disposition.works.format(**words),
        criteria=tuple(criteria),
        pitfalls=tuple(
            PitfallReport(quote=q, why=rubric.elements[q.element].why.format(**words))
            for q in found
            if rubric.elements[q.element].kind == "pitfall"
        ),
        good=tuple(q for q in found if rubric.elements[q.element].kind == "conversation"),
        doubtful=_doubtful(standing, rubric, words),
        start=Mood(talk.start.interest, talk.start.patience),
        timeline=_timeline(talk),
        attempts=_attempts(talk, rubric, words),
        next_step=_next_step(talk, outcome, words),
    )


def _next_step(talk: Transcript, outcome: OutcomeText, words: Any) -> str:
    """What to do now; who was helped and left with a reproach first makes that good."""
    last = talk.standing[-1] if talk.standing else None
    if talk.outcome == "opened" and last and "reproach" in last.judgement.elements:
        return message("debrief.make_good", **words)
    return outcome.next.format(**words)


def _spoken(criterion: Criterion, verdict: Verdict, talk: Transcript) -> str:
    """The sentence about a criterion; what was left out of a talk that went well without it is no fault."""
    text = criterion.spoken[verdict]
    helps = criterion.id == helping_criterion(talk.state.disposition)
    if verdict == "absent" and not helps and talk.outcome in ("appointment", "opened"):
        return f"{text} {message('debrief.not_needed')}"
    return text


def _quotes(turns: tuple[Turn, ...], rubric: Rubric, words: Any) -> tuple[Quote, ...]:
    """What was found: each element where it was first said, each pitfall wherever it cost something."""
    quotes = []
    seen: set[str] = set()
    for number, turn in enumerate(turns, 1):
        stepped_in = turn.after.pitfalls[len(turn.before.pitfalls) :]
        for f in turn.judgement.found:
            is_pitfall = rubric.elements[f.element].kind == "pitfall"
            # thanking and going after a good talk is no giving in
            if f.element not in stepped_in if is_pitfall else f.element in seen:
                continue
            seen.add(f.element)
            quotes.append(_quote(number, turn, f, rubric, words))
    return tuple(quotes)


def _doubtful(turns: tuple[Turn, ...], rubric: Rubric, words: Any) -> tuple[Quote, ...]:
    """What may have been said and was not found in any turn, asked once; nobody is asked whether he meant a pitfall."""
    asked = {f.element for turn in turns for f in turn.judgement.found}
    quotes = []
    for number, turn in enumerate(turns, 1):
        for f in turn.judgement.doubtful:
            if f.element not in asked and rubric.elements[f.element].kind != "pitfall":
                asked.add(f.element)
                quotes.append(_quote(number, turn, f, rubric, words))
    return tuple(quotes)


def _quote(number: int, turn: Turn, f: Finding, rubric: Rubric, words: Any) -> Quote:
    return Quote(number, f.element, rubric.elements[f.element].name.format(**words), f.words(turn.reply).strip())


def _timeline(talk: Transcript) -> tuple[Moment, ...]:
    return tuple(
        Moment(
            turn=turn.after.turn,
            heard=turn.heard,
            reply=turn.reply,
            line=turn.line,
            thought=turn.thought,
            interest=turn.after.interest,
            patience=turn.after.patience,
            phase=turn.after.phase,
            retried=turn.retried,
        )
        for turn in talk.turns
    )


def _attempts(talk: Transcript, rubric: Rubric, words: Mapping[str, str]) -> tuple[Attempt, ...]:
    places = {id(turn): place for place, turn in enumerate(talk.turns)}
    made = []
    for way in talk.attempts:
        state = way[-1].after if way else talk.start
        made.append(
            Attempt(
                turns=tuple(places[id(turn)] for turn in way),
                outcome=state.outcome_now,
                outcome_text=rubric.outcomes[state.outcome_now].name.format(**words),
                verdicts=rubric.verdicts(state.said),
                ended=state.phase == "ended",
            )
        )
    return tuple(made)


def _text(d: Debrief) -> list[str]:
    out = [message("debrief.title", partner=d.partner), "", d.outcome_text, d.truth, d.works, ""]
    for c in d.criteria:
        out.append(message("debrief.criterion", name=c.name, tip=c.tip, verdict=c.verdict_name))
        out.append("  " + c.spoken)
        out += [message("debrief.quote", words=q.words, name=q.name) for q in c.quotes]
        if c.missing:
            out += [message("debrief.missing", text=m) for m in c.missing]
            out.append(message("debrief.why", text=c.why))
            out.append(message("debrief.example", text=c.example))
        out.append("")
    for p in d.pitfalls:
        out.append(message("debrief.pitfall", name=p.quote.name, words=p.quote.words, why=p.why))
    for q in d.doubtful:
        out.append(message("debrief.doubt", name=q.name, words=q.words))
    if d.pitfalls or d.doubtful:
        out.append("")
    thoughts = [m for m in d.timeline if m.thought and not m.retried]
    if thoughts:
        out.append(message("debrief.thoughts", partner=d.partner))
        out += [message("debrief.thought", reply=_short(m.reply), thought=m.thought) for m in thoughts]
        out.append("")
    out.append(message("debrief.next", text=d.next_step))
    return out


def _short(text: str, width: int = 60) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= width else flat[: width - 1].rstrip() + "…"
