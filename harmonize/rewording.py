"""Which words of a text another text leaves out, puts in or keeps."""

import difflib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """Words in a row that share a fate: `kept`, `out` or `in`."""

    words: tuple[str, ...]
    fate: str

    @property
    def text(self) -> str:
        """The words as one text."""
        return " ".join(self.words)


def reworded(old: str, new: str) -> tuple[Piece, ...]:
    """The old text and the new one as pieces in the order of reading; capitals make no word new."""
    a, b = old.split(), new.split()
    old_plain, new_plain = ([word.casefold() for word in words] for words in (a, b))
    found = []
    matcher = difflib.SequenceMatcher(None, old_plain, new_plain, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            found.append(Piece(tuple(b[k:m]), "kept"))
            continue
        if i < j:
            found.append(Piece(tuple(a[i:j]), "out"))
        if k < m:
            found.append(Piece(tuple(b[k:m]), "in"))
    return tuple(found)
