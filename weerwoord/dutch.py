"""The Dutch spaCy pipeline: `nl_core_news_sm` by name, or a stand-in where that cannot be had.

The stand-in is spaCy's own Dutch tokenizer, a sentence splitter on punctuation and lemmas by look-up
(`spacy-lookups-data`). Which of the two a model was trained with is written down, because their lemmas differ.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language

STAND_IN = "nl_weerwoord_stand_in"
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

    nlp = spacy.blank("nl", meta={"name": STAND_IN, "version": "1"})
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("lemmatizer", config={"mode": "lookup"}).initialize()  # type: ignore[call-arg]
    folder.parent.mkdir(parents=True, exist_ok=True)
    nlp.to_disk(folder)


def identity(nlp: Language) -> str:
    """Name and version of a pipeline, as a trained model records it."""
    return f"{nlp.meta['name']} {nlp.meta['version']}"
