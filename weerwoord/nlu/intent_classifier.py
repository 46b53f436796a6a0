"""What a message mainly is, as a part of Rasa's NLU pipeline."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from weerwoord.intents import IntentModel, train_intents
from weerwoord.nlu.element_classifier import JUDGEMENT, example_of


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class PracticeIntentClassifier(GraphComponent, IntentClassifier):  # type: ignore[misc]
    """Sets the intent of a message; a control is only chosen when it is likely (see `weerwoord.intents`)."""

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
        model: IntentModel | None = None,
    ) -> None:
        self._config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PracticeIntentClassifier:
        """A component for training."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all examples, and persist what was learnt."""
        examples = [example_of(m) for m in training_data.intent_examples if m.get(TEXT)]
        self._model = train_intents(examples, seed=self._config["seed"])
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> PracticeIntentClassifier:
        """A component for use."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, IntentModel.load(folder))

    def process(self, messages: list[Message], tracker: DialogueStateTracker | None = None) -> list[Message]:
        """Set intent and ranking."""
        assert self._model is not None
        talking = tracker is not None and tracker.get_slot("phase") not in (None, "ended")
        for message in messages:
            said = talking and bool((message.get(JUDGEMENT) or {}).get("elements"))
            ranked = self._model.ranking(message.get(TEXT) or "", said)
            ranking = [{"name": name, "confidence": p} for name, p in ranked]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages
