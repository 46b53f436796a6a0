"""Tokens and lemmas from the Dutch spaCy pipeline, and the record of which pipeline that was."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.model import InvalidModelError
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from weerwoord.dutch import PIPELINE, installed_identity, load_pipeline
from weerwoord.messages import message as say
from weerwoord.settings import settings
from weerwoord.trained import PIPELINE_RECORD

if TYPE_CHECKING:
    from spacy.language import Language


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class DutchTokenizer(Tokenizer):  # type: ignore[misc]
    """Splits messages with the configured spaCy pipeline; refuses a model trained with another one.

    Only where a component of the pipeline says that it needs a tokenizer, as Rasa's featurizers do: loading spaCy takes
    longer than all the rest of the start together. Our own components read the text itself.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The pipeline's name, and what Rasa's tokenizers want to find."""
        return {
            "model": PIPELINE,
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    @staticmethod
    def required_packages() -> list[str]:
        """Packages that must be there."""
        return ["spacy"]

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, wanted: bool) -> None:
        super().__init__({**self.get_default_config(), **config})
        self._wanted = wanted
        self._model = str(self._config["model"])
        self._model_storage = model_storage
        self._resource = resource

    @cached_property
    def _nlp(self) -> Language:
        return load_pipeline(self._model, settings().stand_in)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DutchTokenizer:
        """A component for training."""
        return cls(config, model_storage, resource, _is_wanted(execution_context))

    def train(self, training_data: TrainingData) -> Resource:
        """Write down which pipeline this model belongs to."""
        with self._model_storage.write_to(self._resource) as folder:
            (folder / PIPELINE_RECORD).write_text(installed_identity(self._model), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> DutchTokenizer:
        """A component for use.

        Raises:
            InvalidModelError: the model was trained with another pipeline.
        """
        loaded = cls(config, model_storage, resource, _is_wanted(execution_context))
        with model_storage.read_from(resource) as folder:
            trained_with = (folder / PIPELINE_RECORD).read_text(encoding="utf-8")
        installed = installed_identity(loaded._model)
        if trained_with != installed:
            raise InvalidModelError(say("setup.other_pipeline", trained_with=trained_with, installed=installed))
        return loaded

    def process(self, messages: list[Message]) -> list[Message]:
        """Give messages their tokens, where they are wanted."""
        return list(super().process(messages)) if self._wanted else messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Give the examples their tokens, where they are wanted."""
        return super().process_training_data(training_data) if self._wanted else training_data

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The tokens of one attribute of a message."""
        doc = self._nlp(message.get(attribute))
        tokens = [Token(t.text, t.idx, lemma=t.lemma_ or t.text) for t in doc if t.text.strip()]
        return list(self._apply_token_pattern(tokens))


def _is_wanted(context: ExecutionContext) -> bool:
    """Whether a component of the pipeline needs a tokenizer."""
    nodes = [node.uses for node in context.graph_schema.nodes.values()]
    return any(Tokenizer in getattr(uses, "required_components", list)() for uses in nodes)
