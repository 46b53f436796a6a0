"""Both roads to Dutch: spaCy's own pipeline by its name, and the stand-in where that is not installed."""

from __future__ import annotations

from pathlib import Path

from tests.fake_pipeline import installed
from weerwoord.dutch import PIPELINE, STAND_IN, identity, installed_identity, is_installed, load_pipeline

SENTENCES = "Ik had een vraag. Heeft u even tijd?"


def test_the_stand_in_is_built_once_and_knows_tokens_sentences_and_lemmas(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "stand_in"
    first = load_pipeline("nl_not_installed", folder)
    built = (folder / "meta.json").stat().st_mtime_ns
    second = load_pipeline("nl_not_installed", folder)
    assert (folder / "meta.json").stat().st_mtime_ns == built
    for nlp in (first, second):
        doc = nlp(SENTENCES)
        assert [s.text for s in doc.sents] == ["Ik had een vraag.", "Heeft u even tijd?"]
        assert {t.text: t.lemma_ for t in doc}["had"] == "hebben"
        assert identity(nlp) == installed_identity("nl_not_installed") == f"{STAND_IN} 1"


def test_the_package_is_loaded_by_its_name(tmp_path: Path) -> None:
    with installed(tmp_path, "3.4.0"):
        nlp = load_pipeline(PIPELINE, tmp_path / "stand_in")
        assert is_installed(PIPELINE) and not (tmp_path / "stand_in").exists()
        assert identity(nlp) == installed_identity(PIPELINE) == "core_news_sm 3.4.0"
        assert len(list(nlp(SENTENCES).sents)) == 2
