"""`weerwoord scenario` as a process: see, make and check partners."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.shell import one_sentence, weerwoord
from weerwoord.scenario import MIN_LINES, check_scenario, meaning, read_scenario
from weerwoord.settings import ROOT
from weerwoord.situations import SITUATIONS


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, diary_file: Path) -> Path:
    place = tmp_path / "partners"
    place.mkdir()
    shutil.copy(ROOT / "scenarios" / "fatima.yml", place)
    monkeypatch.setenv("WEERWOORD_SCENARIOS", str(place))
    return place


def scenario(*arguments: str | Path, folder: Path) -> tuple[int, str]:
    done = weerwoord("scenario", *arguments, WEERWOORD_SCENARIOS=folder)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout


def test_list_and_show(folder: Path) -> None:
    assert "Fatima El Amrani" in scenario("list", folder=folder)[1]
    assert [p["id"] for p in json.loads(scenario("list", "--json", folder=folder)[1])] == ["fatima"]
    options = ("show", "fatima", "--situation", "goal_won", "--phase", "wavering", "--json")
    shown = json.loads(scenario(*options, folder=folder)[1])
    assert list(shown["lines"]) == ["goal_won"] and len(shown["lines"]["goal_won"]["wavering"]) > MIN_LINES
    assert shown["openings"] == {}
    _, text = scenario("show", "fatima", "--level", "2", folder=folder)
    assert "Eerste zinnen, pressed" in text and "goal_won" not in text
    _, text = scenario("show", "fatima", "--phase", "ended", folder=folder)
    assert "time_up: Zij heeft met je gepraat" in text and "greeting" not in text
    assert max(map(len, scenario("list", folder=folder)[1].splitlines())) <= 80
    options = ("show", "fatima", "--disposition", "unwinnable", "--phase", "brush_off", "--json")
    lines = json.loads(scenario(*options, folder=folder)[1])["lines"]
    assert "goal_cold" in lines and "greeting" in lines and not {"goal_won", "attention", "goal_open"} & set(lines)


@pytest.mark.usefixtures("trained_model")
def test_a_new_partner_is_in_order_has_comments_and_can_be_talked_with(folder: Path) -> None:
    code, told = scenario("new", "toos", "--from", "fatima", "--name", "Toos de Boer", folder=folder)
    assert code == 0 and "toos.yml" in told
    text = (folder / "toos.yml").read_text(encoding="utf-8")
    assert text.count("  # ") >= len(SITUATIONS) and "Fatima" not in text.partition("\nname:")[2]
    made = read_scenario(folder / "toos.yml")
    assert (made.name, made.full_name) == ("Toos", "Toos de Boer") and "Toos de Boer" in made.briefing
    assert scenario("check", "toos", folder=folder) == (0, f"{folder}/toos.yml: in orde.\n")
    talk = weerwoord("chat", "--partner", "toos", given="Hoi Toos.\nstop\n", WEERWOORD_SCENARIOS=folder)
    assert talk.returncode == 0 and "Nabespreking van je gesprek met Toos de Boer" in talk.stdout


def test_check_tells_line_column_and_how_to_mend(folder: Path) -> None:
    text = (folder / "fatima.yml").read_text(encoding="utf-8")
    (folder / "fatima.yml").write_text(text.replace("  goal_won:\n    brush", "  goal_wonn:\n    brush", 1), "utf-8")
    code, told = scenario("check", folder=folder)
    assert code == 1 and "fatima.yml:46:3: 'goal_wonn' ken ik niet\n    Bedoel je 'goal_won'?" in told
    code, told = scenario("check", "--json", folder=folder)
    assert code == 1 and {"file", "line", "column", "text", "advice", "mend"} == set(json.loads(told)[0])


def test_advice_is_no_mistake(small_partner: dict, written, monkeypatch: pytest.MonkeyPatch) -> None:
    small_partner["lines"]["greeting"]["open"] += ["Ha, wat leuk dat je er bent.", "Ha, wat fijn dat je er bent."]
    path = written(small_partner)
    code, told = scenario("check", path, folder=path.parent)
    assert code == 0 and "in orde" in told and "Fouten: 0." in told
    found = [p.text for p in check_scenario(path, "toos.yml") if p.advice]
    assert any("lijkt erg op een andere" in t and "leuk" in t for t in found)
    assert any(t.startswith("'contact_given.open' heeft 4 zinnen") for t in found)
    assert any("geen zin van 'contact_given.open' gebruikt {colleague}" in t for t in found)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["show", "sinterklaas"], "sinterklaas"),
        (["show", "fatima", "--situation", "wat"], "'wat'"),
        (["show", "fatima", "--phase", "wat"], "'wat'"),
        (["show", "fatima", "--situation", "goal_open", "--phase", "ended"], "Wel in: open"),
        (["show"], "Ik mis NAAM"),
        (["check", "nergens.yml"], "nergens.yml kan ik niet openen. Het is er niet."),
        (["check", "sinterklaas"], "Partner 'sinterklaas' ken ik niet."),
        (["show", "fatima", "--situation", "goal_won", "--level", "4"], "bij houding unwinnable niet voor"),
        (["check", "/"], "Het is een map."),
        (["new", "fatima", "--from", "fatima"], "is er al"),
        (["new", "../fatima", "--from", "fatima"], "'../fatima'"),
        (["new", "toos", "--from", "sinterklaas"], "sinterklaas"),
    ],
)
def test_what_was_typed_wrong_is_one_sentence(arguments: list[str], told: str, folder: Path) -> None:
    assert told in one_sentence(weerwoord("scenario", *arguments, WEERWOORD_SCENARIOS=folder))


def test_a_folder_where_nothing_can_be_written(folder: Path) -> None:
    (folder / "toos.yml").symlink_to("/proc/nergens/toos.yml")
    done = weerwoord("scenario", "new", "toos", "--from", "fatima", WEERWOORD_SCENARIOS=folder)
    assert done.returncode == 2 and done.stderr.count("\n") == 1 and "toos.yml" in done.stderr


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"lines: [", b"a: " + b"[" * 5000])
def test_a_file_that_cannot_be_read_as_a_partner(content: bytes, folder: Path) -> None:
    (folder / "kapot.yml").write_bytes(content)
    done = weerwoord("scenario", "check", "kapot", WEERWOORD_SCENARIOS=folder)
    assert done.returncode in (1, 2) and "Traceback" not in done.stderr and done.stdout + done.stderr


@pytest.mark.parametrize("pronoun", ["hij", "zij"])
def test_every_situation_has_a_meaning(pronoun: str) -> None:
    for situation in SITUATIONS:
        assert meaning("situation", situation, pronoun)
