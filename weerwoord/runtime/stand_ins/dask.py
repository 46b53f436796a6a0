"""In the place of dask, of which Rasa uses one function: run a small graph, one node after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def get(graph: Mapping[str, tuple[Any, ...]], targets: Sequence[str]) -> list[Any]:
    """The results of some nodes.

    Args:
        graph: for each name a function and the names of its arguments, or a name and a value: an input, which Rasa's
            nodes take together with its name.
        targets: the names of which the results are wanted.
    """
    results: dict[str, Any] = {}

    def result(name: str) -> Any:
        if name not in results:
            head, *needs = graph[name]
            results[name] = head(*(result(need) for need in needs)) if callable(head) else graph[name]
        return results[name]

    return [result(target) for target in targets]
