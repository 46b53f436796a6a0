"""The judge's network: what is used is what was trained, and it learns, repeatably."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from weerwoord import network_training as training
from weerwoord.encoder import meanings, pieces, sentences
from weerwoord.network import SLOTS, TABLES, Network, places_of
from weerwoord.network_training import Lessons, train_network

TEXTS = [
    "Zullen we een andere afspraak maken?",
    "Kan ik u morgen bellen?",
    "Ik heb tien jaar in de zorg gewerkt.",
    "Ik was vroeger loodgieter.",
] * 3
LABELS = np.array([[1, 0], [1, 0], [0, 1], [0, 1]] * 3, dtype=np.float32)
NO_LINES = np.zeros((len(TEXTS), 512), np.float32)
NO_VOCABULARY = np.zeros(0, np.int64)


def trained(seed: int) -> Network:
    return train_network(TEXTS, NO_LINES, LABELS, [seed, seed + 1])


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few steps, small steps' worth of pieces."""
    monkeypatch.setattr(training, "PIECES", 128)
    monkeypatch.setattr(training, "TEXTS", 8)
    monkeypatch.setattr(training, "EPOCHS", 25)


def lessons_of(texts: list[str], vocabulary: npt.NDArray[np.int64], elements: int) -> Lessons:
    """What there is to learn from texts, every number of their meanings among it."""
    read = [pieces(t) for t in texts]
    ends = np.cumsum([len(r) for r in read])
    different, which = np.unique(np.concatenate(read), return_inverse=True)
    places = [places_of(t, r, vocabulary) for t, r in zip(texts, read)]
    random = np.random.default_rng(1)
    return Lessons(
        spans=[slice(end - len(r), end) for end, r in zip(ends, read)],
        meanings=np.concatenate([np.zeros((1, 512), np.float32), meanings(different)]),
        pieces=which + 1,
        places={table: np.concatenate([p[table] for p in places]) for table in TABLES},
        lines=random.standard_normal((len(texts), 512)).astype(np.float32) * 0.05,
        labels=(random.random((len(texts), elements)) < 0.5).astype(np.float32),
    )


def test_training_and_use_compute_the_same(monkeypatch: pytest.MonkeyPatch, quickly: None) -> None:
    """Texts beside each other in a step do not touch: each gets what it gets alone."""
    for dropout in ("PIECE_DROPOUT", "SHARED_DROPOUT", "LINE_DROPOUT"):
        monkeypatch.setattr(training, dropout, -1.0)
    random = np.random.default_rng(0)
    texts = ["Zullen we morgen bellen?", "Ik ben Joris en ik zoek geen baan, ik wil leren.", "ja"]
    vocabulary = np.unique(np.concatenate([pieces(t) for t in texts]))[:20]
    lessons = lessons_of(texts, vocabulary, elements=4)
    weights, tables = training._first_state(random, len(vocabulary), 512, 4)
    batch = training._batch(lessons, [0, 1, 2], random)
    vectors = {table: tables[table][batch[table]] for table in TABLES}
    together = np.array(training._forward(weights, vectors, lessons.meanings, batch))
    used = Network(({**weights, **tables},), vocabulary)
    for row, text, line in zip(together, texts, lessons.lines):
        assert used.logits(text, line) == pytest.approx(row, abs=2e-4)


def test_a_step_changes_only_the_vectors_it_has_to_do_with(quickly: None) -> None:
    vocabulary = np.unique(np.concatenate([pieces(t) for t in TEXTS]))
    lessons = lessons_of(TEXTS, vocabulary, elements=2)
    random = np.random.default_rng(0)
    start = training._first_state(random, len(vocabulary), 512, 2)
    batch = training._batch(lessons, [0, 1], random)
    step = training._step(len(vocabulary), lessons.meanings.shape, 2)
    copies = [tuple({n: np.array(w) * share for n, w in part.items()} for part in start) for share in (1, 0, 0)]
    (weights, tables), _, _ = step(*copies, lessons.meanings, batch, np.float32(0.01), np.float32(1))
    assert np.abs(np.array(weights["in"]) - start[0]["in"]).max() > 1e-4
    for table in TABLES:
        before, after = start[1][table], np.array(tables[table])
        changed = np.flatnonzero((before != after).any(1))
        assert set(changed.tolist()) == set(batch[table].tolist()) - {0}
        assert np.isfinite(after).all() and not after[0].any()


def test_two_trainings_are_the_same_and_survive_the_disk(tmp_path: Path, quickly: None) -> None:
    first, second = trained(7), trained(7)
    for text in ("Mag ik u een andere keer bellen?", "Ik werkte bij een bank."):
        odds = first.logits(text, NO_LINES[0])
        assert np.array_equal(odds, second.logits(text, NO_LINES[0]))
        first.save(tmp_path)
        assert Network.load(tmp_path).logits(text, NO_LINES[0]) == pytest.approx(odds, abs=0.05)
    proposal, work = (first.logits(t, NO_LINES[0]) for t in ("Zullen we iets anders afspreken?", "Ik werkte als smid."))
    assert proposal[0] > proposal[1] and work[1] > work[0]


def test_a_network_of_another_version_is_refused(tmp_path: Path, quickly: None) -> None:
    made = trained(7)
    Network(tuple({n: w for n, w in ws.items() if n != "pairs_in"} for ws in made.members), made.vocabulary).save(
        tmp_path
    )
    with pytest.raises(ValueError, match="another version"):
        Network.load(tmp_path)


def test_every_text_is_read_in_every_epoch(quickly: None) -> None:
    lessons = lessons_of(TEXTS, NO_VOCABULARY, elements=2)
    batches = list(lessons.epoch(np.random.default_rng(3)))
    assert sorted(i for batch in batches for i in batch) == list(range(len(TEXTS)))
    sizes = [s.stop - s.start for s in lessons.spans]
    assert all(sum(sizes[i] for i in batch) <= training.PIECES for batch in batches)


def test_a_pair_is_known_by_both_pieces_and_their_order() -> None:
    def pairs(ids: list[int]) -> list[int]:
        return places_of("", np.array(ids), NO_VOCABULARY)["pairs"].tolist()

    assert pairs([7, 8]) == pairs([7, 8])
    assert len({*pairs([7, 8]), *pairs([8, 7]), *pairs([7, 9])}) == 6
    assert all(0 < place < SLOTS for place in pairs(pieces("mag ik u bellen").tolist()))


def test_the_pieces_of_a_word_share_its_vector_whatever_its_capitals_and_signs() -> None:
    def words(text: str) -> list[int]:
        ids = pieces(text)
        found = places_of(text, ids, NO_VOCABULARY)["words"].tolist()
        assert len(found) == len(ids) and found[0] == found[-1] == 0  # the marks of start and end stand in no word
        return found

    assert len(words("Afspraakjesboek")) > 3 and len(set(words("Afspraakjesboek"))) == 2
    assert set(words("afspraakjesboek,")) == set(words("Afspraakjesboek"))
    assert set(words("afspraakjesboek")) != set(words("afsprakenboek"))
    assert set(words("?! --")) == {0}


def test_near_meanings_are_near() -> None:
    near, far = sentences(["Kunnen we morgen praten?", "Wat een rare kast."]) @ sentences([TEXTS[1]])[0]
    assert near > far
