"""How YAML is read: by the parser in C where it is there, which is about twenty times as fast."""

from __future__ import annotations

from typing import Any

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
