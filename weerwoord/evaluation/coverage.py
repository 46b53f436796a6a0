"""`make coverage-of-data`: how many training texts there are of each element in each voice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from weerwoord.examples import Example, read_examples
from weerwoord.rubric import rubric
from weerwoord.settings import ROOT

NOTHING = "(none)"  # texts without any element
WIDTH = 160  # characters, where the output is no terminal


def coverage(examples: Sequence[Example], elements: Sequence[str]) -> dict[str, Counter[str]]:
    """Texts by element and voice; those without a voice, such as controls, are left out.

    Args:
        examples: the training texts.
        elements: the rows, in this order; texts without any element come last.
    """
    counts: dict[str, Counter[str]] = {name: Counter() for name in (*elements, NOTHING)}
    for e in examples:
        if e.voice:
            for name in e.elements or {NOTHING}:
                counts[name][e.voice] += 1
    return counts


def main() -> None:
    """Print the table."""
    examples = [e for e in read_examples(ROOT / "data" / "nlu") if e.voice]
    voices = sorted({e.voice for e in examples})
    grid = Table("element", *(v.replace("_", " ") for v in voices), "all")
    for name, counts in coverage(examples, list(rubric().elements)).items():
        grid.add_row(name, *(str(counts[v]) for v in voices), str(sum(counts.values())))
    texts = Counter(e.voice for e in examples)
    grid.add_section()
    grid.add_row("texts", *(str(texts[v]) for v in voices), str(len(examples)))
    grid.add_row("writers", *(str(len({e.writer for e in examples if e.voice == v})) for v in voices))
    console = Console()
    Console(width=None if console.is_terminal else WIDTH).print(grid)


if __name__ == "__main__":
    main()
