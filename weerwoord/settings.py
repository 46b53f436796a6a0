"""Where things are and what can be set, read once from the environment and `.env`."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dotenv import load_dotenv

from weerwoord.messages import message
from weerwoord.rate import Rate

_ORIGIN = re.compile(r"https?://[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?")
ROOT = Path(__file__).resolve().parent.parent
_SQLITE = "sqlite:///"
_LAST_PORT, _MOST_ASSISTANTS = 65535, 64
_LONGEST = 36500  # days that a text may stay: a hundred years
_SERVERS = ("postgresql://", "postgres://")


class SettingsError(ValueError):
    """A setting has a value that cannot be used; the message names it and says what is allowed."""


@dataclass(frozen=True)
class Settings:
    """All settings with their safe defaults. `.env.example` documents each of them."""

    root: Path
    scenarios: Path
    model: Path
    database: str
    host: str
    port: int
    assistant_ports: tuple[int, ...]
    assistant_urls: tuple[str, ...]
    coach_email: str
    widget_sites: tuple[str, ...]
    log_level: str
    retention_days: int
    redis: str
    assistant_host: str
    metrics_token: str
    trusted_proxies: tuple[str, ...]
    limit_address: Rate | None
    limit_talk: Rate | None

    @property
    def database_file(self) -> Path | None:
        """The file that the database is, or None when it is on a server."""
        return Path(self.database.removeprefix(_SQLITE)) if self.database.startswith(_SQLITE) else None

    @property
    def assistant_port(self) -> int:
        """The port of an assistant; of several the first."""
        return self.assistant_ports[0]

    @property
    def rubric(self) -> Path:
        """The rubric file."""
        return self.root / "rubric.yml"

    @property
    def stand_in(self) -> Path:
        """Folder of the stand-in for the Dutch spaCy pipeline."""
        return self.root / "models" / "nl_stand_in"


def _port(name: str, default: int) -> int:
    text = os.environ.get(name, "").strip() or str(default)
    if not text.isdecimal() or not 1 <= int(text) <= _LAST_PORT:
        raise SettingsError(message("settings.no_port", name=name, given=text))
    return int(text)


def _assistant_ports() -> tuple[int, ...]:
    """A port for each assistant of this machine, one behind the other."""
    first = _port("WEERWOORD_ASSISTANT_PORT", 5005)
    name = "WEERWOORD_ASSISTANTS"
    text = os.environ.get(name, "").strip() or "1"
    most = min(_MOST_ASSISTANTS, _LAST_PORT + 1 - first)
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise SettingsError(message("settings.no_assistants", name=name, most=most, given=text))
    return tuple(range(first, first + int(text)))


def _days(name: str, default: int) -> int:
    text = os.environ.get(name, "").strip() or str(default)
    if not text.isdecimal() or not 1 <= int(text) <= _LONGEST:
        raise SettingsError(message("retention.no_days", given=text))
    return int(text)


def _path(name: str, default: Path) -> Path:
    text = os.environ.get(name, "").strip()
    return (ROOT / text).resolve() if text else default


def _sites(name: str) -> tuple[str, ...]:
    found = tuple(text.rstrip("/").lower() for text in os.environ.get(name, "").replace(",", " ").split())
    for site in found:
        if not _ORIGIN.fullmatch(site):
            raise SettingsError(message("settings.bad_site", name=name, site=site))
    return found


def _database(name: str, default: Path) -> str:
    """A database as SQLAlchemy writes it; a path is an SQLite file."""
    text = os.environ.get(name, "").strip()
    if "://" not in text:
        return f"{_SQLITE}{_path(name, default)}"
    if not text.startswith(_SERVERS):
        raise SettingsError(message("settings.no_database", name=name))
    return "postgresql://" + text.partition("://")[2]


def _a_minute(name: str, default: int) -> Rate | None:
    """How often in a minute; 0 for no limit."""
    text = os.environ.get(name, "").strip() or str(default)
    if not text.isdecimal():
        raise SettingsError(message("settings.no_number", name=name, given=text))
    return Rate(int(text), 60.0) if int(text) else None


def _list(name: str) -> tuple[str, ...]:
    return tuple(part.strip().rstrip("/") for part in os.environ.get(name, "").split(",") if part.strip())


def _redis(name: str) -> str:
    text = os.environ.get(name, "").strip()
    if text and not text.startswith(("redis://", "rediss://")):
        raise SettingsError(message("settings.no_redis", name=name))
    return text


def read_settings() -> Settings:
    """Read the settings from the environment, with `.env` filling in what is not set there.

    Raises:
        SettingsError: a value cannot be used.
    """
    load_dotenv(ROOT / ".env")
    ports = _assistant_ports()
    return Settings(
        root=ROOT,
        scenarios=_path("WEERWOORD_SCENARIOS", ROOT / "scenarios"),
        model=_path("WEERWOORD_MODEL", ROOT / "models" / "weerwoord.tar.gz"),
        database=_database("WEERWOORD_DATABASE", ROOT / "weerwoord.db"),
        host=os.environ.get("WEERWOORD_HOST", "").strip() or "127.0.0.1",
        port=_port("WEERWOORD_PORT", 8000),
        assistant_ports=ports,
        assistant_urls=_list("WEERWOORD_ASSISTANT_URL") or tuple(f"http://127.0.0.1:{port}" for port in ports),
        coach_email=os.environ.get("WEERWOORD_COACH_EMAIL", "").strip() or "info@netwerk-partners.nl",
        widget_sites=_sites("WEERWOORD_WIDGET_SITES"),
        log_level=os.environ.get("WEERWOORD_LOG_LEVEL", "").strip().upper() or "ERROR",
        retention_days=_days("WEERWOORD_RETENTION_DAYS", 180),
        redis=_redis("WEERWOORD_REDIS"),
        assistant_host=os.environ.get("WEERWOORD_ASSISTANT_HOST", "").strip() or "127.0.0.1",
        metrics_token=os.environ.get("WEERWOORD_METRICS_TOKEN", "").strip(),
        trusted_proxies=_list("WEERWOORD_TRUSTED_PROXIES"),
        limit_address=_a_minute("WEERWOORD_LIMIT_ADDRESS", 600),
        limit_talk=_a_minute("WEERWOORD_LIMIT_TALK", 120),
    )


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return read_settings()
