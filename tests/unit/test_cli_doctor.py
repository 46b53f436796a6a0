"""`weerwoord doctor` as a process: all is well, and each thing that can be wrong is told with how to mend it."""

from __future__ import annotations

import json
import os
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest

from tests.shell import one_sentence, weerwoord
from weerwoord.bench.bots import free_ports
from weerwoord.cli import doctor
from weerwoord.settings import ROOT

pytestmark = pytest.mark.usefixtures("diary_file")


def told(**env: str | Path) -> dict[str, Any]:
    """What the doctor says, by check, on ports that nobody uses."""
    ports = dict(zip(("WEERWOORD_PORT", "WEERWOORD_ASSISTANT_PORT"), map(str, free_ports(2))))
    done = weerwoord("doctor", "--json", **{**ports, **env})
    answer = json.loads(done.stdout)
    assert answer["healthy"] is (done.returncode == 0) and done.returncode in (0, 1)
    return {check["name"]: check for check in answer["checks"]}


@pytest.mark.usefixtures("trained_model")
def test_all_is_well(tmp_path: Path) -> None:
    found = told(WEERWOORD_DATABASE=tmp_path / "talks.db")
    assert {check["state"] for check in found.values()} <= {"good", "note"} and found["model"]["state"] == "good"
    assert len(found) == 10 and not (tmp_path / "talks.db").exists()


@pytest.mark.parametrize(
    ("setting", "value", "name", "mend"),
    [
        ("WEERWOORD_MODEL", "geen.tar.gz", "model", "make train"),
        ("WEERWOORD_MODEL", "README.md", "model", "make train"),
        ("WEERWOORD_SCENARIOS", "docs", "partners", "geen gesprekspartners"),
        ("WEERWOORD_SCENARIOS", "data/nlu", "partners", "weerwoord scenario check"),
        ("WEERWOORD_DATABASE", "README.md", "database", ".env"),
        ("WEERWOORD_DATABASE", "/proc/talks.db", "database", ".env"),
        ("WEERWOORD_PORT", "tachtig", "settings", "poortnummer"),
    ],
)
def test_what_is_wrong_is_told_with_how_to_mend_it(setting: str, value: str, name: str, mend: str) -> None:
    check = told(**{setting: value})[name]
    assert check["state"] == "bad" and mend in check["text"]


def test_a_port_that_is_taken_by_something_else() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        other.settimeout(0.1)
        check = told(WEERWOORD_ASSISTANT_PORT=str(other.getsockname()[1]))["assistant"]
    assert check["state"] == "bad" and "WEERWOORD_ASSISTANT_PORT" in check["text"]


def test_people_read_a_line_for_each_check_and_what_to_do(tmp_path: Path) -> None:
    done = weerwoord("doctor", WEERWOORD_MODEL=tmp_path / "geen.tar.gz")
    assert done.returncode == 1 and "mis     Model: " in done.stdout and "Niet in orde: " in done.stdout
    assert "--jsn" in one_sentence(weerwoord("doctor", "--jsn"))


def test_the_disk_python_and_rasa(monkeypatch: pytest.MonkeyPatch) -> None:
    def state(name: str) -> str:
        return next(check.state for check in doctor.checks() if check.name == name)

    usage = shutil.disk_usage(ROOT)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1024))
    assert state("disk") == "bad"
    monkeypatch.setattr(doctor.sys, "version_info", (3, 12, 0))
    assert state("python") == "bad"
    monkeypatch.setattr(doctor, "version", lambda _: "3.5.0")
    assert state("rasa") == "bad"


def test_a_folder_in_which_nothing_may_be_written(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("nothing is forbidden to the system's owner")
    tmp_path.chmod(0o500)
    assert told(WEERWOORD_DATABASE=tmp_path / "talks.db")["database"]["state"] == "bad"
