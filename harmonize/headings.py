"""Which field the heading of a column means, and which word of the format a cell's word."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final, NamedTuple

from rapidfuzz import fuzz, process

from harmonize.fields import Info, Kind, declared
from harmonize.measures import SYSTEMS, Measure
from harmonize.sets import MeasureSet

# What a column may be beside a field: see data/headings.yaml.
SPECIAL: Final = ("ages.min", "ages.max", "inverse", "ids.assigned", "payer", "drop", "tick")
NEAR: Final = 88  # of 100: a heading this near to a known one is taken for it
_SHORTEST: Final = 5  # letters of a heading that may be misspelt
_NUMBER: Final = {"#": "number", "no": "number", "num": "number", "nbr": "number"}
_WORDS: Final = re.compile(r"[^\W_]+|#")
_NOT_COLUMNS: Final = (
    *("rates", "visibility", "assigned"),
    *("harmonize", "extends", "name", "short"),
)
# What stands where nothing is said, and words for nothing, which are a value in some fields.
SILENT: Final = frozenset(("", "-", "--", "---", "n/a", "na", "n.a.", "tbd", "\u2013", "\u2014"))
_NONE: Final = frozenset(("none", "not applicable", "not available", "unknown", "null"))


class Heard(NamedTuple):
    """What a heading means: the field, and the known heading that it is nearly.

    Of two headings for one field the one with the lower `place` is the surer.
    """

    field: str
    like: str = ""
    place: int = 0


@dataclass(frozen=True)
class Headings:
    """What is known of headings: heading -> field, field -> word -> word, and sections."""

    fields: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]]
    sections: frozenset[str]

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {name: at for at, name in enumerate(self.fields, start=1)}

    @cached_property
    def _long(self) -> tuple[str, ...]:
        return tuple(name for name in self.fields if len(name) >= _SHORTEST)

    def hear(self, heading: str) -> Heard | None:
        """The field that a heading means, if it is one or nearly one of the known."""
        key = heading.strip().lower()
        if key in targets() or key in SPECIAL:
            return Heard(key)
        name = plain(heading)
        bare = plain(re.sub(r"\(.*?\)", " ", heading))
        for one in (name, bare):
            if one in self.fields:
                return Heard(self.fields[one], place=self._places[one])
        if len(bare) < _SHORTEST:
            return None
        found = process.extractOne(bare, self._long, scorer=fuzz.token_sort_ratio)
        if found is None or found[1] < NEAR:
            return None
        return Heard(self.fields[found[0]], found[0], self._places[found[0]])

    def word(self, field: str, text: str) -> str:
        """The format's word for a word of a list; itself where nothing else is known."""
        return self.words.get(field, {}).get(plain(text), text)


def says_nothing(text: str, *, none: bool) -> bool:
    """Whether a text only fills its place, such as `N/A`; with `none`, a word for nothing too."""
    low = text.strip().lower()
    return low in SILENT or (none and low.removesuffix(".") in SILENT | _NONE)


def plain(text: str) -> str:
    """A heading or a word as compared: lower case, blanks for all that is no letter or digit."""
    return " ".join(_NUMBER.get(word, word) for word in _WORDS.findall(text.casefold()))


@cache
def targets() -> Mapping[str, Info]:
    """What a column may say of a measure or of its whole list: field, as data/headings.yaml has it.

    Of a list only what is one short value; where both have a field, it is the measure's.
    """
    found: dict[str, Info] = {}
    for name, info in declared(MeasureSet).items():
        short = info.kind in (Kind.LINE, Kind.CHOICE, Kind.YEAR, Kind.FLAG)
        if short and name not in _NOT_COLUMNS:
            found[name] = info
    for name, info in declared(Measure).items():
        if info.record is not None and name not in _NOT_COLUMNS:
            found |= {f"{name}.{key}": inner for key, inner in declared(info.record).items()}
        elif info.kind is Kind.IDS:
            found |= {f"{name}.{system}": info for system in SYSTEMS}
        elif name not in _NOT_COLUMNS:
            found[name] = info
    return found


def is_target(field: str) -> bool:
    """Whether a column may be said to be this."""
    known = field in targets() or field in SPECIAL
    return known or re.fullmatch(r"ids\.x-[\w.-]+", field) is not None


def is_of_list(field: str) -> bool:
    """Whether a field is said of the whole list and not of a measure."""
    return field.split(".", maxsplit=1)[0] not in declared(Measure) and field in targets()


def info_of(field: str) -> Info:
    """How a field is declared."""
    found = targets().get(field)
    return found if found is not None else declared(Measure)["ids"]


def made_of(
    rows: Iterable[tuple[str, str]],
    words: Iterable[tuple[str, Mapping[str, str]]],
    sections: Iterable[str],
) -> Headings:
    """From (heading, field), (field, words) and the names of sections."""
    return Headings(
        fields={plain(name): field for name, field in rows},
        words={field: {plain(k): v for k, v in own.items()} for field, own in words},
        sections=frozenset(map(plain, sections)),
    )
