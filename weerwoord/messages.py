"""What the program itself says, from one file a language (`messages.nl.yml`); no such sentence stands in code."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from weerwoord import quick_yaml


@lru_cache(maxsize=1)
def _catalogue() -> dict[str, Any]:
    path = Path(__file__).with_name("messages.nl.yml")
    return cast(dict[str, Any], quick_yaml.load(path.read_text(encoding="utf-8")))


def message(key: str, **values: object) -> str:
    """The text of a key such as `"setup.no_model"`, with its values filled in.

    Raises:
        KeyError: there is no such key, or a value is missing.
    """
    node: Any = _catalogue()
    for part in key.split("."):
        node = node[part]
    return cast(str, node).format(**values)


def section(key: str) -> dict[str, Any]:
    """A whole section of the file, for a page that fills in the values itself."""
    node: Any = _catalogue()
    for part in key.split("."):
        node = node[part]
    return cast(dict[str, Any], node)
