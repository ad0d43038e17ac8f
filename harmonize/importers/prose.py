"""Ages that stand in sentences, with the words in which they stand.

A sentence holds many numbers, so that an age has to be called one: `18-75 years of age`, `aged 12
and older`, `under 21 years`.  Titles are taken apart in `wording`, where bare numbers tell more.
"""

import re
from dataclasses import dataclass
from typing import Final

from harmonize.problems import Place
from harmonize.trees import Node, Scalar, stated
from harmonize.values import Ages, Impossible, read_ages

_WORD: Final = r"years?|yrs?|months?|mos?|weeks?|wks?|days?"
_UNIT: Final = rf"(?: ?-? ?(?P<unit>{_WORD})\b)"
_LOW: Final = rf"(?P<low>\d{{1,3}})(?: ?(?P<low_unit>{_WORD})\b)?"
_HIGH: Final = r"(?P<high>\d{1,3})(?![\d.])"
_DASH: Final = r" ?(?:--?|\u2010|\u2011|\u2012|\u2013|\u2014|to|through) ?"
_OLD: Final = r"(?: ?-? ?(?:of age|old)\b)"
_ONWARD: Final = r" ?(?:\+|(?:and|or) (?:older|over|above)\b)"
_BEFORE: Final = r"(?:<(?!=) ?|(?:under|below|younger than|less than(?! or)) )"
_LEAST: Final = r"(?:(?:>=|\u2265) ?|(?:at least|greater than or equal to) )"
_AGED: Final = r"\bage[ds]?:? ?"
_ALONE: Final = r"(?<![\d.,/<>=-])"


def _pattern(*parts: str) -> re.Pattern[str]:
    return re.compile("".join(parts), re.IGNORECASE)


# An age is called one before its numbers or behind them.
_AGES: Final = (
    _pattern(_AGED, _LOW, f"{_OLD}?", _DASH, _HIGH, f"{_UNIT}?"),  # ages 6 months to 17 years
    _pattern(_ALONE, _LOW, f"{_OLD}?", _DASH, _HIGH, _UNIT, _OLD),  # 18-75 years of age
    _pattern(r"\bbetween ", _LOW, r" and ", _HIGH, _UNIT, _OLD),
    _pattern(_AGED, r"(?P<low>\d{1,3})", f"(?:{_UNIT}{_OLD}?)?", _ONWARD),  # aged 12 and older
    _pattern(_ALONE, r"(?P<low>\d{1,3})", _UNIT, f"{_OLD}?", _ONWARD),  # 18 years or older
    _pattern(_LEAST, r"(?P<low>\d{1,3})", _UNIT, _OLD),  # at least 18 years of age
    _pattern(_AGED, _LEAST, r"(?P<low>\d{1,3})", f"{_UNIT}?"),  # aged >= 18
    _pattern(_AGED, _BEFORE, _HIGH, f"{_UNIT}?"),  # aged < 18 years
    _pattern(_BEFORE, r"(?:age )(?P<high>\d{1,3})", f"{_UNIT}?"),  # under age 21
    _pattern(_BEFORE, r"(?P<high>\d{1,3})", _UNIT, _OLD),  # under 21 years of age
)
_START: Final = _pattern(
    r"(?: of age)? ?,? ?(?:at|on|by|as of) the (?:start|beginning|first day) of ",
    r"the (?:measurement|performance) (?:period|year)",
)
_PARTS: Final = re.compile(
    r"(?:(?P<low>\d+)-(?P<high>\d+)|(?P<only>\d+)\+|<(?P<below>\d+))(?: (?P<unit>\w+))?"
)


@dataclass(frozen=True, slots=True)
class Told:
    """Ages as a spec writes them, and the words that say so.

    `start` says whether the words speak of the start of the measurement period.
    """

    ages: str
    words: str
    start: bool = False


def ages_told(text: str) -> tuple[Told, ...]:
    """The ages that a text names, each once, in its order."""
    plain = " ".join(text.split())
    found: dict[int, Told] = {}
    for pattern in _AGES:
        for match in pattern.finditer(plain):
            ages = _written(match)
            if ages:
                start = bool(_START.match(plain, match.end()))
                told = Told(ages, match[0].strip(), start)
                found.setdefault(match.start(), told)
    by_ages: dict[str, Told] = {}
    for _, told in sorted(found.items(), key=lambda item: item[0]):
        by_ages.setdefault(told.ages, told)
    return tuple(by_ages.values())


def widest(told: tuple[Told, ...]) -> Told | None:
    """The ages in which all others lie; `None` where there are none such."""
    read = ((one, read_ages(one.ages)) for one in told)
    bands = [(one, band) for one, band in read if isinstance(band, Ages)]
    return next((one for one, band in bands if all(_within(b, band) for _, b in bands)), None)


def written(told: Told, place: Place, remark: str) -> Node | None:
    """Ages as the node of a spec; `None` where no spec can say so."""
    if not told.start:
        return Scalar(told.ages, place, remark=remark)
    parts = _PARTS.fullmatch(told.ages)
    if parts is None:
        return None
    low = parts["low"] or parts["only"]
    high = parts["high"] or (parts["below"] and str(int(parts["below"]) - 1))
    found: dict[str, Node | None] = {
        "min": Scalar(low, place, remark=remark) if low else None,
        "max": Scalar(high, place, remark="" if low else remark) if high else None,
        "unit": Scalar(parts["unit"], place) if parts["unit"] else None,
        "as_of": Scalar("start", place),
    }
    return stated(found, place)


def _within(inner: Ages, outer: Ages) -> bool:
    ends = outer.high is None or (inner.high is not None and inner.high <= outer.high)
    return outer.low <= inner.low and ends


def _written(match: re.Match[str]) -> str:
    """A match as the format writes ages; nothing where they cannot be."""
    parts = match.groupdict()
    low, high = parts.get("low"), parts.get("high")
    unit = _unit(parts.get("unit")) or "year"
    low_unit = _unit(parts.get("low_unit")) or unit
    if low and high:
        first = f"{int(low)}" if low_unit == unit else f"{int(low)} {low_unit}s"
        shown = f"{first}-{int(high)}"
    else:
        shown = f"{int(low)}+" if low else f"<{int(high or 0)}"
    if unit != "year" or low_unit != unit:
        shown += f" {unit}s"
    try:
        return shown if isinstance(read_ages(shown), Ages) else ""
    except Impossible:
        return ""


def _unit(word: str | None) -> str:
    """The unit as one word."""
    letter = (word or "")[:1].lower()
    return {"y": "year", "m": "month", "w": "week", "d": "day"}.get(letter, "")
