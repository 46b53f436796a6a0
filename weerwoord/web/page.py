"""What the page is made of: its one template, and the data that its scripts read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from weerwoord.messages import section
from weerwoord.practice import MAX_LENGTH
from weerwoord.rubric import Rubric
from weerwoord.scenario import Scenario
from weerwoord.web.assets import assets
from weerwoord.web.common import HERE

# scripts that the first view does without: the page fetches them afterwards
LATER = ("chart.js", "debrief.js", "guidance.js", "keeping.js", "progress.js", "timeline.js")
TEMPLATES = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined)


def render(
    partners: Mapping[str, Scenario], rubric: Rubric, coach_email: str, embed: Mapping[str, Any] | None = None
) -> str:
    """The page as HTML.

    Args:
        partners: who there is to practise with, by identifier.
        rubric: the criteria and what their elements are called.
        coach_email: where "mail my coach" points.
        embed: in a frame on another site: the `partner` and `level` it chose, each None when it is left open.
    """
    texts = section("web")
    config = {
        "texts": texts,
        "limits": {"text": MAX_LENGTH},
        "partners": [_partner(s) for s in partners.values()],
        "criteria": [{"id": c.id, "name": c.name, "tip": c.tip} for c in rubric.criteria.values()],
        "elements": {e.id: {"kind": e.kind, "name": e.name} for e in rubric.elements.values()},
        "coach_email": coach_email,
        "embed": embed,
    }
    scripts = [name for name in assets().files if "/" not in name and name.endswith(".js")]
    modules = [name for name in scripts if name != "app.js" and name not in LATER]
    return TEMPLATES.get_template("index.html").render(
        t=texts, config=config, embed=embed, modules=modules, base=assets().base
    )


def _partner(scenario: Scenario) -> dict[str, Any]:
    return {
        "id": scenario.id,
        "name": scenario.name,
        "full_name": scenario.full_name,
        "role": scenario.role,
        "organisation": scenario.organisation,
        "address": scenario.address,
        "pronoun": scenario.pronoun,
        "pronouns": dict(scenario.pronouns),
    }
