"""Rasa without what it does not use here: the one module that touches Rasa's internals.

Rasa 3.6 imports TensorFlow, scikit-learn, the clients of a dozen messengers and of three clouds, only to subclass or to
type-check; nothing of ours uses them. Import this module before anything of `rasa`. It is pinned to one version: with
another, start Rasa's own commands instead, which know nothing of this.
"""

from __future__ import annotations

import copy
import gc
import sys
import types
import warnings
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.metadata import version
from importlib.util import spec_from_file_location
from pathlib import Path
from typing import Any

from weerwoord.messages import message

RASA = "3.6.21"
_STAND_INS = Path(__file__).with_name("stand_ins")
# Packages that others do without when they are absent: to them, they are.
_ABSENT = ("tensorflow", "h5py", "portalocker.redis")
# Modules of which only names are needed: for a subclass, an annotation, or code that we never call.
_HOLLOW = (
    "aio_pika",
    "aiormq",
    "apscheduler",
    "boto3",
    "botocore",
    "matplotlib",
    "prompt_toolkit",
    "pymongo",
    "questionary",
    "randomname",
    "rasa.core.channels.console",
    "rasa.nlu.test",
    "rasa.utils.plotting",
    "rasa.utils.tensorflow.callback",
    "rasa.utils.tensorflow.data_generator",
    "rasa.utils.tensorflow.model_data",
    "rasa.utils.tensorflow.model_data_utils",
    "spacy.cli",
)
_HOLLOW_WHEN_SERVING = ("joblib", "jwt", "rasa.core.test", "requests", "sanic_jwt", "scipy", "sklearn")
_ABSENT_WHEN_SERVING = ("rich",)
_REPLACED = {
    "dask": "dask.py",
    "rasa.core.channels": "channels.py",
    "rasa.graph_components.validators.default_recipe_validator": "validator.py",
    "rasa.telemetry": "telemetry.py",
    "structlog_sentry": "structlog_sentry.py",
}
# What our configuration can use; Rasa's own list imports every component there is.
_COMPONENTS = {
    "rasa.nlu.classifiers.fallback_classifier": "FallbackClassifier",
    "rasa.core.policies.rule_policy": "RulePolicy",
}


class WrongRasa(RuntimeError):
    """Another version of Rasa is installed than this module was made for."""


class _Off:
    """Stands in for a class of a module that is left out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise RuntimeError(f"{type(self).__module__} is left out of this process")


class _Hollow(types.ModuleType):
    """A module that has every class one asks for; none of them can be made."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = type(name, (_Off,), {"__module__": self.__name__})
        setattr(self, name, made)
        return made


class _HollowLoader(Loader):
    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        return _Hollow(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """There is nothing in it."""


class _Finder(MetaPathFinder):
    """Finds hollow modules and stand-ins before Python finds the real ones."""

    def __init__(self, hollow: Sequence[str]) -> None:
        self.hollow = frozenset(hollow)

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> ModuleSpec | None:
        if name in _REPLACED:
            real = PathFinder.find_spec(name, path)
            within = real.submodule_search_locations if real else None
            return spec_from_file_location(name, _STAND_INS / _REPLACED[name], submodule_search_locations=within)
        parts = name.split(".")
        if any(".".join(parts[:n]) in self.hollow for n in range(1, len(parts) + 1)):
            return ModuleSpec(name, _HollowLoader(), is_package=True)
        return None


def install(training: bool = False) -> None:
    """Leave out of this process what Rasa would import without using it, and what it repeats without need.

    Args:
        training: leave in what only training uses.

    Raises:
        WrongRasa: another version of Rasa is installed.
    """
    installed = version("rasa")
    if installed != RASA:
        raise WrongRasa(message("setup.other_rasa", installed=installed, needed=RASA))
    if any(isinstance(finder, _Finder) for finder in sys.meta_path):
        return
    warnings.simplefilter("ignore")
    _plain_distutils()
    for name in _ABSENT if training else (*_ABSENT, *_ABSENT_WHEN_SERVING):
        sys.modules[name] = None  # type: ignore[assignment]
    sys.meta_path.insert(0, _Finder(_HOLLOW if training else (*_HOLLOW, *_HOLLOW_WHEN_SERVING)))
    if training:
        components = types.ModuleType("rasa.engine.recipes.default_components")
        components.DEFAULT_COMPONENTS = [_component(*place) for place in _COMPONENTS.items()]  # type: ignore[attr-defined]
        sys.modules[components.__name__] = components
        _merge_without_copies()
        _keep_fingerprints()
    else:
        _trust_the_model()
    quieten()
    _memoise_events()


def _plain_distutils() -> None:
    """Sanic imports distutils; setuptools has seen to it that this loads all of setuptools."""
    try:
        from _distutils_hack import remove_shim
    except ImportError:  # no setuptools here, or another one
        return
    remove_shim()


def _component(module: str, name: str) -> Any:
    from importlib import import_module

    return getattr(import_module(module), name)


def quieten() -> None:
    """Silence the deprecation warnings that `sanic.app` switches on again when it is imported."""
    import sanic.app  # noqa: F401

    warnings.filterwarnings("ignore", category=DeprecationWarning)


def _trust_the_model() -> None:
    """The only domain that is read when serving is the model's, which was checked when it was trained."""
    from rasa.shared.utils import validation

    validation.validate_yaml_schema = lambda *args, **kwargs: None


def _merge_without_copies() -> None:
    """Rasa copies thousands of examples deeply each time it adds the few of another source, and uses only the sum."""
    from rasa.shared.nlu.training_data import training_data

    shallow = types.ModuleType("copy")
    shallow.__dict__.update(vars(copy), deepcopy=copy.copy)
    training_data.copy = shallow


def _keep_fingerprints() -> None:
    """Rasa sets the intent of every example anew each time it makes a set of them, and computes its hash again."""
    from rasa.shared.nlu.training_data.message import Message

    replace = Message.set

    def put(self: Any, prop: str, info: Any, add_to_output: bool = False) -> None:
        kept = self._cached_fingerprint if isinstance(info, str) and self.data.get(prop) == info else None
        replace(self, prop, info, add_to_output)
        self._cached_fingerprint = kept

    Message.set = put


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


def quicken() -> None:
    """Leave out of a turn what has no effect on it; call it once Rasa is imported."""
    _compile_action_schema()
    _do_not_copy_for_the_log()
    _copy_slots_quickly()
    _compare_domain_once()
    _skip_rules_from_text()
    _try_rules_after_the_last_action()
    _copy_trackers_without_replay()
    _remember_states()
    _do_not_list_slots_for_the_log()


class Checked(dict[str, Any]):
    """An action's answer that was found valid; Rasa would look again."""


def _compile_action_schema() -> None:
    """Check an action's answer against schemas compiled once, each event against the one of its type.

    Rasa compiles the schema for every answer, and tries each event against the schemas of all types.
    """
    import jsonschema
    from rasa.core.actions.action import RemoteAction

    schema = RemoteAction.action_response_format_spec()
    types = schema["properties"]["events"]["items"]["oneOf"]
    by_type = {kind["properties"]["event"]["const"]: jsonschema.Draft202012Validator(kind) for kind in types}
    whole = jsonschema.Draft202012Validator(schema)

    def is_known(event: Any) -> bool:
        kind = by_type.get(event.get("event")) if isinstance(event, dict) else None
        return kind is not None and kind.is_valid(event)

    def validate(self: Any, result: Any) -> bool:
        if isinstance(result, Checked):
            return True
        events = result.get("events") if isinstance(result, dict) else None
        if isinstance(events, list) and all(map(is_known, events)):
            result = {**result, "events": []}
        error = jsonschema.exceptions.best_match(whole.iter_errors(result))
        if error is not None:
            raise error
        return True

    RemoteAction._validate_action_result = validate


def _do_not_copy_for_the_log() -> None:
    """The processor copies all events deeply, and the rules all states, for log lines that nobody asked for."""
    from rasa.core import processor
    from rasa.core.policies import rule_policy

    shallow = types.ModuleType("copy")
    shallow.__dict__.update(vars(copy), deepcopy=lambda value: value)
    processor.copy = rule_policy.copy = shallow


def _copy_slots_quickly() -> None:
    """A turn copies every slot six times, which without a method of its own goes by way of a pickle."""
    from rasa.shared.core.slots import Slot

    def copied(self: Any) -> Any:
        made = object.__new__(type(self))
        made.__dict__.update(self.__dict__)
        return made

    Slot.__copy__ = copied


def _compare_domain_once() -> None:
    """Every message compares the whole domain with an empty one; it does not change while serving."""
    from rasa.shared.core.domain import Domain

    compare = Domain.is_empty

    def is_empty(self: Any) -> bool:
        if not hasattr(self, "compared"):
            self.compared = compare(self)
        found: bool = self.compared
        return found

    Domain.is_empty = is_empty


def _skip_rules_from_text() -> None:
    """After each message all rules are tried with its text before its intent; without a rule on text none can fit."""
    from rasa.core.policies.rule_policy import RULES, RulePolicy

    find = RulePolicy._find_action_from_rules

    def found(self: Any, tracker: Any, domain: Any, use_text_for_last_user_input: bool) -> Any:
        if not hasattr(self, "reads_text"):
            self.reads_text = any('"text": ' in rule for rule in self.lookup[RULES])
        if use_text_for_last_user_input and not self.reads_text:
            return None, None, False
        return find(self, tracker, domain, use_text_for_last_user_input)

    RulePolicy._find_action_from_rules = found


def _try_rules_after_the_last_action() -> None:
    """Each prediction tries all rules; only those whose last step follows the same action can fit."""
    from rasa.core.policies.rule_policy import RulePolicy
    from rasa.shared.core.constants import PREVIOUS_ACTION

    find = RulePolicy._get_possible_keys

    def last_action(states: Any) -> tuple[Any, ...]:
        return tuple((states[-1].get(PREVIOUS_ACTION) or {}).items()) if states else ()

    def possible(self: Any, lookup: dict[str, str], states: Any) -> Any:
        kept = self.__dict__.setdefault("rules_after", {})
        if id(lookup) not in kept:
            after: dict[tuple[Any, ...], dict[str, str]] = {}
            for key, action in lookup.items():
                after.setdefault(last_action(self._rule_key_to_state(key)), {})[key] = action
            kept[id(lookup)] = after
        return find(self, kept[id(lookup)].get(last_action(states), {}), states)

    RulePolicy._get_possible_keys = possible


def _copy_trackers_without_replay() -> None:
    """Every action gets a copy of the tracker, for which all events are replayed on a new one."""
    from rasa.shared.core.trackers import DialogueStateTracker

    def copied(self: Any) -> Any:
        made = object.__new__(type(self))
        made.__dict__.update(self.__dict__)
        made.events = copy.copy(self.events)
        made.slots = {name: copy.copy(slot) for name, slot in self.slots.items()}
        made.active_loop = copy.copy(self.active_loop)
        return made

    DialogueStateTracker.copy = copied


def _remember_states() -> None:
    """Each prediction replays all events for the state before every action; a turn adds one state to the known ones."""
    from rasa.shared.core import events
    from rasa.shared.core.domain import Domain

    find = Domain.states_for_tracker_history
    turning = (
        events.ActionExecuted,
        events.ActionReverted,
        events.Restarted,
        events.SessionStarted,
        events.UserUttered,
        events.UserUtteranceReverted,
    )

    def states(
        self: Any, tracker: Any, omit_unset_slots: bool = False, ignore_rule_only_turns: bool = False, **rest: Any
    ) -> Any:
        if ignore_rule_only_turns:
            return find(self, tracker, omit_unset_slots, ignore_rule_only_turns, **rest)
        seen, known = tracker.__dict__.get("states_before", (0, []))
        new = [e for e in list(tracker.events)[seen:] if not isinstance(e, events.DefinePrevUserUtteredFeaturization)]
        acted = (
            bool(new) and isinstance(new[0], events.ActionExecuted) and not any(isinstance(e, turning) for e in new[1:])
        )
        by_text = tracker.latest_message and tracker.latest_message.use_text_for_featurization
        if known and acted and not by_text:
            known = [*known, self.get_active_state(tracker, omit_unset_slots)]
        else:
            known = find(self, tracker, omit_unset_slots)
        tracker.states_before = len(tracker.events), known
        return list(known)

    Domain.states_for_tracker_history = states


def _do_not_list_slots_for_the_log() -> None:
    """The processor writes down all slots after each action, for a log line that nobody asked for."""
    from rasa.core.processor import MessageProcessor

    MessageProcessor._log_slots = staticmethod(lambda tracker: None)


def collect_less() -> None:
    """After loading: what is loaded stays, so the garbage collector need not look at it again."""
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000, 50, 50)
