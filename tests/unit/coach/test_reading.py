"""How a talk is laid out: words that counted, and what to say in the next meeting."""

from __future__ import annotations

import pytest

from tests.talks import CLEAR_GOAL, records
from weerwoord.debrief import debrief
from weerwoord.judge import Finding
from weerwoord.messages import message
from weerwoord.rubric import rubric
from weerwoord.scenario import scenarios
from weerwoord.situations import Disposition
from weerwoord.transcript import from_records
from weerwoord.web.coach.reading import Brief, Counted, brief, pieces

Said = tuple[str, tuple[str, ...]]


def test_words_that_count_for_more_than_one_thing_carry_all_numbers() -> None:
    reply = "Els zei dat u veel weet, dag."
    findings = (Finding("referral", 0.9, 0, 7), Finding("recognise_expertise", 0.9, 4, 23))
    counted = (
        Counted(1, "referral", "", "pitch", ""),
        Counted(2, "recognise_expertise", "", "pitch", ""),
    )
    cut = pieces(reply, findings, counted)
    assert [(p.text, p.marks) for p in cut] == [
        ("Els ", (1,)),
        ("zei", (1, 2)),
        (" dat u veel weet", (2,)),
        (", dag.", ()),
    ]
    assert "".join(p.text for p in cut) == reply
    assert pieces("", (), ()) == ()


def summary(disposition: Disposition, *said: Said) -> Brief:
    ruud = scenarios()["ruud"]
    talk = from_records(records(ruud, *said, disposition=disposition))
    assert talk is not None
    return brief(debrief(talk, ruud, rubric()), disposition, talk.outcome, rubric())


@pytest.mark.parametrize(
    "disposition,said,ask,misses",
    [
        ("mistaken", (("Ik wil advies.", CLEAR_GOAL),), "opened", False),
        ("mistaken", (("Heeft u werk?", ("ask_for_job",)),), "ask_for_job", True),
        ("pressed", (("Ik wil advies.", CLEAR_GOAL),), "reschedule", True),
        ("reluctant", (("Eh.", ()),), "pitch", True),
    ],
)
def test_the_question_is_about_the_pitfall_then_about_what_helps_then_about_the_end(
    disposition: Disposition, said: tuple[Said, ...], ask: str, misses: bool
) -> None:
    told = summary(disposition, *said)
    assert told.question == message(f"coach.ask.{ask}") and bool(told.missing) is misses


def test_what_went_well_is_said_in_the_own_words_of_who_said_it_first_what_helps_most() -> None:
    told = summary(
        "mistaken",
        ("Goedemiddag,", ("greet",)),
        ("Ik ben geen sollicitant;", ("not_applying",)),
        ("ik wil graag uw advies.", ("information_advice",)),
    )
    assert [words for words, _ in told.good] == ["ik wil graag uw advies.", "Ik ben geen sollicitant", "Goedemiddag"]
    assert summary("mistaken", ("Eh.", ())).good == ()


def test_there_is_a_question_for_every_pitfall_criterion_and_end() -> None:
    for name in (*rubric().of_kind("pitfall"), *rubric().criteria, *rubric().outcomes):
        assert message(f"coach.ask.{name}").endswith(("?", "."))
