"""One turn of a practice talk, a hint: what the chat, the page and the drills have in common."""

from __future__ import annotations

from weerwoord.judge import Judgement
from weerwoord.partner import Reaction, react
from weerwoord.rubric import Rubric
from weerwoord.scenario import Scenario
from weerwoord.situations import Disposition
from weerwoord.transcript import Transcript, Turn

MAX_LENGTH = 2000  # characters of one reply
# what helps most with each disposition; the hint looks here first, but never says which one it is
_HINT_ORDER: dict[Disposition, tuple[str, ...]] = {
    "mistaken": ("goal", "pitch"),
    "pressed": ("reschedule", "goal"),
    "reluctant": ("pitch", "goal"),
    "unwinnable": ("goal",),
}


def take_turn(
    talk: Transcript,
    reply: str,
    judgement: Judgement,
    scenario: Scenario,
    rubric: Rubric,
    hints: int = 0,
) -> Turn:
    """The turn that follows when the user says this.

    Raises:
        ValueError: the talk has ended.
    """
    if talk.state.turn == 0:
        judgement = judgement.as_first()
    reaction: Reaction = react(talk.state, judgement, reply, scenario, rubric)
    return Turn(
        heard=talk.line,
        reply=reply,
        judgement=judgement,
        before=talk.state,
        after=reaction.state,
        situation=reaction.situation,
        line=reaction.line,
        thought=reaction.thought,
        hints=hints,
    )


def hint(talk: Transcript, scenario: Scenario, rubric: Rubric, asked: int = 0) -> str:
    """A nudge for the next reply: what is still missing, in view of what this partner said.

    Args:
        talk: the talk so far.
        scenario: the partner.
        rubric: where the nudges stand.
        asked: how many hints were asked since the last reply; the third one gives a whole example.
    """
    state = talk.state
    if state.phase == "open":
        wanted = ["content_question", "ask_contact"] if "contact" not in state.told else ["thank"]
        criterion = "close"
    elif state.disposition == "unwinnable" and talk.standing and _said_enough(talk, rubric):
        wanted, criterion = ["close"], "close"
    else:
        wanted, criterion = [], ""
        for name in _HINT_ORDER[state.disposition]:
            wanted = list(rubric.missing(name, state.said))
            criterion = name
            if wanted:
                break
        if not wanted:
            wanted, criterion = ["close"], "close"
    if asked >= 2:
        return scenario.examples[criterion]
    return rubric.elements[wanted[min(asked, len(wanted) - 1)]].hint.format(**scenario.pronouns)


def helping_criterion(disposition: Disposition) -> str:
    """The criterion that helps most with a partner of this disposition."""
    return _HINT_ORDER[disposition][0]


def _said_enough(talk: Transcript, rubric: Rubric) -> bool:
    return any(v == "clear" for v in rubric.verdicts(talk.state.said).values())
