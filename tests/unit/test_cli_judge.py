"""`weerwoord judge` as a process."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from weerwoord.settings import ROOT, settings

LINES = '{"id": "a", "text": "Zullen we een andere afspraak maken?"}\nwat\n{"id": "b", "text": ""}\n{"text": "x"}\n'
needs_model = pytest.mark.usefixtures("trained_model")


def weerwoord(*arguments: str, given: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", "-m", "weerwoord.cli.main", *arguments]
    return subprocess.run(
        command, input=given, capture_output=True, text=True, cwd=ROOT, env={"PATH": "/usr/bin:/bin", **env}, timeout=60
    )


@needs_model
def test_good_lines_are_judged_and_bad_ones_named() -> None:
    done = weerwoord("judge", given=LINES)
    first, second = map(json.loads, done.stdout.splitlines())
    assert first["id"] == "a" and second == {
        "id": "b",
        "elements": [],
        "doubtful": [],
        "verdicts": {"goal": "absent", "reschedule": "absent", "pitch": "absent"},
    }
    found = first["elements"][0]
    assert set(found) == {"element", "score", "start", "end"}
    assert "propose_other_moment" in {e["element"] for e in first["elements"]}
    assert done.returncode == 2
    assert "Regel 2" in done.stderr and "Regel 4" in done.stderr and "Traceback" not in done.stderr


@needs_model
def test_what_is_no_unicode_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_bytes(b'{"id": 1, "text": "caf\xe9"}\n{"id": 2, "text": "\\ud800"}\n{"id": 3, "text": "Dank u wel."}\n')
    for done in (weerwoord("judge", str(file)), weerwoord("judge", given=file.read_bytes().decode("latin-1"))):
        assert [json.loads(line)["id"] for line in done.stdout.splitlines()][-1] == 3
        assert done.returncode == 2 and "Regel 2" in done.stderr and "Traceback" not in done.stderr
    assert "Regel 1" in weerwoord("judge", str(file)).stderr


@needs_model
def test_one_text_as_a_table() -> None:
    done = weerwoord("judge", "--text", "Zullen we een andere afspraak maken?")
    assert done.returncode == 0 and "Een ander moment" in done.stdout
    assert "Ik herken hier niets in." in weerwoord("judge", "--text", "Mooi weer vandaag.").stdout
    told = json.loads(weerwoord("judge", "--text", "Zullen we een andere afspraak maken?", "--json").stdout)
    assert told["verdicts"]["reschedule"] == "clear" and set(told) == {"text", "elements", "doubtful", "verdicts"}


def test_no_file_and_no_model_are_one_sentence(tmp_path: Path) -> None:
    missing = weerwoord("judge", WEERWOORD_MODEL=str(tmp_path / "geen.tar.gz"))
    assert missing.returncode == 2 and "make train" in missing.stderr
    (tmp_path / "kapot.tar.gz").write_bytes(b"geen archief")
    broken = weerwoord("judge", WEERWOORD_MODEL=str(tmp_path / "kapot.tar.gz"))
    assert broken.returncode == 2 and "make train" in broken.stderr
    assert len(broken.stderr.strip().splitlines()) == 1


def _network_without_pairs(content: bytes) -> bytes:
    with np.load(io.BytesIO(content)) as arrays:
        kept = {name: arrays[name] for name in arrays.files if not name.endswith("_pairs_in")}
    np.savez(out := io.BytesIO(), **kept)
    return out.getvalue()


def _linear_of_any_n_grams(content: bytes) -> bytes:
    names = json.loads(content)
    del names["in_parts"]
    return json.dumps(names).encode()


@needs_model
@pytest.mark.parametrize(
    ("part", "aged"), [("network.npz", _network_without_pairs), ("linear.json", _linear_of_any_n_grams)]
)
def test_a_model_of_an_older_version_is_one_sentence(tmp_path: Path, part: str, aged: Callable[[bytes], bytes]) -> None:
    old = tmp_path / "oud.tar.gz"
    with tarfile.open(settings().model) as model, tarfile.open(old, "w:gz") as made:
        for member in model:
            file = model.extractfile(member)
            content = file.read() if file else b""
            if member.name.endswith(part):
                content = aged(content)
                member.size = len(content)
            made.addfile(member, io.BytesIO(content))
    done = weerwoord("judge", "--text", "Dank u wel.", WEERWOORD_MODEL=str(old))
    assert done.returncode == 2 and "make train" in done.stderr and "oud.tar.gz" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@needs_model
def test_a_file_that_is_not_there() -> None:
    done = weerwoord("judge", "nergens.jsonl")
    assert done.returncode == 2 and "nergens.jsonl" in done.stderr
