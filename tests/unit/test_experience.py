"""The account of one's own conversation, and the link to mail it."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from weerwoord.experience import Experience, account, mail_link
from weerwoord.rubric import rubric

TOLD = Experience("Ik werd weggestuurd.", "“Ga maar naar P&O.”", "", "Ik ging weg.", "Mijn doel zeggen.")


def test_the_account_has_what_was_told_and_the_tips_that_apply() -> None:
    text = account(TOLD, {"goal": "clear", "reschedule": "absent", "pitch": "partial"}, rubric())
    for part in ("Ik werd weggestuurd.", "Ga maar naar P&O.", "Ik ging weg.", "Mijn doel zeggen."):
        assert part in text
    assert "Waardoor het kwam" not in text  # not told, so not shown
    names = {c.id: c.name for c in rubric().criteria.values()}
    assert names["reschedule"] in text and names["pitch"] in text
    assert names["goal"] not in text
    assert "{" not in text


def test_without_verdicts_every_tip_of_the_criteria_is_given() -> None:
    text = account(TOLD, {}, rubric())
    assert all(c.name in text for c in rubric().criteria.values())


def test_when_all_was_clear_only_the_etiquette_is_left() -> None:
    text = account(TOLD, dict.fromkeys(rubric().criteria, "clear"), rubric())
    assert "Tip 3" in text and "Tip 1" not in text and "Tip 2" not in text


def test_what_the_other_said_opens_the_talk_without_quotation_marks() -> None:
    assert TOLD.opening == "Ga maar naar P&O."
    assert Experience(**TOLD.as_dict()) == TOLD


def test_the_mail_link_holds_the_account_whole() -> None:
    text = "Eén & twee?\n\n- 100% #hoera"
    parts = urlsplit(mail_link(text, "coach@example.nl"))
    assert (parts.scheme, parts.path, parts.fragment) == ("mailto", "coach@example.nl", "")
    body = parse_qs(parts.query)
    assert body["body"] == [text.replace("\n", "\r\n")]  # as RFC 6068 wants line breaks
    assert body["subject"] == ["Mijn netwerkervaring"]
