"""A package with the name of spaCy's Dutch pipeline, for machines where the real one cannot be had."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import spacy

from weerwoord.dutch import PIPELINE

INIT = """from spacy.util import load_model_from_init_py


def load(**overrides):
    return load_model_from_init_py(__file__, **overrides)
"""


@contextmanager
def installed(folder: Path, version: str) -> Iterator[None]:
    """The package is installed, and gone again afterwards."""
    _write(folder, version)
    sys.modules.pop(PIPELINE, None)
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        sys.modules.pop(PIPELINE, None)
        importlib.invalidate_caches()


def _write(folder: Path, version: str) -> None:
    """Write the package into a folder, laid out as `spacy package` does."""
    nlp = spacy.blank("nl", meta={"name": PIPELINE.removeprefix("nl_"), "version": version})
    nlp.add_pipe("sentencizer")
    package = folder / PIPELINE
    package.mkdir(parents=True)
    nlp.to_disk(package / f"{PIPELINE}-{version}")
    (package / "meta.json").write_bytes((package / f"{PIPELINE}-{version}" / "meta.json").read_bytes())
    (package / "__init__.py").write_text(INIT, encoding="utf-8")
    info = folder / f"{PIPELINE}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {PIPELINE}\nVersion: {version}\n", encoding="utf-8")
