"""A new partner: the file of another one under a new name, with a comment at every part and situation."""

from __future__ import annotations

import re

from weerwoord.messages import message
from weerwoord.scenario import Scenario, meaning

_PART = re.compile(r"^(\w+):")
_SITUATION = re.compile(r"^  (\w+):")


def skeleton(text: str, model: Scenario, name: str, full_name: str) -> str:
    """The text of a file for a new partner, complete enough to talk with at once.

    Args:
        text: the file of the partner it is made from.
        model: this partner.
        name: identifier of the new one.
        full_name: first name and surname of the new one; the first word is what people call him.
    """
    lines = [message("cli.scenario.header", full_name=full_name, model=model.full_name, name=name).rstrip("\n")]
    part = ""
    for line in text.splitlines():
        if line.startswith("#"):  # the description of the other partner
            continue
        at_part, at_situation = _PART.match(line), _SITUATION.match(line)
        if at_part:
            part = at_part[1]
            lines.append(f"# {meaning('part', part, model.pronoun)}")
        elif at_situation and part == "lines":
            lines.append(f"  # {meaning('situation', at_situation[1], model.pronoun)}")
        lines.append(line)
    return _renamed("\n".join(lines) + "\n", model, full_name)


def _renamed(text: str, model: Scenario, full_name: str) -> str:
    """The text with the other name in it, except in the comment that says whom it was made from."""
    head, _, body = text.partition("\nname:")
    body = re.sub(rf"\b{re.escape(model.full_name)}\b", lambda _: full_name, body)
    first = full_name.split()[0]
    surname, old_surname = full_name.partition(" ")[2] or first, model.full_name.partition(" ")[2]
    new_names = {model.name: first, old_surname: surname}
    either = "|".join(re.escape(old) for old in new_names if old)
    body = re.sub(rf"\b(?:{either})\b", lambda found: new_names[found[0]], body)
    return f"{head}\nname:{body}"
