"""Tokens and lemmas from the Dutch spaCy pipeline, and the record of which pipeline that was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.model import InvalidModelError
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from weerwoord.dutch import PIPELINE, identity, load_pipeline
from weerwoord.messages import message as say
from weerwoord.settings import settings
from weerwoord.trained import PIPELINE_RECORD

if TYPE_CHECKING:
    from spacy.language import Language


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class DutchTokenizer(Tokenizer):  # type: ignore[misc]
    """Splits messages with the configured spaCy pipeline; refuses a model trained with another one."""

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

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, nlp: Language) -> None:
        super().__init__({**self.get_default_config(), **config})
        self._model_storage = model_storage
        self._resource = resource
        self._nlp = nlp

    @staticmethod
    def _pipeline(config: dict[str, Any]) -> Language:
        return load_pipeline(config["model"], settings().stand_in)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DutchTokenizer:
        """A component for training."""
        full = {**cls.get_default_config(), **config}
        return cls(full, model_storage, resource, cls._pipeline(full))

    def train(self, training_data: TrainingData) -> Resource:
        """Write down which pipeline this model belongs to."""
        with self._model_storage.write_to(self._resource) as folder:
            (folder / PIPELINE_RECORD).write_text(identity(self._nlp), encoding="utf-8")
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
        full = {**cls.get_default_config(), **config}
        nlp = cls._pipeline(full)
        with model_storage.read_from(resource) as folder:
            trained_with = (folder / PIPELINE_RECORD).read_text(encoding="utf-8")
        if trained_with != identity(nlp):
            raise InvalidModelError(say("setup.other_pipeline", trained_with=trained_with, installed=identity(nlp)))
        return cls(full, model_storage, resource, nlp)

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The tokens of one attribute of a message."""
        doc = self._nlp(message.get(attribute))
        tokens = [Token(t.text, t.idx, lemma=t.lemma_ or t.text) for t in doc if t.text.strip()]
        return list(self._apply_token_pattern(tokens))
