"""Find personal data in a text: what has a form of its own, then names by what stands before them and by lists.

Names are found in this order, and what was found first stays: introduced ("ik ben", "mevrouw", "mijn zus", "via"),
employers ("bij", "restaurant"), places, then every other name of the lists and every unknown word with a capital inside
a sentence. Lower-case names need a list or an introduction, because most lower-case words are words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from weerwoord.privacy.entities import entities
from weerwoord.privacy.lexicon import Lexicon, Phrase, lexicon
from weerwoord.privacy.patterns import patterned
from weerwoord.privacy.spans import Found, Kind, Span

_TOKEN = re.compile(r"(?:[A-Z]\.){1,4}|['’][^\W\d_](?![^\W\d_])|[^\W\d_]+(?:[-'’][^\W\d_]+)*")
NAME_WORD = re.compile(r"[^\W_]+(?:[-'’.&][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?:;\n…\"“”„‘(–—]")
_SHOUTING = 0.6  # with this share of capitals, capitals tell nothing
_LONGEST_PLACE = 5  # words
_LONGEST_CUE = 4  # words
_MAX_NAME = 6  # words of one name
_ONLY_IN_NAMES = frozenset({"der", "den", "ten", "ter"})
_SHORTEST_UNKNOWN = 4  # letters of an unknown word that may be a name with nothing to tell so
_ACRONYM = 5  # letters; a longer word in capitals may be a name


@dataclass(frozen=True)
class _Token:
    start: int
    end: int
    low: str
    capital: bool
    first: bool  # of its sentence
    joined: bool  # nothing but space between it and the token before
    initials: bool
    acronym: bool


def _tokens(text: str, titles: frozenset[str]) -> list[_Token]:
    letters = [c for c in text if c.isalpha()]
    shouting = sum(c.isupper() for c in letters) > _SHOUTING * len(letters)
    found: list[_Token] = []
    end = 0
    for match in _TOKEN.finditer(text):
        word, gap = match[0], text[end : match.start()]
        after_title = bool(found) and found[-1].low in titles and gap == ". "
        found.append(
            _Token(
                start=match.start(),
                end=match.end(),
                low=word.lower().replace("’", "'"),
                capital=word[0].isupper() and not shouting,
                first=not after_title and (not found or bool(_SENTENCE_END.search(gap))),
                joined=bool(found) and (after_title or (gap.isspace() and "\n" not in gap)),
                initials=word.endswith("."),
                acronym=_is_acronym(word.partition("-")[0]),
            )
        )
        end = match.end()
    return found


def _is_acronym(word: str) -> bool:
    return 1 < len(word) <= _ACRONYM and word.isupper() and not word.endswith(".")


def _drawn_out(word: str) -> bool:
    """Whether a letter stands there three times, as in "jaaa"."""
    return any(word[k] == word[k + 1] == word[k + 2] for k in range(len(word) - 2))


class _Reader:
    """One text, with everything found in it so far."""

    def __init__(self, text: str, lex: Lexicon) -> None:
        self.text, self.lex = text, lex
        self.found = patterned(text)
        self.tokens = _tokens(text, lex.lists["titles"])

    # what a token is

    def free(self, i: int) -> bool:
        return i < len(self.tokens) and self.found.free(self.tokens[i].start, self.tokens[i].end)

    def joined(self, i: int) -> bool:
        return i < len(self.tokens) and self.tokens[i].joined and self.free(i)

    def named(self, i: int) -> bool:
        """Whether a capital here tells of a name."""
        token = self.tokens[i]
        return token.capital and token.low not in self.lex.lists["allowed"] and not token.acronym

    def unknown(self, i: int) -> bool:
        """Whether it is no word that we know, in any list."""
        low = self.tokens[i].low
        return len(low) > 1 and low not in self.lex.lists["allowed"] and not self.lex.is_word(low)

    def boundary(self, i: int) -> bool:
        """Whether a name that ends before this token may stand alone."""
        return i >= len(self.tokens) or not self.tokens[i].joined or self.tokens[i].low in {"en", "uit", "van", "hier"}

    def name_like(self, i: int) -> bool:
        """Whether it may be a name where one is introduced."""
        token = self.tokens[i]
        if token.capital:
            return token.low not in self.lex.lists["allowed"] and not token.acronym
        if token.low in self.lex.common or token.low in self.lex.lists["allowed"]:
            return False
        return token.low in self.lex.first_names or self.unknown(i)

    def employer(self, i: int) -> bool:
        return self.tokens[i].low in self.lex.lists["employers"]

    def organisation_word(self, i: int) -> bool:
        return self.tokens[i].low in self.lex.lists["organisation_words"]

    def place_at(self, i: int) -> int:
        """Number of tokens of the longest place name that starts here; 0 when there is none."""
        words: list[str] = []
        longest = 0
        for j in range(i, min(i + _LONGEST_PLACE, len(self.tokens))):
            if j > i and not self.joined(j):
                break
            words.append(self.tokens[j].low)
            if tuple(words) in self.lex.places:
                longest = len(words)
        return longest

    # what stands before a token

    def after(self, i: int, cues: frozenset[Phrase], skip: frozenset[str] = frozenset(), comma: bool = False) -> bool:
        """Whether one of these phrases stands right before a token, but for words to skip."""
        if i >= len(self.tokens):
            return False
        j = i
        while not self._ends(j, cues, comma and j == i):
            if j < 2 or not self.tokens[j].joined or self.tokens[j - 1].low not in skip:
                return False
            j -= 1
        return True

    def _ends(self, i: int, cues: frozenset[Phrase], comma: bool) -> bool:
        """Whether a phrase of these ends right before a token."""
        if i < 1 or not (self.tokens[i].joined or (comma and self.gap(i) == ", ")):
            return False
        words: Phrase = ()
        for j in range(i - 1, max(i - 1 - _LONGEST_CUE, -1), -1):
            words = (self.tokens[j].low, *words)
            if words in cues:
                return True
            if not self.tokens[j].joined:
                return False
        return False

    def gap(self, i: int) -> str:
        """What stands between a token and the one before."""
        return self.text[self.tokens[i - 1].end : self.tokens[i].start]

    # how far a name goes

    def person_end(self, i: int) -> int:
        """The token behind the name of a person that starts at a token: more names, and surnames with "van de"."""
        lex, j = self.lex, i + 1
        while self.joined(j) and j - i < _MAX_NAME:
            if self.named(j) and not self.employer(j):
                j += 1
                continue
            k = j
            while self.joined(k) and self.tokens[k].low in lex.lists["interfixes"] and k - j < 3:
                k += 1
            if k > j and self.joined(k) and self._surname(k):
                j = k + 1
                continue
            low = self.tokens[j].low
            plain = not self.tokens[i].capital and not self.tokens[j].capital
            if plain and low in lex.surnames and low not in lex.function_words | lex.lists["says"]:
                j += 1
                continue
            break
        return j

    def person_start(self, i: int) -> int:
        """The token where a surname begins that stands at a token: "Van Loon", "ten Hove"."""
        j = i
        while j > 0 and self.joined(j) and self.free(j - 1) and self.tokens[j - 1].low in self.lex.lists["interfixes"]:
            j -= 1
        while j < i and self.tokens[j].low in self.lex.lists["place_before"] | {"op", "aan", "het"}:
            j += 1
        of_name = self.tokens[j].capital or any(token.low in _ONLY_IN_NAMES for token in self.tokens[j:i])
        return j if of_name and self.tokens[i].low not in self.lex.first_names else i

    def _surname(self, k: int) -> bool:
        """Whether a surname can end here, behind "van de"."""
        low = self.tokens[k].low
        known = self.named(k) or (low in self.lex.surnames and low not in self.lex.function_words)
        return known and not self.employer(k) and not self.organisation_word(k)

    def organisation_end(self, i: int) -> int:
        """The token behind the name of an organisation that starts at a token."""
        j = i + 1
        while self.joined_by(j) and j - i < _MAX_NAME:
            token = self.tokens[j]
            if token.capital and token.low not in self.lex.lists["place_before"]:
                j += 1
            elif (
                token.low in self.lex.lists["interfixes"] | {"en", "voor"}
                and token.low != "in"
                and self.joined_by(j + 1)
                and self.tokens[j + 1].capital
                and self.tokens[i].low != token.low
            ):
                j += 2
            elif not self.tokens[i].capital and not self.tokens[j].capital and self._organisation_part(j):
                j += 1
            else:
                break
        return j

    def joined_by(self, i: int) -> bool:
        """Like `joined`, where "&" also joins."""
        if not self.free(i):
            return False
        return self.tokens[i].joined or self.gap(i) in {" & ", "&", " + "}

    def _organisation_part(self, j: int) -> bool:
        low = self.tokens[j].low
        return (
            self.organisation_word(j)
            or (self.unknown(j) and low not in self.lex.first_names)
            or (low,) in self.lex.places
        )

    def add(self, i: int, j: int, kind: Kind, own: bool = False) -> None:
        if all(self.free(k) for k in range(i, j)):
            self.found.add(Span(self.tokens[i].start, self.tokens[j - 1].end, kind, own))

    # the steps

    def step(self, rule: Callable[[int], int]) -> None:
        """Try a rule at each token; it returns the token to go on from."""
        i = 0
        while i < len(self.tokens):
            i = max(i + 1, rule(i)) if self.free(i) else i + 1

    def known_phrases(self, i: int) -> int:
        """Organisations of several words, where they are written as names or follow "bij"."""
        for length in range(4, 0, -1):
            part = self.tokens[i : i + length]
            phrase = tuple(t.low for t in part)
            listed = len(part) == length and phrase in self.lex.phrases["employer_phrases"]
            if listed and (any(t.capital for t in part) or self.after(i, self.lex.phrases["works_at"])):
                self.add(i, i + length, "organisation")
                return i + length
        return i

    def introduced(self, i: int) -> int:
        """Names that people give as their own: "ik heet", "mijn naam is", "ik ben"."""
        lex, token = self.lex, self.tokens[i]
        fillers = lex.lists["fillers"]
        strong = self.after(i, lex.phrases["introduces_strong"] | lex.phrases["called"], fillers)
        weak = self.after(i, lex.phrases["introduces_weak"], fillers)
        if not (strong or weak) or not self.name_like(i):
            return i
        name = token.low in lex.first_names
        if strong:
            sure = True
        elif token.capital:
            sure = name or token.initials or token.low in lex.surnames or not lex.is_word(token.low)
        else:
            sure = lex.is_first_name(token.low) or (self.boundary(i + 1) and (name or self.unknown(i)))
        if not sure:
            return i
        end = self.person_end(i)
        self.add(i, end, "person", own=not self.after(i, lex.phrases["called"]))
        return end

    def titled(self, i: int) -> int:
        """Names behind "mevrouw", "mijn zus", "via" and the like."""
        lex = self.lex
        start = i
        if self.after(i, lex.phrases["titles"]):
            while self.tokens[i].low in lex.lists["interfixes"] and self.joined(i + 1):
                i += 1
            surname = self.tokens[i].low in lex.surnames and self.tokens[i].low not in lex.common
            behind_interfix = i > start and self.tokens[i].low in lex.surnames
            if not (self.name_like(i) or surname or behind_interfix):
                return start
        elif self.after(i, lex.phrases["relations"], frozenset({"dus", "eh"}), comma=True):
            token = self.tokens[i]
            if not self.name_like(i) or (not token.capital and not token.joined and not lex.is_first_name(token.low)):
                return start
            if not token.capital and token.low not in lex.first_names and not self.boundary(i + 1):
                return start
        elif self.after(i, lex.phrases["through"]):
            if not self.name_like(i) or self.employer(i) or self.organisation_word(i):
                return start
            if not self.tokens[i].capital and self.tokens[i].low in lex.words and not self.boundary(i + 1):
                return start
        else:
            return start
        end = self.person_end(i)
        self.add(start, end, "person")
        return end

    def working(self, i: int) -> int:
        """Employers: behind "bij", by a word such as "restaurant" in their name, and those of the list."""
        lex, token = self.lex, self.tokens[i]
        if token.low in lex.function_words | lex.lists["interfixes"] and (token.first or not token.capital):
            return i
        end = self.organisation_end(i)
        parts = range(i, end)
        kind_of = any(self.organisation_word(k) for k in parts)
        at_work = self.after(i, lex.phrases["works_at"])
        if at_work:
            listed = self.employer(i) or token.low in lex.lists["employers_after_cue"]
            person = token.low in lex.first_names and not listed and not kind_of and end - i < 3
            if token.capital and not person and token.low not in lex.lists["allowed"] | lex.lists["titles"]:
                self.add(i, end, "organisation")
                return end
            if listed or (not token.capital and self._unknown_organisation(i, end)):
                self.add(i, end, "organisation")
                return end
        leads = lex.is_first_name(token.low) and self.joined(i + 1) and not self.named(i + 1)  # "Joke van ..."
        if kind_of and end - i > 1 and not leads and any(self.named(k) and not self.tokens[k].first for k in parts):
            self.add(i, end, "organisation")
            return end
        if self.employer(i) and ((token.capital and not token.first) or not lex.is_word(token.low)):
            self.add(i, end if token.capital else i + 1, "organisation")
            return end
        if token.acronym and token.capital and end - i > 1 and self.named(i + 1):
            self.add(i, end, "organisation")
            return end
        return i

    def _unknown_organisation(self, i: int, end: int) -> bool:
        low = self.tokens[i].low
        if low in self.lex.lists["titles"] or low in self.lex.lists["relations"]:
            return False
        if self.organisation_word(i):
            return any(self._organisation_part(k) and not self.organisation_word(k) for k in range(i + 1, end))
        if self.unknown(i) and low not in self.lex.first_names:
            return True
        # "bij het albert schweitzer ziekenhuis"
        ahead = range(i + 1, min(i + 4, len(self.tokens)))
        return low in self.lex.first_names and any(self.organisation_word(k) and self.joined(k) for k in ahead)

    def placed(self, i: int) -> int:
        """Towns: of the list, and unknown names behind "in" and "uit"."""
        lex, token = self.lex, self.tokens[i]
        before = self.after(i, lex.phrases["place_before"])
        lives = self.after(i, lex.phrases["lives_in"]) or self._behind_address(i)
        length = self.place_at(i)
        if length:
            word = length == 1 and (lex.is_word(token.low) or token.low in lex.everyday)
            person = token.low in lex.first_names or (token.low in lex.surnames and not (before or lives))
            town = token.low in lex.lists["places"]
            if token.low in lex.lists["allowed"] and length == 1:
                sure = False
            elif token.capital:
                person = person and (not town or token.low in lex.first_names)
                sure = (before or lives) and (town or token.low not in lex.first_names)
                sure = sure or (not person and not (token.first and word))
            elif length > 1:
                sure = tuple(t.low for t in self.tokens[i : i + length]) in lex.phrases["place_phrases"]
            elif before or lives:
                sure = not word or (token.low not in lex.common and (town or lives or token.low not in lex.everyday))
            else:
                sure = not word and not person and token.low not in lex.surnames
            if sure:
                self.add(i, i + length, "place")
                return i + length
        new = token.low not in lex.first_names and not lex.is_word(token.low)
        if self.named(i) and not token.first and (before or lives) and new:
            end = i + 1
            while self.joined(end) and self.named(end):
                end += 1
            self.add(i, end, "place")
            return end
        if lives and self.unknown(i) and token.low not in lex.first_names:
            self.add(i, i + 1, "place")
            return i + 1
        return i

    def _behind_address(self, i: int) -> bool:
        gap = (self.tokens[i].start - span.end for span in self.found if span.kind == "address")
        return any(0 < between <= len(", ") for between in gap)

    def other_people(self, i: int) -> int:
        """First names without an introduction, and unknown words with a capital inside a sentence."""
        lex, token = self.lex, self.tokens[i]
        following = self.tokens[i + 1] if self.joined(i + 1) else None
        says = following is not None and following.low in lex.lists["says"]
        if token.low in lex.lists["allowed"] | lex.function_words or token.acronym:
            return i
        listed = token.low in lex.first_names
        if token.capital and not token.first:
            sure = listed or token.low in lex.surnames or token.initials or not lex.is_word(token.low)
        elif token.capital:
            surname = following is not None and (self.named(i + 1) or self.person_end(i) > i + 1)
            everyday = token.low in lex.common or token.low in lex.everyday
            sure = lex.is_first_name(token.low) or ((listed or token.initials) and surname)
            sure = sure or (listed and not everyday and (says or following is None))
            alone = following is None and len(token.low) >= _SHORTEST_UNKNOWN and not _drawn_out(token.low)
            sure = sure or ((says or alone) and not lex.is_word(token.low))
        else:
            sure = lex.is_first_name(token.low)
            if not sure and listed and token.low not in lex.common:
                sure = says and following is not None and following.low in {"zei", "vertelde", "raadde", "zegt"}
        if not sure:
            return i
        end = self.person_end(i)
        self.add(self.person_start(i), end, "person")
        return end


def find(text: str, keep: frozenset[str] = frozenset()) -> Found:
    """Personal data in a text, without overlap, in the order of the text.

    Args:
        text: what somebody wrote.
        keep: names that are left alone, in small letters, word by word, unless people give them as their own.

    >>> text = "ik ben joris en ik werkte bij de hema in zwolle"
    >>> [(text[s.start : s.end], s.kind) for s in find(text)]
    [('joris', 'person'), ('hema', 'organisation'), ('zwolle', 'place')]
    """
    reader = _Reader(text, lexicon())
    for rule in (reader.known_phrases, reader.introduced, reader.titled, reader.working, reader.placed):
        reader.step(rule)
    for span in entities(text):
        reader.found.add(span)
    reader.step(reader.other_people)
    if not keep:
        return reader.found
    found = Found(len(text))
    for span in reader.found:
        if span.own or not _kept(text[span.start : span.end], keep):
            found.add(span)
    return found


def words_of(name: str) -> list[str]:
    """The words of a name in small letters, to compare names by."""
    return [match[0].lower().replace("’", "'") for match in NAME_WORD.finditer(name)]


def _kept(name: str, keep: frozenset[str]) -> bool:
    words = [word for word in words_of(name) if word not in lexicon().lists["interfixes"]]
    return bool(words) and all(word in keep for word in words)
