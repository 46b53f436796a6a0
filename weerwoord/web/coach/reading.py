"""A talk as a coach reads it, made of what is kept; no I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from weerwoord.debrief import Debrief, debrief
from weerwoord.export.talks import without_names
from weerwoord.judge import Finding
from weerwoord.messages import message
from weerwoord.practice import helping_criterion
from weerwoord.privacy.pseudonyms import Pseudonyms, scenario_names
from weerwoord.rubric import Rubric, Verdict
from weerwoord.scenario import Scenario
from weerwoord.situations import Disposition
from weerwoord.store.reviews import WHOLE_TALK, OpenTalk, Remark, Review
from weerwoord.transcript import Turn

WORDS = 3  # quotes and tips in the summary; more nobody remembers in a meeting


@dataclass(frozen=True)
class Piece:
    """A stretch of a reply.

    Attributes:
        text: the words.
        marks: numbers of what they counted for, see `Counted`.
        kind: of the first of these; empty when they counted for nothing.
    """

    text: str
    marks: tuple[int, ...]
    kind: str


@dataclass(frozen=True)
class Counted:
    """An element that was found, with its number in the turn."""

    mark: int
    element: str
    name: str
    kind: str
    words: str


@dataclass(frozen=True)
class Grown:
    """The verdict on a criterion after a turn, and whether this turn made it better."""

    criterion: str
    name: str
    verdict: Verdict
    verdict_name: str
    grew: bool


@dataclass(frozen=True)
class TurnView:
    """A turn on the page.

    Attributes:
        number: in the order played.
        standing: which turn of the talk it is, from 1.
        turn: as it is kept, with names hidden when they are to be.
        pieces: the reply.
        counted: what was found in it.
        doubtful: what may have been in it.
        verdicts: after it.
        mine: the review of who reads.
        others: reviews of colleagues.
        remark: what who reads wrote.
        remarks: what colleagues wrote.
    """

    number: int
    standing: int
    turn: Turn
    pieces: tuple[Piece, ...]
    counted: tuple[Counted, ...]
    doubtful: tuple[Counted, ...]
    verdicts: tuple[Grown, ...]
    mine: Review | None
    others: tuple[Review, ...]
    remark: str
    remarks: tuple[Remark, ...]

    @property
    def elements(self) -> frozenset[str]:
        """What there is, by this coach or else by the judge."""
        return self.mine.elements if self.mine else self.turn.judgement.elements


@dataclass(frozen=True)
class Brief:
    """What to say in the next meeting.

    Attributes:
        good: the client's own words that worked, with what they did.
        missing: what would have helped.
        question: one question to ask.
    """

    good: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    question: str


@dataclass(frozen=True)
class View:
    """A talk on the page; turns that were taken back stand together in a part of their own."""

    talk: OpenTalk
    partner: str
    words: Mapping[str, str]
    preparation: Mapping[str, str]
    brief: Brief
    told: Debrief
    parts: tuple[tuple[bool, tuple[TurnView, ...]], ...]
    remark: str
    remarks: tuple[Remark, ...]

    @property
    def turns(self) -> tuple[TurnView, ...]:
        """All turns in the order played."""
        return tuple(turn for _, turns in self.parts for turn in turns)


def read(
    talk: OpenTalk,
    coach: str,
    scenario: Scenario,
    rubric: Rubric,
    hide_names: bool,
    preparation: Mapping[str, str] | None = None,
) -> View:
    """Lay a talk out for a coach.

    Args:
        talk: as it is kept.
        coach: name of who reads.
        scenario: the partner.
        rubric: the rules and their words.
        hide_names: whether personal data in what was said is replaced.
        preparation: what the client wrote before it, by field, when he shared it.
    """
    transcript, prepared = talk.transcript, dict(preparation or {})
    if hide_names:
        pseudonyms = Pseudonyms(keep=scenario_names(scenario))
        pseudonyms.learn(prepared.values())
        transcript = without_names(transcript, pseudonyms)
        prepared = {field: pseudonyms.replace(text).text for field, text in prepared.items()}
    told = debrief(transcript, scenario, rubric)
    turns, standing = [], 0
    for number, turn in enumerate(transcript.turns, 1):
        standing += not turn.retried
        turns.append(_turn(talk, coach, turn, number, standing + turn.retried, scenario, rubric))
    parts: list[tuple[bool, tuple[TurnView, ...]]] = []
    for view in turns:
        if parts and parts[-1][0] and view.turn.retried:
            parts[-1] = (True, (*parts[-1][1], view))
        else:
            parts.append((view.turn.retried, (view,)))
    return View(
        talk=replace(talk, transcript=transcript),
        partner=scenario.full_name,
        words=scenario.pronouns,
        preparation=prepared,
        brief=brief(told, transcript.start.disposition, transcript.outcome, rubric),
        told=told,
        parts=tuple(parts),
        remark=_text(r for r in talk.remarks if r.number == WHOLE_TALK and r.coach == coach),
        remarks=tuple(r for r in talk.remarks if r.number == WHOLE_TALK and r.coach != coach),
    )


def _turn(
    talk: OpenTalk, coach: str, turn: Turn, number: int, standing: int, scenario: Scenario, rubric: Rubric
) -> TurnView:
    words = scenario.pronouns
    before, after = (rubric.verdicts(state.said) for state in (turn.before, turn.after))
    counted = _counted(turn.judgement.found, turn.reply, rubric, words)
    reviews = [r for r in talk.reviews if r.number == number]
    remarks = [r for r in talk.remarks if r.number == number]
    return TurnView(
        number=number,
        standing=standing,
        turn=turn,
        pieces=pieces(turn.reply, turn.judgement.found, counted),
        counted=counted,
        doubtful=_counted(turn.judgement.doubtful, turn.reply, rubric, words),
        verdicts=tuple(
            Grown(c.id, c.name, after[c.id], rubric.verdict_names[after[c.id]], after[c.id] != before[c.id])
            for c in rubric.criteria.values()
        ),
        mine=next((r for r in reviews if r.coach == coach), None),
        others=tuple(r for r in reviews if r.coach != coach),
        remark=_text(r for r in remarks if r.coach == coach),
        remarks=tuple(r for r in remarks if r.coach != coach),
    )


def _text(remarks: Iterable[Remark]) -> str:
    return next((r.text for r in remarks), "")


def _counted(
    findings: tuple[Finding, ...], reply: str, rubric: Rubric, words: Mapping[str, str]
) -> tuple[Counted, ...]:
    ordered = sorted(findings, key=lambda f: (f.start, f.end, f.element))
    known = (f for f in ordered if f.element in rubric.elements)
    return tuple(
        Counted(
            mark=mark,
            element=f.element,
            name=rubric.elements[f.element].name.format(**words),
            kind=rubric.elements[f.element].kind,
            words=f.words(reply).strip(),
        )
        for mark, f in enumerate(known, 1)
    )


def pieces(reply: str, findings: tuple[Finding, ...], counted: tuple[Counted, ...]) -> tuple[Piece, ...]:
    """A reply cut where what counts begins and ends; pieces that count for several elements carry all their numbers."""
    marks = {c.element: c for c in counted}
    spans = [(f.start, f.end, marks[f.element]) for f in findings if f.element in marks]
    edges = sorted({0, len(reply), *(min(e, len(reply)) for start, end, _ in spans for e in (start, end))})
    out = []
    for start, end in zip(edges, edges[1:]):
        here = sorted((c for s, e, c in spans if s <= start and end <= e), key=lambda c: c.mark)
        out.append(Piece(reply[start:end], tuple(c.mark for c in here), here[0].kind if here else ""))
    return tuple(out)


def brief(told: Debrief, disposition: Disposition, outcome: str, rubric: Rubric) -> Brief:
    """The summary at the top: first what helps with this partner, then the rest."""
    helps = helping_criterion(disposition)
    criteria = sorted(told.criteria, key=lambda c: c.id != helps)
    needed = frozenset[str]().union(*(c.clear_all for c in rubric.criteria.values()))
    quotes = [q for c in criteria for q in sorted(c.quotes, key=lambda q: q.element not in needed)]
    quotes += told.good
    good: dict[str, str] = {}
    for quote in quotes:
        good.setdefault(quote.words.rstrip(" ,;:"), quote.name)
    good.pop("", None)
    first = criteria[0]
    if told.pitfalls:
        ask = told.pitfalls[0].quote.element
    elif first.missing:
        ask = helps
    else:
        ask = outcome
    missing = first.missing[:WORDS] if first.missing else ()
    return Brief(tuple(good.items())[:WORDS], missing, message(f"coach.ask.{ask}"))
