"""Labelled replies to measure on: JSON lines that never meet the training texts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from weerwoord.messages import message
from weerwoord.recogniser import Recogniser


class LabelledError(ValueError):
    """A file of labelled replies cannot be used; the message names the line, in Dutch."""


@dataclass(frozen=True)
class Labelled:
    """One labelled reply.

    Attributes:
        id: its name.
        text: the reply.
        partner: the line it answers; may be empty.
        voice: the manner of speaking.
        elements: what it contains.
        optional: elements on which the labellers differed; they count neither way.
    """

    id: str
    text: str
    partner: str
    voice: str
    elements: frozenset[str]
    optional: frozenset[str]


@dataclass(frozen=True)
class Judged:
    """A labelled reply with what the judge made of it.

    Attributes:
        labelled: the reply.
        found: the elements the judge names.
        scores: the probability of every element the judge knows.
    """

    labelled: Labelled
    found: frozenset[str]
    scores: dict[str, float]


def read_labelled(file: Path) -> list[Labelled]:
    """Read JSON lines with `id`, `text`, `elements`, and if need be `partner`, `voice` and `optional`.

    Raises:
        LabelledError: the file or one of its lines cannot be used.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise LabelledError(message("cli.no_file", file=file, why="")) from error
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            found.append(
                Labelled(
                    id=str(data["id"]),
                    text=str(data["text"]),
                    partner=str(data.get("partner") or ""),
                    voice=str(data.get("voice") or ""),
                    elements=frozenset(data.get("elements") or ()),
                    optional=frozenset(data.get("optional") or ()),
                )
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise LabelledError(message("evaluate.bad_line", file=file, line=number)) from error
    if not found:
        raise LabelledError(message("evaluate.empty", file=file))
    return found


def judged(replies: list[Labelled], judge: Recogniser) -> list[Judged]:
    """What the judge makes of labelled replies."""
    out = []
    for reply in replies:
        scores = judge.probabilities(reply.text, reply.partner)
        found = judge.judge(reply.text, reply.partner).elements
        out.append(Judged(reply, found, {name: float(p) for name, p in zip(judge.linear.classes, scores)}))
    return out
