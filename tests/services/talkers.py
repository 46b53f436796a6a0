"""Many users at once: each says numbered sentences, sends again what was not answered, and tells what he read."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.services.machines import PostgreSQL
from weerwoord.web.common import COOKIE

AGAIN = (500, 502, 503, 504)
START = '/start_practice{"partner": "ruud", "disposition": "reluctant", "seed": 7}'


def sentence(number: int) -> str:
    """One that says nothing, so that the talk goes on, and that is known again."""
    return f"nummer {number} zegt vandaag helemaal niets bijzonders"


@dataclass
class Talker:
    """Somebody with a conversation of his own.

    Attributes:
        urls: web apps, used in turn.
        answered: the replies to each message that was confirmed, by number.
        told: sentences he read when something was not answered.
        times: seconds to each answer, resending included.
        limit: seconds in which a message has to be answered in the end.
    """

    urls: Sequence[str]
    limit: float = 60.0
    sender: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    answered: dict[int, Any] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    sent: int = 0

    async def start(self, http: httpx.AsyncClient) -> None:
        await self._post(http, START, True, "start")

    async def say(self, http: httpx.AsyncClient, number: int) -> None:
        """Say something, again and again until it is answered."""
        began = time.perf_counter()
        self.answered[number] = await self._post(http, sentence(number), False, f"message-{number}")
        self.times.append(time.perf_counter() - began)

    async def _post(self, http: httpx.AsyncClient, text: str, payload: bool, key: str) -> Any:
        limit = time.monotonic() + self.limit
        while True:
            self.sent += 1
            url = self.urls[self.sent % len(self.urls)]
            try:
                response = await http.post(
                    f"{url}/api/messages",
                    json={"text": text, "payload": payload, "id": key},
                    headers={"cookie": f"{COOKIE}={self.sender}"},
                )
            except httpx.TransportError as error:
                self.told.append(type(error).__name__)
            else:
                content = response.json()
                if response.status_code == 200 and "trouble" not in content:
                    return content["replies"]
                told = content.get("error") or content["replies"][0]["text"]
                self.told.append(told)
                assert response.status_code in (200, *AGAIN), told
            assert time.monotonic() < limit, f"not answered in {self.limit} s: {self.told[-3:]}"
            await asyncio.sleep(0.2)


def client() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=45, limits=httpx.Limits(max_connections=None), trust_env=False)


def numbers_said(events: Sequence[dict[str, Any]]) -> list[int]:
    """The numbers of the sentences that were kept, in the order in which they were."""
    texts = [str(e.get("text")) for e in events if e.get("event") == "user"]
    return [int(text.split()[1]) for text in texts if text.startswith("nummer ")]


def kept(postgresql: PostgreSQL, talker: Talker) -> list[int]:
    """The numbers of the sentences that are in the database."""
    rows = postgresql.ask(f"SELECT data FROM events WHERE sender_id = '{talker.sender}' ORDER BY id")
    return numbers_said([json.loads(str(data)) for (data,) in rows])


def lines_read(replies: Sequence[dict[str, Any]]) -> list[str]:
    return [r["text"] for r in replies if r.get("name")]
