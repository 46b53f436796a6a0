"""What coaches corrected becomes examples that the judge can learn from, without personal data."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from weerwoord.corrections import as_training_data, labelled, main_intent, settled
from weerwoord.examples import read_examples
from weerwoord.rubric import rubric
from weerwoord.scenario import scenarios
from weerwoord.settings import ROOT
from weerwoord.store.reviews import Correction

GOAL = frozenset({"not_applying", "who_i_am"})


def correction(
    reply: str, elements: frozenset[str] = GOAL, talk: int = 1, number: int = 1, coach: int = 1, person: int = 9
) -> Correction:
    return Correction(coach, person, talk, number, "ruud", "Gaat u zitten.", reply, frozenset(), elements, 1e9)


def test_only_what_coaches_agree_on_is_learnt_and_once() -> None:
    agreed, disputed = settled(
        [
            correction("Een.", talk=1, coach=1),
            correction("Een.", talk=1, coach=2),
            correction("Twee.", talk=2, coach=1),
            correction("Twee.", frozenset(), talk=2, coach=2),
            correction("", talk=3),
        ]
    )
    assert [c.reply for c in agreed] == ["Een."] and disputed == 1


def test_examples_have_no_names_and_one_writer_a_client(tmp_path: Path) -> None:
    said = [
        correction("Ik ben Joris de Boer.\nIk kom niet solliciteren, Ruud.", number=1),
        correction("Joris zei het al.", frozenset({"referral"}), number=2),
        correction("Heeft u een baan?", frozenset({"ask_for_job", "not_applying"}), talk=2, person=10),
    ]
    file = tmp_path / "corrected.yml"
    data = as_training_data(labelled(said, scenarios(), rubric()))
    file.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    read = {e.text: e for e in read_examples(tmp_path)}
    assert "Ik ben Persoon 1. Ik kom niet solliciteren, Ruud." in read and "Persoon 1 zei het al." in read
    first, job = read["Ik ben Persoon 1. Ik kom niet solliciteren, Ruud."], read["Heeft u een baan?"]
    assert first.elements == GOAL and first.partner == "Gaat u zitten." and first.intent in ("goal", "pitch")
    assert first.writer == read["Persoon 1 zei het al."].writer != job.writer
    assert job.intent == "ask_for_job"


@pytest.mark.parametrize(
    "elements,intent",
    [
        ({"thank", "close", "accept_brushoff"}, "accept_brushoff"),
        ({"who_i_am", "what_i_do", "not_applying"}, "pitch"),
        ({"close", "thank"}, "goodbye"),
        ({"greet"}, "greet"),
        (set(), "out_of_scope"),
    ],
)
def test_what_a_reply_mainly_is(elements: set[str], intent: str) -> None:
    assert main_intent(elements, rubric()) == intent


def test_every_intent_is_one_of_the_training_data() -> None:
    known = {e.intent for e in read_examples(ROOT / "data" / "nlu")}
    assert {main_intent({e}, rubric()) for e in rubric().elements} <= known
