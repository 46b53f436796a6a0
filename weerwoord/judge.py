"""What a reply was found to do: findings with evidence, and the verdicts they make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

from weerwoord.rubric import Rubric, Verdict


@dataclass(frozen=True)
class Finding:
    """One element found in a reply.

    Attributes:
        element: identifier of the rubric.
        score: calibrated probability, 0 to 1.
        start: offset in characters of the words that carry it.
        end: offset just behind these words.
    """

    element: str
    score: float
    start: int
    end: int

    def words(self, text: str) -> str:
        """The words of the reply that carry the element."""
        return text[self.start : self.end]


@dataclass(frozen=True)
class Judgement:
    """What one reply was found to do.

    Attributes:
        found: what the judge is sure of.
        doubtful: what it is not sure of; earns nothing, is asked about in the debrief.
    """

    found: tuple[Finding, ...] = ()
    doubtful: tuple[Finding, ...] = ()

    @property
    def elements(self) -> frozenset[str]:
        """Identifiers of the elements found."""
        return frozenset(f.element for f in self.found)

    def verdicts(self, rubric: Rubric) -> dict[str, Verdict]:
        """The verdict of each criterion on this reply alone."""
        return rubric.verdicts(self.elements)

    def as_first(self) -> Judgement:
        """What it comes to in the first words of a talk: what greets there ("dag") takes no leave."""
        greeting = {(f.start, f.end) for f in self.found if f.element == "greet"}

        def stays(finding: Finding) -> bool:
            return finding.element != "close" or (finding.start, finding.end) not in greeting

        return replace(self, found=tuple(filter(stays, self.found)), doubtful=tuple(filter(stays, self.doubtful)))

    def as_dict(self) -> dict[str, list[dict[str, Any]]]:
        """Plain lists and dictionaries, for JSON."""
        return {
            "elements": [asdict(f) for f in self.found],
            "doubtful": [asdict(f) for f in self.doubtful],
        }

    def with_words(self, text: str) -> dict[str, list[dict[str, Any]]]:
        """The same as `as_dict`, with the words of the reply as `evidence` at each finding.

        Args:
            text: the reply that was judged.
        """
        findings = {"elements": self.found, "doubtful": self.doubtful}
        return {k: [{**asdict(f), "evidence": f.words(text).strip()} for f in fs] for k, fs in findings.items()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Iterable[Mapping[str, Any]]]) -> Judgement:
        """The reverse of `as_dict`; missing keys count as empty."""
        return cls(
            found=tuple(Finding(**f) for f in data.get("elements", ())),
            doubtful=tuple(Finding(**f) for f in data.get("doubtful", ())),
        )


class Judge(Protocol):
    """Anything that can judge a reply."""

    def judge(self, text: str, partner: str = "") -> Judgement:
        """Judge one reply.

        Args:
            text: the reply.
            partner: the line it answers, when known.
        """
        ...
