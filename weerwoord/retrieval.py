"""Find the fact that answers a content question.

A question is compared with the example questions of each fact in two ways. By meaning: the cosine of sentence vectors
(`weerwoord.encoder`), which knows that "verzeild" is like "terechtgekomen". By words: character n-grams (Dutch
compounds, inflection, slips), weighted by how rare they are among this partner's own questions (tf-idf, Spärck Jones
1972), which knows his own terms; question words and polite phrases do not count.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from weerwoord.scenario import Fact

if TYPE_CHECKING:
    from weerwoord.encoder import Floats

# On 32 questions in new words to six partners (tests/unit/test_retrieval.py) 78 % get the right answer or an honest
# "I do not know", 12 % the answer to another question; by words alone 66 % and 15 %. Below the threshold he does not
# know.
BY_WORDS, BY_MEANING = 0.2, 0.8
MIN_SIMILARITY = 0.42
_WORD = re.compile(r"[^\W\d_]+")
_FILLERS = """
    aan af al alle alleen als altijd ben bent bij da dan dat de deze die dit doe doen door dus een eens eh eigenlijk
    en er erg even ff gaan gaat ge gij graag had hebben hebt heeft heel het hier hoe hoeveel hoor ik in is ja je jij
    jou jouw jullie k kan kun kunnen kunt mag me mee meer men met mij mijn misschien moet moeten naar ne net niet
    nog nou nu of om onder ongeveer ons ook op over precies soms t te toch toe tot u uhm uit uw van vanuit veel
    vertel vertellen voor vraag vragen waar waarom wanneer waren was wat we weet wel welke weten wie wij wil willen
    word worden wordt zeg zelf zich zijn zo zoal zou zouden
"""
_NO_CONTENT = frozenset(_FILLERS.split())


def _grams(text: str) -> Counter[str]:
    grams: Counter[str] = Counter()
    for word in _WORD.findall(text.lower()):
        if word in _NO_CONTENT:
            continue
        padded = f" {word} "
        for n in (4, 5):
            for i in range(max(1, len(padded) - n + 1)):
                grams[padded[i : i + n]] += 1
        grams[f"={word}"] += 2
    return grams


@dataclass(frozen=True)
class _Index:
    """The questions and answers of a partner's facts by their n-grams.

    Attributes:
        weight: of each n-gram.
        places: of each n-gram the facts that have it, by their place, and how much it weighs in one of their texts.
    """

    weight: dict[str, float]
    places: dict[str, list[tuple[int, int, float]]]


@lru_cache(maxsize=32)
def _index(facts: tuple[Fact, ...]) -> _Index:
    documents = [(i, _grams(ask)) for i, fact in enumerate(facts) for ask in (*fact.asks, fact.answer)]
    in_facts = Counter(g for i in range(len(facts)) for g in {g for f, grams in documents if f == i for g in grams})
    weight = {g: math.log(1 + len(facts) / n) for g, n in in_facts.items()}
    places: dict[str, list[tuple[int, int, float]]] = {}
    for document, (i, grams) in enumerate(documents):
        for g, value in _unit(grams, weight).items():
            places.setdefault(g, []).append((document, i, value))
    return _Index(weight, places)


def _by_words(question: str, facts: tuple[Fact, ...]) -> list[float]:
    """How much each fact is like a question in words: as the most alike of its texts."""
    index = _index(facts)
    alike: dict[tuple[int, int], float] = {}
    for g, v in _unit(_grams(question), index.weight).items():
        for document, fact, value in index.places.get(g, ()):
            alike[document, fact] = alike.get((document, fact), 0.0) + v * value
    best = [0.0] * len(facts)
    for (_, fact), value in alike.items():
        best[fact] = max(best[fact], value)
    return best


def _unit(grams: Counter[str], weight: dict[str, float]) -> dict[str, float]:
    unseen = math.log(1 + len(weight))  # a word no fact has pulls the similarity down
    vector = {g: (1 + math.log(n)) * weight.get(g, unseen * 0.5) for g, n in grams.items()}
    norm = math.sqrt(sum(v * v for v in vector.values())) or 1.0
    return {g: v / norm for g, v in vector.items()}


def _sentences(texts: list[str]) -> Floats:
    from weerwoord.encoder import sentences  # numpy: the page knows partners too, and asks them nothing

    return sentences(texts)


@lru_cache(maxsize=32)
def _meanings(facts: tuple[Fact, ...]) -> Floats:
    return _sentences([ask for fact in facts for ask in fact.asks])


@lru_cache(maxsize=512)
def _meaning(question: str) -> Floats:
    return _sentences([question])


def best_fact(question: str, facts: tuple[Fact, ...]) -> Fact | None:
    """The fact that answers a question, or None when none does.

    Args:
        question: what the user asked.
        facts: what the partner knows.
    """
    by_words = _by_words(question, facts)
    owners = [i for i, fact in enumerate(facts) for _ in fact.asks]
    by_meaning = (_meanings(facts) @ _meaning(question).T)[:, 0]
    best, place = max((BY_MEANING * float(m) + BY_WORDS * by_words[i], i) for m, i in zip(by_meaning, owners))
    return facts[place] if best >= MIN_SIMILARITY else None
