"""Partners as data: who he is and everything he can say (`scenarios/*.yml`), read and checked.

A mistake is reported with file, line and column, in Dutch, for the trainer who wrote the file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache
from pathlib import Path

import yaml

from weerwoord.messages import message, section
from weerwoord.quick_yaml import LOADER, check_depth
from weerwoord.settings import settings
from weerwoord.situations import DISPOSITIONS, PHASES, SITUATIONS, Disposition, Phase

MIN_LINES = 4  # a situation needs this many lines that do not sound alike
ALIKE = 0.75  # lines with this share of their words in common, in the same order, sound the same
MIN_THOUGHTS = 2
MIN_FACTS = 8
MIN_ASKS = 3  # example questions of a fact, for retrieval
THOUGHTS_FOR = (*SITUATIONS, "fact")
PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    "reschedule_agreed_moment": frozenset({"moment"}),
    "contact_given": frozenset({"colleague"}),
    "contact_again": frozenset({"colleague"}),
}
PRONOUNS: Mapping[str, Mapping[str, str]] = {
    "hij": {"hij": "hij", "hem": "hem", "zijn": "zijn", "Hij": "Hij", "Hem": "Hem", "Zijn": "Zijn"},
    "zij": {"hij": "zij", "hem": "haar", "zijn": "haar", "Hij": "Zij", "Hem": "Haar", "Zijn": "Haar"},
}
_FIELD = re.compile(r"{(\w*)}")


@dataclass(frozen=True)
class Fact:
    """Something he knows, with the questions it answers."""

    id: str
    asks: tuple[str, ...]
    answer: str


@dataclass(frozen=True)
class Colleague:
    """Somebody he can name."""

    name: str
    role: str


@dataclass(frozen=True)
class Scenario:
    """One partner."""

    id: str
    name: str
    full_name: str
    role: str
    organisation: str
    place: str
    address: str
    pronoun: str
    briefing: str
    openings: Mapping[Disposition, tuple[str, ...]]
    lines: Mapping[str, Mapping[Phase, tuple[str, ...]]]
    thoughts: Mapping[str, tuple[str, ...]]
    objections: tuple[str, ...]
    facts: tuple[Fact, ...]
    colleague: Colleague
    examples: Mapping[str, str]

    @property
    def pronouns(self) -> Mapping[str, str]:
        """Words to fill in for {hij}, {hem} and {zijn} in a text about this partner."""
        return PRONOUNS[self.pronoun]


def meaning(kind: str, name: str, pronoun: str) -> str:
    """What a part or a situation is for, in Dutch.

    Args:
        kind: `part` or `situation`.
        name: its name in a file.
        pronoun: `hij` or `zij`.
    """
    kept = {field: "{" + field + "}" for fields in PLACEHOLDERS.values() for field in fields}
    return message(f"scenario.{kind}.{name}", **PRONOUNS[pronoun], **kept)


@dataclass(frozen=True)
class Problem:
    """One mistake in a scenario file.

    Attributes:
        file: the file as the user named it.
        line: counted from 1.
        column: counted from 1.
        text: what is wrong, in Dutch.
        advice: True when the file works, but could be better.
        mend: how to mend it, in Dutch; empty when that is plain.
    """

    file: str
    line: int
    column: int
    text: str
    advice: bool = False
    mend: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.text}"


class ScenarioError(ValueError):
    """A scenario cannot be used.

    Attributes:
        problems: every mistake found, in the order of the file.
    """

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class _Reader:
    """Walks the YAML nodes of a file, keeps their places, collects the mistakes."""

    def __init__(self, file: str, advising: bool) -> None:
        self.file, self.advising = file, advising
        self.problems: list[Problem] = []
        self._keys: dict[int, yaml.Node] = {}

    def wrong(self, node: yaml.Node, key: str, *, advice: bool = False, mend: str = "", **values: object) -> None:
        mark = node.start_mark
        text = message(f"scenario.{key}", **values)
        mend = mend or section("scenario.mend").get(key, "")
        self.problems.append(Problem(self.file, mark.line + 1, mark.column + 1, text, advice, mend))

    def mapping(self, node: yaml.Node, what: str) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            self.wrong(node, "no_mapping", what=what)
            return {}
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in found:
                self.wrong(key, "twice", what=name)
            found[name] = value
            self._keys[id(value)] = key
        return found

    def get(self, parent: yaml.Node, fields: dict[str, yaml.Node], name: str) -> yaml.Node | None:
        if name not in fields:
            self.wrong(parent, "missing", what=name)
        return fields.get(name)

    def text(self, node: yaml.Node | None, what: str) -> str:
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode) or not str(node.value).strip():
            self.wrong(node, "no_text", what=what)
            return ""
        return " ".join(str(node.value).split())

    def texts(self, node: yaml.Node | None, what: str, at_least: int) -> tuple[str, ...]:
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode):
            self.wrong(node, "no_list", what=what)
            return ()
        found = tuple(self.text(item, what) for item in node.value)
        if len(found) < at_least:
            self.wrong(node, "too_few", what=what, count=len(found), at_least=at_least)
        return found

    def unknown(self, fields: Mapping[str, yaml.Node], known: Iterator[str]) -> None:
        names = list(known)
        for name, value in fields.items():
            if name not in names:
                alike = get_close_matches(name, names, 1)
                mend = message("scenario.meant", name=alike[0]) if alike else ""
                self.wrong(self._keys[id(value)], "unknown", what=name, mend=mend)

    def unreachable(self, cells: Mapping[str, yaml.Node], situation: str, phases: tuple[Phase, ...]) -> None:
        """Tell of the phases in which a situation never comes up, or that do not exist."""
        for name, value in cells.items():
            if name in PHASES and name not in phases:
                where = ", ".join(phases)
                self.wrong(self._keys[id(value)], "unreachable", situation=situation, phase=name, known=where)
        self.unknown({n: v for n, v in cells.items() if n not in PHASES}, iter(phases))


_TOP = [
    "name",
    "full_name",
    "role",
    "organisation",
    "place",
    "address",
    "pronoun",
    "briefing",
    "openings",
    "lines",
    "thoughts",
    "objections",
    "facts",
    "colleague",
    "examples",
]
EXAMPLES = ("goal", "reschedule", "pitch", "close")


def read_scenario(path: Path, shown_as: str | None = None) -> Scenario:
    """Read and check one scenario file; its identifier is the file's name without `.yml`.

    Args:
        path: the file.
        shown_as: the name to show in messages; by default folder and file name.

    Raises:
        ScenarioError: the file has mistakes; each with line and column.
        OSError: the file cannot be read.
    """
    scenario, mistakes = _read(path, shown_as or f"{path.parent.name}/{path.name}", advising=False)
    if scenario is None or mistakes:
        raise ScenarioError(mistakes)
    return scenario


def check_scenario(path: Path, shown_as: str) -> tuple[Problem, ...]:
    """Every mistake in a scenario file and every advice on it, in the order of the file.

    Args:
        path: the file.
        shown_as: the name to show in messages.

    Raises:
        OSError: the file cannot be read.
    """
    return _read(path, shown_as, advising=True)[1]


def _read(path: Path, file: str, *, advising: bool) -> tuple[Scenario | None, tuple[Problem, ...]]:
    try:
        source = path.read_text(encoding="utf-8")
        check_depth(source)
        root = yaml.compose(source, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        text = message("scenario.no_yaml", why=_why(error))
        return None, (Problem(file, line, column, text, mend=message("scenario.mend.no_yaml")),)
    except (yaml.YAMLError, UnicodeDecodeError):
        return None, (Problem(file, 1, 1, message("scenario.no_yaml", why="UTF-8")),)
    if root is None:
        return None, (Problem(file, 1, 1, message("scenario.empty"), mend=message("scenario.mend.empty")),)
    reader = _Reader(file, advising)
    scenario = _scenario(reader, root, path.stem)
    return scenario, tuple(sorted(reader.problems, key=lambda p: (p.line, p.column)))


def _why(error: yaml.MarkedYAMLError) -> str:
    """What a YAML parser has against a text, in Dutch as far as we know it."""
    told = f"{error.problem or ''} {error.context or ''}"
    known = section("scenario.yaml")
    return str(next((known[part] for part in known if part in told), known["other"]))


def _scenario(reader: _Reader, root: yaml.Node, name: str) -> Scenario:
    top = reader.mapping(root, "scenario")
    reader.unknown(top, iter(_TOP))
    plain = {
        k: reader.text(reader.get(root, top, k), k)
        for k in ("name", "full_name", "role", "organisation", "place", "briefing")
    }
    address = reader.text(reader.get(root, top, "address"), "address")
    pronoun = reader.text(reader.get(root, top, "pronoun"), "pronoun")
    for what, value, allowed in (("address", address, ("u", "je")), ("pronoun", pronoun, tuple(PRONOUNS))):
        if value and value not in allowed:
            reader.wrong(top[what], "not_allowed", what=what, value=value, allowed=", ".join(allowed))
    return Scenario(
        id=name,
        **plain,
        address=address,
        pronoun=pronoun if pronoun in PRONOUNS else "hij",
        openings=_openings(reader, reader.get(root, top, "openings")),
        lines=_lines(reader, reader.get(root, top, "lines")),
        thoughts=_thoughts(reader, reader.get(root, top, "thoughts")),
        objections=reader.texts(reader.get(root, top, "objections"), "objections", 1),
        facts=_facts(reader, reader.get(root, top, "facts")),
        colleague=_colleague(reader, reader.get(root, top, "colleague")),
        examples=_examples(reader, reader.get(root, top, "examples")),
    )


def _openings(reader: _Reader, node: yaml.Node | None) -> dict[Disposition, tuple[str, ...]]:
    if node is None:
        return {}
    fields = reader.mapping(node, "openings")
    reader.unknown(fields, iter(DISPOSITIONS))
    return {d: reader.texts(reader.get(node, fields, d), f"openings.{d}", MIN_LINES) for d in DISPOSITIONS}


def _lines(reader: _Reader, node: yaml.Node | None) -> dict[str, dict[Phase, tuple[str, ...]]]:
    if node is None:
        return {}
    fields = reader.mapping(node, "lines")
    reader.unknown(fields, iter(SITUATIONS))
    found: dict[str, dict[Phase, tuple[str, ...]]] = {}
    seen: dict[str, str] = {}
    for situation, phases in SITUATIONS.items():
        found[situation] = {}
        if situation not in fields:
            reader.wrong(node, "no_situation", situation=situation)
            continue
        cells = reader.mapping(fields[situation], situation)
        reader.unreachable(cells, situation, phases)
        for phase in phases:
            if phase not in cells:
                reader.wrong(fields[situation], "no_line", situation=situation, phase=phase)
                continue
            what = f"{situation}.{phase}"
            lines = reader.texts(cells[phase], what, MIN_LINES)
            found[situation][phase] = lines
            _check_lines(reader, cells[phase], situation, what, lines, seen)
    return found


def _check_lines(
    reader: _Reader, node: yaml.Node, situation: str, what: str, lines: tuple[str, ...], seen: dict[str, str]
) -> None:
    places = node.value if isinstance(node, yaml.SequenceNode) else [node] * len(lines)
    allowed = PLACEHOLDERS.get(situation, frozenset())
    if reader.advising:
        _advise(reader, node, what, allowed, lines, places)
    for place, line in zip(places, lines):
        if line in seen:
            reader.wrong(place, "repeats", line=line, other=seen[line])
        seen[line] = what
        for field in _FIELD.findall(line):
            if field not in allowed:
                reader.wrong(place, "placeholder", field="{" + field + "}", what=what)
        if line.count("{") + line.count("}") != 2 * len(_FIELD.findall(line)):
            reader.wrong(place, "brace", what=what)


def _advise(
    reader: _Reader,
    node: yaml.Node,
    what: str,
    allowed: frozenset[str],
    lines: tuple[str, ...],
    places: list[yaml.Node],
) -> None:
    """What works, but could be better: hardly enough lines, lines that sound alike, a value that is never told."""
    if len(lines) == MIN_LINES:
        reader.wrong(node, "few", advice=True, what=what, count=len(lines))
    if lines and allowed and not any(_FIELD.search(line) for line in lines):
        reader.wrong(node, "no_field", advice=True, what=what, field="{" + min(allowed) + "}")
    for number, (place, line) in enumerate(zip(places, lines)):
        for before in lines[:number]:
            if line != before and SequenceMatcher(None, line.split(), before.split()).ratio() >= ALIKE:
                reader.wrong(place, "alike", advice=True, line=line, other=before)


def _thoughts(reader: _Reader, node: yaml.Node | None) -> dict[str, tuple[str, ...]]:
    if node is None:
        return {}
    fields = reader.mapping(node, "thoughts")
    reader.unknown(fields, iter(THOUGHTS_FOR))
    return {s: reader.texts(reader.get(node, fields, s), f"thoughts.{s}", MIN_THOUGHTS) for s in THOUGHTS_FOR}


def _facts(reader: _Reader, node: yaml.Node | None) -> tuple[Fact, ...]:
    if node is None:
        return ()
    fields = reader.mapping(node, "facts")
    if fields and len(fields) < MIN_FACTS:
        reader.wrong(node, "too_few", what="facts", count=len(fields), at_least=MIN_FACTS)
    facts = []
    for name, value in fields.items():
        parts = reader.mapping(value, name)
        reader.unknown(parts, iter(("asks", "answer")))
        asks = reader.texts(reader.get(value, parts, "asks"), f"{name}.asks", MIN_ASKS)
        answer = reader.text(reader.get(value, parts, "answer"), f"{name}.answer")
        facts.append(Fact(id=name, asks=asks, answer=answer))
    return tuple(facts)


def _colleague(reader: _Reader, node: yaml.Node | None) -> Colleague:
    if node is None:
        return Colleague("", "")
    fields = reader.mapping(node, "colleague")
    reader.unknown(fields, iter(("name", "role")))
    name, role = (reader.text(reader.get(node, fields, k), f"colleague.{k}") for k in ("name", "role"))
    return Colleague(name=name, role=role)


def _examples(reader: _Reader, node: yaml.Node | None) -> dict[str, str]:
    if node is None:
        return {}
    fields = reader.mapping(node, "examples")
    reader.unknown(fields, iter(EXAMPLES))
    return {k: reader.text(reader.get(node, fields, k), f"examples.{k}") for k in EXAMPLES}


@lru_cache(maxsize=4)
def _all(folder: Path, stamp: tuple[tuple[str, int], ...]) -> dict[str, Scenario]:
    return {name: read_scenario(folder / f"{name}.yml") for name, _ in stamp}


def scenarios(folder: Path | None = None) -> dict[str, Scenario]:
    """All partners of a folder by identifier, read anew when a file has changed.

    Raises:
        ScenarioError: a file has mistakes.
    """
    place = folder or settings().scenarios
    return _all(place, _stamp(place))


def _stamp(folder: Path) -> tuple[tuple[str, int], ...]:
    """The partners of a folder, each with the moment its file was changed."""
    if not folder.is_dir():
        return ()
    with os.scandir(folder) as entries:  # every turn asks: `glob` takes ten times as long
        return tuple(sorted((e.name[:-4], e.stat().st_mtime_ns) for e in entries if e.name.endswith(".yml")))
