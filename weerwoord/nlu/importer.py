"""Reads the training data quickly: thousands of labelled replies cost Rasa's own YAML reader minutes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers import utils
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from weerwoord.examples import Example, read_examples


class PracticeImporter(RasaFileImporter):  # type: ignore[misc]
    """Rasa's file importer for our layout: `nlu/` holds examples, the files beside it rules and stories.

    The format is Rasa's own; only the reader differs (libyaml instead of ruamel and pykwalify).
    `rasa data validate` reads the same files through this importer too.
    """

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        **kwargs: Any,
    ) -> None:
        self._domain_path = domain_path
        self.config_file = config_file
        given = training_data_paths or []
        self._places = [Path(p) for p in ([given] if isinstance(given, str) else given)]
        self._nlu_files = [str(f) for p in self._places for f in sorted((p / "nlu").glob("*.yml"))]
        self._story_files = [str(f) for p in self._places for f in ([p] if p.is_file() else sorted(p.glob("*.yml")))]

    def get_conversation_tests(self) -> StoryGraph:
        """The test stories that `rasa test` was pointed at."""
        return utils.story_graph_from_paths(self._story_files, self.get_domain())

    def get_nlu_data(self, language: str | None = "nl") -> TrainingData:
        """All labelled examples as Rasa's training data."""
        messages = [
            LabelledMessage.build(text=e.text, intent=e.intent, example_metadata=e.metadata)
            for place in self._places
            for e in _examples(place / "nlu", tuple(f.stat().st_mtime_ns for f in map(Path, self._nlu_files)))
        ]
        return TrainingData(messages)


class LabelledMessage(Message):  # type: ignore[misc]
    """A message that is told from others by its text, where Rasa makes JSON and a digest of all that it holds."""

    def __hash__(self) -> int:
        return hash(self.data[TEXT])


@lru_cache(maxsize=4)  # one training asks three importers for them
def _examples(folder: Path, changed: tuple[int, ...]) -> Sequence[Example]:
    """The examples of a folder of which the files were changed at these times."""
    return read_examples(folder)
