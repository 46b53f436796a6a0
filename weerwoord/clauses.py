"""Sentences and clauses of a reply, as character offsets."""

from __future__ import annotations

import re

# The end of a clause: punctuation, or a conjunction that starts the next one.
_BORDER = re.compile(
    r"[!?;…\n]+|[.:]+(?!\d)|,(?=\s)|\s(?=(?:maar|want|dus|omdat|en ik|en dan|zodat|daarom)\s)", re.IGNORECASE
)
MIN_LETTERS = 3


def clauses(text: str) -> list[tuple[int, int]]:
    """Where each clause starts and ends, without the blanks around it; nothing shorter than three letters.

    >>> [("Nee, dat hoeft niet. Tot ziens!"[a:b]) for a, b in clauses("Nee, dat hoeft niet. Tot ziens!")]
    ['Nee,', 'dat hoeft niet.', 'Tot ziens!']
    """
    borders = [0, *(m.end() for m in _BORDER.finditer(text)), len(text)]
    found = []
    for start, end in zip(borders, borders[1:]):
        part = text[start:end]
        if sum(c.isalnum() for c in part) >= MIN_LETTERS:
            found.append((start + len(part) - len(part.lstrip()), start + len(part.rstrip())))
    return found
