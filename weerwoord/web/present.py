"""What the page shows of what Rasa sends: live replies and the stored events, brought into one shape."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from weerwoord.messages import message

COMMAND = "/"
# Rasa strips spaces and takes whatever then starts with a slash for a command; this invisible sign it leaves alone.
ESCAPE = "\u2060"

Item = dict[str, Any]


def escaped(text: str) -> str:
    """Typed text as it may go to Rasa: a leading slash is no command."""
    text = text.strip()
    return ESCAPE + text if text.startswith(COMMAND) else text


def from_replies(replies: Iterable[Any]) -> list[Item]:
    """The items of one answer of the REST channel, without what the page shows otherwise."""
    return _folded([_item(r) for r in replies if isinstance(r, dict)])


def from_events(events: Sequence[Any]) -> list[Item]:
    """The talk so far from a tracker's events; empty as long as the user has done nothing.

    Only the last talk, or the last account of one's own experience: earlier ones have a debrief to go back to. Rasa
    runs its session start when an unknown tracker is asked for and does not keep it, so events without a user are no
    conversation yet. Only the buttons of the last reply can still be pressed; earlier ones are left out.
    """
    items: list[Item] = []
    begun = False
    for event in events[_beginning(events) :]:
        kind = event.get("event") if isinstance(event, dict) else None
        if kind == "bot":
            data = event.get("data") or {}
            items.append(_at(event, _item({**data, "text": event.get("text")})))
        elif kind == "user":
            begun = True
            for item in items:
                item.pop("buttons", None)
            text = str(event.get("text") or "")
            mine: Item = {"user": True, "text": text.lstrip(ESCAPE), "hidden": text.startswith(COMMAND)}
            key = (event.get("metadata") or {}).get("id")
            items.append(_at(event, {**mine, "id": key} if key else mine))
    if not begun:
        return []
    return [item for item in _folded(items) if not item.pop("hidden", False)]


def _beginning(events: Sequence[Any]) -> int:
    """Where the user asked for what is last: a talk, or telling one's own experience."""
    asked = begun = 0
    for place, event in enumerate(events):
        if not isinstance(event, dict):
            continue
        if event.get("event") == "user":
            asked = place
        elif event.get("name") == "record":
            begun = asked if "start" in (event.get("value") or {}) else begun
        elif event.get("event") == "active_loop" and event.get("name"):
            begun = asked
    return begun


def _at(event: dict[str, Any], item: Item) -> Item:
    """The item with its time, in seconds since 1970, when there is anything in it."""
    when = event.get("timestamp")
    return {**item, "at": when} if item and when else item


def _item(raw: dict[str, Any]) -> Item:
    return {key: raw[key] for key in ("text", "buttons", "custom") if raw.get(key)}


def _folded(items: list[Item]) -> list[Item]:
    """Leave out texts that a custom payload repeats, and put the partner's name on his line."""
    shown: list[Item] = []
    for item in items:
        if not item:
            continue
        custom = item.get("custom")
        if isinstance(custom, dict):
            kind = custom.get("type")
            if kind == "partner":
                _name_line(shown, custom)
            elif kind == "debrief":
                _drop_debrief(shown, custom)
            elif kind == "experience":
                _drop_account(shown, str(custom.get("text", "")), str(custom.get("mailto", "")))
        shown.append(item)
    return shown


def _is_plain(item: Item) -> bool:
    return item.keys() <= {"text", "buttons", "at"}


def _name_line(shown: list[Item], custom: dict[str, Any]) -> None:
    line = str(custom.get("line") or "")
    for item in reversed(shown):
        if not _is_plain(item):
            return
        # the REST channel cuts a text at its empty lines, so this may be the last part
        if item["text"] and line.endswith(item["text"]):
            item["name"] = custom.get("name")
            return


def _drop_debrief(shown: list[Item], custom: dict[str, Any]) -> None:
    """Move the debrief in plain text, which the REST channel cut into several messages, into its card."""
    title = message("debrief.title", partner=custom.get("partner", ""))
    for place in range(len(shown) - 1, -1, -1):
        if not _is_plain(shown[place]) or shown[place].get("buttons"):
            return
        if shown[place]["text"].startswith(title):
            custom["text"] = "\n\n".join(item["text"] for item in shown[place:])
            del shown[place:]
            return


def _drop_account(shown: list[Item], account: str, link: str) -> None:
    while shown and _is_plain(shown[-1]) and not shown[-1].get("buttons"):
        text = shown[-1]["text"]
        if text.strip() not in account and not (link and link in text):
            return
        shown.pop()
