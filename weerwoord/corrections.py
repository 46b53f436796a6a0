"""What coaches corrected, as labelled examples to learn from; no I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from weerwoord.examples import Example
from weerwoord.privacy.pseudonyms import Pseudonyms, scenario_names
from weerwoord.rubric import Rubric
from weerwoord.scenario import Scenario
from weerwoord.store.reviews import Correction

VOICE = "client"


def settled(corrections: Iterable[Correction]) -> tuple[list[Correction], int]:
    """The corrections to learn from: one a turn, with words, on which all coaches agree.

    Returns:
        These, and the number of turns that were left out because coaches differ.
    """
    by_turn: dict[tuple[int, int], list[Correction]] = {}
    for correction in corrections:
        if correction.reply.strip():
            by_turn.setdefault((correction.talk, correction.number), []).append(correction)
    agreed = [some[0] for some in by_turn.values() if len({c.elements for c in some}) == 1]
    return agreed, len(by_turn) - len(agreed)


def labelled(corrections: Sequence[Correction], partners: Mapping[str, Scenario], rubric: Rubric) -> list[Example]:
    """Labelled examples without personal data; a client has the same number in all of his, so that his texts stay
    on one side of a comparison.

    Args:
        corrections: what is settled.
        partners: whose names are left alone.
        rubric: says what a reply mainly is.
    """
    clients = {person: number for number, person in enumerate(dict.fromkeys(c.person for c in corrections), 1)}
    names = {name: scenario_names(scenario) for name, scenario in partners.items()}
    pseudonyms = {
        person: Pseudonyms(frozenset().union(*(names.get(c.partner, ()) for c in corrections if c.person == person)))
        for person in clients
    }
    for c in corrections:
        pseudonyms[c.person].learn([c.reply])
    out = []
    for c in corrections:
        of_person = pseudonyms[c.person]
        out.append(
            Example(
                text=" ".join(of_person.replace(c.reply).text.split()),
                elements=c.elements,
                # his line is the scenario's, except the first one of a talk of the client's own
                partner=of_person.replace(c.heard).text if c.partner not in partners else c.heard,
                writer=f"{VOICE}-{clients[c.person]}",
                voice=VOICE,
                intent=main_intent(c.elements, rubric),
            )
        )
    return out


def main_intent(elements: Iterable[str], rubric: Rubric) -> str:
    """What a reply with these elements mainly is: a pitfall before all, then the criterion that has most of them."""
    found = set(elements)
    for pitfall in rubric.of_kind("pitfall"):
        if pitfall in found:
            return pitfall
    kinds = Counter(rubric.elements[e].kind for e in sorted(found) if rubric.elements[e].kind in rubric.criteria)
    if kinds:
        return kinds.most_common(1)[0][0]
    for element, intent in (
        ("content_question", "content_question"),
        ("ask_contact", "ask_contact"),
        ("close", "goodbye"),
        ("thank", "thank"),
        ("greet", "greet"),
    ):
        if element in found:
            return intent
    return "out_of_scope"


def as_training_data(examples: Iterable[Example]) -> dict[str, Any]:
    """The same in the form of the files in `data/nlu/`."""
    blocks: dict[str, list[dict[str, Any]]] = {}
    for example in examples:
        blocks.setdefault(example.intent, []).append({"text": example.text, "metadata": example.metadata})
    return {"version": "3.1", "nlu": [{"intent": i, "examples": some} for i, some in sorted(blocks.items())]}
