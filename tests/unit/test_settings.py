"""Settings have safe defaults, and a wrong one is told in one sentence."""

from __future__ import annotations

import os

import pytest

from weerwoord.rate import Rate
from weerwoord.settings import ROOT, SettingsError, read_settings


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weerwoord.settings.load_dotenv", lambda path: None)
    for name in [n for n in os.environ if n.startswith("WEERWOORD_")]:
        monkeypatch.delenv(name)


def test_defaults_keep_to_this_machine() -> None:
    found = read_settings()
    assert (found.host, found.port, found.assistant_urls) == ("127.0.0.1", 8000, ("http://127.0.0.1:5005",))
    assert found.rubric == ROOT / "rubric.yml"


@pytest.mark.parametrize("port", ["0", "65536", "-1", "poort", "80.5", "²", "1 2"])
def test_a_bad_port(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("WEERWOORD_PORT", port)
    with pytest.raises(SettingsError, match="WEERWOORD_PORT moet een poortnummer zijn van 1 tot 65535"):
        read_settings()


def test_the_address_of_the_assistant_follows_its_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEERWOORD_ASSISTANT_PORT", " 6000 ")
    assert read_settings().assistant_urls == ("http://127.0.0.1:6000",)


def test_several_assistants_have_ports_behind_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEERWOORD_ASSISTANT_PORT", "6000")
    monkeypatch.setenv("WEERWOORD_ASSISTANTS", "3")
    found = read_settings()
    assert found.assistant_ports == (6000, 6001, 6002) and found.assistant_port == 6000
    assert found.assistant_urls == tuple(f"http://127.0.0.1:{port}" for port in (6000, 6001, 6002))


@pytest.mark.parametrize(
    ("port", "assistants", "most"), [("5005", "0", 64), ("5005", "65", 64), ("5005", "twee", 64), ("65534", "3", 2)]
)
def test_a_number_of_assistants_that_cannot_be(
    monkeypatch: pytest.MonkeyPatch, port: str, assistants: str, most: int
) -> None:
    monkeypatch.setenv("WEERWOORD_ASSISTANT_PORT", port)
    monkeypatch.setenv("WEERWOORD_ASSISTANTS", assistants)
    with pytest.raises(SettingsError, match=f"WEERWOORD_ASSISTANTS moet een getal zijn van 1 tot {most},"):
        read_settings()


def test_an_empty_setting_is_the_default_and_a_path_is_under_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEERWOORD_PORT", "  ")
    monkeypatch.setenv("WEERWOORD_SCENARIOS", "anders")
    found = read_settings()
    assert (found.port, found.scenarios) == (8000, ROOT / "anders")


def test_a_database_is_a_file_or_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().database_file == ROOT / "weerwoord.db"
    monkeypatch.setenv("WEERWOORD_DATABASE", "postgres://me@db.example/weerwoord")
    found = read_settings()
    assert (found.database, found.database_file) == ("postgresql://me@db.example/weerwoord", None)
    monkeypatch.setenv("WEERWOORD_DATABASE", "mysql://me@db.example/weerwoord")
    with pytest.raises(SettingsError, match="WEERWOORD_DATABASE"):
        read_settings()


def test_what_is_needed_beyond_one_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read_settings()
    assert (found.redis, found.trusted_proxies, found.assistant_host) == ("", (), "127.0.0.1")
    monkeypatch.setenv("WEERWOORD_ASSISTANT_URL", "http://one:5005/, http://two:5005")
    monkeypatch.setenv("WEERWOORD_TRUSTED_PROXIES", "10.0.0.0/8,127.0.0.1")
    monkeypatch.setenv("WEERWOORD_REDIS", "rediss://host/0")
    monkeypatch.setenv("WEERWOORD_LIMIT_TALK", "0")
    monkeypatch.setenv("WEERWOORD_LIMIT_ADDRESS", "30")
    found = read_settings()
    assert found.assistant_urls == ("http://one:5005", "http://two:5005")
    assert found.trusted_proxies == ("10.0.0.0/8", "127.0.0.1") and found.redis == "rediss://host/0"
    assert found.limit_talk is None and found.limit_address == Rate(30, 60.0)


@pytest.mark.parametrize(
    ("name", "value"),
    [("WEERWOORD_REDIS", "localhost:6379"), ("WEERWOORD_LIMIT_TALK", "many"), ("WEERWOORD_LIMIT_ADDRESS", "-1")],
)
def test_a_setting_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        read_settings()


def test_sites_that_may_show_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().widget_sites == ()
    monkeypatch.setenv("WEERWOORD_WIDGET_SITES", "https://www.Coach.nl/, http://localhost:9000 https://a-b.nl")
    assert read_settings().widget_sites == ("https://www.coach.nl", "http://localhost:9000", "https://a-b.nl")


@pytest.mark.parametrize(
    "site", ["coach.nl", "https://coach.nl/pagina", "*", "https://*", "https://a.nl;script-src", "'self'"]
)
def test_what_is_no_site(monkeypatch: pytest.MonkeyPatch, site: str) -> None:
    monkeypatch.setenv("WEERWOORD_WIDGET_SITES", f"https://goed.nl,{site}")
    with pytest.raises(SettingsError, match="WEERWOORD_WIDGET_SITES moet een lijst van sites zijn") as told:
        read_settings()
    assert site in str(told.value)
