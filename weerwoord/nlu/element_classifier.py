"""The elements of a reply as a part of Rasa's NLU pipeline."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, METADATA, METADATA_EXAMPLE, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from weerwoord.examples import Example
from weerwoord.recogniser import Recogniser, train

JUDGEMENT = "judgement"


def example_of(message: Message) -> Example:
    """A training message of Rasa as a labelled reply."""
    metadata = (message.get(METADATA) or {}).get(METADATA_EXAMPLE) or {}
    return Example.from_metadata(message.get(TEXT), message.get(INTENT) or "", metadata)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class ElementClassifier(GraphComponent, EntityExtractorMixin):  # type: ignore[misc]
    """Adds `judgement` to a message: every element found, with its score and the words that carry it.

    It learns from the key `elements` in the metadata of the examples; without that key an example has none.
    The partner's line that is answered comes from the tracker (slot `line`).
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`seed` makes training repeatable."""
        return {"seed": 7}

    @staticmethod
    def required_packages() -> list[str]:
        """Packages that must be there for training."""
        return ["sklearn"]

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        recogniser: Recogniser | None = None,
    ) -> None:
        self._config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        self._recogniser = recogniser

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ElementClassifier:
        """A component for training."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the labelled examples, and persist what was learnt."""
        labelled = [example_of(m) for m in training_data.intent_examples if m.get(TEXT)]
        self._recogniser = train(labelled, seed=self._config["seed"])
        with self._model_storage.write_to(self._resource) as folder:
            self._recogniser.save(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ElementClassifier:
        """A component for use."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, Recogniser.load(folder))

    def process(self, messages: list[Message], tracker: DialogueStateTracker | None = None) -> list[Message]:
        """Judge messages."""
        assert self._recogniser is not None
        partner = str((tracker.get_slot("line") if tracker else "") or "")
        for message in messages:
            judgement = self._recogniser.judge(message.get(TEXT) or "", partner)
            message.set(JUDGEMENT, judgement.as_dict(), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing that follows in the pipeline learns from judgements."""
        return training_data
