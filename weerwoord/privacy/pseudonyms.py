"""Replace personal data by pseudonyms that stay the same: "Joris" is "Persoon 1" everywhere in a talk or an export."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from weerwoord.messages import message
from weerwoord.privacy.find import NAME_WORD, find, words_of
from weerwoord.privacy.lexicon import lexicon
from weerwoord.privacy.spans import KINDS, Found, Kind, Span
from weerwoord.scenario import Scenario

_NAMED: tuple[Kind, ...] = ("person", "organisation", "place")  # what people call by its name again


@dataclass(frozen=True)
class Replaced:
    """A text with pseudonyms.

    Attributes:
        text: the new text.
        moved: per replacement its place in the old text and the new one: (start, end, new start, new end).
    """

    text: str
    moved: tuple[tuple[int, int, int, int], ...] = ()

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the old text is in the new one; a pseudonym that it touches belongs to it whole."""
        return self._offset(start, 2), self._offset(end, 3)

    def _offset(self, old: int, side: int) -> int:
        shift = 0
        for span in self.moved:
            if old <= span[0]:
                break
            if old < span[1]:
                return span[side]
            shift = span[3] - span[1]
        return old + shift


@dataclass
class Pseudonyms:
    """The pseudonyms of texts that belong together.

    Attributes:
        keep: names that are left alone, in small letters, word by word; see `scenario_names`.
    """

    keep: frozenset[str] = frozenset()
    _known: dict[tuple[Kind, str], int] = field(default_factory=dict)
    _read: dict[str, tuple[Span, ...]] = field(default_factory=dict)  # found in the texts that were learned last
    _count: dict[Kind, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))

    def learn(self, texts: Iterable[str]) -> None:
        """Read texts first, so that a name that is introduced in one is known in all of them."""
        self._read = {text: tuple(find(text, self.keep)) for text in texts}
        for text in self._read:
            self._found(text)

    def replace(self, text: str) -> Replaced:
        """The text with every piece of personal data replaced."""
        parts: list[str] = []
        moved: list[tuple[int, int, int, int]] = []
        end = length = 0
        for span in self._found(text):
            pseudonym = self._pseudonym(span.kind, text[span.start : span.end])
            parts += [text[end : span.start], pseudonym]
            start = length + span.start - end
            length = start + len(pseudonym)
            moved.append((span.start, span.end, start, length))
            end = span.end
        return Replaced("".join((*parts, text[end:])), tuple(moved))

    def _found(self, text: str) -> Found:
        """What is to be replaced: known names of several words, what is found here, and known names of one word."""
        found = Found(len(text))
        known = tuple(self._known_in(text))
        for span in known:
            if " " in text[span.start : span.end]:
                found.add(span)
        read = self._read.get(text)
        for span in find(text, self.keep) if read is None else read:
            found.add(span)
        for span in known:
            found.add(span)
        for span in found:
            self._number(span.kind, text[span.start : span.end])
        return found

    def _known_in(self, text: str) -> Iterator[Span]:
        """Every name in a text that was found before, here or in another text; longer ones first."""
        words = tuple(NAME_WORD.finditer(text))
        forms = self._forms()
        for length in range(max((form.count(" ") + 1 for form in forms), default=0), 0, -1):
            for first in range(len(words) - length + 1):
                start, end = words[first].start(), words[first + length - 1].end()
                kind = forms.get(" ".join(words_of(text[start:end])))
                if kind is not None and (length > 1 or _tells(words[first][0])):
                    yield Span(start, end, kind)

    def _forms(self) -> Mapping[str, Kind]:
        forms: dict[str, Kind] = {}
        for kind, name in self._known:
            if kind in _NAMED:
                forms.setdefault(name, kind)
                if kind == "person":
                    for part in _parts(name):
                        forms.setdefault(part, kind)
        return forms

    def _number(self, kind: Kind, name: str) -> int:
        """The number of a name: that of the same name, of a person called so for short, or the next."""
        key = _key(kind, name)
        if key not in self._known:
            self._known[kind, key[1]] = self._same_person(key[1]) if kind == "person" else 0
            if not self._known[key]:
                self._count[kind] += 1
                self._known[key] = self._count[kind]
        return self._known[key]

    def _same_person(self, name: str) -> int:
        """The number of the one person who is called so in part, or in full; 0 when there is none, or more."""
        people = {
            number
            for (kind, known), number in self._known.items()
            if kind == "person" and known != name and (name in _parts(known) or known in _parts(name))
        }
        return people.pop() if len(people) == 1 else 0

    def _pseudonym(self, kind: Kind, name: str) -> str:
        return message(f"privacy.pseudonym.{kind}", number=self._number(kind, name))


def _key(kind: Kind, name: str) -> tuple[Kind, str]:
    """What makes two spellings the same: small letters, and only the figures of a number."""
    if kind in ("phone", "number"):
        figures = "".join(c for c in name if c.isalnum()).lower()
        return kind, figures
    return kind, " ".join(words_of(name)) or name.lower()


@lru_cache(maxsize=1024)
def _parts(name: str) -> frozenset[str]:
    """What a person with this full name is called for short: the first name, and the surname with or without "van"."""
    words = name.split()
    if len(words) < 2:
        return frozenset()
    interfixes = lexicon().lists["interfixes"]
    surname = words[1:]
    without = list(surname)
    while len(without) > 1 and without[0] in interfixes:
        without = without[1:]
    first = set() if words[0] in interfixes else {words[0]}
    return frozenset(first | {" ".join(surname), " ".join(without)})


def _tells(word: str) -> bool:
    """Whether a known name that is also a word is meant as the name here: it has a capital."""
    return word[0].isupper() or not lexicon().is_word(word.lower())


def scenario_names(scenario: Scenario) -> frozenset[str]:
    """The names that belong to a scenario and not to the user, word by word: the partner, his colleague, his place."""
    texts = (scenario.full_name, scenario.colleague.name, scenario.name)
    words = {word for text in texts for word in words_of(text)}
    told = (
        scenario.organisation,
        scenario.place,
        scenario.briefing,
        *(o for d in scenario.openings.values() for o in d),
    )
    for text in told:
        words.update(word for span in find(text) for word in words_of(text[span.start : span.end]))
    return frozenset(words)
