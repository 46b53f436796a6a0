"""A message to the program is taken for what it is, and a reply that only looks like one is left to the partner."""

from __future__ import annotations

import doctest

import pytest

from weerwoord import intents as module
from weerwoord.examples import read_examples
from weerwoord.intents import ANSWERS, CONTROLS
from weerwoord.settings import ROOT
from weerwoord.trained import intents

pytestmark = pytest.mark.usefixtures("trained_model")

SAID_TO_THE_PROGRAM = [
    ("mag ik alsjeblieft een kleine hint?", "hint"),
    ("Geef me eens een hintje aub", "hint"),
    ("wat moet ik hier in vredesnaam op antwoorden", "hint"),
    ("ik heb echt een hint nodig nu", "hint"),
    ("Stop alsjeblieft met deze oefening.", "stop"),
    ("ik wil nu echt stoppen met oefenen hoor", "stop"),
    ("STOP!!", "stop"),
    ("Opnieuw!", "try_again"),
    ("mag ik die beurt nog een keer doen?", "try_again"),
    ("ik wil dat laatste antwoord graag overdoen", "try_again"),
    ("hoe werkt deze app eigenlijk?", "help"),
    ("Help, wat kan ik hier allemaal intypen?", "help"),
    ("ik wil graag een gesprek oefenen met Marjan", "start_practice"),
    ("Begin maar met een nieuw oefengesprek", "start_practice"),
    ("mag ik met een andere gesprekspartner oefenen?", "choose_partner"),
    ("welke gesprekspartners kan ik kiezen", "choose_partner"),
    ("nog een keer met dezelfde gesprekspartner graag", "same_partner"),
    ("mag ik de nabespreking zien?", "debrief"),
    ("kun je me feedback geven op mijn oefengesprek", "debrief"),
    ("Ik wil hier mijn eigen ervaring delen", "share_experience"),
    ("laat me mijn eigen gesprek naspelen", "practise_own"),
    ("ik wil mijn gegevens laten wissen", "delete_my_data"),
    ("verwijder al mijn gesprekken aub", "delete_my_data"),
    ("mijn coach mag mijn gesprekken niet meer lezen", "consent"),
]
SAID_TO_THE_PARTNER = [
    "Kunt u misschien stoppen met dat gehaast, ik praat nog.",
    "Dan stop ik maar met mijn verhaal, ik merk dat het u niet boeit.",
    "Zou ik van u een hint mogen krijgen waar ik beter terechtkan?",
    "Helpt u mij dan eens op weg in dit vak.",
    "Nog een keer proberen wil ik het wel hoor, luister: ik kom niet voor een baan.",
    "Ik leg het u graag opnieuw uit: ik kom alleen om te luisteren.",
    "Dank je wel voor jouw tijd. Tot ziens.",
    "Vertel eens over jouw eigen begin bij dit ziekenhuis.",
    "Kan ik later deze week nog eens terugkomen?",
    "Heb je zelf nog een tip voor me?",
    "Is er iemand anders op de afdeling die ik mag bellen?",
    "Ik ben vorig jaar gestopt met mijn studie en werk nu in een winkel.",
    "Wat is eigenlijk de bedoeling van zo'n informatiedienst?",
    "Hoe werkt dat, een dag bij jullie op de spoed?",
    "Mijn coach zei dat ik eens met u moest praten.",
    "Mag ik u kort iets over mijn ervaring in de bouw vertellen?",
    "Waar zal ik beginnen? Ik heet Amir en ik heb twaalf jaar in een drukkerij gewerkt.",
    "Je had me nog zo beloofd dat we vandaag even samen konden zitten.",
    "Wij werkten met vertrouwelijke gegevens en ik hield bij wie wat mocht lezen.",
    "Snap ik, maar daarvoor zit ik hier niet.",
    (
        "Met de beste wil van de wereld kan ik u niet volgen: ik ben vanochtend om zes uur vertrokken, heb twee keer "
        "moeten overstappen, en nu krijg ik van u te horen dat u eigenlijk al met uw jas aan staat."
    ),
]


def test_the_examples_in_the_documentation() -> None:
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


@pytest.mark.parametrize(("text", "control"), SAID_TO_THE_PROGRAM)
def test_a_control_in_new_words_is_recognised(text: str, control: str) -> None:
    assert intents().ranking(text)[0][0] == control


@pytest.mark.parametrize("text", SAID_TO_THE_PARTNER)
def test_a_reply_that_looks_like_a_control_goes_to_the_partner(text: str) -> None:
    assert intents().control(text) is None


@pytest.mark.parametrize("text", ["Ik wil mijn ervaring met u delen.", "Ik zou mijn ervaring met u willen delen."])
def test_what_does_something_to_the_partner_is_no_control_of_another_place(text: str) -> None:
    assert intents().control(text) == "share_experience"  # else this test shows nothing
    assert intents().control(text, said=True) is None


def test_a_control_of_the_talk_stays_one_whatever_else_the_words_do() -> None:
    assert intents().control("Geef me een hint", said=True) == "hint"


def test_what_stands_in_the_data_is_taken_for_what_it_says_there() -> None:
    examples = read_examples(ROOT / "data" / "nlu")
    near = {e.text for e in examples if e.writer == "nc-01"}
    assert len(near) >= 80
    assert {text: found for text in near if (found := intents().control(text))} == {}
    said = {e.text: e.intent for e in examples if e.intent in CONTROLS | ANSWERS}
    assert {t: i for t, i in said.items() if intents().ranking(t)[0][0] != i} == {}


def test_the_words_that_the_help_promises_work() -> None:
    for word, control in {
        "hint": "hint",
        "opnieuw": "try_again",
        "stop": "stop",
        "nabespreking": "debrief",
        "andere gesprekspartner": "choose_partner",
        "mijn ervaring delen": "share_experience",
        "wis mijn gegevens": "delete_my_data",
    }.items():
        for written in (word, word.upper(), f"‘{word}’", f" {word}. "):
            assert intents().control(written) == control


def test_a_bare_yes_or_no_is_an_answer() -> None:
    assert [intents().ranking(t)[0][0] for t in ("Ja!", "ja hoor", "Nee.", "nee, dank u")] == ["affirm"] * 2 + [
        "deny"
    ] * 2
