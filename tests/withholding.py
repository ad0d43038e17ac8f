"""Specs that state every field of every area, each twice over, so that one can be held back."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

import yaml

from harmonize.fields import Info, Kind, declared
from harmonize.measures import Measure
from harmonize.sets import AREAS, EVERYTHING, HIDEABLE, MeasureSet

SENTINEL: Final = "Zyzzyva"  # in no word that the program or its knowledge says
TITLE: Final = "Controlling High Blood Pressure"
# Two values of each kind of field, each with the sentinel where the kind takes a word.
TWO: Final[Mapping[Kind, tuple[Any, Any]]] = {
    Kind.LINE: (f"{SENTINEL} one", f"Other {SENTINEL}"),
    Kind.TEXT: (f"Counts {SENTINEL}.", f"Everybody but {SENTINEL} and more."),
    Kind.LINES: ([SENTINEL], [f"{SENTINEL} b", "hospice"]),
    Kind.FLAG: ("true", "false"),
    Kind.AGES: ("47-53", "18+"),
    Kind.THRESHOLD: ("< 87/65 mm Hg", "> 9%"),
    Kind.DURATION: ("87 days", "12 months"),
    Kind.COUNT: ("8765", "12"),
    Kind.SHARE: ("87.65%", "3x"),
    Kind.RATE: ("87.65%", f"better than {SENTINEL}"),
    Kind.YEAR: ("2024", "2025"),
    Kind.DATE: ("2024-01-31", "2025-12-01"),
    Kind.IDS: ({"cbe": "8765", "x-own": SENTINEL}, {"cms": "165"}),
    Kind.FIELDS: (["steward"], ["version", "ages"]),
}
# Keys that only mean something beside others, or that say which thing is meant.
APART: Final = ("id", "title", "visibility", "rates", "part", "part_of", "any_of", "acronym")
RATES: Final = (
    [{"id": "zyz", "title": f"Rate of {SENTINEL}", "target": "87.65%"}],
    [{"id": "a", "title": "Within 7 days"}, {"id": "b", "title": SENTINEL, "weight": "3x"}],
)


def _two(info: Info) -> tuple[Any, Any]:
    if info.choices:
        first, other = info.choices[0], info.choices[-1]
        return ([first], [other]) if info.kind is Kind.CHOICES else (first, other)
    return TWO[info.kind]


class Secretive:
    """One payer's list with marks: `second` chooses the other value of all that they name."""

    def __init__(self, marks: Mapping[str, str] | str, *, second: bool, amounts: bool) -> None:
        self.marks = marks
        self.named: Collection[str] = (EVERYTHING,) if isinstance(marks, str) else marks
        self.second = second
        self.amounts = amounts

    def _other(self, path: tuple[str, ...], info: Info) -> bool:
        above = [".".join(path[:end]) for end in range(len(path), 0, -1)]
        here = {EVERYTHING, path[-1], *above} & {*self.named}
        hidden = (info.hidden or "incentive" in path) and not self.amounts
        return self.second and (bool(here) or hidden)

    def _fields(self, cls: type, path: tuple[str, ...]) -> dict[str, Any]:
        return {
            name: self._value(info, (*path, name))
            for name, info in declared(cls).items()
            if name not in APART or (name == "title" and cls is not Measure)
        }

    def _value(self, info: Info, path: tuple[str, ...]) -> Any:
        other = self._other(path, info)
        if info.record is None:
            return _two(info)[other]
        found = self._fields(info.record, path)
        if info.kind is Kind.RECORD:
            return found
        required = next((n for n, i in declared(info.record).items() if i.required), "")
        more = dict.fromkeys(filter(None, [required]), found.get(required))
        return [found, more] if other and required else [found]

    def _measures(self) -> list[dict[str, Any]]:
        whole = self._fields(Measure, ("measures",))
        rates = RATES[self._other(("measures", "rates"), declared(Measure)["rates"])]
        return [
            {"title": TITLE, "weight": whole["weight"], "rates": rates},
            {"title": TITLE, **whole},  # without ids, so that one is minted for each
            {"id": "2", "title": "Breast Cancer Screening", **whole},
        ]

    def text(self, payer: str) -> str:
        """The file: a value a line."""
        own = ("members", "notes", "sources", *AREAS[1:])
        infos = declared(MeasureSet)
        found: dict[str, Any] = {"harmonize": 1, "payer": payer}
        found |= {"visibility": self.marks} if self.marks else {}
        found |= {name: self._value(infos[name], (name,)) for name in own}
        if EVERYTHING in self.named:
            rest = ("program", "region", "line_of_business", "contract_type", "follows")
            found |= {name: self._value(infos[name], (name,)) for name in rest}
        found["measures"] = self._measures()
        return yaml.safe_dump(found, sort_keys=False, width=10_000)


def marks_that_can_be() -> Iterator[dict[str, str]]:
    """Every mark alone."""
    for name in HIDEABLE:
        yield {name: "withheld"}
