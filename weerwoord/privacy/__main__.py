"""Measure the finder: `python -m weerwoord.privacy tests/privacy/replies.jsonl`."""

from __future__ import annotations

import sys
from pathlib import Path

from weerwoord.privacy.measure import DIRECT, measure, read_labelled
from weerwoord.privacy.pseudonyms import scenario_names
from weerwoord.privacy.spans import KINDS
from weerwoord.scenario import scenarios


def main(file: Path) -> None:
    """Print recall by kind and precision, for each half."""
    replies = tuple(read_labelled(file))
    keep = {name: scenario_names(scenario) for name, scenario in scenarios().items()}
    print(f"{'half':<10}{'replies':>8}{'direct':>8}{'precision':>11}" + "".join(f"{kind:>14}" for kind in KINDS))
    for half in sorted({reply.half for reply in replies}):
        of_half = [reply for reply in replies if reply.half == half]
        scores = measure(of_half, keep)
        row = f"{half:<10}{len(of_half):>8}{scores.recall(DIRECT):>8.3f}{scores.precision:>11.3f}"
        print(row + "".join(f"{scores.found[kind]:>10}/{scores.labelled[kind]:<3}" for kind in KINDS))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
