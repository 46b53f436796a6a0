"""Tokens and lemmas from the Dutch spaCy pipeline, and the record of which pipeline that was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.model import InvalidModelError
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from weerwoord.dutch import PIPELINE, installed_identity, load_pipeline
from weerwoord.messages import message as say
from weerwoord.settings import settings
from weerwoord.trained import PIPELINE_RECORD

if TYPE_CHECKING:
    from spacy.language import Language


class LazyTokens(Sequence[Token]):
    """The tokens of a text, made when somebody looks at them.

    Our own components read the text itself. Loading spaCy would take most of the start, and tokens of ten thousand
    examples a part of the training; a component of Rasa's that wants them finds them here as ever.

    Args:
        text: the text.
        tokenize: makes its tokens.
    """

    def __init__(self, text: str, tokenize: Callable[[], list[Token]]) -> None:
        self.text = text
        self._tokenize = tokenize

    @cached_property
    def _tokens(self) -> list[Token]:
        return self._tokenize()

    @overload
    def __getitem__(self, index: int) -> Token: ...
    @overload
    def __getitem__(self, index: slice) -> list[Token]: ...
    def __getitem__(self, index: int | slice) -> Token | list[Token]:
        return self._tokens[index]

    def __len__(self) -> int:
        return len(self._tokens)

    def fingerprint(self) -> str:
        """For Rasa's training cache; the pipeline itself is part of the fingerprint of the model."""
        return self.text


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

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__({**self.get_default_config(), **config})
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
        return cls(config, model_storage, resource)

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
        loaded = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            trained_with = (folder / PIPELINE_RECORD).read_text(encoding="utf-8")
        installed = installed_identity(loaded._model)
        if trained_with != installed:
            raise InvalidModelError(say("setup.other_pipeline", trained_with=trained_with, installed=installed))
        return loaded

    def process(self, messages: list[Message]) -> list[Message]:
        """Give messages their tokens."""
        for message in messages:
            self._add_tokens(message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Give the examples their tokens."""
        self.process(training_data.training_examples)
        return training_data

    def _add_tokens(self, message: Message) -> None:
        text = message.get(TEXT)
        if text:
            message.set(TOKENS_NAMES[TEXT], LazyTokens(text, lambda: self.tokenize(message, TEXT)))

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The tokens of one attribute of a message."""
        doc = self._nlp(message.get(attribute))
        tokens = [Token(t.text, t.idx, lemma=t.lemma_ or t.text) for t in doc if t.text.strip()]
        return list(self._apply_token_pattern(tokens))
