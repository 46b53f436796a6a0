"""The examples of the page for trainers: each command is run, and what the page shows must be shown, in that order."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from weerwoord.settings import ROOT

PAGE = (ROOT / "docs" / "oefenen-in-de-terminal.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"(?:`(?P<file>[\w.]+)`:\n\n)?```(?P<kind>\w+)\n(?P<body>.*?)```", re.DOTALL)


@pytest.mark.usefixtures("trained_model", "diary_file")
def test_every_example_of_the_page_does_what_the_page_says(tmp_path: Path) -> None:
    bin_folder = ROOT / ".venv" / "bin"
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    env = {
        **os.environ,
        "PATH": f"{bin_folder}:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "COLUMNS": "80",
        "PYTHONPATH": str(ROOT),  # the command of this folder, wherever it was installed from
        "WEERWOORD_SCENARIOS": str(tmp_path / "scenarios"),
    }
    run = 0
    for block in BLOCK.finditer(PAGE):
        if block["file"]:
            (tmp_path / block["file"]).write_text(block["body"], encoding="utf-8")
        if block["kind"] != "console":
            continue
        for example in re.split(r"^\$ ", block["body"], flags=re.MULTILINE)[1:]:
            command, *shown = example.rstrip("\n").splitlines()
            done = subprocess.run(
                ["bash", "-c", command], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60
            )
            assert (done.returncode, done.stderr) == (0, ""), (command, done.stderr)
            rest = done.stdout
            for line in shown:
                assert line in rest, (command, line, done.stdout)
                rest = rest.partition(line)[2]
            run += 1
    assert run >= 9
