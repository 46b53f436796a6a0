"""Clauses are cut where a reader would pause."""

from __future__ import annotations

import pytest

from weerwoord.clauses import clauses


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Nee, dat hoeft niet. Tot ziens!", ["Nee,", "dat hoeft niet.", "Tot ziens!"]),
        ("ik wil graag praten maar u heeft het druk", ["ik wil graag praten", "maar u heeft het druk"]),
        ("om 10.30 uur", ["om 10.30 uur"]),
        ("  ja  ", []),
        ("", []),
    ],
)
def test_clauses(text: str, parts: list[str]) -> None:
    assert [text[a:b] for a, b in clauses(text)] == parts
