"""A scenario is checked, and each mistake is told with its line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from weerwoord.scenario import Problem, ScenarioError, read_scenario, scenarios
from weerwoord.settings import settings
from weerwoord.situations import SITUATIONS

Values = dict[str, Any]
Write = Callable[[Any], Path]


@pytest.mark.parametrize("path", sorted(settings().scenarios.glob("*.yml")), ids=lambda p: p.stem)
def test_every_partner_is_complete(path: Path) -> None:
    partner = read_scenario(path)
    assert partner.id == path.stem
    assert {(s, p) for s, phases in partner.lines.items() for p in phases} == {
        (s, p) for s, phases in SITUATIONS.items() for p in phases
    }


def test_there_are_partners() -> None:
    assert "ruud" in scenarios()


def test_a_small_partner_loads(small_partner: Values, written: Write) -> None:
    partner = read_scenario(written(small_partner))
    assert (partner.id, partner.colleague.name, partner.pronouns["hem"]) == ("toos", "Bert", "haar")
    assert all(len(lines) == 4 for cells in partner.lines.values() for lines in cells.values())


def problems(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(ScenarioError) as caught:
        read_scenario(path, shown_as="scenarios/toos.yml")
    assert str(caught.value).splitlines() == [str(p) for p in caught.value.problems]
    return caught.value.problems


def line_of(path: Path, text: str) -> int:
    """The number of the one line that has this text."""
    lines = path.read_text(encoding="utf-8").splitlines()
    (number,) = [n for n, line in enumerate(lines, 1) if text in line]
    return number


def test_a_missing_phase(small_partner: Values, written: Write) -> None:
    del small_partner["lines"]["goal_won"]["wavering"]
    path = written(small_partner)
    (problem,) = problems(path)
    assert problem.text == "situatie 'goal_won' heeft geen zin voor fase 'wavering'"
    assert problem.line == line_of(path, "Zin 0 bij goal_won in brush_off") - 1  # where its phases begin
    assert str(problem).startswith(f"scenarios/toos.yml:{problem.line}:{problem.column}: ")


def test_a_missing_situation(small_partner: Values, written: Write) -> None:
    del small_partner["lines"]["pitch_won"]
    (problem,) = problems(written(small_partner))
    assert problem.text == "situatie 'pitch_won' ontbreekt"


def test_a_missing_part(small_partner: Values, written: Write) -> None:
    del small_partner["briefing"]
    (problem,) = problems(written(small_partner))
    assert (problem.line, problem.text) == (1, "'briefing' ontbreekt")


def test_too_few_lines(small_partner: Values, written: Write) -> None:
    small_partner["lines"]["greeting"]["open"].pop()
    path = written(small_partner)
    (problem,) = problems(path)
    assert problem.text == "'greeting.open' heeft er 3; er zijn er minstens 4 nodig"
    assert problem.line == line_of(path, "Zin 0 bij greeting in open")


def test_too_few_facts(small_partner: Values, written: Write) -> None:
    small_partner["facts"].popitem()
    (problem,) = problems(written(small_partner))
    assert problem.text.startswith("'facts' heeft er 7;")


def test_a_repeated_line(small_partner: Values, written: Write) -> None:
    small_partner["lines"]["thanks"]["open"][2] = "Zin 1 bij greeting in open"
    path = written(small_partner)
    (problem,) = problems(path)
    assert problem.text == "deze zin staat ook bij 'greeting.open': Zin 1 bij greeting in open"
    assert problem.line == line_of(path, "Zin 1 bij thanks in open") + 1


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Dag {naam}.", "{naam} heeft bij 'unclear.open' geen waarde"),
        ("Tot {moment}.", "{moment} heeft bij 'unclear.open' geen waarde"),
        ("Dat is {} raar.", "{} heeft bij 'unclear.open' geen waarde"),
        ("Dat is } raar.", "er staat een losse accolade in een zin van 'unclear.open'"),
        ("Dat is {vreemd-er} raar.", "er staat een losse accolade in een zin van 'unclear.open'"),
    ],
)
def test_an_unknown_placeholder(line: str, told: str, small_partner: Values, written: Write) -> None:
    small_partner["lines"]["unclear"]["open"][0] = line
    path = written(small_partner)
    (problem,) = problems(path)
    assert (problem.line, problem.text) == (line_of(path, line), told)


def test_a_wrong_address_and_pronoun(small_partner: Values, written: Write) -> None:
    small_partner.update(address="gij", pronoun="hen")
    assert [(p.line, p.text) for p in problems(written(small_partner))] == [
        (6, "'address' is 'gij'; dat mag zijn: u, je"),
        (7, "'pronoun' is 'hen'; dat mag zijn: hij, zij"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("", 1, "het bestand is leeg"),
        ("# alleen een opmerking\n", 1, "het bestand is leeg"),
        ("name: Jan\nrole: [\n", 3, "dit is geen geldige YAML"),
        ("name: Jan\n\trole: bakker\n", 2, "dit is geen geldige YAML"),
        ("- Jan\n", 1, "'scenario' moet een lijst van namen met een waarde zijn"),
        ("name: Jan\n", 1, "'lines' ontbreekt"),
        ("name: Jan\nname: Piet\n", 2, "'name' staat er twee keer"),
        ("name: Jan\nwat: iets\n", 2, "'wat' ken ik niet"),
        ("name: ''\n", 1, "'name' heeft geen tekst"),
        (
            "lines:\n  goal_won:\n    open: [a]\n",
            3,
            "situatie 'goal_won' komt in fase 'open' nooit voor; wel in: brush",
        ),
        ("a: b: c\n", 1, "dit is geen geldige YAML (er staat een dubbele punt waar dat niet kan)"),
        ("a: " + "[" * 100_000, 1, "dit is geen geldige YAML (de delen staan te diep in elkaar)"),
        ("lines: geen\n", 1, "'lines' moet een lijst van namen met een waarde zijn"),
    ],
)
def test_other_mistakes(text: str, line: int, told: str, written: Write) -> None:
    found = [(p.line, p.text) for p in problems(written(text))]
    assert any(at == line and said.startswith(told) for at, said in found), found


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "toos.yml"
    path.write_bytes(b"name: \xff\xfe\n")
    (problem,) = problems(path)
    assert problem.text.startswith("dit is geen geldige YAML")


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(small_partner: Values, written: Write) -> None:
    small_partner["facts"].popitem()
    small_partner["lines"]["thanks"]["open"].pop()
    small_partner["address"] = "gij"
    found = [p.line for p in problems(written(small_partner))]
    assert len(found) == 3 and found == sorted(found)


def test_a_changed_folder_is_read_anew(small_partner: Values, written: Write) -> None:
    folder = written(small_partner).parent
    assert set(scenarios(folder)) == {"toos"}
    (folder / "toos.yml").rename(folder / "truus.yml")
    assert set(scenarios(folder)) == {"truus"}
