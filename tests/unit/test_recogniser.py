"""The recogniser itself, on a handful of texts: what it may say together."""

from __future__ import annotations

from pathlib import Path

import pytest

from weerwoord.examples import Example
from weerwoord.recogniser import FOUND, FOUND_BESIDE, Recogniser, _found, train

JOB = "heeft u een baan voor mij"
NO_JOB = "ik zoek geen werk bij u"
THANKS = "dank u wel"


@pytest.fixture(scope="module")
def small() -> Recogniser:
    """Asking for a job and refusing one never go together here; each goes with thanks, and all with idle talk."""
    moves = {JOB: "ask_for_job", NO_JOB: "not_applying", THANKS: "thank"}
    said: list[tuple[str, set[str]]] = [(move, {element}) for move, element in moves.items()]
    for move in (JOB, NO_JOB):
        said += [(f"{THANKS}, {move}", {"thank", moves[move]}), (f"{move}, {THANKS}", {"thank", moves[move]})]
    for idle in ("het regent", "de trein was laat", "ik kwam met de fiets", "wat een weer"):
        said.append((idle, set()))
        for move, element in moves.items():
            said += [(f"{move}, {idle}", {element}), (f"{idle}, {move}", {element})]
    return train([Example(text, frozenset(elements)) for text, elements in said * 10], seed=1)


def test_elements_that_never_went_together_may_both_be_named(small: Recogniser) -> None:
    judged = small.judge(f"{JOB}, {NO_JOB}")
    assert {f.element for f in (*judged.found, *judged.doubtful)} >= {"ask_for_job", "not_applying"}


def test_elements_that_do_go_together_are_both_found(small: Recogniser) -> None:
    assert small.judge(f"{JOB}, {THANKS}").elements == {"ask_for_job", "thank"}


def test_what_never_comes_without_something_else_is_at_most_as_likely() -> None:
    """A question mark alone says nothing here; behind a proposal it leaves the choice."""
    said = [
        ("morgen om tien uur?", {"propose", "choice"}),
        ("morgen om tien uur", {"propose"}),
        ("hoe gaat het?", set()),
    ]
    judge = train([Example(text, frozenset(elements)) for text, elements in said * 40], seed=1)
    choice, propose = (judge.linear.classes.index(name) for name in ("choice", "propose"))
    assert judge.needs[choice, propose] and judge.needs.sum() == 1
    for text in ("waarom?", "om tien uur?", "?"):
        p = judge.probabilities(text)
        assert p[choice] <= p[propose]


LIKELY = (FOUND + FOUND_BESIDE) / 2


@pytest.mark.parametrize(
    ("sure", "likely", "is_found"),
    [
        ({"propose_other_moment"}, "concrete_slot", True),
        ({"propose_other_moment"}, "leave_choice", False),  # would make the verdict clear
        ({"propose_other_moment", "acknowledge_time"}, "leave_choice", True),  # it is clear already
        ({"thank"}, "who_i_am", False),  # would make the verdict partial
        ({"referral"}, "who_i_am", True),
        (set(), "thank", False),
        ({"greet"}, "close", False),  # would end the talk: "hoi" is said at both ends
        ({"thank"}, "ask_for_job", False),  # would be blamed for it
    ],
)
def test_what_is_likely_is_found_only_where_it_changes_nothing(sure: set[str], likely: str, is_found: bool) -> None:
    found = _found({**dict.fromkeys(sure, FOUND), likely: LIKELY, "recall_promise": FOUND_BESIDE - 0.01})
    assert found == (sure | {likely} if is_found else sure)


def test_several_likely_elements_together_raise_no_verdict_either() -> None:
    scores = {"why_organisation": LIKELY, "who_i_am": LIKELY + 0.02, "what_i_do": LIKELY + 0.01, "referral": FOUND}
    assert _found(scores) == {"referral", "who_i_am", "what_i_do"}


def test_an_element_points_at_the_clause_that_carries_it(small: Recogniser) -> None:
    text = f"{THANKS}, {JOB}"
    words = {f.element: f.words(text) for f in small.judge(text).found}
    assert words == {"thank": f"{THANKS},", "ask_for_job": JOB}


@pytest.mark.parametrize("unsaid", ["<b class='x'>", "</b>", "a" * 2000, "QUJD" * 11])
def test_what_nobody_says_adds_nothing(small: Recogniser, unsaid: str) -> None:
    assert not small.judge(unsaid).elements
    said = small.judge(f"{unsaid} {JOB}")
    assert said.elements == {"ask_for_job"} and said.found[0].words(f"{unsaid} {JOB}") == JOB


def test_a_saved_recogniser_judges_the_same(small: Recogniser, tmp_path: Path) -> None:
    small.save(tmp_path)
    text = f"{THANKS}, {JOB}, {NO_JOB}"
    assert Recogniser.load(tmp_path).judge(text).elements == small.judge(text).elements


@pytest.mark.parametrize("command", ["/restart", "\u2060/start_practice", " /help "])
def test_a_command_typed_at_the_program_says_nothing_to_the_partner(small: Recogniser, command: str) -> None:
    assert not small.probabilities(command).any() and small.probabilities("en/of").any()


def test_tags_are_not_said_and_every_word_keeps_its_place(small: Recogniser) -> None:
    text = f"<b class=x>{THANKS}</b>, {JOB}"
    words = {f.element: f.words(text) for f in small.judge(text).found}
    assert JOB in words["ask_for_job"] and THANKS in words["thank"]
    assert not small.probabilities("<img src=x onerror=alert()>").any()
