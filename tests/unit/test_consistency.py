"""What must agree, agrees: domain, rules, actions, data and messages."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import pytest
import yaml
from rasa_sdk.executor import ActionExecutor

from weerwoord.examples import Example, read_examples
from weerwoord.intents import CONTROLS
from weerwoord.rubric import rubric
from weerwoord.settings import ROOT

PAYLOAD_ONLY: set[str] = {"consent"}  # a button or a plain yes says it; examples are welcome, not needed
EVALUATION = ROOT.parent / "shared" / "eval"


@lru_cache(maxsize=1)
def domain() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def rules() -> str:
    return (ROOT / "data" / "rules.yml").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def examples() -> Sequence[Example]:
    return read_examples(ROOT / "data" / "nlu")


@lru_cache(maxsize=1)
def code() -> str:
    paths = [*(ROOT / "actions").glob("*.py"), *(ROOT / "weerwoord").rglob("*.py")]
    return "\n".join(p.read_text(encoding="utf-8") for p in paths)


def test_every_action_has_a_class_and_the_other_way_round() -> None:
    executor = ActionExecutor()
    executor.register_package("actions")
    assert set(executor.actions) == set(domain()["actions"])


def test_rules_name_what_is_there() -> None:
    named = set(re.findall(r"action: (\w+)", rules()))
    known = {
        *domain()["actions"],
        *domain()["responses"],
        *domain()["forms"],
        "action_listen",
        "action_deactivate_loop",
    }
    assert named <= known
    assert set(re.findall(r"intent: (\w+)", rules())) <= {*domain()["intents"], "nlu_fallback"}


def test_every_response_is_used_and_every_used_one_is_there() -> None:
    in_code = set(re.findall(r"\butter_\w+", code())) - {"utter_message", "utter_ask"}
    in_rules = set(re.findall(r"\butter_\w+", rules()))
    asked = {f"utter_ask_{slot}" for form in domain()["forms"].values() for slot in form["required_slots"]}
    assert in_code | in_rules | asked == set(domain()["responses"])
    told = (ROOT / "data" / "stories.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"action: (\w+)", told)) == (in_code | asked) - in_rules


def test_every_button_sends_an_intent() -> None:
    sent = set(re.findall(r"payload: ['\"]/(\w+)", (ROOT / "domain.yml").read_text(encoding="utf-8")))
    assert sent and sent <= set(domain()["intents"])


def test_every_intent_has_examples_and_a_rule() -> None:
    intents = set(domain()["intents"])
    taught = {e.intent for e in examples()}
    assert intents - PAYLOAD_ONLY <= taught <= intents
    assert {i for i in intents if not re.search(rf"intent: {i}\b", rules())} == set()
    assert intents >= CONTROLS


def test_labels_are_elements_of_the_rubric() -> None:
    known = set(rubric().elements)
    for example in examples():
        assert example.elements <= known, example.text


def plain(text: str) -> str:
    return " ".join(text.lower().split())


def test_no_evaluation_text_is_among_the_training_texts() -> None:
    if not EVALUATION.is_dir():
        pytest.skip("the evaluation texts are not on this machine")
    ours = {plain(e.text) for e in examples() if len(e.text.split()) > 2}  # "ja" and "hint pls" are nobody's own
    lines = [line for f in sorted(EVALUATION.glob("*.jsonl")) for line in f.open(encoding="utf-8") if line.strip()]
    theirs = {plain(json.loads(line)["text"]) for line in lines}
    assert theirs and ours & theirs == set()


def test_every_message_that_code_asks_for_is_there() -> None:
    catalogue = yaml.safe_load((ROOT / "weerwoord" / "messages.nl.yml").read_text(encoding="utf-8"))
    for key in set(re.findall(r'\b(?:message|section)\(\s*"([\w.]+)"', code())):
        node: Any = catalogue
        for part in key.split("."):
            assert isinstance(node, dict) and part in node, key
            node = node[part]


class _NoDoubles(yaml.SafeLoader):
    """Refuses a mapping in which a key stands twice: the first would be lost without a word."""


def _mapping(loader: _NoDoubles, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key) for key, _ in node.value]  # type: ignore[no-untyped-call]
    double = {key for key in keys if keys.count(key) > 1}
    assert not double, f"{double} twice{node.start_mark}"
    return dict(zip(keys, (loader.construct_object(value, deep=True) for _, value in node.value)))  # type: ignore[no-untyped-call]


_NoDoubles.add_constructor("tag:yaml.org,2002:map", _mapping)


@pytest.mark.parametrize("file", ["weerwoord/messages.nl.yml", "domain.yml", "rubric.yml"])
def test_no_key_stands_twice(file: str) -> None:
    assert yaml.load((ROOT / file).read_text(encoding="utf-8"), _NoDoubles)
