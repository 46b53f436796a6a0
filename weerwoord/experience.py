"""One's own bad conversation, told by the user, and the account made of it.

Source: the action at the end of the article, "analyse your bad networking experience and share it".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from urllib.parse import quote

from weerwoord.messages import message
from weerwoord.rubric import Rubric, Verdict


@dataclass(frozen=True)
class Experience:
    """What the user told.

    Attributes:
        what: what happened.
        said: what the other said, in the words the user remembers.
        why: why it went so, by the user's account.
        response: what the user said or did.
        now: what the user would do now.
    """

    what: str
    said: str
    why: str
    response: str
    now: str

    def as_dict(self) -> dict[str, str]:
        """Plain strings, for a slot."""
        return asdict(self)

    @property
    def opening(self) -> str:
        """What the other said, without the quotation marks around it."""
        return self.said.strip().strip("\"'“”‘’„«»").strip()


PARTS = tuple(f.name for f in fields(Experience))


def account(told: Experience, verdicts: Mapping[str, Verdict], rubric: Rubric) -> str:
    """A short written account with the tips that apply.

    Args:
        told: what the user told.
        verdicts: the judge's verdicts on what the user said then.
        rubric: where the tips stand.
    """
    parts = [message(f"experience.{p}", text=getattr(told, p)) for p in PARTS if getattr(told, p)]
    neutral = {"hij": "de ander", "hem": "de ander", "zijn": "zijn of haar", "Hij": "De ander"}
    tips = [
        message("experience.tip", tip=c.tip, name=c.name, why=c.why.format(**neutral))
        for c in rubric.criteria.values()
        if verdicts.get(c.id, "absent") != "clear"
    ]
    if not tips:
        tips = [message("experience.no_tip")]
    return "\n\n".join([message("experience.title"), *parts, message("experience.tips"), *tips])


def mail_link(text: str, address: str) -> str:
    """A `mailto:` link with the account in it; sending is left to the user."""
    subject = quote(message("experience.subject"))
    body = quote(text.replace("\n", "\r\n"))  # RFC 6068 wants line breaks so
    return f"mailto:{address}?subject={subject}&body={body}"
