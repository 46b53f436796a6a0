"""Rasa without TensorFlow: the one module that touches Rasa's internals.

Rasa 3.6 imports TensorFlow in many places only to subclass or type-check; nothing in our pipeline uses it. Import this
module before anything of `rasa.core`. Pinned to one version: with another, start Rasa's own commands instead.
"""

from __future__ import annotations

import sys
import types
import warnings
from importlib.metadata import version
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from weerwoord.messages import message

RASA = "3.6.21"
# Modules that exist only for TensorFlow, with the classes others import from them.
_STUBS = {
    "rasa.utils.tensorflow.callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
    "rasa.utils.tensorflow.data_generator": (
        "RasaBatchDataGenerator",
        "RasaDataGenerator",
        "IncreasingBatchSizer",
    ),
}
# What our configuration can use; Rasa's own list imports every component there is.
_COMPONENTS = {
    "rasa.nlu.classifiers.fallback_classifier": "FallbackClassifier",
    "rasa.core.policies.rule_policy": "RulePolicy",
}


class WrongRasa(RuntimeError):
    """Another version of Rasa is installed than this module was made for."""


def _stub(name: str, **members: Any) -> None:
    module = types.ModuleType(name)
    for key, value in members.items():
        setattr(module, key, value)
    sys.modules[name] = module


class _Off:
    """Stands in for a class that needs TensorFlow."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise RuntimeError("TensorFlow is switched off in this process")


def install() -> None:
    """Keep TensorFlow out of this process, and quieten Rasa.

    Raises:
        WrongRasa: another version of Rasa is installed.
    """
    installed = version("rasa")
    if installed != RASA:
        raise WrongRasa(message("setup.other_rasa", installed=installed, needed=RASA))
    warnings.simplefilter("ignore")
    sys.modules["tensorflow"] = None  # type: ignore[assignment]
    for name, classes in _STUBS.items():
        _stub(name, **{c: type(c, (_Off,), {}) for c in classes})
    _load_as(
        "rasa.graph_components.validators.default_recipe_validator",
        Path(__file__).with_name("no_validator.py"),
    )
    _memoise_events()


def quieten() -> None:
    """Silence the deprecation warnings that `sanic.app` switches on again when it is imported."""
    import sanic.app  # noqa: F401

    warnings.filterwarnings("ignore", category=DeprecationWarning)


def use_our_components() -> None:
    """For training: register only the components that our configuration can use."""
    from importlib import import_module

    found = [getattr(import_module(m), c) for m, c in _COMPONENTS.items()]
    _stub("rasa.engine.recipes.default_components", DEFAULT_COMPONENTS=found)


def _load_as(name: str, file: Path) -> None:
    """Load one of our files under the name of a module of Rasa's, so that models name Rasa's own class."""
    spec = spec_from_file_location(name, file)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)


def _memoise_events() -> None:
    """Rasa looks through all event classes for every stored event; once a type is enough."""
    from rasa.shared.core import events

    search = events.Event.resolve_by_type
    known: dict[str, Any] = {}

    def resolve(type_name: str, default: Any = None) -> Any:
        if type_name not in known:
            found = search(type_name, default)
            if found is default:
                return found
            known[type_name] = found
        return known[type_name]

    events.Event.resolve_by_type = staticmethod(resolve)


def compile_action_schema() -> None:
    """Check an action's answer against a schema compiled once; Rasa compiles it for every answer."""
    import jsonschema
    from rasa.core.actions.action import RemoteAction

    validator = jsonschema.Draft202012Validator(RemoteAction.action_response_format_spec())

    def validate(self: Any, result: Any) -> bool:
        error = jsonschema.exceptions.best_match(validator.iter_errors(result))
        if error is not None:
            raise error
        return True

    RemoteAction._validate_action_result = validate
