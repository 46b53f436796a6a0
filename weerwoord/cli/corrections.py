"""`weerwoord corrections`: what coaches made of the judge's findings, to learn from and as figures."""

from __future__ import annotations

import sys
from pathlib import Path

import typer
import yaml

from weerwoord.cli.common import OUTPUT, Screen, fail, new_file, partners
from weerwoord.cli.dutch_help import Command, Group
from weerwoord.corrections import as_training_data, labelled, settled
from weerwoord.messages import message
from weerwoord.rubric import rubric
from weerwoord.store import store

WIDE = 1000  # columns; a text stays on its line
app = typer.Typer(
    cls=Group, add_completion=False, no_args_is_help=True, rich_markup_mode="rich", help=message("cli.corrections.help")
)


@app.command("export", cls=Command, help=message("cli.corrections.export"))
def export(
    output: Path = OUTPUT,
) -> None:
    """Write labelled examples, with names replaced, in the form of the training data."""
    agreed, disputed = settled(store().reviews.corrections())
    if not agreed:
        raise fail(message("cli.corrections.none", disputed=disputed), code=0)
    data = as_training_data(labelled(agreed, partners(), rubric()))
    with new_file(output) as file:
        yaml.safe_dump(data, file, allow_unicode=True, sort_keys=False, width=WIDE)
    print(message("cli.corrections.done", count=len(agreed), disputed=disputed), file=sys.stderr)


@app.command("agreement", cls=Command, help=message("cli.corrections.agreement"))
def agreement() -> None:
    """Show how far the judge agrees with coaches, and coaches with each other."""
    from weerwoord.evaluation.agreement import section

    lines = section(list(store().reviews.corrections()), rubric())
    if not lines:
        raise fail(message("cli.corrections.none", disputed=0), code=0)
    Screen().print("\n".join(lines))
