"""Names and words by which personal data is told from ordinary Dutch.

First names, surnames and places come from the lists of `deduce` (de-identification of Dutch medical texts), the words
from `spacy-lookups-data`, and what both lack from `names.yml`. Only deduce's lists are used: its own search needs
1.2 GB and 23 s to start (265 s the first time), and misses a third of the names in our labelled replies.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

_SHORTEST_PART = 4  # letters of a word within a compound; with fewer, nearly every name falls apart into words
_ENDINGS = ("s", "'s", "en", "e", "je", "jes", "tje", "t")  # of plurals and the like, which the lists often lack
# blocks of names.yml
_SINGLE = (
    "names_in_word_lists",
    "employers",
    "employers_after_cue",
    "organisation_words",
    "allowed",
    "titles",
    "relations",
    "says",
    "place_before",
    "interfixes",
    "places",
)
_OF_PHRASES = ("place_phrases", "employer_phrases", "called", "through", "works_at", "lives_in")
Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Lexicon:
    """All lists, without capitals. Phrases are tuples of words.

    Attributes:
        words: every form of the Dutch word lists.
        common: the thousand commonest words; never a name without a capital.
        function_words: those that hold a sentence together.
        everyday: words that are also a name; a name only where one is introduced.
        lists: the blocks of `names.yml` that hold single words, by their name.
        phrases: the blocks of `names.yml` that hold phrases, by their name.
    """

    words: frozenset[str]
    common: frozenset[str]
    function_words: frozenset[str]
    everyday: frozenset[str]
    first_names: frozenset[str]
    surnames: frozenset[str]
    places: frozenset[Phrase]
    lists: dict[str, frozenset[str]]
    phrases: dict[str, frozenset[Phrase]]

    def is_word(self, word: str) -> bool:
        """Whether it is a Dutch word, or put together from two.

        >>> lexicon().is_word("projectondersteuning"), lexicon().is_word("coolblue")
        (True, False)
        """
        if word in self.words or any(word.endswith(end) and word[: -len(end)] in self.words for end in _ENDINGS):
            return True
        if "-" in word:
            return all(part in self.words for part in word.split("-"))
        return any(
            word[:cut] in self.words
            and (word[cut:] in self.words or (word[cut] == "s" and word[cut + 1 :] in self.words))
            for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
        )

    def is_first_name(self, word: str) -> bool:
        """Whether it is a first name that is no ordinary word, also without a capital."""
        if word not in self.first_names or word in self.common or word in self.everyday:
            return False
        return word in self.lists["names_in_word_lists"] or word not in self.words


def _data_folder(package: str) -> Path:
    spec = find_spec(package)  # found, not imported: deduce's import sets up the logging of the whole program
    assert spec is not None and spec.origin is not None, f"{package} is not installed"
    return Path(spec.origin).parent / "data"


def _names(folder: Path) -> set[str]:
    """The items of one list of deduce, without its exceptions and without what stands between brackets."""
    exceptions = folder / "exceptions.txt"
    left_out = set(exceptions.read_text("utf-8").splitlines()) if exceptions.is_file() else set()
    items = set((folder / "items.txt").read_text("utf-8").splitlines()) - left_out
    return {item.partition("(")[0].strip().lower() for item in items} - {""}


def _words() -> frozenset[str]:
    folder = _data_folder("spacy_lookups_data")
    with gzip.open(folder / "nl_lemma_lookup.json.gz", "rt", encoding="utf-8") as file:
        forms: dict[str, str] = json.load(file)
    with gzip.open(folder / "nl_lemma_index.json.gz", "rt", encoding="utf-8") as file:
        lemmas: dict[str, list[str]] = json.load(file)
    with gzip.open(folder / "nl_lemma_exc.json.gz", "rt", encoding="utf-8") as file:
        irregular: dict[str, dict[str, list[str]]] = json.load(file)
    of_classes = (word for of_class in (*lemmas.values(), *irregular.values()) for word in of_class)
    return frozenset({*forms, *forms.values(), *of_classes})


def _block(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> frozenset[Phrase]:
    return frozenset(tuple(phrase.split()) for phrase in text.split(",") if phrase.strip())


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon of this process: about a second and 60 MB, at first use only."""
    ours: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("names.yml").read_text("utf-8"))
    deduce = _data_folder("deduce") / "lookup" / "src"
    placed: Iterable[str] = {
        *_names(deduce / "locations/lst_placename/lst_residence"),
        *_names(deduce / "locations/lst_placename/lst_municipality"),
    }
    function_words = _block(ours["function_words"]) | _names(deduce / "whitelist/lst_stop_word")
    introduces: dict[str, str] = ours["introduces"]
    return Lexicon(
        words=_words() | function_words,
        common=frozenset(_names(deduce / "whitelist/lst_common_word")) | function_words,
        function_words=function_words,
        everyday=_block(ours["everyday"]),
        first_names=_block(ours["first_names"]) | _names(deduce / "names/lst_first_name"),
        surnames=_block(ours["surnames"])
        | _names(deduce / "names/lst_surname")
        | _names(deduce / "names/lst_interfix_surname"),
        places=frozenset(tuple(place.split()) for place in placed)
        | {(place,) for place in _block(ours["places"])}
        | _phrases(ours["place_phrases"]),
        lists={name: _block(ours[name]) for name in _SINGLE} | {"fillers": _block(introduces["fillers"])},
        phrases={name: _phrases(ours[name]) for name in _OF_PHRASES}
        | {name: frozenset((word,) for word in _block(ours[name])) for name in ("titles", "relations", "place_before")}
        | {f"introduces_{name}": _phrases(introduces[name]) for name in ("strong", "weak")},
    )
