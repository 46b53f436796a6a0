"""Labelled replies, as the recogniser learns from them and as they stand in `data/nlu/`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from weerwoord import quick_yaml


@dataclass(frozen=True)
class Example:
    """One labelled reply.

    Attributes:
        text: the reply.
        elements: what it contains, by the rubric.
        partner: the line it answers; may be empty.
        writer: who wrote it; texts of one writer are never on both sides of a comparison.
        voice: the manner of speaking, for counting coverage.
        intent: what the message mainly is.
    """

    text: str
    elements: frozenset[str]
    partner: str = ""
    writer: str = ""
    voice: str = ""
    intent: str = ""

    @property
    def metadata(self) -> dict[str, Any]:
        """What stands beside the example in Rasa's training data."""
        return {
            "elements": sorted(self.elements),
            "partner": self.partner,
            "writer": self.writer,
            "voice": self.voice,
        }

    @classmethod
    def from_metadata(cls, text: str, intent: str, metadata: Mapping[str, Any]) -> Example:
        """An example of Rasa's training data with the metadata that stands beside it."""
        return cls(
            text=text,
            elements=frozenset(metadata.get("elements") or ()),
            partner=str(metadata.get("partner") or ""),
            writer=str(metadata.get("writer") or ""),
            voice=str(metadata.get("voice") or ""),
            intent=intent,
        )


def read_examples(folder: Path) -> Sequence[Example]:
    """All examples of the YAML files in a folder, without importing Rasa.

    Raises:
        KeyError: a file is not in Rasa's format with `text` and `metadata`.
    """
    found: list[Example] = []
    for path in sorted(folder.glob("*.yml")):
        data = quick_yaml.load(path.read_text(encoding="utf-8"))
        for block in data["nlu"]:
            examples = block["examples"]
            if isinstance(examples, str):
                lines = (line.strip()[2:] for line in examples.splitlines() if line.strip())
                found += [Example(text, frozenset(), intent=block["intent"]) for text in lines]
                continue
            found += [
                Example.from_metadata(e["text"].strip(), block["intent"], e.get("metadata") or {}) for e in examples
            ]
    return found
