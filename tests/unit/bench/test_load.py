"""The load of the bench is bounded, stays on this machine, and counts what it sends."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from weerwoord.bench.bots import Bot, Training
from weerwoord.bench.load import MAX_CLIENTS, MAX_SECONDS, at_once, growth, one_after_another
from weerwoord.bench.report import Figures, Rounds, Trainings, write


class Echo(BaseHTTPRequestHandler):
    heard: list[tuple[str, str]] = []
    paths: list[str] = []

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.heard.append((sent["sender"], sent["message"]))
        self.paths.append(self.path)
        body = json.dumps([] if sent["message"] == "silence" else [{"text": "yes"}]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def bot() -> Iterator[Bot]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    Echo.heard.clear()
    Echo.paths.clear()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/"
    yield Bot("echo", (), Path(), {}, (), (address,), ("one", "two", "silence"))
    server.shutdown()


def test_each_conversation_says_its_messages_in_order(bot: Bot) -> None:
    load = asyncio.run(at_once(bot, clients=4, turns=6, seconds=20))
    assert len(load.seconds) == 24 and load.unanswered == 8 and load.per_second > 0
    senders = {sender for sender, _ in Echo.heard}
    assert len(senders) == 4
    for sender in senders:
        assert [text for who, text in Echo.heard if who == sender] == ["one", "two", "silence"] * 2


def test_conversations_take_several_addresses_by_turns(bot: Bot) -> None:
    (address,) = bot.addresses
    both = replace(bot, addresses=(f"{address}a", f"{address}b"))
    asyncio.run(at_once(both, clients=4, turns=2, seconds=20))
    assert sorted(Echo.paths) == ["/a"] * 4 + ["/b"] * 4


def test_it_ends_in_time(bot: Bot) -> None:
    load = asyncio.run(at_once(bot, clients=2, turns=10**6, seconds=0.2))
    assert 0 < len(load.seconds) < 10**5 and load.lasted < 5


@pytest.mark.parametrize(
    ("address", "clients", "seconds"),
    [
        ("http://example.org/", 1, 1.0),
        ("http://127.0.0.1:9/", MAX_CLIENTS + 1, 1.0),
        ("http://127.0.0.1:9/", 1, MAX_SECONDS + 1),
    ],
)
def test_more_than_is_decent_is_refused(address: str, clients: int, seconds: float) -> None:
    with pytest.raises(ValueError, match="bounded"):
        asyncio.run(at_once(Bot("b", (), Path(), {}, (), (address,), ("a",)), clients, 1, seconds))


def test_growth_compares_the_last_with_the_first() -> None:
    assert growth([1.0] * 10 + [9.0] * 40 + [2.0] * 10) == 2.0


def test_the_report_has_every_figure_and_its_ratio(bot: Bot, tmp_path: Path) -> None:
    asyncio.run(one_after_another(bot, 1))
    load = asyncio.run(at_once(bot, clients=1, turns=3, seconds=5))
    figures: Any = {"loads": dict.fromkeys((1, 8, 32), load), "first": 0.5}
    stock = Figures(
        start=30.0, start_processor=30.0, turn_processor=0.06, idle=1000.0, busy=1100.0, growth=1.6, **figures
    )
    ours = Figures(start=3.0, start_processor=2.0, turn_processor=0.01, idle=200.0, busy=220.0, growth=1.1, **figures)
    several = Figures(
        start=4.0, start_processor=4.0, turn_processor=0.01, idle=300.0, busy=330.0, growth=1.1, **figures
    )
    found = Rounds([stock], [ours], [several])
    learnt = Trainings(Training(70, 100), Training(100, 150), {1: Training(110, 200), 3: Training(130, 220)})
    write(tmp_path / "benchmark.md", found, learnt)
    told = (tmp_path / "benchmark.md").read_text(encoding="utf-8")
    assert "| start to ready, s | 30.0 | 3.0 | 0.10 | 0.10 | 4.0 | 0.13 |" in told
    assert "| processor a turn, ms | 60.0 | 10.0 | 0.17 |  | 10.0 | 0.17 |" in told
    assert "| memory when ready, MiB | 1000 | 200 | 0.20 | 0.25 | 300 | 0.30 |" in told
    assert "| its NLU pipeline on all our texts (calculated) | 1100 | 1190 |" in told and "| 0.09 | 0.13 |" in told
    assert "Turns without a reply: stock 3, ours 3, with" in told
    write(tmp_path / "benchmark.md", found, None)
    assert "Training" not in (tmp_path / "benchmark.md").read_text(encoding="utf-8")
