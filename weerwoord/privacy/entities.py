"""Names as the Dutch spaCy model sees them, where that model is installed; the stand-in sees none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from weerwoord.dutch import PIPELINE, is_installed
from weerwoord.privacy.spans import Kind, Span

if TYPE_CHECKING:
    from spacy.language import Language

# labels of nl_core_news_sm (OntoNotes); the others, such as dates and nationalities, tell nothing about a person
_KINDS: Mapping[str, Kind] = {
    "PERSON": "person",
    "PER": "person",
    "ORG": "organisation",
    "GPE": "place",
    "LOC": "place",
    "FAC": "address",
}


@lru_cache(maxsize=1)
def _model() -> Language | None:
    if not is_installed(PIPELINE):
        return None
    import spacy

    return spacy.load(PIPELINE, exclude=["parser", "tagger", "lemmatizer", "attribute_ruler"])


def entities(text: str) -> Iterator[Span]:
    """The names in a text; none where the model is not installed."""
    model = _model()
    if model is None:
        return
    for entity in model(text).ents:
        kind = _KINDS.get(entity.label_)
        if kind is not None and any(character.isupper() for character in entity.text):
            yield Span(entity.start_char, entity.end_char, kind)
