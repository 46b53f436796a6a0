"""Exports hold what was said, without personal data unless asked for, in forms that programs can read."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import jsonschema
import pytest
import sqlalchemy as sa

from tests.talks import alike as records
from weerwoord.export import formats
from weerwoord.export import talks as export_talks
from weerwoord.export.formats import FORMATS, statements, talk_as_dict
from weerwoord.export.talks import ExportedTalk, Selection, count, pseudonymised, talks
from weerwoord.settings import ROOT
from weerwoord.store import Store
from weerwoord.store.tables import PERSON, TALK

SCHEMA = json.loads((ROOT / "weerwoord" / "export" / "schema.json").read_text("utf-8"))
REPLY = "Ik ben Joris de Groot en ik werkte bij Jansen Bouw in Leiden."


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Store]:
    """A store where the kind of database makes no difference."""
    made = Store(f"sqlite:///{tmp_path / 'kept.db'}")
    yield made
    made.database.engine.dispose()


def _keep(kept: Store, sender: str, *replies: str, partner: str = "ruud", consent: bool = True) -> str:
    key = kept.talks.keep(sender, "rest", records(*replies, partner=partner))
    assert key is not None
    with kept.database.writing() as connection:
        kept.people.set_consent(connection, sender, consent)
    return key


def _all(kept: Store, **selection: Any) -> list[ExportedTalk]:
    return list(talks(kept.database, Selection(**selection).where()))


def _written(form: str, some: Iterable[ExportedTalk]) -> str:
    return "".join(FORMATS[form].write(some))


def test_only_what_a_coach_may_read_is_exported(kept: Store) -> None:
    shared = _keep(kept, "one", REPLY)
    _keep(kept, "two", REPLY, consent=False)
    assert [talk.summary.key for talk in _all(kept)] == [shared]
    assert count(kept.database, Selection().where()) == 1
    assert len(_all(kept, sender="two", shared=False)) == 1


def test_a_selection_selects(kept: Store) -> None:
    first, second = _keep(kept, "one", REPLY), _keep(kept, "one", "Dag.", partner="karin")
    person = kept.people.get("one")
    assert person is not None
    with kept.database.writing() as connection:
        connection.execute(sa.update(TALK).where(TALK.c.key == first).values(started_at=1000.0))
        connection.execute(sa.update(TALK).where(TALK.c.key == second).values(started_at=2000.0))

    def keys(**selection: Any) -> list[str]:
        return [talk.summary.key for talk in _all(kept, **selection)]

    assert keys(person=person.pseudonym) == [first, second] and keys(person="nobody") == []
    assert keys(partner="karin") == [second] and keys(key=first) == [first]
    assert keys(since=2000.0) == [second] and keys(until=2000.0) == [first]
    assert keys(key="'; DROP TABLE talk; --") == [] and len(keys()) == 2


def test_pages_give_every_talk_once_and_those_of_one_person_together(
    kept: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_talks, "PAGE", 2)
    for _ in range(3):
        for sender in ("one", "two"):
            _keep(kept, sender, REPLY, "Nog iets.")
    found = _all(kept)
    assert len({talk.summary.key for talk in found}) == len(found) == 6
    assert [talk.person for talk in found] == sorted(
        (talk.person for talk in found), key=[t.person for t in found].index
    )
    assert {len(talk.transcript.turns) for talk in found} == {2}


@pytest.mark.parametrize("form", FORMATS)
def test_personal_data_is_replaced_in_every_form(file: Store, form: str) -> None:
    _keep(file, "one", REPLY, "Zoals Joris al zei: bel 06-12345678. Els kent u ook.")
    plain, hidden = _written(form, _all(file)), _written(form, pseudonymised(iter(_all(file))))
    for word in ("Joris", "Jansen", "Leiden", "12345678"):
        assert word in plain.replace("\\", "") and word not in hidden
    for word in ("Persoon 1", "Organisatie 1", "Plaats 1", "Telefoon 1", "Els"):
        assert word in hidden
    assert "Persoon 2" not in hidden and "one" not in [talk.person for talk in _all(file)]


def test_evidence_moves_with_the_words(file: Store) -> None:
    _keep(file, "one", REPLY)
    (talk,) = pseudonymised(iter(_all(file)))
    (turn,) = talk_as_dict(talk)["turns"]
    assert turn["reply"] == "Ik ben Persoon 1 en ik werkte bij Organisatie 1 in Plaats 1."
    assert turn["elements"][0]["words"] == turn["reply"]


def test_an_opening_in_the_users_own_words_is_replaced_too(file: Store) -> None:
    told = records("Dag.")
    told[0]["opening"] = told[1]["turn"]["heard"] = "Wij van Jansen Bouw nemen niemand aan, Joris."
    file.talks.keep("one", "rest", told)
    (talk,) = pseudonymised(iter(_all(file, sender="one", shared=False)))
    assert talk.transcript.opening == talk.transcript.turns[0].heard
    assert "Jansen" not in talk.transcript.opening and "Joris" not in talk.transcript.opening


def test_every_line_of_json_lines_fits_the_schema(file: Store) -> None:
    _keep(file, "one", REPLY, "Dag.")
    file.talks.keep("one", "rest", [{"try_again": 1}, {"stopped": True}])
    lines = _written("jsonl", pseudonymised(iter(_all(file)))).splitlines()
    checker = jsonschema.Draft7Validator(SCHEMA)
    checker.check_schema(SCHEMA)
    for line in lines:
        checker.validate(json.loads(line))
    data = json.loads(lines[0])
    assert [turn["retried"] for turn in data["turns"]] == [True, True] and data["stopped"]
    with pytest.raises(jsonschema.ValidationError):
        checker.validate({**data, "mark": 8})
    with pytest.raises(jsonschema.ValidationError):
        checker.validate({k: v for k, v in data.items() if k != "turns"})


def test_the_documentation_names_every_field_and_column() -> None:
    text = (ROOT / "docs" / "export.md").read_text("utf-8")
    fields = {*SCHEMA["properties"], *(f for d in SCHEMA["definitions"].values() for f in d["properties"])}
    for name in (*fields, *formats.COLUMNS, *FORMATS):
        assert f"`{name}`" in text, name


def test_no_cell_is_a_formula_and_every_row_is_whole(file: Store) -> None:
    _keep(file, "one", '=HYPERLINK("http://x")', 'twee\nregels; met, "tekens"', "-1")
    rows = list(csv.DictReader(io.StringIO(_written("csv", _all(file)))))
    assert [row["reply"] for row in rows] == ['\'=HYPERLINK("http://x")', 'twee\nregels; met, "tekens"', "'-1"]
    assert [row["turn"] for row in rows] == ["1", "2", "3"] and set(rows[0]) == set(formats.COLUMNS)
    assert rows[0]["elements"] == "who_i_am" and rows[0]["pitch"] == "partial" and rows[0]["retried"] == "false"


def test_nothing_in_a_reply_becomes_markup(file: Store) -> None:
    _keep(file, "one", "# Kop <script>alert(1)</script> [link](http://x) `code`\n- punt")
    text = _written("markdown", _all(file))
    assert (
        "<script>" not in text.replace("\\<", "") and "\n- punt" not in text and "](" not in text.replace("\\]\\(", "")
    )
    assert "Ruud" in text and "voor het einde gestopt" in text


def test_xapi_statements_have_what_the_specification_asks(file: Store) -> None:
    _keep(file, "one", REPLY, "Dag.")
    (talk,) = _all(file)
    told = json.loads(_written("xapi", [talk]))
    assert told == list(statements(talk)) and len(told) == 3
    for statement in told:
        UUID(statement["id"]), UUID(statement["context"]["registration"])
        assert statement["actor"]["account"]["name"] == talk.person and statement["timestamp"].endswith("Z")
        assert statement["verb"]["id"].startswith("http") and statement["object"]["id"].startswith("http")
        assert "score" not in statement["result"]  # a talk gets no mark
    assert len({statement["id"] for statement in told}) == 3
    assert told[0]["result"]["response"] == REPLY
    assert json.loads(_written("xapi", [])) == []


def test_memory_does_not_grow_with_the_number_of_talks(file: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_talks, "PAGE", 20)
    _keep(file, "one", *["Ik zoek advies."] * 4)
    with file.database.writing() as connection:
        columns = [c.name for c in TALK.columns if c.name not in ("id", "key")]
        names = ", ".join(columns)
        connection.exec_driver_sql(
            f"INSERT INTO talk (key, {names}) WITH RECURSIVE n(i) AS "
            f"(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 240) SELECT 'k' || i, {names} FROM talk, n"
        )
        connection.exec_driver_sql(
            "INSERT INTO turn SELECT talk.id, number, retried, reply, line, data FROM talk, turn WHERE talk.key <> "
            "(SELECT key FROM talk ORDER BY id LIMIT 1)"
        )

    def most(number: int) -> int:
        tracemalloc.start()
        for written, _ in enumerate(FORMATS["jsonl"].write(talks(file.database, Selection().where()))):
            if written == number:
                break
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    most(10)  # what is loaded once
    few, many = most(60), most(240)
    assert many < few * 1.2


def test_people_keep_their_pseudonyms_apart(file: Store) -> None:
    _keep(file, "one", "Ik ben Joris.")
    _keep(file, "one", "Joris weer. Ik ken Sanne.")
    _keep(file, "two", "Ik ben Sanne.")
    replies = [talk.transcript.turns[0].reply for talk in pseudonymised(iter(_all(file)))]
    assert replies == ["Ik ben Persoon 1.", "Persoon 1 weer. Ik ken Persoon 2.", "Ik ben Persoon 1."]
    assert len({row for row in _all(file)[0].person}) > 1 and PERSON.c.sender.name not in talk_as_dict(_all(file)[0])
