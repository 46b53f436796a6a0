"""In the place of Rasa's own validator, which imports TensorFlow; `rasa data validate` does the check."""

from __future__ import annotations

from typing import Any, Dict  # noqa: UP035 (Rasa compares these annotations)

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.importers.importer import TrainingDataImporter


class DefaultV1RecipeValidator(GraphComponent):  # type: ignore[misc]
    """Lets the training data through."""

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],  # noqa: UP006
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DefaultV1RecipeValidator:
        """The component."""
        return cls()

    def validate(self, importer: TrainingDataImporter) -> TrainingDataImporter:
        """Return the importer as it is."""
        return importer
