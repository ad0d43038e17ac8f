"""The problems of one file, all of them gathered, and none told with what is not for everybody."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from harmonize.fields import Info, Kind
from harmonize.problems import MOST, TOO_MANY, Place, Problem, SpecError
from harmonize.reading.misnomers import meant
from harmonize.sets import EVERYTHING, HIDEABLE
from harmonize.trees import Node, Pairs, Scalar, is_nothing


class Teller:
    """Takes the problems of one file, and knows what a message about it may quote.

    `unquoted` names the fields whose values are not for everybody; `None`: quote nothing, the
    marks are unclear.  `sealed` is set inside such a field, where keys are not quoted either.
    """

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        self.problems = [*problems]
        self.unquoted: frozenset[str] | None = frozenset()
        self.sealed = False

    @property
    def errors(self) -> bool:
        return any(p.severity == "error" for p in self.problems)

    def wrong(self, place: Place, code: str, message: str) -> None:
        self._tell(Problem(place, code, message))

    def warn(self, place: Place, code: str, message: str) -> None:
        self._tell(Problem(place, code, message, "warning"))

    def _tell(self, problem: Problem) -> None:
        self.problems.append(problem)
        if len(self.problems) >= MOST:
            raise SpecError((*self.problems, Problem(problem.place, "HZ113", TOO_MANY)))

    def unknown(self, key: Scalar, known: Iterable[str], within: Any = "") -> None:
        """A key that there is not, with the one that was probably meant."""
        shown = "unknown key" if self.sealed else f"unknown key {key.text[:60]!r}"
        self.wrong(key.place, "HZ201", f"{shown}: {meant(key.text, sorted(known), within)}")

    def version(self, root: Pairs) -> None:
        """The format that a file says it is in, where it says one."""
        said = root.get("harmonize")
        if said is not None and not (isinstance(said, Scalar) and said.text == "1"):
            self.wrong(said.place, "HZ210", "another format: this program reads 1")

    def empty(self, name: str, info: Info, node: Node) -> bool:
        """Whether nothing stands behind a key, which is an error, not a way to be silent."""
        nothing = is_nothing(node)
        if nothing:
            how = "leave the key out, or write none" if info.none else "leave the key out"
            self.wrong(node.place, "HZ203", f"{name!r} has no value: {how} where nothing is stated")
        return nothing

    # --- secrets ---

    def quote(self, info: Info, text: str) -> str:
        """A found text as a message may show it: never one that somebody may not see."""
        if info.sensitive or self.unquoted is None or info.name.rstrip("_") in self.unquoted:
            return "this value"
        return repr(text if len(text) <= 60 else f"{text[:57]}...")

    def hide(self, marks: Node | None) -> None:
        """Quotes nothing from here on that `visibility` marks."""
        self.unquoted = self._unquoted(marks)

    def _unquoted(self, marks: Node | None) -> frozenset[str] | None:
        if marks is None:
            return self.unquoted
        if self.unquoted is None or not isinstance(marks, Pairs):
            return None
        names = set(self.unquoted)
        for key, value in marks.pairs:
            if key.text not in HIDEABLE or not isinstance(value, Scalar):
                return None
            if value.text != "public" and key.text in (EVERYTHING, "measures"):
                return None
            if value.text != "public":
                names.add(key.text.rpartition(".")[2])
        return frozenset(names)

    @contextmanager
    def marked(self, node: Pairs) -> Iterator[None]:
        """Reads a measure or a rate with its own marks on top of those around it."""
        before = self.unquoted
        self.hide(node.get("visibility"))
        yield
        self.unquoted = before

    @contextmanager
    def inside(self, info: Info, name: str) -> Iterator[None]:
        """Reads a field; whatever stands in one that somebody may not see is not quoted."""
        before = self.unquoted, self.sealed
        secret = info.sensitive or self.unquoted is None or name in self.unquoted
        if secret and info.kind is not Kind.VISIBILITY:
            self.unquoted, self.sealed = None, True
        yield
        self.unquoted, self.sealed = before
