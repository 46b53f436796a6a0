"""The Dutch spaCy pipeline: `nl_core_news_sm` by name, or a stand-in where that cannot be had.

The stand-in is spaCy's own Dutch tokenizer, a sentence splitter on punctuation and lemmas by look-up
(`spacy-lookups-data`). Which of the two a model was trained with is written down, because their lemmas differ.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language

PIPELINE = "nl_core_news_sm"
STAND_IN, STAND_IN_VERSION = "nl_weerwoord_stand_in", "1"
# What nothing here reads; left out, it costs neither time nor memory.
NOT_USED = ["parser", "ner", "tagger", "attribute_ruler"]


def is_installed(name: str) -> bool:
    """Whether a spaCy pipeline of this name is installed as a package."""
    from importlib.util import find_spec

    return find_spec(name) is not None


def load_pipeline(name: str, stand_in: Path) -> Language:
    """Load a pipeline by name, or the stand-in when no package of that name is installed.

    Args:
        name: name of the package, such as `nl_core_news_sm`.
        stand_in: folder of the stand-in; built when it is not there yet.
    """
    import spacy

    if is_installed(name):
        return spacy.load(name, exclude=NOT_USED)
    if not (stand_in / "meta.json").is_file():
        build_stand_in(stand_in)
    return spacy.load(stand_in)


def build_stand_in(folder: Path) -> None:
    """Build the stand-in pipeline and write it to a folder."""
    import spacy

    nlp = spacy.blank("nl", meta={"name": STAND_IN, "version": STAND_IN_VERSION})
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("lemmatizer", config={"mode": "lookup"}).initialize()  # type: ignore[call-arg]
    folder.parent.mkdir(parents=True, exist_ok=True)
    nlp.to_disk(folder)


def identity(nlp: Language) -> str:
    """Name and version of a pipeline, as a trained model records it."""
    return f"{nlp.meta['name']} {nlp.meta['version']}"


def installed_identity(name: str) -> str:
    """The identity of the pipeline that `load_pipeline` would load, without loading it."""
    from importlib.util import find_spec

    spec = find_spec(name)
    if spec is None or spec.origin is None:
        return f"{STAND_IN} {STAND_IN_VERSION}"
    meta = json.loads((Path(spec.origin).parent / "meta.json").read_text("utf-8"))
    return f"{meta['name']} {meta['version']}"
