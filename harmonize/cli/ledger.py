"""The decisions file of a session: what was answered is in it at once, whole or not at all."""

from dataclasses import replace
from pathlib import Path

from harmonize.decisions import Decision
from harmonize.files import text_in
from harmonize.problems import Place, Problem, SpecError
from harmonize.reading.decisions import read_decisions
from harmonize.recording import recorded
from harmonize.review import beside
from harmonize.writing import write


class Ledger:
    """A file, all decisions of a run, and what this session has made; what others write stays."""

    def __init__(self, file: str, decisions: tuple[Decision, ...]) -> None:
        self.file = file
        self.path = Path(file)
        self.decisions = decisions  # of all files
        self.before = self._raw()
        self.base = self.seen = self._text()
        self.made: dict[tuple[str, ...], Decision] = {}

    def refreshed(self) -> bool:
        """Whether somebody else has written into the file, which is then read anew."""
        now = self._text()
        if now == self.seen:
            return False
        elsewhere = tuple(one for one in self.decisions if one.place.file != self.file)
        here = read_decisions([(self.file, now)])[0] if now else ()
        self.decisions = (*elsewhere, *here)
        self.before, self.base, self.seen, self.made = self._raw(), now, now, {}
        return True

    def save(self, one: Decision) -> None:
        """Writes one answer, in the place of the last one to its question."""
        made = {key: d for key, d in self.made.items() if key != one.key} | {one.key: one}
        self._write(made)
        placed = replace(one, where={"": Place(self.file)})
        self.decisions = beside(self.decisions, placed, self.file)

    def clear(self, one: Decision) -> bool:
        """Takes an answer of this session back, as if it had never been given, if it still can."""
        if one.key not in self.made:
            return False
        made = {key: d for key, d in self.made.items() if key != one.key}
        self._write(made)
        text = self._text()
        elsewhere = tuple(d for d in self.decisions if d.place.file != self.file)
        self.decisions = (*elsewhere, *(read_decisions([(self.file, text)])[0] if text else ()))
        return True

    def _write(self, made: dict[tuple[str, ...], Decision]) -> None:
        if made:
            write(self.path, recorded(self.base, self.file, made.values()))
        elif self.before is not None:
            write(self.path, self.before)
        else:
            self.path.unlink(missing_ok=True)
        self.made, self.seen = made, self._text()

    def _raw(self) -> bytes | None:
        return self.path.read_bytes() if self.path.exists() else None

    def _text(self) -> str | None:
        problems: list[Problem] = []
        found = text_in(self.path, self.file, problems) if self.path.exists() else None
        if problems:
            raise SpecError(tuple(problems))
        return found
