"""`docs/payloads.md` says what is really sent and received."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml

from tests.e2e.servers import Browser, card
from weerwoord.settings import ROOT

DOCUMENT = (ROOT / "docs" / "payloads.md").read_text(encoding="utf-8")
DOCUMENTED = {example["type"]: example for example in map(json.loads, re.findall(r"```json\n(.*?)```", DOCUMENT, re.S))}
TOLD = ["Ik ging langs bij een bank.", "U moet bij HR zijn.", "Hij had haast.", "Oké, zei ik.", "Mijn doel zeggen."]


def shape(value: Any) -> Any:
    """The names of the fields, however deep; of a list those of all its items together."""
    if isinstance(value, dict):
        return {name: shape(part) for name, part in value.items()}
    if isinstance(value, list):
        return [shape(part) for part in value[:1] if isinstance(part, dict)]
    return None


@pytest.fixture
def received(browser: Browser) -> dict[str, Any]:
    """One payload of each type, from the talk that the document tells of."""
    example = DOCUMENTED["debrief"]
    browser.start("ruud", "pressed")
    found = [card(browser.say(moment["reply"]), "partner") for moment in example["timeline"][:1]]
    found.append(card(browser.say(example["timeline"][1]["reply"]), "debrief"))
    browser.press("/share_experience")
    found.append(card([reply for text in TOLD for reply in browser.say(text)], "experience"))
    return {one["type"]: one for one in found if one is not None}


def test_the_examples_have_the_fields_of_what_is_received(received: dict[str, Any]) -> None:
    assert set(received) == set(DOCUMENTED) == {"partner", "debrief", "experience"}
    for kind, example in DOCUMENTED.items():
        documented, live = shape(example), shape(received[kind])
        if kind == "debrief":
            for part in ("criteria", "doubtful", "good"):  # which of them are empty depends on the judge
                documented.pop(part), live.pop(part)
            criteria = [shape(c).keys() for c in (*example["criteria"], *received[kind]["criteria"])]
            assert all(keys == criteria[0] for keys in criteria)
        else:
            documented.pop("doubtful", None), live.pop("doubtful", None)
        assert documented == live


def test_every_field_is_explained() -> None:
    for kind, example in DOCUMENTED.items():
        section = DOCUMENT.split(f"### `{kind}`")[1].split("```json")[0]
        assert [name for name in example if name != "type" and f"`{name}`" not in section] == []


def test_every_payload_is_explained() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    rows = set(re.findall(r"^\| `/(\w+)` \|", DOCUMENT, re.M))
    assert rows - {"session_start"} <= set(domain["intents"])
    code = [*(ROOT / "actions").glob("*.py"), *(ROOT / "weerwoord" / "web").rglob("*.*"), ROOT / "domain.yml"]
    pressed = {name for p in code if p.suffix in (".py", ".js", ".html", ".yml") for name in _payloads(p.read_text())}
    assert pressed <= rows
    assert {field for field in domain["entities"] if f"`{field}`" not in DOCUMENT} == set()


def _payloads(text: str) -> set[str]:
    return set(re.findall(r"""['"]/([a-z]+_[a-z_]+|hint|stop|help|debrief|consent)\b(?!/)""", text))


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        ('/start_practice{"partner": "niemand"}', "niemand ken ik niet"),
        ('/start_practice{"disposition": "boos"}', "De houding “boos” ken ik niet"),
        ('/start_practice{"seed": "zeven"}', "“zeven” is geen heel getal"),
        ('/try_again{"turn": 9}', "Beurt 9 is er niet"),
    ],
)
def test_a_value_that_is_not_known_changes_nothing(browser: Browser, payload: str, says: str) -> None:
    browser.start("ruud", "mistaken")
    browser.say("Goedemiddag.")
    before = browser.slots()["talk_state"]
    assert any(says in reply.get("text", "") for reply in browser.press(payload))
    assert browser.slots()["talk_state"] == before


def test_a_level_is_a_disposition_and_a_seed_makes_the_same_talk(browser: Browser) -> None:
    openings = []
    for _ in range(2):
        started = card(browser.press('/start_practice{"partner": "fatima", "level": 3, "seed": 11}'), "partner")
        assert started is not None and browser.slots()["disposition"] == "reluctant"
        openings.append(started["line"])
    assert openings[0] == openings[1]
