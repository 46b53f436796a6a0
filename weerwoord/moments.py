"""The day or time a user names for another appointment, as words the partner can say back."""

from __future__ import annotations

import re

_DAYS = "maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag"
_PARTS = "ochtend|morgen|middag|namiddag|avond"
_HOURS = "een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf"
_DAY = re.compile(rf"\b(?:({_DAYS})(?:({_PARTS}))?|(overmorgen|morgen)(?:({_PARTS}))?)\b", re.IGNORECASE)
# "tien over drie" and "tien of elf" are no time that can be said back: the day alone is better than a wrong time
_CLOCK = rf"(?:half |kwart (?:voor|over) )?(?:\d{{1,2}}(?:[:.]\d{{2}})?|{_HOURS})(?: uur)?"
_TIME = re.compile(rf"\bom ({_CLOCK})\b(?! (?:uur|voor|over|of)\b)", re.IGNORECASE)
_AROUND = re.compile(rf"\bom {_CLOCK}\b", re.IGNORECASE)


def spoken_moment(text: str) -> str | None:
    """The one day (and time) that a reply names, or None when it names none or several.

    >>> spoken_moment("Kan het dinsdag om tien uur?")
    'dinsdag om tien uur'
    >>> spoken_moment("Dinsdag, nee woensdag") is None
    True
    """
    days = _DAY.findall(text)
    if len(days) != 1:
        return None
    day = "".join(days[0]).lower()
    times = _TIME.findall(text)
    return f"{day} om {times[0].lower()}" if len(times) == len(_AROUND.findall(text)) == 1 else day
