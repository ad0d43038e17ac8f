"""Ages, thresholds, durations and shares: how a stated text is read, and when two are the same.

Every reader here takes the text that a payer wrote and returns one of three things: the value; a
`Text`, where no grammar covers what was written; or `Impossible`, raised where the grammar reads
the text but nothing in the world can be so.  Equality looks at the meaning, never at `text`.
"""

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final


class Impossible(ValueError):
    """A text that its grammar reads and that cannot be; the message says what was wanted."""


@dataclass(frozen=True, slots=True)
class Text:
    """A statement that no grammar covers: shown, compared as text, never taken as agreement."""

    text: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """The statement that there is none, which is not silence."""

    text: str = field(default="none", compare=False)


NOTHING: Final = Nothing()

# Days in a unit; a month is a twelfth of the mean Julian year, so that 12 months are one year.
UNITS: Final = {
    "year": Fraction(1461, 4),
    "month": Fraction(1461, 48),
    "week": Fraction(7),
    "day": Fraction(1),
    "hour": Fraction(1, 24),
    "minute": Fraction(1, 1440),
}
AGE_UNITS: Final = ("year", "month", "week", "day")
_UNIT_WORDS: Final = {
    "y": "year", "yr": "year", "yrs": "year", "mo": "month", "mos": "month", "wk": "week",
    "wks": "week", "d": "day", "hr": "hour", "hrs": "hour", "h": "hour", "min": "minute",
    "mins": "minute",
} | {name: name for name in UNITS} | {f"{name}s": name for name in UNITS}  # fmt: skip
LONGEST: Final = 200  # characters that a grammar reads; what is longer is words
_NUMBER: Final = r"[0-9]{1,12}(?:\.[0-9]{1,9})?"
_DASHES: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_ANY_CASE: Final = re.IGNORECASE | re.ASCII
_AGE_UNIT: Final = r"(?:years?|yrs?|y|months?|mos?|weeks?|wks?|days?|d)(?:\s+(?:of\s+age|old))?"
_RANGE: Final = re.compile(
    rf"(?P<low>-?{_NUMBER})\s*(?P<low_unit>{_AGE_UNIT})?\s*(?:-|to|through)\s*"
    rf"(?P<high>{_NUMBER})\s*(?P<unit>{_AGE_UNIT})?",
    _ANY_CASE,
)
_FROM: Final = re.compile(
    rf"(?P<low>-?{_NUMBER})\s*(?P<unit>{_AGE_UNIT})?\s*(?:\+|and\s+(?:older|over|up))"
    rf"(?:\s*(?P<after>{_AGE_UNIT}))?",
    _ANY_CASE,
)
_BELOW: Final = re.compile(
    rf"(?:<|under)\s*(?P<high>-?{_NUMBER})\s*(?P<unit>{_AGE_UNIT})?", _ANY_CASE
)


def _plain(text: str) -> str:
    """A text as the grammars read it: one blank between words, one kind of dash."""
    return " ".join(text.split()).translate(_DASHES) if len(text) <= LONGEST else ""


def _unit(text: str | None, default: str = "year") -> str:
    return _UNIT_WORDS[text.split()[0].lower()] if text else default


@dataclass(frozen=True, slots=True)
class Ages:
    """People by age, as a half-open interval in days at the end of the measurement period.

    `low` is included, `high` is not (`None`: no upper bound), so that "1-2 years" runs from 12 to
    35 completed months.  Ages as of the start of the period are moved by the one year that a
    measurement period lasts: 17-84 at its start are the people who are 18-85 at its end.
    """

    low: Fraction
    high: Fraction | None
    text: str = field(compare=False)

    @property
    def brief(self) -> str:
        """`18-85`, `18+`, `<18` in years; empty where whole years do not say it."""
        low = self.low / UNITS["year"]
        high = None if self.high is None else self.high / UNITS["year"]
        if low.denominator != 1 or (high is not None and high.denominator != 1):
            return ""
        if high is None:
            return f"{low}+"
        return f"{low}-{high - 1}" if low else f"<{high}"

    def overlaps(self, other: "Ages") -> bool:
        """Whether anybody can be in both."""
        return (other.high is None or self.low < other.high) and (
            self.high is None or other.low < self.high
        )

    def share(self, other: "Ages", longest: int = 100) -> Fraction:
        """Years in both over years in either, open ends closed at `longest` years."""
        end = longest * UNITS["year"]
        mine = (self.low, self.high or max(end, self.low))
        theirs = (other.low, other.high or max(end, other.low))
        common = min(mine[1], theirs[1]) - max(mine[0], theirs[0])
        either = max(mine[1], theirs[1]) - min(mine[0], theirs[0])
        return max(common, Fraction(0)) / either if either else Fraction(1)


def ages_between(
    low: str | None, high: str | None, unit: str = "year", as_of: str = "end", text: str = ""
) -> Ages:
    """Ages from completed units, both ends included; raises `Impossible`."""
    return _ages(
        Fraction(low or 0), unit, None if high is None else Fraction(high) + 1, unit, as_of, text
    )


def _ages(
    low: Fraction, low_unit: str, high: Fraction | None, unit: str, as_of: str, text: str
) -> Ages:
    if low < 0 or (high is not None and high < 0):
        raise Impossible("an age of 0 or more")
    if high == 0:
        raise Impossible("an upper age above 0")
    start = low * UNITS[low_unit]
    end = None if high is None else high * UNITS[unit]
    if end is not None and end <= start:
        raise Impossible("the lower age first, such as 18-85")
    shift = UNITS["year"] if as_of == "start" else Fraction(0)
    return Ages(start + shift, None if end is None else end + shift, text)


def read_ages(text: str) -> Ages | Text:
    """`18-85`, `18+`, `<18`, `under 18`, with years unless another unit is said."""
    plain = _plain(text)
    if found := _RANGE.fullmatch(plain):
        unit = _unit(found["unit"])
        low_unit = _unit(found["low_unit"], unit)
        high = Fraction(found["high"]) + 1
        return _ages(Fraction(found["low"]), low_unit, high, unit, "end", text)
    if found := _FROM.fullmatch(plain):
        unit = _unit(found["unit"] or found["after"])
        return _ages(Fraction(found["low"]), unit, None, unit, "end", text)
    if found := _BELOW.fullmatch(plain):
        unit = _unit(found["unit"])
        return _ages(Fraction(0), unit, Fraction(found["high"]), unit, "end", text)
    if re.fullmatch(rf"-{_NUMBER}(?:\s*(?:{_AGE_UNIT}))?", plain, _ANY_CASE):
        raise Impossible("an age of 0 or more")
    return Text(text)


@dataclass(frozen=True, slots=True)
class Cut:
    """One operator, value and unit, for everybody or for the people named in `people`."""

    operator: str
    numbers: tuple[Fraction, ...]
    unit: str | None
    people: str | None = None


@dataclass(frozen=True, slots=True)
class Threshold:
    """The cut, or the cuts by subgroup, in an order that the payer did not choose."""

    cuts: tuple[Cut, ...]
    text: str = field(compare=False)

    def complements(self, other: "Threshold") -> bool:
        """Whether both are one cut counted from its two sides, such as > 9% and <= 9%.

        > 9% and < 9% are too: what is exactly 9% then counts on neither side.
        """
        return (
            len(self.cuts) == len(other.cuts) == 1
            and self.cuts[0].numbers == other.cuts[0].numbers
            and {self.cuts[0].operator[0], other.cuts[0].operator[0]} == {">", "<"}
            and self.cuts[0].people == other.cuts[0].people
            and (self.cuts[0].unit or other.cuts[0].unit)
            == (other.cuts[0].unit or self.cuts[0].unit)
        )


OPERATORS: Final = {
    "<": "<", "<=": "<=", ">": ">", ">=": ">=", "=": "=", "\u2264": "<=", "\u2265": ">=",
}  # fmt: skip
_SIGN: Final = re.compile(r"[<>=!~\u2264\u2265\u2260\u00ac]+")
_WORD: Final = r"[\w./\u00b2\u00b3^%-]+"
_CUT: Final = re.compile(
    rf"(?P<sign>{_SIGN.pattern})\s*(?P<value>-?{_NUMBER}(?:\s*/\s*{_NUMBER})?)\s*"
    rf"(?P<unit>%|(?=[^\W\d_]){_WORD}(?: {_WORD}){{0,3}})?"
)
_UNIT_SPELLINGS: Final = {"mmhg": "mm hg", "mm hg": "mm hg", "percent": "%", "pct": "%"}


def read_cut(text: str, people: str | None = None) -> Cut | Text:
    """`< 140/90 mm Hg`, `> 9%`; raises `Impossible` for an operator that there is not."""
    plain = re.sub(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))", "", _plain(text))
    sign = _SIGN.match(plain)
    if sign and sign[0] not in OPERATORS:
        raise Impossible("one of the operators < <= > >= =")
    found = _CUT.fullmatch(plain)
    if not found:
        return Text(text)
    numbers = tuple(Fraction(part) for part in re.split(r"\s*/\s*", found["value"]))
    if min(numbers) < 0:
        raise Impossible("a value of 0 or more")
    unit = found["unit"] and found["unit"].lower()
    people = people and " ".join(people.split()).lower()
    return Cut(OPERATORS[found["sign"]], numbers, unit and _UNIT_SPELLINGS.get(unit, unit), people)


def read_threshold(text: str) -> Threshold | Text:
    """A threshold for everybody."""
    cut = read_cut(text)
    return cut if isinstance(cut, Text) else Threshold((cut,), text)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time in days."""

    days: Fraction
    text: str = field(compare=False)


def read_duration(text: str) -> Duration | Text:
    """`30 days`, `24 months`; raises `Impossible` for a bare or a negative number."""
    plain = _plain(text)
    found = re.fullmatch(rf"(?P<count>-?{_NUMBER})(?:\s*-?\s*(?P<unit>[A-Za-z]+))?", plain)
    if found and found["count"].startswith("-"):
        raise Impossible("a time of 0 or more")
    if found and not found["unit"]:
        raise Impossible("a number with its unit, such as 30 days")
    if not found or found["unit"].lower() not in _UNIT_WORDS:
        return Text(text)
    return Duration(Fraction(found["count"]) * UNITS[_unit(found["unit"])], text)


@dataclass(frozen=True, slots=True)
class Count:
    """How often something has to happen, or how many there must be."""

    number: int
    text: str = field(compare=False)


def read_count(text: str) -> Count | Text:
    """A whole number of 1 or more, `310,000` too; raises `Impossible` for 0 and below."""
    plain = _plain(text)
    if re.fullmatch(r"-[0-9]+|0+", plain):
        raise Impossible("a whole number of 1 or more")
    if not re.fullmatch(r"[0-9]{1,12}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,3}", plain):
        return Text(text)
    return Count(int(plain.replace(",", "")), text)


@dataclass(frozen=True, slots=True)
class Share:
    """A percentage (`unit` %), or a multiplier (`unit` x)."""

    number: Fraction
    unit: str
    text: str = field(compare=False)


def read_share(text: str) -> Share | Text:
    """`10%` or `3x`; raises `Impossible` below 0 and for a share above 100%."""
    found = re.fullmatch(rf"(?P<number>-?{_NUMBER})\s*(?P<unit>%|[xX])", _plain(text))
    if not found:
        return Text(text)
    number, unit = Fraction(found["number"]), found["unit"].lower()
    if number < 0 or (unit == "%" and number > 100):
        raise Impossible("a share from 0% to 100%, or a multiplier such as 3x")
    return Share(number, unit, text)


def read_percentage(text: str) -> Share | Text:
    """`65%`; a multiplier is no percentage; raises `Impossible` outside 0% to 100%."""
    if not _plain(text).endswith("%"):
        return Text(text)
    try:
        return read_share(text)
    except Impossible:
        raise Impossible("a percentage from 0% to 100%") from None


def stated(value: object) -> str:
    """A value as the payer wrote it; several alternatives are joined by `; `."""
    if isinstance(value, tuple):
        return "; ".join(map(stated, value))
    return value if isinstance(value, str) else str(getattr(value, "text", value))
