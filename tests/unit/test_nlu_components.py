"""Our parts of Rasa's pipeline: trained, kept without pickle, loaded again, and the same each time."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.fake_pipeline import installed
from weerwoord.dutch import PIPELINE
from weerwoord.examples import Example, read_examples
from weerwoord.runtime import slim
from weerwoord.settings import ROOT

slim.install(training=True)

from rasa.engine.graph import ExecutionContext, GraphSchema, SchemaNode  # noqa: E402 (without TensorFlow)
from rasa.engine.recipes.default_recipe import DefaultV1Recipe  # noqa: E402
from rasa.engine.storage.local_model_storage import LocalModelStorage  # noqa: E402
from rasa.engine.storage.resource import Resource  # noqa: E402
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer  # noqa: E402
from rasa.nlu.model import InvalidModelError  # noqa: E402
from rasa.shared.core.slots import AnySlot  # noqa: E402
from rasa.shared.core.trackers import DialogueStateTracker  # noqa: E402
from rasa.shared.nlu.constants import INTENT, TEXT  # noqa: E402
from rasa.shared.nlu.training_data.message import Message  # noqa: E402
from rasa.shared.nlu.training_data.training_data import TrainingData  # noqa: E402

from weerwoord import nlu  # noqa: E402
from weerwoord.nlu import DutchTokenizer, ElementClassifier, PracticeIntentClassifier  # noqa: E402
from weerwoord.nlu.element_classifier import JUDGEMENT  # noqa: E402

CONTEXT = ExecutionContext(GraphSchema({}))
EVERY = 40  # one in so many examples is enough to see whether two trainings agree
REPLIES = [
    "Ik kom niet solliciteren, ik wil graag uw advies.",
    "Zullen we een andere afspraak maken, dinsdag misschien?",
    "Ik ben Noor en ik werkte tien jaar in een magazijn.",
    "Heeft u echt geen baan voor mij?",
    "hint",
    "Mijn fiets staat buiten.",
    "",
]


@pytest.fixture(scope="module")
def examples() -> Sequence[Example]:
    return read_examples(ROOT / "data" / "nlu")[::EVERY]


def training_data(examples: Sequence[Example]) -> TrainingData:
    return TrainingData([Message.build(e.text, e.intent, example_metadata=e.metadata) for e in examples])


def test_the_texts_are_read_again_when_a_file_changed(tmp_path: Path) -> None:
    from weerwoord.nlu.importer import PracticeImporter

    file = tmp_path / "nlu" / "texts.yml"
    file.parent.mkdir()
    for text, moment in (("Dag.", 1), ("Hallo.", 2)):
        file.write_text(f"nlu:\n- intent: greet\n  examples:\n  - text: {text}\n")
        os.utime(file, (moment, moment))
        importers = [PracticeImporter(training_data_paths=str(tmp_path)) for _ in range(2)]
        assert [[e.get(TEXT) for e in i.get_nlu_data().training_examples] for i in importers] == [[text]] * 2


def trained(component: Any, folder: Path, examples: Sequence[Example]) -> Any:
    """Train a component, forget it, and load what it kept."""
    folder.mkdir()
    storage, resource = LocalModelStorage(folder), Resource(component.__name__)
    config = component.get_default_config()
    component.create(config, storage, resource, CONTEXT).train(training_data(examples))
    return component.load(config, storage, resource, CONTEXT)


def output(component: Any) -> list[dict[str, Any]]:
    messages = [Message.build(text) for text in REPLIES]
    component.process(messages)
    return [{k: m.get(k) for k in ("judgement", "intent", "intent_ranking") if m.get(k) is not None} for m in messages]


def test_each_is_registered_for_training() -> None:
    known = DefaultV1Recipe._registered_components
    assert all(known[name].is_trainable and known[name].clazz is getattr(nlu, name) for name in nlu.__all__)


@pytest.mark.parametrize("component", [ElementClassifier, PracticeIntentClassifier])
def test_two_trainings_agree_and_keep_no_pickle(component: Any, tmp_path: Path, examples: Sequence[Example]) -> None:
    first, second = (output(trained(component, tmp_path / name, examples)) for name in ("one", "two"))
    assert first == second and all(first)
    kept = [p for p in (tmp_path / "one").rglob("*") if p.is_file()]
    assert {p.suffix for p in kept} <= {".json", ".npz", ".npy", ".txt"}
    for arrays in (p for p in kept if p.suffix == ".npz"):
        with np.load(arrays, allow_pickle=False) as opened:
            assert all(opened[name].dtype != object for name in opened.files)


@pytest.mark.parametrize(("phase", "taken"), [("open", "reply"), ("ended", "control"), (None, "control")])
def test_in_a_talk_words_for_the_partner_are_no_control_of_another_place(
    tmp_path: Path, phase: str | None, taken: str
) -> None:
    component = PracticeIntentClassifier({}, LocalModelStorage(tmp_path), Resource("intents"), Sharing())  # type: ignore[arg-type]
    tracker = DialogueStateTracker("me", [AnySlot("phase", mappings=[], initial_value=phase)])
    message = Message({TEXT: "Wilt u uw ervaring delen?", JUDGEMENT: {"elements": [{"element": "ask_to_answer"}]}})
    (read,) = component.process([message], tracker)
    assert read.get(INTENT)["name"] == taken


class Sharing:
    """Takes everything for a control, unless it was said to the partner."""

    def ranking(self, text: str, said: bool = False) -> list[tuple[str, float]]:
        return [("reply" if said else "control", 1.0)]


def test_a_model_of_another_pipeline_is_refused(tmp_path: Path) -> None:
    storage, resource = LocalModelStorage(tmp_path), Resource("tokenizer")
    config = {"model": PIPELINE}
    with installed(tmp_path / "older", "3.4.0"):
        DutchTokenizer.create(config, storage, resource, CONTEXT).train(TrainingData())
        again = DutchTokenizer.load(config, storage, resource, CONTEXT)
        tokens = again.tokenize(Message.build("Dag, mevrouw."), "text")
        assert [t.text for t in tokens] == ["Dag", ",", "mevrouw", "."]
    refused = pytest.raises(InvalidModelError, match=r"core_news_sm 3\.4\.0.*core_news_sm 3\.5\.0.*make train")
    with installed(tmp_path / "newer", "3.5.0"), refused:
        DutchTokenizer.load(config, storage, resource, CONTEXT)


@pytest.mark.parametrize("others", [[], [ElementClassifier, PracticeIntentClassifier], [CountVectorsFeaturizer]])
def test_tokens_are_made_where_a_component_needs_them(tmp_path: Path, others: list[Any]) -> None:
    nodes = {o.__name__: SchemaNode(needs={}, uses=o, fn="process", constructor_name="load", config={}) for o in others}
    context = ExecutionContext(GraphSchema(nodes))
    with installed(tmp_path / "packages", "3.4.0"):
        made = DutchTokenizer.create({}, LocalModelStorage(tmp_path), Resource("tokenizer"), context)
        (message,) = made.process([Message.build("Dag, mevrouw.")])
        learnt = made.process_training_data(TrainingData([Message.build("Dag, mevrouw.")])).training_examples[0]
    wanted = CountVectorsFeaturizer in others
    assert [bool(m.get("text_tokens")) for m in (message, learnt)] == [wanted, wanted]
