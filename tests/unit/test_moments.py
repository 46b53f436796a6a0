"""The moment a user names, said back only when there is no doubt about it."""

from __future__ import annotations

import doctest

import pytest

from weerwoord import moments


def test_the_examples_in_the_documentation() -> None:
    result = doctest.testmod(moments)
    assert result.attempted and not result.failed


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Kan het dinsdag om tien uur?", "dinsdag om tien uur"),
        ("Kan het DINSDAG om Tien uur?", "dinsdag om tien uur"),
        ("Vrijdagmiddag dan?", "vrijdagmiddag"),
        ("morgen om 10.30 uur", "morgen om 10.30 uur"),
        ("morgenochtend om half negen", "morgenochtend om half negen"),
        ("overmorgen om kwart over drie", "overmorgen om kwart over drie"),
        ("Goedemorgen, kan het vrijdag?", "vrijdag"),
        ("donderdag om 10 uur of om 11 uur", "donderdag"),  # two times: he names the day alone
        ("donderdag om tien over drie", "donderdag"),  # not: "om tien"
        ("donderdag om vijf voor half tien", "donderdag"),
        ("donderdag om tien of elf uur", "donderdag"),
        ("maandag of dinsdag", None),
        ("Dinsdag, nee woensdag", None),
        ("volgende week eens", None),
        ("om tien uur", None),
        ("", None),
    ],
)
def test_moments(text: str, moment: str | None) -> None:
    assert moments.spoken_moment(text) == moment
