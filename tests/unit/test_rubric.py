"""The verdicts follow the rules of the rubric, stated here once more and independently."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
import yaml

from weerwoord.judge import Finding, Judgement
from weerwoord.rubric import RubricError, better, read_rubric, rubric
from weerwoord.settings import settings
from weerwoord.situations import DISPOSITIONS, OUTCOMES

KINDS = {
    "goal": ("not_applying", "information_advice", "exploring"),
    "reschedule": ("acknowledge_time", "propose_other_moment", "leave_choice", "concrete_slot", "recall_promise"),
    "pitch": (
        "ask_attention",
        "who_i_am",
        "what_i_do",
        "why_organisation",
        "referral",
        "recognise_expertise",
        "ask_to_answer",
    ),
    "conversation": ("content_question", "ask_contact", "greet", "thank", "close"),
    "pitfall": ("ask_for_job", "accept_brushoff", "reproach", "over_apologise"),
}


def expected(criterion: str, said: set[str]) -> str:
    """The rule of `rubric.md`, in its own words."""
    if criterion == "goal":
        clear = "information_advice" in said and ("not_applying" in said or "exploring" in said)
        return "clear" if clear else "partial" if said else "absent"
    if criterion == "reschedule":
        clear = "propose_other_moment" in said and ("acknowledge_time" in said or "leave_choice" in said)
        some = "propose_other_moment" in said or "acknowledge_time" in said or "recall_promise" in said
        return "clear" if clear else "partial" if some else "absent"
    others = said - {"why_organisation", "ask_attention"}
    clear = "why_organisation" in said and len(others) >= 2
    return "clear" if clear else "partial" if said else "absent"


def test_the_elements_are_those_of_the_rubric() -> None:
    assert {kind: rubric().of_kind(kind) for kind in KINDS} == KINDS
    assert len(rubric().elements) == 24
    assert tuple(rubric().criteria) == ("goal", "reschedule", "pitch")


@pytest.mark.parametrize("criterion", ["goal", "reschedule", "pitch"])
def test_every_combination(criterion: str) -> None:
    names = KINDS[criterion]
    for chosen in product((False, True), repeat=len(names)):
        said = {name for name, yes in zip(names, chosen) if yes}
        verdicts = rubric().verdicts(said | set(KINDS["conversation"]) | set(KINDS["pitfall"]))
        assert verdicts.pop(criterion) == expected(criterion, said), said
        assert set(verdicts.values()) == {"absent"}


@pytest.mark.parametrize("criterion", ["goal", "reschedule", "pitch"])
def test_what_is_missing_makes_it_clear_and_is_not_said_yet(criterion: str) -> None:
    names = KINDS[criterion]
    for chosen in product((False, True), repeat=len(names)):
        said = {name for name, yes in zip(names, chosen) if yes}
        missing = rubric().missing(criterion, said)
        assert (missing == ()) == (expected(criterion, said) == "clear")
        assert not said & set(missing)
        assert expected(criterion, said | set(missing)) == "clear"


def test_what_cannot_be_missed_comes_first() -> None:
    assert rubric().missing("goal", ()) == ("information_advice", "not_applying", "exploring")
    assert rubric().missing("pitch", ())[0] == "why_organisation"
    assert rubric().missing("reschedule", ("acknowledge_time",)) == ("propose_other_moment",)


def test_the_better_verdict() -> None:
    assert better("absent", "partial") == "partial"
    assert better("clear", "partial") == "clear"


def test_dispositions_and_outcomes_have_their_texts() -> None:
    assert set(rubric().dispositions) == set(DISPOSITIONS)
    assert [rubric().dispositions[d].level for d in DISPOSITIONS] == [1, 2, 3, 4]
    assert set(rubric().outcomes) == set(OUTCOMES)
    assert all(rubric().elements[e].why for e in KINDS["pitfall"])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("elements: {}\ncriteria: {}\n", r"rubric\.yml: 'verdicts'"),
        ("", r"rubric\.yml: "),
        ("elements: {goal: {kind: goal, wat: iets}}\n", r"rubric\.yml: .*wat"),
    ],
)
def test_a_broken_file_is_a_clear_error(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "rubric.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RubricError, match=told):
        read_rubric(path)


def test_a_criterion_cannot_name_what_is_no_element(tmp_path: Path) -> None:
    data = yaml.safe_load(settings().rubric.read_text(encoding="utf-8"))
    data["criteria"]["goal"]["clear"]["any"].append("charm")
    path = tmp_path / "rubric.yml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    with pytest.raises(RubricError, match="'goal' names 'charm'"):
        read_rubric(path)


def test_a_judgement_round_trip() -> None:
    text = "Dag, ik zoek geen baan."
    judgement = Judgement((Finding("not_applying", 0.9, 5, 23),), (Finding("greet", 0.4, 0, 4),))
    assert Judgement.from_dict(judgement.as_dict()) == judgement
    assert judgement.found[0].words(text) == "ik zoek geen baan."
    assert judgement.elements == {"not_applying"}  # what is doubtful does not count
    assert judgement.verdicts(rubric()) == {"goal": "partial", "reschedule": "absent", "pitch": "absent"}
    assert Judgement.from_dict({}) == Judgement()
