"""What a session has answered, in the decisions file at once, and taken out of it again."""

from codecs import BOM_UTF8
from dataclasses import replace
from pathlib import Path

from harmonize.decisions import Decision
from harmonize.files import text_in
from harmonize.problems import Place, Problem, SpecError
from harmonize.reading.decisions import read_decisions
from harmonize.recording import recorded
from harmonize.review import beside
from harmonize.writing import write


class Draft:
    """All decisions of a run, and those of this session in their file; what others write stays.

    An answer that is taken back leaves no trace: the file is made anew of what it was before the
    session and the answers that are left.
    """

    def __init__(self, file: str, decisions: tuple[Decision, ...]) -> None:
        self.file = file
        self.path = Path(file)
        self.decisions = decisions
        self.before = self._raw()
        self.base = self.seen = self._text()
        self.made: dict[tuple[str, ...], Decision] = {}

    def refreshed(self) -> bool:
        """Whether somebody else has written into the file, which is then read anew."""
        now = self._text()
        if now == self.seen:
            return False
        self.decisions = self._read(now)
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
        self.decisions = self._read(self.seen)
        return True

    def _write(self, made: dict[tuple[str, ...], Decision]) -> None:
        if made:
            bom = (self.before or b"").startswith(BOM_UTF8)
            write(self.path, recorded(self.base, self.file, made.values()), bom=bom)
        elif self.before is not None:
            write(self.path, self.before)
        else:
            self.path.unlink(missing_ok=True)
        self.made, self.seen = made, self._text()

    def _read(self, text: str | None) -> tuple[Decision, ...]:
        """The decisions of other files, and those of a text of this one."""
        elsewhere = tuple(one for one in self.decisions if one.place.file != self.file)
        return (*elsewhere, *(read_decisions([(self.file, text)])[0] if text else ()))

    def _raw(self) -> bytes | None:
        return self.path.read_bytes() if self.path.exists() else None

    def _text(self) -> str | None:
        problems: list[Problem] = []
        found = text_in(self.path, self.file, problems) if self.path.exists() else None
        if problems:
            raise SpecError(tuple(problems))
        return found
