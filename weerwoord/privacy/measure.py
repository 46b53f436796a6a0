"""How much personal data is found in labelled replies, and how much of what is found is personal data."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from weerwoord.privacy.find import find
from weerwoord.privacy.spans import KINDS, Kind, Span

DIRECT: frozenset[Kind] = frozenset({"person", "phone", "email", "address"})  # say by themselves who somebody is


@dataclass(frozen=True)
class Labelled:
    """A reply with the personal data in it.

    Attributes:
        half: `tune` (rules may be made with it) or `held_out` (they may not).
        voice: the manner of speaking.
        partner: identifier of the scenario; empty when it does not matter.
    """

    id: str
    half: str
    voice: str
    text: str
    spans: tuple[Span, ...]
    partner: str = ""


def read_labelled(file: Path) -> Iterator[Labelled]:
    """Labelled replies of a file of JSON lines; a span is a list of start, end and kind."""
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            data = json.loads(line)
            spans = tuple(Span(start, end, kind) for start, end, kind in data.pop("spans"))
            yield Labelled(**data, spans=spans)


@dataclass
class Scores:
    """Counts over replies.

    Attributes:
        labelled: pieces of personal data by kind.
        found: those of which every letter and figure was found, whatever it was taken for.
        told: pieces that the finder found.
        right: those that share a letter with personal data.
        missed: what was not found, as (id, words).
    """

    labelled: Counter[Kind] = field(default_factory=Counter)
    found: Counter[Kind] = field(default_factory=Counter)
    told: int = 0
    right: int = 0
    missed: list[tuple[str, str]] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of what was found that is personal data."""
        return self.right / self.told if self.told else 1.0

    def recall(self, kinds: Iterable[Kind] = KINDS) -> float:
        """Share of personal data of these kinds that was found."""
        kinds = tuple(kinds)
        labelled = sum(self.labelled[kind] for kind in kinds)
        return sum(self.found[kind] for kind in kinds) / labelled if labelled else 1.0


def measure(replies: Iterable[Labelled], keep: Mapping[str, frozenset[str]]) -> Scores:
    """Find, and compare with the labels.

    Args:
        replies: with labels.
        keep: names to leave alone, by scenario.
    """
    scores = Scores()
    for reply in replies:
        found = tuple(find(reply.text, keep.get(reply.partner, frozenset())))
        covered = {i for span in found for i in range(span.start, span.end)}
        for span in reply.spans:
            scores.labelled[span.kind] += 1
            words = reply.text[span.start : span.end]
            if all(span.start + i in covered for i, character in enumerate(words) if character.isalnum()):
                scores.found[span.kind] += 1
            else:
                scores.missed.append((reply.id, words))
        personal = {i for span in reply.spans for i in range(span.start, span.end)}
        scores.told += len(found)
        scores.right += sum(any(i in personal for i in range(span.start, span.end)) for span in found)
    return scores
