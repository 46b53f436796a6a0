"""The trained judge, read from the assistant's model file without importing Rasa."""

from __future__ import annotations

import tarfile
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from weerwoord.messages import message
from weerwoord.settings import settings

if TYPE_CHECKING:
    from weerwoord.intents import IntentModel
    from weerwoord.recogniser import Recogniser

Learnt = TypeVar("Learnt")
PIPELINE_RECORD = "pipeline.txt"  # written by weerwoord.nlu.DutchTokenizer


class NoModel(RuntimeError):
    """There is no usable model; the message says what to do, in Dutch."""


def _component(archive: Path, name: str, into: Path) -> Path:
    """Unpack the files of one component of the pipeline.

    Raises:
        NoModel: there is no such file, or it is no model of ours.
    """
    marker = f"train_weerwoord.nlu.{name}"
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                parts = Path(member.name).parts
                place = next((i for i, part in enumerate(parts) if part.startswith(marker)), None)
                if member.isfile() and place is not None and place + 2 == len(parts):
                    source = tar.extractfile(member)
                    assert source is not None  # a regular file has content
                    (into / parts[-1]).write_bytes(source.read())
    except FileNotFoundError as error:
        raise NoModel(message("setup.no_model")) from error
    except (tarfile.TarError, OSError, EOFError) as error:
        raise NoModel(message("setup.broken_model", file=archive.name)) from error
    if not any(into.iterdir()):
        raise NoModel(message("setup.broken_model", file=archive.name))
    return into


@lru_cache(maxsize=1)
def judge() -> Recogniser:
    """The trained judge of this installation.

    Raises:
        NoModel: it is missing, broken, or of another version.
    """
    from weerwoord.recogniser import Recogniser  # numpy: who only asks about the model does not wait for it

    return _loaded("ElementClassifier", Recogniser.load)


@lru_cache(maxsize=1)
def intents() -> IntentModel:
    """The trained intent classifier of this installation.

    Raises:
        NoModel: it is missing, broken, or of another version.
    """
    from weerwoord.intents import IntentModel

    return _loaded("PracticeIntentClassifier", IntentModel.load)


def _loaded(component: str, load: Callable[[Path], Learnt]) -> Learnt:
    """What a component of this installation's model learnt."""
    model = settings().model
    with tempfile.TemporaryDirectory() as folder:
        saved = _component(model, component, Path(folder))
        try:
            return load(saved)
        except ValueError as error:
            raise NoModel(message("setup.broken_model", file=model.name)) from error


def trained_with(model: Path) -> str:
    """The identity of the Dutch pipeline that a model was trained with (see `weerwoord.dutch`).

    Raises:
        NoModel: it is missing or broken.
    """
    with tempfile.TemporaryDirectory() as folder:
        return (_component(model, "DutchTokenizer", Path(folder)) / PIPELINE_RECORD).read_text("utf-8")
