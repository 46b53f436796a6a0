"""YAML read by libyaml where PyYAML has it: ten times as quick, and the same values."""

from __future__ import annotations

from typing import Any

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(text: str) -> Any:
    """The values of a YAML text.

    Raises:
        yaml.YAMLError: it is no YAML.
    """
    return yaml.load(text, Loader=LOADER)
