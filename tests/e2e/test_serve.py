"""`make run`'s servers for real: started on free ports, talked to over HTTP, stopped together."""

from __future__ import annotations

import os
import shutil
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from tests.e2e.servers import Browser, Servers, card
from tests.fake_pipeline import installed
from weerwoord.messages import message
from weerwoord.settings import ROOT


def test_a_reload_shows_both_sides(browser: Browser) -> None:
    assert "Welkom" in browser.press("/session_start")[0]["text"]
    browser.start("ruud", "pressed")
    browser.say("Ik zie dat u het druk heeft. Zullen we een andere afspraak maken, dinsdag misschien?")
    told = browser.http.get("/api/history").json()["messages"]
    assert any(m.get("user") and m["text"].startswith("Ik zie dat") for m in told)
    assert any(m.get("custom", {}).get("type") == "debrief" for m in told)


def test_nobody_reads_anothers_talk(servers: Servers, browser: Browser) -> None:
    browser.start("ruud", "pressed")
    stranger = Browser(servers)
    assert stranger.sender != browser.sender
    assert stranger.http.get("/api/history").json() == {"messages": []}


def test_a_second_start_on_the_same_port_is_one_sentence(servers: Servers, tmp_path: Path) -> None:
    second = Servers(tmp_path, WEERWOORD_PORT=str(servers.port))
    out, _ = second.process.communicate(timeout=60)
    assert second.process.returncode == 1
    assert out.count("\n") == 1 and f"Poort {servers.port} is al in gebruik" in out


def test_without_a_model_it_says_what_to_do(tmp_path: Path) -> None:
    lost = Servers(tmp_path, WEERWOORD_MODEL=str(tmp_path / "geen.tar.gz"))
    out, _ = lost.process.communicate(timeout=60)
    assert lost.process.returncode == 1 and "make train" in out and out.count("\n") == 1


def test_a_model_that_cannot_be_read_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "model.tar.gz").write_bytes(b"no model at all")
    lost = Servers(tmp_path, WEERWOORD_MODEL=str(tmp_path / "model.tar.gz"))
    out, _ = lost.process.communicate(timeout=60)
    assert lost.process.returncode == 1 and "make train" in out and out.count("\n") == 1


def test_a_model_of_another_pipeline_says_what_to_do(trained_model: None, tmp_path: Path) -> None:
    with installed(tmp_path / "packages", "99.0"):
        other = Servers(tmp_path, PYTHONPATH=str(tmp_path / "packages"))
        out, _ = other.process.communicate(timeout=60)
    assert other.process.returncode == 1 and out.count("\n") == 1
    assert "core_news_sm 99.0" in out and "make train" in out


def children(pid: int) -> list[int]:
    return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def gone(pids: list[int]) -> bool:
    return not any(Path(f"/proc/{p}").exists() for p in pids)


def test_a_crash_of_one_part_stops_the_other(trained_model: None, tmp_path: Path) -> None:
    both = Servers(tmp_path)
    both.until_ready()
    parts = children(both.process.pid)
    assert len(parts) == 2
    os.kill(parts[0], signal.SIGKILL)
    assert both.process.wait(timeout=30) == 1
    assert both.process.stdout is not None and "is gestopt" in both.process.stdout.read()
    time.sleep(0.2)
    assert gone(parts)


def test_several_assistants_share_the_talks(trained_model: None, tmp_path: Path) -> None:
    all_of_them = Servers(tmp_path, WEERWOORD_ASSISTANTS="2")
    try:
        all_of_them.until_ready()
        assert len(children(all_of_them.process.pid)) == 3

        def talk(_: int) -> Browser:
            browser = Browser(all_of_them)
            browser.start("ruud", "mistaken")
            told = card(browser.say("Ik kom niet om te solliciteren, ik wil graag uw advies."), "partner")
            assert told is not None and told["phase"] == "open"
            return browser

        with ThreadPoolExecutor(6) as threads:
            talks = list(threads.map(talk, range(20)))
        answered = [_messages(all_of_them.assistant_port + i) for i in range(2)]
        assert min(answered) > 0 and sum(answered) >= 2 * len(talks)
        assert all(len(t.http.get("/api/history").json()["messages"]) >= 3 for t in talks)
    finally:
        assert all_of_them.stop() == 0


def _messages(port: int) -> float:
    """How many messages an assistant has answered."""
    figures = httpx.get(f"http://127.0.0.1:{port}/metrics").text
    found = [line for line in figures.splitlines() if line.startswith('weerwoord_messages_total{how="answered"}')]
    return float(found[0].split()[1]) if found else 0.0


def test_ctrl_c_stops_everything(trained_model: None, tmp_path: Path) -> None:
    both = Servers(tmp_path)
    both.until_ready()
    parts = children(both.process.pid)
    assert both.stop() == 0
    assert gone(parts)


def test_a_partner_broken_while_it_runs_is_one_sentence_and_the_talk_goes_on(
    trained_model: None, tmp_path: Path
) -> None:
    folder = tmp_path / "scenarios"
    shutil.copytree(ROOT / "scenarios", folder)
    both = Servers(tmp_path, WEERWOORD_SCENARIOS=str(folder))
    try:
        both.until_ready()
        browser = Browser(both)
        browser.start("ruud", "mistaken")
        before = browser.slots()["talk_state"]
        whole = (folder / "ruud.yml").read_text(encoding="utf-8")
        (folder / "ruud.yml").write_text("name: Ruud\n", encoding="utf-8")
        assert browser.say("Ik kom om uw advies vragen, niet om te solliciteren.") == [
            {"text": message("web.errors.ours")}
        ]
        assert browser.slots()["talk_state"] == before
        (folder / "ruud.yml").write_text(whole, encoding="utf-8")
        told = card(browser.say("Ik kom om uw advies vragen, niet om te solliciteren."), "partner")
        assert told is not None and told["phase"] == "open"
    finally:
        assert both.stop() == 0
