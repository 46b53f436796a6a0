"""Which kernels OpenBLAS is told to use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from weerwoord.kernels import choose_kernels

NAME = "OPENBLAS_CORETYPE"


@pytest.mark.parametrize(
    ("flags", "kernel"),
    [
        ("fpu sse2 avx avx2 fma avx512f avx512bw avx512cd avx512dq avx512vl", "SkylakeX"),
        ("fpu sse2 avx avx2 fma avx512f", "Haswell"),
        ("fpu sse2 avx avx2", None),
        ("", None),
    ],
)
def test_the_fastest_that_the_processor_can_run(
    flags: str, kernel: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(NAME, raising=False)
    cpu = tmp_path / "cpuinfo"
    cpu.write_text(f"processor : 0\nflags\t\t: {flags}\nbugs :\n")
    choose_kernels(cpu)
    assert os.environ.get(NAME) == kernel


def test_what_was_set_by_hand_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "Zen")
    choose_kernels()
    choose_kernels(tmp_path / "nothing")
    assert os.environ[NAME] == "Zen"
