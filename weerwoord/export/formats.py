"""Forms of an export: Markdown and CSV for people, JSON Lines and xAPI for programs. Each yields pieces of text."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from weerwoord.export.talks import ExportedTalk
from weerwoord.judge import Finding
from weerwoord.messages import message
from weerwoord.partner import PartnerState
from weerwoord.rubric import rubric
from weerwoord.scenario import PRONOUNS, scenarios
from weerwoord.transcript import Turn

# xAPI names things by addresses; this one is reserved and leads nowhere, because talks stay on the machine
XAPI = "https://weerwoord.example/xapi"
_VERBS = {
    "completed": "http://adlnet.gov/expapi/verbs/completed",
    "responded": "http://adlnet.gov/expapi/verbs/responded",
}
_NEUTRAL = PRONOUNS["hij"]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a cell that begins so
COLUMNS = (
    "talk",
    "person",
    "started_at",
    "ended_at",
    "channel",
    "partner",
    "disposition",
    "outcome",
    "stopped",
    "goal",
    "reschedule",
    "pitch",
    "turn",
    "retried",
    "hints",
    "heard",
    "reply",
    "line",
    "elements",
    "doubtful",
)


@dataclass(frozen=True)
class Format:
    """A form of export.

    Attributes:
        suffix: of a file, with its dot.
        media_type: for HTTP.
        write: gives the pieces of the export.
    """

    suffix: str
    media_type: str
    write: Callable[[Iterable[ExportedTalk]], Iterator[str]]


def moment(seconds: float | None) -> str | None:
    """A moment in ISO 8601, UTC, in whole seconds.

    >>> moment(0)
    '1970-01-01T00:00:00Z'
    """
    if seconds is None:
        return None
    return datetime.fromtimestamp(int(seconds), timezone.utc).isoformat().replace("+00:00", "Z")


def talk_as_dict(talk: ExportedTalk) -> dict[str, Any]:
    """A talk as plain values; `docs/export.md` and `schema.json` describe it."""
    summary, transcript = talk.summary, talk.transcript
    return {
        "talk": summary.key,
        "person": talk.person,
        "channel": summary.channel,
        "partner": summary.partner,
        "disposition": summary.disposition,
        "seed": summary.seed,
        "started_at": moment(summary.started_at),
        "ended_at": moment(summary.ended_at),
        "outcome": summary.outcome,
        "stopped": summary.stopped,
        "verdicts": dict(summary.verdicts),
        "pitfalls": list(summary.pitfalls),
        "hints": summary.hints,
        "opening": transcript.opening,
        "turns": [_turn(number, turn) for number, turn in enumerate(transcript.turns, 1)],
    }


def _turn(number: int, turn: Turn) -> dict[str, Any]:
    return {
        "number": number,
        "retried": turn.retried,
        "heard": turn.heard,
        "reply": turn.reply,
        "line": turn.line,
        "thought": turn.thought,
        "situation": turn.situation,
        "hints": turn.hints,
        "elements": [_finding(finding, turn.reply) for finding in turn.judgement.found],
        "doubtful": [_finding(finding, turn.reply) for finding in turn.judgement.doubtful],
        "before": _state(turn.before),
        "after": _state(turn.after),
    }


def _finding(finding: Finding, reply: str) -> dict[str, Any]:
    return {**asdict(finding), "words": finding.words(reply)}


def _state(state: PartnerState) -> dict[str, Any]:
    return {"phase": state.phase, "interest": state.interest, "patience": state.patience}


def jsonl(talks: Iterable[ExportedTalk]) -> Iterator[str]:
    """A talk a line."""
    for talk in talks:
        yield json.dumps(talk_as_dict(talk), ensure_ascii=False) + "\n"


def csv_rows(talks: Iterable[ExportedTalk]) -> Iterator[str]:
    """A turn a row, below a row with the names of the columns; a talk without turns is one row."""
    yield _csv_row(COLUMNS)
    for talk in talks:
        data = talk_as_dict(talk)
        data.update(data.pop("verdicts"))
        for turn in data["turns"] or [{}]:
            row = {**data, **turn, "turn": turn.get("number")}
            for found in ("elements", "doubtful"):
                row[found] = " ".join(finding["element"] for finding in turn.get(found, ()))
            yield _csv_row([_cell(row.get(column)) for column in COLUMNS])


def _csv_row(cells: Iterable[str]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _cell(value: object) -> str:
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def markdown(talks: Iterable[ExportedTalk]) -> Iterator[str]:
    """A talk as a coach would print it."""
    rules = rubric()
    known = scenarios()
    for talk in talks:
        summary, transcript = talk.summary, talk.transcript
        scenario = known.get(summary.partner)  # it may have been taken away since
        partner = scenario.full_name if scenario else summary.partner
        name = scenario.name if scenario else summary.partner
        pronouns = scenario.pronouns if scenario else _NEUTRAL
        begun = moment(summary.started_at) or ""
        lines = [
            message("export.title", person=talk.person, partner=partner),
            "",
            message("export.about", date=begun[:10], disposition=message(f"export.dispositions.{summary.disposition}")),
            message("export.outcome", outcome=message(f"export.outcomes.{summary.outcome}")),
            "",
            *(
                message("export.criterion", name=rules.criteria[id_].name, verdict=rules.verdict_names[verdict])
                for id_, verdict in summary.verdicts.items()
            ),
            "",
        ]
        if not transcript.opening:  # weerwoord.privacy.retention
            lines.append(message("export.dropped"))
        else:
            lines.append(message("export.said", name=name, text=_plain(transcript.opening)))
            for turn in transcript.turns:
                lines += ["", *_turn_in_markdown(turn, name, pronouns)]
        yield "\n".join(lines) + "\n\n---\n\n"


def _turn_in_markdown(turn: Turn, name: str, pronouns: Mapping[str, str]) -> list[str]:
    rules = rubric()
    reply = message("export.retried" if turn.retried else "export.reply", text=_plain(turn.reply))
    found = [
        message(
            "export.found", name=rules.elements[f.element].name.format(**pronouns), words=_plain(f.words(turn.reply))
        )
        for f in turn.judgement.found
    ]
    return [reply, *found, "", message("export.said", name=name, text=_plain(turn.line))]


def _plain(text: str) -> str:
    """Text of a user that stays text in Markdown: on one line, and no sign in it means anything."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]()<>#+-!|~" else c for c in " ".join(text.split()))


def xapi(talks: Iterable[ExportedTalk]) -> Iterator[str]:
    """Statements of the Experience API 1.0.3, as one JSON list: each turn that stands, and the talk."""
    between = "[\n"
    for talk in talks:
        for statement in statements(talk):
            yield between + json.dumps(statement, ensure_ascii=False)
            between = ",\n"
    yield "[]\n" if between == "[\n" else "\n]\n"


def statements(talk: ExportedTalk) -> Iterator[dict[str, Any]]:
    """The xAPI statements of one talk. There is no score in them: a talk gets no mark."""
    summary = talk.summary
    activity = f"{XAPI}/talk/{summary.key}"
    context = {
        "registration": str(uuid5(NAMESPACE_URL, activity)),
        "platform": "Weerwoord",
        "language": "nl",
        "contextActivities": {
            "parent": [_activity(f"{XAPI}/partner/{summary.partner}", "simulation", summary.partner)]
        },
    }
    standing = talk.transcript.standing
    for number, turn in enumerate(standing, 1):
        place = f"{activity}/turn/{number}"
        result: dict[str, Any] = {"response": turn.reply}
        result["extensions"] = {f"{XAPI}/elements": [f.element for f in turn.judgement.found]}
        yield _statement(talk, "responded", _activity(place, "interaction", turn.heard), result, context)
    result = {
        "completion": summary.ended_at is not None and not summary.stopped,
        "extensions": {
            f"{XAPI}/outcome": summary.outcome,
            f"{XAPI}/verdicts": dict(summary.verdicts),
            f"{XAPI}/pitfalls": list(summary.pitfalls),
            f"{XAPI}/hints": summary.hints,
        },
    }
    yield _statement(talk, "completed", _activity(activity, "simulation", summary.partner), result, context)


def _statement(
    talk: ExportedTalk, verb: str, activity: dict[str, Any], result: Mapping[str, Any], context: Mapping[str, Any]
) -> dict[str, Any]:
    summary = talk.summary
    at = summary.started_at if verb == "responded" or summary.ended_at is None else summary.ended_at
    return {
        "id": str(uuid5(NAMESPACE_URL, f"{activity['id']}#{verb}")),  # the same each time, so a store takes it once
        "actor": {"objectType": "Agent", "account": {"homePage": XAPI, "name": talk.person}},
        "verb": {"id": _VERBS[verb], "display": {"en": verb}},
        "object": activity,
        "result": result,
        "context": context,
        "timestamp": moment(at),
    }


def _activity(address: str, kind: str, name: str) -> dict[str, Any]:
    type_ = f"http://adlnet.gov/expapi/activities/{kind}"
    return {"objectType": "Activity", "id": address, "definition": {"type": type_, "name": {"nl": name}}}


FORMATS: Mapping[str, Format] = {
    "markdown": Format(".md", "text/markdown; charset=utf-8", markdown),
    "csv": Format(".csv", "text/csv; charset=utf-8", csv_rows),
    "jsonl": Format(".jsonl", "application/jsonl; charset=utf-8", jsonl),
    "xapi": Format(".json", "application/json", xapi),
}
