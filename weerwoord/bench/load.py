"""A load of conversations over HTTP: bounded in number and in time, and only on this machine."""

from __future__ import annotations

import asyncio
import secrets
import statistics
import time
from dataclasses import dataclass
from typing import Any

import aiohttp

from weerwoord.bench.bots import Bot

LOCAL = "http://127.0.0.1:"
MAX_CLIENTS, MAX_SECONDS = 64, 120.0


@dataclass(frozen=True)
class Load:
    """What a load came to.

    Attributes:
        seconds: of each turn that was measured, in the order in which they ended.
        lasted: seconds from the first turn to the last.
        unanswered: turns without a reply.
    """

    seconds: tuple[float, ...]
    lasted: float
    unanswered: int

    def milliseconds(self, part: float) -> float:
        """The turn that this part of all turns is quicker than, 0.5 for the median."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(part * len(ordered)))]

    @property
    def per_second(self) -> float:
        """Turns a second."""
        return len(self.seconds) / self.lasted


class _Conversation:
    def __init__(self, bot: Bot, http: aiohttp.ClientSession, number: int = 0) -> None:
        self.bot, self.http = bot, http
        self.address = bot.addresses[number % len(bot.addresses)]
        self.sender = secrets.token_urlsafe(24)
        self.said = 0

    async def say(self, text: str) -> list[Any]:
        async with self.http.post(self.address, json={"sender": self.sender, "message": text}) as answer:
            answer.raise_for_status()
            replies: list[Any] = await answer.json()
            return replies

    async def turn(self) -> tuple[float, bool]:
        """The next turn: how long it took, and whether it was answered."""
        text = self.bot.messages[self.said % len(self.bot.messages)]
        self.said += 1
        began = time.perf_counter()
        replies = await self.say(text)
        return time.perf_counter() - began, bool(replies)


async def first_turn(bot: Bot) -> float:
    """Seconds that the very first message waits for its reply."""
    return (await one_after_another(bot, 1))[0]


async def one_after_another(bot: Bot, turns: int) -> list[float]:
    """Seconds of each turn of one long conversation."""
    async with aiohttp.ClientSession() as http:
        talk = _Conversation(bot, http)
        return [(await talk.turn())[0] for _ in range(turns)]


async def at_once(bot: Bot, clients: int, turns: int, seconds: float) -> Load:
    """So many conversations at the same time, each sending its next turn when it has its reply.

    Args:
        bot: which runs.
        clients: conversations.
        turns: of each.
        seconds: after which none begins another turn.

    Raises:
        ValueError: more than is decent, or not on this machine.
    """
    if not all(a.startswith(LOCAL) for a in bot.addresses) or clients > MAX_CLIENTS or seconds > MAX_SECONDS:
        raise ValueError("this load is for this machine, and it is bounded")
    took: list[float] = []
    unanswered = 0

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:

        async def converse(number: int, deadline: float) -> None:
            nonlocal unanswered
            talk = _Conversation(bot, http, number)
            for _ in range(turns):
                if time.perf_counter() > deadline:
                    return
                lasted, answered = await talk.turn()
                took.append(lasted)
                unanswered += not answered

        began = time.perf_counter()
        await asyncio.gather(*(converse(number, began + seconds) for number in range(clients)))
        return Load(tuple(took), time.perf_counter() - began, unanswered)


def growth(seconds: list[float], turns: int = 10) -> float:
    """How much slower the last turns are than the first, as a factor of their medians."""
    return statistics.median(seconds[-turns:]) / statistics.median(seconds[:turns])
