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


@lru_cache(maxsize=32)
def _index(facts: tuple[Fact, ...]) -> tuple[dict[str, float], list[tuple[Fact, dict[str, float]]]]:
    documents = [(fact, _grams(ask)) for fact in facts for ask in (*fact.asks, fact.answer)]
    in_facts: Counter[str] = Counter()
    for fact in facts:
        in_facts.update({g for f, grams in documents if f is fact for g in grams})
    weight = {g: math.log(1 + len(facts) / n) for g, n in in_facts.items()}
    return weight, [(fact, _unit(grams, weight)) for fact, grams in documents]


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
    weight, documents = _index(facts)
    asked = _unit(_grams(question), weight)
    by_words: dict[str, float] = {}
    for fact, d in documents:
        alike = sum(v * d.get(g, 0.0) for g, v in asked.items())
        by_words[fact.id] = max(alike, by_words.get(fact.id, 0.0))
    owners = [fact for fact in facts for _ in fact.asks]
    by_meaning = (_meanings(facts) @ _meaning(question).T)[:, 0]
    scored = [(BY_MEANING * float(m) + BY_WORDS * by_words[f.id], f) for m, f in zip(by_meaning, owners)]
    best, fact = max(scored, key=lambda pair: pair[0])
    return fact if best >= MIN_SIMILARITY else None
