"""Ages that stand in sentences, with the words in which they stand.

A sentence holds many numbers, so that an age has to be called one: `18-75 years of age`, `aged 12
and older`, `under 21 years`.  Titles are taken apart in `wording`, where bare numbers tell more.
"""

import re
from dataclasses import dataclass
from typing import Final

from harmonize.values import Ages, Impossible, read_ages

_WORD: Final = r"years?|yrs?|months?|mos?|weeks?|wks?|days?"
_UNIT: Final = rf"(?:\s*-?\s*(?P<unit>{_WORD})\b)"
_LOW: Final = rf"(?P<low>\d{{1,3}})(?:\s*(?P<low_unit>{_WORD})\b)?"
_HIGH: Final = r"(?P<high>\d{1,3})(?![\d.])"
_DASH: Final = r"\s*(?:--?|\u2010|\u2011|\u2012|\u2013|\u2014|to|through)\s*"
_OLD: Final = r"(?:\s*-?\s*(?:of\s+age|old)\b)"
_ONWARD: Final = r"\s*(?:\+|(?:and|or)\s+(?:older|over|above)\b)"
_BEFORE: Final = r"(?:under|below|younger\s+than|less\s+than)\s+"
_AGED: Final = r"\bage[ds]?\s*:?\s*"
_ALONE: Final = r"(?<![\d.,/<>=-])"


def _pattern(*parts: str) -> re.Pattern[str]:
    return re.compile("".join(parts), re.IGNORECASE)


# An age is called one before its numbers or behind them.
_AGES: Final = (
    _pattern(_AGED, _LOW, f"{_OLD}?", _DASH, _HIGH, f"{_UNIT}?"),  # ages 6 months to 17 years
    _pattern(_ALONE, _LOW, f"{_OLD}?", _DASH, _HIGH, _UNIT, _OLD),  # 18-75 years of age
    _pattern(r"\bbetween\s+", _LOW, r"\s+and\s+", _HIGH, _UNIT, _OLD),
    _pattern(_AGED, r"(?P<low>\d{1,3})", f"(?:{_UNIT}{_OLD}?)?", _ONWARD),  # aged 12 and older
    _pattern(_ALONE, r"(?P<low>\d{1,3})", _UNIT, f"{_OLD}?", _ONWARD),  # 18 years or older
    _pattern(_BEFORE, r"(?:age\s+)(?P<high>\d{1,3})", f"{_UNIT}?"),  # under age 21
    _pattern(_BEFORE, r"(?P<high>\d{1,3})", _UNIT, _OLD),  # under 21 years of age
)
_START: Final = re.compile(
    r"(?:\s+of\s+age)?\s*,?\s*(?:at|on|by|as\s+of)\s+the\s+(?:start|beginning|first\s+day)\s+of\s+"
    r"the\s+(?:measurement|performance)\s+(?:period|year)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Told:
    """Ages as a spec writes them, the words that say so, and how many other ages stand there.

    `start` says whether the words speak of the start of the measurement period.
    """

    ages: str
    words: str
    start: bool = False
    others: int = 0


def ages_told(text: str) -> Told | None:
    """The first ages of a text that could be; `None` where it names none."""
    found: dict[int, Told] = {}
    for pattern in _AGES:
        for match in pattern.finditer(text):
            ages = _written(match)
            if ages and match.start() not in found:
                start = bool(_START.match(text, match.end()))
                found[match.start()] = Told(ages, " ".join(match[0].split()), start)
    if not found:
        return None
    first = found[min(found)]
    others = len({told.ages for told in found.values()} - {first.ages})
    return Told(first.ages, first.words, first.start, others)


def _written(match: re.Match[str]) -> str:
    """A match as the format writes ages; nothing where they cannot be."""
    parts = match.groupdict()
    low, high, unit = parts.get("low"), parts.get("high"), _unit(parts.get("unit"))
    low_unit = _unit(parts.get("low_unit"))
    if low and high:
        shown = f"{int(low)} {low_unit}s-{int(high)}" if low_unit else f"{int(low)}-{int(high)}"
    elif low:
        shown = f"{int(low)}+"
    else:
        shown = f"<{int(high or 0)}"
    if unit not in ("", "year") or (low_unit not in ("", unit or "year")):
        shown += f" {unit or 'year'}s"
    try:
        return shown if isinstance(read_ages(shown), Ages) else ""
    except Impossible:
        return ""


def _unit(word: str | None) -> str:
    """The unit as one word."""
    letter = (word or "")[:1].lower()
    return {"y": "year", "m": "month", "w": "week", "d": "day"}.get(letter, "")
