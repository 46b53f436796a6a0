"""What the assistant leaves out, and that it says so when it is made for another Rasa."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from typing import Any

import pytest

from weerwoord.runtime import slim
from weerwoord.settings import ROOT

slim.install(training=True)

import jsonschema  # noqa: E402
from rasa.core.actions.action import RemoteAction  # noqa: E402

# real modules of these would cost time and memory that nothing here is worth
NOT_LOADED = (
    "tensorflow", "sklearn", "scipy", "skops", "joblib", "matplotlib", "spacy", "thinc", "boto3", "botocore",
    "pymongo", "aiogram", "slack_sdk", "twilio", "socketio", "sentry_sdk", "prompt_toolkit", "setuptools",
    "pkg_resources", "requests", "IPython", "pytest",
)  # fmt: skip
_START = """
import asyncio, pickle, sys, types

def refuse(*args, **kwargs):
    raise AssertionError("a pickle was opened")

pickle.load = pickle.loads = pickle.Unpickler = refuse
from weerwoord.runtime.assistant import load_agent
agent = asyncio.run(load_agent())
assert agent.is_ready()
parsed = asyncio.run(agent.parse_message("Ik kom om uw advies vragen."))
assert parsed["judgement"]["elements"], parsed
for name in sorted(sys.modules):
    module = sys.modules[name]
    if isinstance(module, types.ModuleType) and getattr(module, "__file__", None):
        print(name)
"""


def test_the_assistant_loads_without_what_nobody_uses(trained_model: None) -> None:
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", _START], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "rasa" in loaded and loaded.isdisjoint(NOT_LOADED), loaded & set(NOT_LOADED)
    assert "Warning" not in done.stderr


def test_the_programs_in_the_terminal_load_no_rasa() -> None:
    code = "import sys, weerwoord.cli.main; print(*(m for m in sys.modules if m.split('.')[0] in ('rasa', 'spacy')))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_another_rasa_is_one_clear_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slim, "version", lambda name: "3.7.0")
    with pytest.raises(slim.WrongRasa, match=rf"3\.7\.0.*{slim.RASA}.*make setup"):
        slim.install()


def test_what_is_left_out_can_be_named_but_not_made() -> None:
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

    class Ours(AsyncIOScheduler):  # type: ignore[misc]
        pass

    for left_out in (AsyncIOScheduler, Ours):
        with pytest.raises(RuntimeError, match="left out"):
            left_out()


SLOT = {"event": "slot", "name": "line", "value": {"any": ["thing"]}, "timestamp": None}


@pytest.mark.parametrize(
    ("answer", "is_good"),
    [
        ({"events": [], "responses": []}, True),
        ({"events": [SLOT, {"event": "session_started"}], "responses": [{"text": "a"}]}, True),
        ({"events": [{"event": "user", "text": "a", "parse_data": {"intent": {"name": "a"}}}]}, True),
        ({"events": [{**SLOT, "name": 3}]}, False),
        ({"events": [SLOT, {"event": "slot", "name": "line"}]}, False),
        ({"events": [{"event": "unheard of"}]}, False),
        ({"events": [{"event": 3}]}, False),
        ({"events": ["slot"]}, False),
        ({"events": "none"}, False),
        ({"events": [SLOT], "responses": ["no object"]}, False),
        ([], False),
        (None, False),
    ],
)
def test_an_answer_of_an_action_is_judged_as_rasa_judges_it(answer: Any, is_good: bool) -> None:
    rasas = jsonschema.Draft202012Validator(RemoteAction.action_response_format_spec())
    assert rasas.is_valid(answer) is is_good
    slim.quicken()
    if is_good:
        assert RemoteAction("any", None)._validate_action_result(answer)
    else:
        with pytest.raises(jsonschema.ValidationError):
            RemoteAction("any", None)._validate_action_result(answer)


@pytest.mark.parametrize("said", [{"intent": "greet"}, {"text": "hello"}])
def test_a_rule_is_found_on_what_it_was_made_for(said: dict[str, str]) -> None:
    from rasa.core.policies.rule_policy import RULES, RulePolicy
    from rasa.engine.graph import ExecutionContext, GraphSchema
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import ActionExecuted, UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker

    slim.quicken()
    domain = Domain.from_dict({"intents": ["greet"], "actions": ["action_greet"]})
    assert not domain.is_empty() and Domain.empty().is_empty()
    policy = RulePolicy(RulePolicy.get_default_config(), None, None, ExecutionContext(GraphSchema({})))
    state = {"prev_action": {"action_name": "action_listen"}, "user": said}
    policy.lookup = {RULES: {json.dumps([state], sort_keys=True): "action_greet"}}
    tracker = DialogueStateTracker("somebody", [])
    for event in (ActionExecuted("action_listen"), UserUttered("hello", intent={"name": "greet"})):
        tracker.update(event, domain)
    probabilities = policy.predict_action_probabilities(tracker, domain).probabilities
    assert probabilities[domain.index_for_action("action_greet")] == 1


def test_the_same_rules_fit_as_without_looking_at_the_last_action_first() -> None:
    from rasa.core.policies.rule_policy import RulePolicy
    from rasa.engine.graph import ExecutionContext, GraphSchema

    slim.quicken()
    policy = RulePolicy(RulePolicy.get_default_config(), None, None, ExecutionContext(GraphSchema({})))
    states: list[dict[str, Any]] = [{}]  # a talk that begins
    states += [{"prev_action": {"action_name": a}} for a in ("action_listen", "action_greet")]
    states += [{**state, "user": {"intent": i}} for state in states[1:] for i in ("greet", "thank")]
    talks = [list(some) for n in (1, 2) for some in itertools.product(states, repeat=n)]
    lookup = {json.dumps(rule, sort_keys=True): "action_greet" for rule in talks}
    for talk in talks:
        steps = list(enumerate(reversed(talk)))
        fitting = {rule for rule in lookup if all(policy._is_rule_applicable(rule, i, state) for i, state in steps)}
        assert policy._get_possible_keys(lookup, talk) == fitting


def _talk() -> tuple[Any, list[Any]]:
    """A domain, and a talk with slots that the rules read, a loop, an action that is taken back, and a new start."""
    from rasa.shared.core import events as e
    from rasa.shared.core.domain import Domain

    domain = Domain.from_dict(
        {
            "intents": ["greet"],
            "actions": ["action_greet", "action_ask"],
            "slots": {"mood": {"type": "text", "mappings": [{"type": "custom"}]}},
            "forms": {"form": {"required_slots": []}},
        }
    )
    listen, greet, ask = map(e.ActionExecuted, ("action_listen", "action_greet", "action_ask"))
    said = e.UserUttered("hello", intent={"name": "greet"})
    by_intent, by_text = map(e.DefinePrevUserUtteredFeaturization, (False, True))
    talk = [listen, said, by_intent, greet, e.SlotSet("mood", "glad"), ask, e.BotUttered("How?"), listen, said]
    talk += [e.SlotSet("mood"), by_intent, ask, listen, e.UserUttered("hi", intent={"name": "greet"}), by_text, greet]
    talk += [e.ActiveLoop("form"), greet, e.LoopInterrupted(True), ask, e.ActionReverted(), greet, e.ActiveLoop(None)]
    return domain, [*talk, listen, e.UserUtteranceReverted(), said, ask, e.Restarted(), listen, said, greet, listen]


def test_the_states_of_a_talk_are_those_that_rasa_finds() -> None:
    from rasa.core.policies.rule_policy import RulePolicy
    from rasa.engine.graph import ExecutionContext, GraphSchema
    from rasa.shared.core.trackers import DialogueStateTracker

    slim.quicken()
    domain, talk = _talk()
    policy = RulePolicy(RulePolicy.get_default_config(), None, None, ExecutionContext(GraphSchema({})))
    tracker = DialogueStateTracker("somebody", domain.slots)
    remembered = 0
    for event in talk:
        tracker.update(event, domain)
        fresh = DialogueStateTracker.from_events("somebody", list(tracker.events), domain.slots)
        before = len(getattr(tracker, "states_before", (0, []))[1])
        assert policy._prediction_states(tracker, domain) == policy._prediction_states(fresh, domain)
        remembered += 0 < before == len(tracker.states_before[1]) - 1
    assert remembered > 5


def test_a_copy_of_a_tracker_is_what_its_events_make_and_stands_alone() -> None:
    from rasa.shared.core.events import SlotSet
    from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

    slim.quicken()
    domain, talk = _talk()
    for count in range(len(talk) + 1):
        tracker = DialogueStateTracker.from_events("somebody", talk[:count], domain.slots)
        copied, replayed = tracker.copy(), tracker.travel_back_in_time(float("inf"))
        stands = replayed.current_state(EventVerbosity.ALL)
        assert copied.current_state(EventVerbosity.ALL) == stands
        copied.update(SlotSet("mood", "changed"), domain)
        if copied.active_loop:
            copied.active_loop.is_interrupted = "changed"
        assert tracker.current_state(EventVerbosity.ALL) == stands


def test_the_hash_of_an_example_follows_what_is_in_it() -> None:
    from rasa.shared.nlu.training_data.message import Message

    def example(intent: str) -> Message:
        return Message.build(text="Dag.", intent=intent)

    one = example("greet")
    assert one.fingerprint() == example("greet").fingerprint()
    one.set("intent", "greet")
    assert one.fingerprint() == example("greet").fingerprint()
    one.set("intent", "goodbye")
    assert one.fingerprint() == example("goodbye").fingerprint()
