"""Identifiers, ages, windows and cuts that stand in a title, told apart from its words."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from html import unescape
from typing import Final

from harmonize.values import UNITS, Ages, Impossible, Text, read_ages


def _pattern(*parts: str) -> re.Pattern[str]:
    """A pattern in parts, whatever the case; blanks and remarks in it do not count."""
    return re.compile("\n".join(parts), re.IGNORECASE | re.VERBOSE)


_UNITS: Final = "one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
_NUMBER_WORDS: Final = {word: str(n) for n, word in enumerate(_UNITS, start=1)} | {
    "fifteen": "15",
    "eighteen": "18",
    "twenty": "20",
    "thirty": "30",
    "sixty": "60",
    "ninety": "90",
}
_NUMERAL: Final = _pattern(
    rf"\b({'|'.join(_NUMBER_WORDS)})\b", r"(?=[\s-]+(?:days?|weeks?|months?|years?))"
)
_NOISE: Final = _pattern(r"<\s*/?\s*(?:br|sup|sub|i|b|p)\s*/?\s*> | \(\s*[®©™]\s*\) | [®©™]")
_CAMEL: Final = re.compile(r"[A-Z]{2,}(?=[A-Z][a-z]|[0-9]|\b|$)|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_DASHES: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014", "-"))

# Identifiers as lists print them inside titles: (NQF#2605), (Quality ID# 305-Medicare, HEDIS FUA.
_TITLE_IDS: Final = (
    ("cbe", _pattern(r"\(? \b(?:NQF|CBE) \s*(?:\#|no\.?|id)? \s*[:\#]?\s* ([0-9]{4})[a-z]? \)?")),
    (
        "mips",
        _pattern(
            r"\(? \b(?:Quality\s+ID|MIPS|QPP|PQRS) \s*(?:\#|id|no\.?)? \s*[:\#]?\s*",
            r"([0-9]{3})(?:SSP)?\b (?: [^()]{0,12} \) | -\w{1,12} $ )?",
        ),
    ),
    ("cms", _pattern(r"\(? \b(CMS\s?[0-9]{1,4}) (?:FHIR)? (?:v[0-9.]+)? \b \)?")),
    (
        "hedis",
        re.compile(
            r"\(?\bHEDIS(?:\s+(?:MY\s?)?[0-9]{4})?[\s:-]+([A-Z][A-Z0-9]{1,4}(?:-E)?)\b(?:[^()]{0,30}\))?"
        ),
    ),
)
_VERSIONED: Final = re.compile(r"CMS\s?[0-9]{1,4}(?:FHIR)?(?:v[0-9]+(?:\.[0-9]+)*)?", re.IGNORECASE)
_ACRONYM: Final = re.compile(r"\(\s*([A-Z][A-Z0-9]{1,5}(?:-[A-Z0-9]{1,3})?)\s*\)")
_CORE: Final = _pattern(  # (CMS Child Core C-DEV)
    r"\(\s* (?:CMS\s+)? (?:Medicaid\s+)? (?:Adult|Child) \s+Core (?:\s+Set)?",
    r"\s+ (?:C-)? ([A-Z][A-Z0-9]{1,5} (?:-[A-Z]{2})?) \s*\)",
)
_LEAD: Final = re.compile(r"^([A-Z][A-Z0-9]{2,4}(?:-[A-Z]{1,2})?)(?:\s*:\s*|\s+-\s+)(?=\S)")

_LENGTH: Final = r"(?:\s*(?:months?|mos?|years?|yrs?|weeks?|wks?))?"
_ONWARD: Final = r"\s*(?:of\s+age\s*)?(?:and|or)\s*(?:older|over|above|up)"
_AGE: Final = (
    _pattern(  # ages 12 to 17, aged 18 years and older, age 18+
        r"\b(?:ages?|aged) \s*:?\s* (",
        rf"(?:under|<)? \s*[0-9]+ {_LENGTH}",
        rf"(?: \s*(?:-|to|through)\s* (?:age\s*)? [0-9]+ {_LENGTH} | \s*\+ | {_ONWARD} ) )",
    ),
    _pattern(rf"\b([0-9]+ {_LENGTH} {_ONWARD})\b"),  # 18 and over
    _pattern(  # 18+, and not 6+ visits
        r"\b([0-9]{1,2}\s*\+) (?=\s|$|\))",
        r"(?!\s*(?:visit|time|drug|med|agent|chronic|risk|point|dose|day|hour|week|mo|condition))",
    ),
    _pattern(r"\b((?:under|<) \s*(?:age\s*)? [0-9]{1,2}) (?:\s*(?:years|$|\)))"),  # under age 21
    _pattern(  # 3-21, and not 7-30 days
        rf"(?<![\w<>=.]) ([0-9]{{1,2}} {_LENGTH} \s*(?:-|to|through)\s* [0-9]{{1,2}} {_LENGTH})",
        r"(?!\s*-?\s*(?:days?|hours?|visits?|weeks?|%|[0-9.]))",
    ),
)
_FIRST: Final = _pattern(r"\bfirst\s+([0-9]{1,3})\s+(months?|years?)\s+of\s+life\b")
_WINDOW: Final = _pattern(
    r"(?<![\w.<>]) ([0-9]{1,3}) \s*-?\s*",
    r"(d|days?|wks?|weeks?|mos?|mths?|months?|yrs?|years?) \b",
)
_SHORT_UNITS: Final = {"d": "day", "wk": "week", "mo": "month", "mth": "month", "yr": "year"}
_CUT: Final = _pattern(
    r"( <=? | >=? | \b(?:less|greater|more|lower|higher)\s than(?:\s or\s equal\s to)?\b",
    r"| \bat\s least\b | \bat\s or\s(?:above|below)\b | \bbelow\b",
    r"| [<>] \s* (?:or|/) \s* = (?:\s* to\b)? )",
    r"\s* ((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9})(?:\.[0-9]{1,9})? (?:\s*/\s*[0-9]{1,9})?)",
    r"\s* (?:%|percent|mm\s?hg|mg/dl|mme|grams?)?",
)
# `in patients with BMI < 35`: whom a measure is about, where the side of the cut counts.
_PEOPLE: Final = re.compile(
    r"\b(?:in|among|for) (?:patients?|people|persons?|adults?|children|women|men|those) "
    r"(?:with|having) [^()<>:;,]{1,40}$",
    re.IGNORECASE,
)
_COMBINATION: Final = _pattern(r"\bcomb(?:o|ination) \s*\#?\s* ([0-9]{1,2}) \b")
_COLLECTION: Final = _pattern(
    r"\b(?: e-?cqms? | mips\s cqms? | medicare\s cqms? | cqms? | ecds | ehr | registry | claims",
    r"| hybrid | administrative | web\s interface | fhir )\b",
)


@dataclass(frozen=True, slots=True)
class Wording:
    """A title taken apart: `rest` is what is left to be read as words."""

    rest: str
    ids: tuple[tuple[str, str], ...]  # (system, identifier) as compared
    acronyms: tuple[str, ...]
    ages: Ages | None
    windows: frozenset[Fraction]  # in days
    cuts: frozenset[tuple[Fraction, ...]]  # the numbers, whatever the side
    strata: frozenset[str]  # cuts that say whom the measure is about, with their side
    shown: tuple[tuple[str, str], ...]  # field of the format and text, as short as in a table
    combination: str | None
    collection: frozenset[str]


@lru_cache(maxsize=20_000)
def take_apart(title: str, context: str = "") -> Wording:
    """A title, read behind that of the measure it is a rate of."""
    plain, ids, acronyms = names_apart(title)
    text = f"{names_apart(context)[0]} {plain}" if context else plain
    text = _NUMERAL.sub(lambda m: _NUMBER_WORDS[m[1].lower()], text)
    ages, text = _ages(text)
    windows = frozenset(int(m[1]) * _unit(m[2]) for m in _WINDOW.finditer(text))
    text = _WINDOW.sub(" ", text)
    of_people = [bool(_PEOPLE.search(text, 0, m.start())) for m in _CUT.finditer(text)]
    cuts = frozenset(
        tuple(Fraction(part.replace(",", "")) for part in re.split(r"\s*/\s*", m[2]))
        for m, people in zip(_CUT.finditer(text), of_people, strict=True)
        if not people
    )
    written = [f"{_sign(m[1])}{re.sub(' ', '', m[2])}" for m in _CUT.finditer(text)]
    cut_texts = [cut for cut, people in zip(written, of_people, strict=True) if not people]
    strata = frozenset(cut for cut, people in zip(written, of_people, strict=True) if people)
    text = _CUT.sub(" ", text)
    combination = _COMBINATION.search(title)
    shown = [("follow_up", f"{w:g}d") for w in sorted(map(float, windows)) if w.is_integer()]
    shown += [("threshold", text) for text in cut_texts]
    shown += [("combination", f"combo {combination[1]}")] if combination else []
    shown += [("ages", ages.brief)] if ages and ages.brief else []
    return Wording(
        rest=_COLLECTION.sub(" ", text).strip() or text,
        ids=ids,
        acronyms=acronyms,
        ages=ages,
        windows=windows,
        cuts=cuts,
        strata=strata,
        shown=tuple(shown),
        combination=combination[1] if combination else None,
        collection=frozenset(m[0].lower() for m in _COLLECTION.finditer(text)),
    )


def names_apart(title: str) -> tuple[str, tuple[tuple[str, str], ...], tuple[str, ...]]:
    """A title without the identifiers and acronyms that stand in it, and these."""
    text = without_markup(title).translate(_DASHES).replace("\u2264", "<=").replace("\u2265", ">=")
    # All are read before any is taken out: a bracket may hold several.
    ids = [(s, base_id(s, m[1])) for s, pattern in _TITLE_IDS for m in pattern.finditer(text)]
    for _, pattern in _TITLE_IDS:
        text = pattern.sub(" ", text)
    acronyms: list[str] = []
    for pattern in (_CORE, _ACRONYM):
        acronyms.extend(m[1] for m in pattern.finditer(text))
        text = pattern.sub(" ", text)
    if lead := _LEAD.match(text):
        acronyms.append(lead[1])
        text = text[lead.end() :]
    if text.strip() and " " not in text.strip() and re.search(r"[a-z][A-Z]", text):
        text = " ".join(_CAMEL.findall(text))  # a machine's name for a measure
    return text if text.strip() else title, tuple(ids), tuple(acronyms)


def printed_ids(title: str) -> tuple[tuple[str, str], ...]:
    """(system, identifier) as they are printed in a title, versions and editions included."""
    text = without_markup(title).translate(_DASHES)
    found: list[tuple[str, str]] = []
    for system, pattern in _TITLE_IDS:
        for one in pattern.finditer(text):
            whole = _VERSIONED.search(one[0]) if system == "cms" else None
            found.append((system, re.sub(r"\s", "", whole[0]) if whole else one[1]))
    return tuple(dict.fromkeys(found))


def without_markup(text: str) -> str:
    """A text without the marks of web pages and trade marks."""
    return _NOISE.sub(" ", unescape(text))


def _sign(words: str) -> str:
    """`less than` as its sign."""
    text = words.lower()
    if text[0] in "<>":
        return text[0] + ("=" if "=" in text else "")
    above = re.match(r"greater|more|higher|at least|at or above", text)
    equal = re.search(r"equal|at ", text)
    return (">" if above else "<") + ("=" if equal else "")


def _unit(word: str) -> Fraction:
    """Days in a unit, however it is written."""
    unit = word.lower().rstrip("s")
    return UNITS[_SHORT_UNITS.get(unit, unit)]


def _ages(text: str) -> tuple[Ages | None, str]:
    """The ages that a text names, and the text without them."""
    if first := _FIRST.search(text):
        return Ages(Fraction(0), int(first[1]) * _unit(first[2]), first[0]), text
    for pattern in _AGE:
        for found in pattern.finditer(text):
            plain = re.sub(r"\b(?:age|of age)\s*", "", found[1].lower())
            plain = re.sub(r"\b(?:or|and)\s+(?:above|up|older)\b", "and over", plain)
            try:
                value = read_ages(re.sub(r"\bor\b", "and", plain).strip())
            except Impossible:
                continue
            if not isinstance(value, Text):
                rest = f"{text[: found.start()]} {text[found.end() :]}"
                return value, re.sub(r"\(\s*\)", " ", rest)
    return None, text


# --- identifiers --------------------------------------------------------------------------------


def _numbered(pattern: str, shape: Callable[[str], str]) -> Callable[[str], str]:
    """How a numbered system is compared: its number in its usual shape, or what was written."""
    compiled = re.compile(pattern)

    def base(text: str) -> str:
        found = compiled.fullmatch(text)
        return shape(found[1]) if found else text

    return base


_DIGITS: Final = {"cbe": 4, "mips": 3}


def padded(system: str, number: str) -> str:
    """A number with the zeros that it has in its system; what is no number stays."""
    return number.zfill(_DIGITS.get(system, 0)) if number.isdigit() else number


# Without version, edition, case, blanks, and with the zeros that a spreadsheet has eaten.
_BASES: Final[Mapping[str, Callable[[str], str]]] = {
    "cms": _numbered(r"(?:CMS)?0*([0-9]+)(?:FHIR)?(?:V[0-9.]+)?", lambda n: f"CMS{n}"),
    "cbe": _numbered(r"(?:NQF|CBE)?#?0*([0-9]{1,4})[A-Z]?", lambda n: padded("cbe", n)),
    "mips": _numbered(r"(?:QUALITYID)?:?#?0*([0-9]{1,3})(?:SSP)?", lambda n: padded("mips", n)),
    "hedis": lambda text: text.removesuffix("-E"),
}


def base_id(system: str, value: str) -> str:
    """An identifier as it is compared: two versions of one measure have the same."""
    text = re.sub(r"\s+", "", value).upper()
    return _BASES.get(system, str)(text)
