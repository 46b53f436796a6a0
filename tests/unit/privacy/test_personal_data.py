"""Personal data is found and replaced by the same pseudonym each time."""

from __future__ import annotations

import subprocess
import sys
import time
from functools import lru_cache

import pytest

from weerwoord.privacy import entities
from weerwoord.privacy.find import find
from weerwoord.privacy.measure import DIRECT, Labelled, Scores, measure, read_labelled
from weerwoord.privacy.pseudonyms import Pseudonyms, scenario_names
from weerwoord.scenario import scenarios
from weerwoord.settings import ROOT

RECALL_OF_DIRECT = 0.95  # the goal, on replies that no rule was made with
RECALL_OF_ALL = 0.9
PRECISION = 0.9
VOICES = {"formal", "youth", "flemish", "learner", "spoken", "lower", "typos", "mixed"}


@lru_cache(maxsize=1)
def labelled() -> tuple[Labelled, ...]:
    return tuple(read_labelled(ROOT / "tests" / "privacy" / "replies.jsonl"))


@lru_cache(maxsize=2)
def scores(half: str) -> Scores:
    keep = {name: scenario_names(scenario) for name, scenario in scenarios().items()}
    return measure([reply for reply in labelled() if reply.half == half], keep)


def names(text: str) -> list[tuple[str, str]]:
    return [(text[span.start : span.end], span.kind) for span in find(text)]


def replaced(*texts: str, keep: frozenset[str] = frozenset()) -> list[str]:
    pseudonyms = Pseudonyms(keep)
    pseudonyms.learn(texts)
    return [pseudonyms.replace(text).text for text in texts]


def test_the_labelled_set_is_large_and_varied() -> None:
    assert sum(bool(reply.spans) for reply in labelled()) >= 200
    assert {reply.voice for reply in labelled()} >= VOICES
    for reply in labelled():
        assert all(reply.text[s.start : s.end].strip() == reply.text[s.start : s.end] != "" for s in reply.spans)


@pytest.mark.parametrize("half", ["held_out", "tune"])
def test_recall_and_precision_stay_above_their_floors(half: str) -> None:
    of_half = scores(half)
    assert of_half.recall(DIRECT) >= RECALL_OF_DIRECT, of_half.missed
    assert of_half.recall() >= RECALL_OF_ALL, of_half.missed
    assert of_half.precision >= PRECISION


def test_the_documentation_gives_the_numbers_that_are_measured() -> None:
    text = (ROOT / "docs" / "privacy.md").read_text("utf-8")
    held_out = scores("held_out")
    for share in (held_out.recall(DIRECT), held_out.precision):
        assert f"{share:.1%}".replace(".", ",") in text
    assert f"{held_out.found['organisation']} van de {held_out.labelled['organisation']}" in text
    assert f"{len(labelled())} zelfgeschreven antwoorden" in text


def test_measuring_counts_what_is_missed_and_what_is_wrong() -> None:
    [one] = [reply for reply in labelled() if reply.text.startswith("ik werkte bij de hema")]
    missing = Labelled(one.id, one.half, one.voice, "niets", (one.spans[0].__class__(0, 5, "person"),))
    wrong = Labelled("x", one.half, one.voice, one.text, ())
    assert measure([missing], {}).recall(DIRECT) == 0
    assert measure([wrong], {}).precision == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ik ben joris en ik kom via els", [("joris", "person"), ("els", "person")]),
        ("ik werkte bij de hema in zwolle", [("hema", "organisation"), ("zwolle", "place")]),
        ("Ik was teamleider bij Jansen Bouw.", [("Jansen Bouw", "organisation")]),
        ("Ik ben van Gent, bel mij op 0475 32 18 64", [("Gent", "place"), ("0475 32 18 64", "phone")]),
        ("IK BEN JORIS EN IK WOON IN GENT", [("JORIS", "person"), ("GENT", "place")]),
        ("mail jan punt smit apenstaartje gmail punt com", [("jan punt smit apenstaartje gmail punt com", "email")]),
        ("nul zes twaalf vierendertig zesenvijftig", [("nul zes twaalf vierendertig zesenvijftig", "phone")]),
        ("Zullen we op 12 mei 2027 om 10 uur bellen?", []),
        ("Ik ben wel benieuwd. Wil u mij helpen? Ik ben rustig.", []),
        ("Ik doe HBO, spreek Nederlands en ken Excel.", []),
        ("", []),
    ],
)
def test_what_is_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert names(text) == expected


def test_the_same_name_gets_the_same_pseudonym() -> None:
    assert replaced(
        "Goedemiddag, ik ben Joris de Groot.",
        "Ik werkte bij Jansen Bouw, bel 06-12345678.",
        "joris hier, van jansen bouw. Mijn nummer is 06 12 34 56 78. Vraag naar meneer de Groot of naar Sanne.",
    ) == [
        "Goedemiddag, ik ben Persoon 1.",
        "Ik werkte bij Organisatie 1, bel Telefoon 1.",
        "Persoon 1 hier, van Organisatie 1. Mijn nummer is Telefoon 1. Vraag naar meneer Persoon 1 of naar Persoon 2.",
    ]


def test_two_people_with_one_first_name_stay_two() -> None:
    assert replaced("Jan Jansen en Jan Pietersen waren er.", "Jan zei het.")[0] == "Persoon 1 en Persoon 2 waren er."


def test_a_name_that_is_introduced_later_is_replaced_before_it_too() -> None:
    assert replaced("Tygolino zei dat ik mocht komen.", "Ik heet Tygolino.") == [
        "Persoon 1 zei dat ik mocht komen.",
        "Ik heet Persoon 1.",
    ]


def test_names_of_the_scenario_stay_but_not_as_the_users_own() -> None:
    keep = scenario_names(scenarios()["ruud"])
    text = "Dag meneer Vermeulen, Els raadde het mij aan. Yvonne Kuipers ook."
    assert replaced(text, keep=keep) == [text]
    assert replaced("Ik ben Ruud en ik kom uit Breda.", keep=keep) == ["Ik ben Persoon 1 en ik kom uit Plaats 1."]
    assert "utrecht" in scenario_names(scenarios()["willem"])


def test_offsets_move_with_the_text() -> None:
    text = "Ik heet Piet Jansen en ik wil uw advies."
    new = Pseudonyms().replace(text)
    start = text.index("ik wil")
    assert new.text[slice(*new.place(start, len(text)))] == "ik wil uw advies."
    assert new.text[slice(*new.place(3, 12))] == "heet Persoon 1"
    assert new.text[slice(*new.place(10, 12))] == "Persoon 1"


def test_a_text_without_personal_data_stays_as_it_is() -> None:
    texts = [reply.text for reply in labelled() if reply.voice == "none" and not reply.partner]
    assert replaced(*texts) == texts


@pytest.mark.parametrize("text", ["Aa-" * 700, "a." * 1000, "bsn 1 " * 300, "Jan van de " * 180, "1 " * 1000])
def test_no_text_takes_long(text: str) -> None:
    find("warm")
    started = time.perf_counter()
    find(text)
    assert time.perf_counter() - started < 1


def test_entities_of_the_dutch_model_are_used_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    import spacy

    nlp = spacy.blank("nl")
    patterns = [{"label": "ORG", "pattern": "Waterwerk"}, {"label": "DATE", "pattern": "morgen"}]
    nlp.add_pipe("entity_ruler").add_patterns(patterns)  # type: ignore[attr-defined]
    text = "Dat heet nu Waterwerk, vanaf morgen."
    assert ("Waterwerk", "organisation") not in names(text)
    monkeypatch.setattr(entities, "_model", lambda: nlp)
    assert [(text[s.start : s.end], s.kind) for s in entities.entities(text)] == [("Waterwerk", "organisation")]


def test_importing_loads_no_lists_and_no_deduce() -> None:
    code = (
        "import sys, weerwoord.privacy.pseudonyms as p, weerwoord.privacy.lexicon as l;"
        "assert l.lexicon.cache_info().currsize == 0;"
        "p.Pseudonyms().replace('ik ben joris');"
        "assert not {'deduce', 'spacy', 'rasa'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, cwd=ROOT)
