"""Tells OpenBLAS what the processor can do, before numpy loads it.

The OpenBLAS inside numpy 1.23 knows processors by their model number. One that is newer it takes for a machine of 2004,
and multiplies matrices four times as slowly as it could. It reads OPENBLAS_CORETYPE when it is loaded, so this runs
when the package is imported.
"""

from __future__ import annotations

import os
from pathlib import Path

_SETTING = "OPENBLAS_CORETYPE"
_CPU = Path("/proc/cpuinfo")
# Kernels of OpenBLAS with the instructions they need, the fastest first.
_KERNELS = (
    ("SkylakeX", {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}),
    ("Haswell", {"avx2", "fma"}),
)


def choose_kernels(cpu: Path = _CPU) -> None:
    """Choose the fastest kernels that the processor can run; what was set by hand stays.

    Args:
        cpu: Linux's description of the processor; where there is none, OpenBLAS chooses.
    """
    try:
        text = cpu.read_text(errors="replace")
    except OSError:
        return
    flags = next((set(line.split()) for line in text.splitlines() if line.startswith("flags")), set())
    for kernel, needed in _KERNELS:
        if needed <= flags:
            os.environ.setdefault(_SETTING, kernel)
            return
