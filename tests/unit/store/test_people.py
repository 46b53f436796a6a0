"""People: known by a secret number, back with a code, gone when they want to be."""

from __future__ import annotations

import re
from pathlib import Path

from weerwoord.store import Store


def test_somebody_new_has_given_nothing_away(kept: Store) -> None:
    person = kept.people.ensure("secret-number")
    assert not person.coach_may_read and not person.has_code
    assert person.pseudonym not in person.sender and re.fullmatch("[2-9A-Z]{6}", person.pseudonym)
    assert kept.people.ensure("secret-number") == person


def test_a_code_leads_back_however_it_is_typed(kept: Store) -> None:
    code = kept.people.new_code("me")
    assert re.fullmatch("([2-9A-HJ-NP-Z]{4}-){2}[2-9A-HJ-NP-Z]{4}", code)
    for typed in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} "):
        found = kept.people.by_code(typed)
        assert found is not None and found.sender == "me" and found.has_code


def test_a_new_code_replaces_the_old_one_and_none_leads_to_somebody_else(kept: Store) -> None:
    old, other = kept.people.new_code("me"), kept.people.new_code("other")
    new = kept.people.new_code("me")
    assert kept.people.by_code(old) is None and kept.people.by_code("") is None
    assert {p.sender for p in map(kept.people.by_code, (new, other)) if p} == {"me", "other"}


def test_the_code_itself_is_kept_nowhere(kept: Store, tmp_path: Path) -> None:
    code = kept.people.new_code("me")
    kept.database.wipe()
    for file in tmp_path.glob("kept.db*"):
        assert code.encode() not in file.read_bytes() and code.replace("-", "").encode() not in file.read_bytes()


def test_consent_is_kept(kept: Store) -> None:
    kept.people.ensure("me")
    with kept.database.writing() as connection:
        kept.people.set_consent(connection, "me", True)
    person = kept.people.get("me")
    assert person is not None and person.coach_may_read


def test_forgetting_somebody_who_is_not_there(kept: Store) -> None:
    assert kept.people.forget("nobody") is False
