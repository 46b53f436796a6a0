"""Personal data that has a form of its own: e-mail, phone and account numbers, addresses, dates of birth."""

from __future__ import annotations

import re

from weerwoord.privacy.spans import Found, Kind, Span

_TLD = "nl|be|com|org|net|eu|info|io|app|de|fr"
_MONTH = (
    "januari|jan|februari|feb|maart|mrt|april|apr|mei|juni|jun|juli|jul|augustus|aug|september|sept|sep|oktober|okt|"
    "november|nov|december|dec"
)
_BORN_YEAR = r"(?:19[2-9]\d|20[01]\d)"  # an appointment is later than that
_TEN = "nul|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen"
_NUMBER_WORD = (
    rf"(?:{_TEN}|tien|elf|twaalf|dertien|veertien|\w+tien|twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|"
    r"negentig|\w+(?:en|ën)(?:twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig))"
)
_STREET_END = "straat|straatje|laan|weg|plein|gracht|kade|dreef|steeg|singel|plantsoen|dijk|steenweg|kaai"
_STREET_END_CAPITAL = rf"{_STREET_END}|str\.|hof|pad|markt|park|boulevard|allee"
_INTERFIX = r"van|von|de|der|den|het|'t|ten|ter|op|aan|in"
_HOUSE = (
    r"(?:nr\.?\s*|nummer\s+|huisnummer\s+)?\d{1,4}(?:\s?[a-zA-Z]\b|\s?bis\b|\s?hs\b|-\d{1,3}\b|/\d{1,3}\b)?"
    r"(?:,?\s?bus\s?\w{1,4})?"
)
_NO_UNIT = (
    r"(?!\d|\s*(?:jaar|jaren|uur|uren|keer|minuten|min|maand|maanden|dagen|dag|weken|week|mensen|km|kilometer|euro|%))"
)
_CAPITAL_WORD = r"[A-ZÀ-Ý][\w.'’-]{0,30}"  # every repetition has a limit, so that no text takes long
_COMMON_PAIR = "en|in|of|op|om|is|de|ik|te|al|we|je|ze|er|na|nu|zo|uw|mn|he|ja|ga|ge|eh|km|uu"

_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("email", re.compile(r"(?<![\w.+'-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")),
    (
        "email",
        re.compile(
            r"\b(?:[\w.-]{1,40} (?:punt|streepje) ){0,4}[\w.-]{1,40} (?:apenstaartje|apestaartje|at) "
            rf"[\w-]{{1,40}} (?:punt|dot) (?:{_TLD})\b",
            re.IGNORECASE,
        ),
    ),
    ("account", re.compile(r"https?://[^\s,;]+[^\s,;.!?)]|\bwww\.[^\s,;]+[^\s,;.!?)]", re.IGNORECASE)),
    (
        "account",
        re.compile(
            rf"(?<![\w@.-])[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{0,4}}\.(?:{_TLD})(?:/[^\s,;]*[^\s,;.!?)])?(?![\w])",
            re.IGNORECASE,
        ),
    ),
    ("account", re.compile(r"(?<![\w.])@\w[\w.]*\w")),
    ("number", re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")),
    ("number", re.compile(r"\b[a-z]{2}\d{2}[a-z]{4}\d{10}\b", re.IGNORECASE)),
    ("number", re.compile(r"\b\d{2}\.\d{2}\.\d{2}[-– ]\d{3}[.– ]\d{2}\b")),
    (
        "number",
        re.compile(
            r"\b(?:bsn|burgerservicenummer|rijksregisternummer|klantnummer|dossiernummer|personeelsnummer|paspoort\w*|"
            r"rekening\w*|iban|sofinummer|kenteken)(?: nummer)?(?: is| was|:)?(?: dus| eh)? "
            r"(?P<it>[A-Z]{0,3}-?\d[\w.-]*(?: \d[\w.-]*)*)",
            re.IGNORECASE,
        ),
    ),
    ("birth", re.compile(rf"\b\d{{1,2}}[-/. ]\d{{1,2}}[-/. ]{_BORN_YEAR}\b")),
    ("birth", re.compile(rf"\b\d{{1,2}}e? (?:{_MONTH})\.?,? {_BORN_YEAR}\b", re.IGNORECASE)),
    (
        "birth",
        re.compile(
            rf"\b(?:geboren|jarig|verjaardag|geboortedatum)(?: ben| is|:)?(?: ik)?(?: op| in| de)* "
            rf"(?P<it>\d{{1,2}}[-/. ]\d{{1,2}}(?:[-/. ]\d{{2,4}})?\b|\d{{1,2}}e? (?:{_MONTH})\b(?: '?\d{{2,4}}\b)?|"
            rf"{_BORN_YEAR}\b)",
            re.IGNORECASE,
        ),
    ),
    ("phone", re.compile(r"(?<![\w+])(?:\+|00 ?)\(?\d(?:[\s./()–-]{0,3}\d){8,13}(?!\d)")),
    ("phone", re.compile(r"(?<!\w)\(?0(?:[\s./()–-]{0,3}\d){7,10}(?!\d)")),
    ("phone", re.compile(r"(?<![\w.,-])6[ -]?\d(?:[ -]?\d){7}(?!\d)")),
    (
        "phone",
        re.compile(rf"\bnul(?: {_NUMBER_WORD}){{3,}}\b|\b{_NUMBER_WORD}(?: {_NUMBER_WORD}){{6,}}\b", re.IGNORECASE),
    ),
    ("number", re.compile(r"(?<![\w.,])\d{7,}(?!\w)")),
    (
        "address",
        re.compile(rf"\b(?:{_CAPITAL_WORD} ){{0,2}}[Ss]teenweg (?:op|naar) {_CAPITAL_WORD}(?: {_HOUSE}{_NO_UNIT})?"),
    ),
    (
        "address",
        re.compile(
            rf"\b(?:{_CAPITAL_WORD} (?:(?:{_INTERFIX}) )*){{0,4}}{_CAPITAL_WORD}(?:{_STREET_END_CAPITAL}) "
            rf"{_HOUSE}{_NO_UNIT}"
        ),
    ),
    ("address", re.compile(rf"\b(?!onderweg)\w[\w'’-]{{1,30}}(?:{_STREET_END}) {_HOUSE}{_NO_UNIT}", re.IGNORECASE)),
    (
        "address",
        re.compile(
            rf"\b(?:[Ww]oon|[Aa]dres|[Ss]traat)\w*(?: (?:is|nu|ik|dus|op|aan|in|de|het|'t|nummer))*:? "
            rf"(?P<it>{_CAPITAL_WORD}(?: (?:{_INTERFIX}|{_CAPITAL_WORD})){{0,4}} {_HOUSE}){_NO_UNIT}"
        ),
    ),
    ("address", re.compile(rf"\b(?!Onderweg|Verkade|Afsluitdijk)[A-ZÀ-Ý][\w'’-]{{2,30}}(?:{_STREET_END})\b")),
    (
        "address",
        re.compile(
            r"\b(?:in|op|aan|van|uit) (?:de|den|het) "
            r"(?P<it>(?!winkel|zij|hoofd|woon|boekhoud)\w{3,30}(?:straat|laan|gracht|singel|steeg))\b"
        ),
    ),
    ("address", re.compile(r"\b[1-9]\d{3} ?[A-Z]{2}\b")),
    ("address", re.compile(rf"\b[1-9]\d{{3}}(?:[a-z]{{2}}| (?!(?:{_COMMON_PAIR})\b)[a-z]{{2}})\b")),
    ("address", re.compile(rf"(?<=, )(?:B-)?[1-9]\d{{3}}(?= {_CAPITAL_WORD})")),
)


def patterned(text: str) -> Found:
    """Everything in a text that has a form of its own, without overlap, in the order of the text.

    >>> [text[s.start : s.end] for text in ["Bel 06-12345678."] for s in patterned(text)]
    ['06-12345678']
    """
    found = Found(len(text))
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            group = "it" if "it" in pattern.groupindex else 0
            found.add(Span(match.start(group), match.end(group), kind))
    return found
