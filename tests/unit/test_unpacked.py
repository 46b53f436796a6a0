"""The encoder from its file is the encoder of the package."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from weerwoord import unpacked

TEXTS = ["Ik kom niet solliciteren!", "Ça va ﬁne — 12½ €", "日本 \u200b", "a" * 300, "één, twéé"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    unpacked.encoder(folder)
    return folder


def kept(folder: Path) -> Path:
    (place,) = folder.glob("encoder-*")
    return place


def test_it_is_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tokenizer, model = unpacked._made()
    monkeypatch.setattr(unpacked, "_made", lambda: pytest.fail("unpacked again"))
    again, same = unpacked.encoder(folder)
    assert [again.encode(t) for t in [*TEXTS, ""]] == [tokenizer.encode(t) for t in [*TEXTS, ""]]
    assert np.array_equal(same.encode(TEXTS), model.encode(TEXTS))
    assert set(vars(same)) == set(vars(model))


@pytest.mark.parametrize("file", ["table.npy", "rest.npz"])
def test_half_a_file_is_made_whole(folder: Path, file: str) -> None:
    whole = (kept(folder) / file).read_bytes()
    (kept(folder) / file).write_bytes(whole[: len(whole) // 2])
    tokenizer, _ = unpacked.encoder(folder)
    assert tokenizer.encode("Dag") and (kept(folder) / file).read_bytes() == whole


def test_where_nothing_can_be_written_it_works_too(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("no folder")
    tokenizer, model = unpacked.encoder(tmp_path / "models")
    assert tokenizer.encode("Dag") and len(model.encode(["Dag"])) == 1
